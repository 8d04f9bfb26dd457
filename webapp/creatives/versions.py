"""Creatives: made of pictures, changed version by version, undone, put away. Nothing typed is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import ForeignObjectRel, Max
from django.utils import timezone

from accounts import audit, roles
from accounts.models import Role, User
from generation.compositor import AdCopy, focal_point
from generation.models import Output
from webapp.brand import kits
from webapp.editing.merge import Merge, merge
from webapp.models import Campaign, Creative, CreativeVersion
from webapp.models.design import WORDS, Design, Look

from .rendering import picture_of

ONE_BREATH = timedelta(minutes=1)  # a person's changes of one field within it are one version


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of what was typed. refused: sentences by field, for what was not saved.
    writers: who wrote what others changed meanwhile, by field; None for somebody who has left.
    """

    creative: Creative
    merged: Merge
    refused: Mapping[str, str]
    writers: Mapping[str, User | None] = field(default_factory=dict)


@transaction.atomic
def create(campaign: Campaign, outputs: Iterable[Output], *, by: User) -> list[Creative]:
    """A creative of each picture that may be shown, in their order; the others make none.

    Raises ValueError for another business's picture.
    """
    roles.require(by, campaign.business, Role.EDITOR)
    kit = campaign.kit
    words = AdCopy(contact=kit.contact_line if kit else "")
    made = []
    for output in outputs:
        if output.job.business_id != campaign.business.pk:
            raise ValueError("a picture of another business")
        if output.may_be_shown:
            creative = Creative.objects.create(campaign=campaign, output=output, created_by=by)
            _add(creative, _first_design(creative, words), parent=None, by=by)
            audit.record(by, "creative.created", creative, picture=str(output.pk))
            made.append(creative)
    return made


@transaction.atomic
def edit(
    creative: Creative,
    format_key: str,
    typed: Mapping[str, object],
    *,
    began_from: Mapping[str, object],
    by: User,
    goes_on: bool = True,
    is_heard: bool = True,
) -> Edit:
    """Save what was typed for one format, by the fields of `Design.values`, over what others did meanwhile.

    began_from: those fields as the page had them when it was opened or last saved. Where somebody else
    changed the same field, `typed` holds and theirs stays in the history. A field that says what the brand
    does not is refused alone, and stays on the page whatever others said in it. goes_on: it may be more of
    what the person changed a moment ago, and then makes no version. is_heard: somebody
    reads the answer; where nobody does, what others said in the same field holds.
    """
    roles.require(by, creative.business, Role.EDITOR)
    creative = locked(creative)
    stored = creative.design.values(format_key)
    refused = _banned(creative.campaign, typed, stored)
    sound = {name: typed[name] for name in typed if name not in refused}
    merged = merge(began_from, sound, stored)
    goes_on = goes_on and merged.is_alone
    taken = {name: value for name, value in merged.taken.items() if name in sound}
    merged = replace(merged, taken=taken)
    changes = {
        name: merged.changes[name] for name in merged.changes if is_heard or name not in merged.contested
    }
    design = creative.design.with_values(format_key, changes)
    writers = _writers(creative, format_key, merged)
    _write(creative, design, by=by, goes_on=goes_on)
    return Edit(creative, merged, refused, writers)


@transaction.atomic
def choose_formats(
    creative: Creative, keys: Iterable[str], *, began_from: Iterable[str], by: User
) -> Creative:
    """Add to the set and take from it what differs between `keys` and `began_from`, which the page had."""
    roles.require(by, creative.business, Role.EDITOR)
    creative = locked(creative)
    keys, had, now = set(keys), set(began_from), set(creative.design.formats)
    return _write(creative, creative.design.with_formats((now | (keys - had)) - (had - keys)), by=by)


@transaction.atomic
def undo(creative: Creative, *, by: User) -> Creative:
    """Back to what the current version was made from; the first one stays."""
    roles.require(by, creative.business, Role.EDITOR)
    creative = locked(creative)
    return _turn_to(creative, creative.current.parent, "creative.undone", by=by)


@transaction.atomic
def redo(creative: Creative, *, by: User) -> Creative:
    """Forward to the newest version that was made from the current one, if there is any."""
    roles.require(by, creative.business, Role.EDITOR)
    creative = locked(creative)
    return _turn_to(creative, creative.current.children.order_by("number").last(), "creative.redone", by=by)


@transaction.atomic
def archive(creative: Creative, *, by: User) -> None:
    roles.require(by, creative.business, Role.EDITOR)
    if Creative.objects.filter(pk=creative.pk, archived_at=None).update(archived_at=timezone.now()):
        audit.record(by, "creative.archived", creative)


@transaction.atomic
def restore(creative: Creative, *, by: User) -> None:
    roles.require(by, creative.business, Role.EDITOR)
    if Creative.objects.filter(pk=creative.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "creative.restored", creative)


def creatives_of(campaign: Campaign) -> Iterable[Creative]:
    """A campaign's creatives, newest first, without those put away."""
    rows = campaign.creatives.filter(archived_at=None).select_related("version", "output__job")
    return rows.defer("output__preview").order_by("-created_at", "pk")


def _first_design(creative: Creative, words: AdCopy) -> Design:
    picture = picture_of(creative, small=True)
    focus = focal_point(picture) if picture else Look.focal_point
    return Design(look=Look(ad_copy=words, focal_point=focus))


def _banned(campaign: Campaign, typed: Mapping[str, object], stored: Mapping[str, object]) -> dict[str, str]:
    """Of the words that are new, those that the brand does not use, each with the sentence that says so."""
    new = {name: str(typed[name]) for name in WORDS if name in typed and typed[name] != stored[name]}
    return kits.complaints(campaign, new)


def _writers(creative: Creative, format_key: str, merged: Merge) -> dict[str, User | None]:
    """Who wrote what others changed: whoever made the last version in which the field became what it is."""
    wanted = set(merged.taken) | set(merged.contested)
    if not wanted:
        return {}
    rows = {row.pk: row for row in creative.versions.select_related("created_by")}
    found: dict[str, User | None] = {}
    version: CreativeVersion | None = rows[creative.current.pk]
    values: Mapping[str, object] = creative.design.values(format_key)
    while wanted and version:
        parent = rows.get(version.parent_id) if version.parent_id else None
        before = Design.from_json(parent.content).values(format_key) if parent else {}
        new = {name for name in wanted if before.get(name) != values[name]}
        found |= dict.fromkeys(new, version.created_by)
        wanted -= new
        version, values = parent, before
    return found


def locked(creative: Creative) -> Creative:
    """The creative as it is now, which nobody else changes meanwhile.

    Read once it is locked: the statement that waits for a lock sees the other rows as they were before, an
    older version or none.
    """
    Creative.objects.select_for_update(no_key=True).get(pk=creative.pk)
    return Creative.objects.select_related("version", "campaign__project__business").get(pk=creative.pk)


def _write(creative: Creative, design: Design, *, by: User, goes_on: bool = False) -> Creative:
    """The design as the current version; an unchanged one makes none."""
    if design == creative.design:
        return creative
    if goes_on and _is_more_of(creative, design, by):
        creative.current.content = design.as_json()
        creative.current.save(update_fields=["content"])
    else:
        _add(creative, design, parent=creative.current, by=by)
        audit.record(by, "creative.changed", creative, version=creative.current.number)
    return creative


def _is_more_of(creative: Creative, design: Design, by: User) -> bool:
    """Whether `design` only goes on with what the same person began a moment ago: the word is one version,
    not each of its letters. A version that anything points to is never changed.
    """
    # FOR UPDATE: an export or approval of this version waits here, or is seen below.
    version = (
        CreativeVersion.objects.select_for_update(of=("self",))
        .select_related("parent")
        .get(pk=creative.current.pk)
    )
    if version.parent is None or version.created_by_id != by.pk:
        return False
    if timezone.now() - version.created_at > ONE_BREATH or _is_pointed_at(version):
        return False
    began = Design.from_json(version.parent.content).differences(creative.design)
    return design.differences(creative.design) <= began


def _is_pointed_at(version: CreativeVersion) -> bool:
    """Whether any row but its own creative refers to it: a later version, an export, whatever comes to be."""
    relations = CreativeVersion._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: version}).exists()
        for relation in relations
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not Creative
    )


def _add(creative: Creative, design: Design, *, parent: CreativeVersion | None, by: User) -> None:
    last = creative.versions.aggregate(last=Max("number"))["last"] or 0
    version = creative.versions.create(
        number=last + 1, parent=parent, content=design.as_json(), created_by=by
    )
    _show(creative, version)


def _turn_to(creative: Creative, version: CreativeVersion | None, verb: str, *, by: User) -> Creative:
    if version is not None:
        _show(creative, version)
        audit.record(by, verb, creative, version=version.number)
    return creative


def _show(creative: Creative, version: CreativeVersion) -> None:
    creative.version = version
    creative.save(update_fields=["version"])
