"""Creatives: made of pictures, changed version by version, undone, put away. Nothing typed is lost."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.models import User
from generation.compositor import Copy, focal_point
from generation.models import Output

from . import brand_kits
from .creatives import picture_of
from .design import Design, Look
from .models import Asset, AssetVersion, Campaign


class Outpaced(Exception):
    """Somebody else changed the asset in the meantime; `version` is theirs."""

    def __init__(self, version: AssetVersion) -> None:
        super().__init__(f"version {version.number} is newer")
        self.version = version


@transaction.atomic
def create(campaign: Campaign, outputs: Iterable[Output], *, by: User) -> list[Asset]:
    """An asset of each stored picture, in their order; pictures that are not stored yet make none."""
    kit = brand_kits.of(campaign)
    words = Copy(contact=kit.contact_line if kit else "")
    made = []
    for output in outputs:
        if output.is_stored:
            asset = Asset.objects.create(campaign=campaign, output=output, created_by=by)
            _add(asset, _first_design(asset, words), parent=None, by=by)
            audit.record(by, "asset.created", asset, picture=str(output.pk))
            made.append(asset)
    return made


@transaction.atomic
def save(asset: Asset, design: Design, *, based_on: int, by: User) -> Asset:
    """The design as a new version on top of the current one; an unchanged one makes none.

    based_on: the number of the version that the person had before them. Raises Outpaced, having changed
    nothing, when somebody else's version has come since, and generation.jobs.BadRequest, by field, where the
    words say what the brand does not.
    """
    asset = _locked(asset)
    theirs = asset.versions.filter(number__gt=based_on).exclude(created_by=by).order_by("number").last()
    if theirs:
        raise Outpaced(theirs)
    if design != asset.design:
        _refuse_banned(asset.campaign, design)
        _add(asset, design, parent=asset.version, by=by)
    return asset


@transaction.atomic
def undo(asset: Asset) -> Asset:
    """Back to what the current version was made from; the first one stays."""
    asset = _locked(asset)
    return _show(asset, asset.version.parent)


@transaction.atomic
def redo(asset: Asset) -> Asset:
    """Forward to the newest version that was made from the current one, if there is any."""
    asset = _locked(asset)
    return _show(asset, asset.version.children.order_by("number").last())


@transaction.atomic
def archive(asset: Asset, *, by: User) -> None:
    if Asset.objects.filter(pk=asset.pk, archived_at=None).update(archived_at=timezone.now()):
        audit.record(by, "asset.archived", asset)


@transaction.atomic
def restore(asset: Asset, *, by: User) -> None:
    if Asset.objects.filter(pk=asset.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "asset.restored", asset)


def of(campaign: Campaign) -> Iterable[Asset]:
    """A campaign's assets, newest first, without those put away."""
    rows = campaign.assets.filter(archived_at=None).select_related("version", "output__job")
    return rows.defer("output__preview").order_by("-created_at", "pk")


def _first_design(asset: Asset, words: Copy) -> Design:
    picture = picture_of(asset, small=True)
    focus = focal_point(picture) if picture else Look.focal_point
    return Design(look=Look(copy=words, focal_point=focus))


def _refuse_banned(campaign: Campaign, design: Design) -> None:
    for look in (design.look, *design.tuned.values()):
        brand_kits.refuse_banned(campaign, asdict(look.copy))


def _locked(asset: Asset) -> Asset:
    rows = Asset.objects.select_for_update(of=("self",))
    return rows.select_related("version", "campaign__project__account").get(pk=asset.pk)


def _add(asset: Asset, design: Design, *, parent: AssetVersion | None, by: User) -> None:
    last = asset.versions.aggregate(last=Max("number"))["last"] or 0
    version = asset.versions.create(number=last + 1, parent=parent, content=design.as_json(), created_by=by)
    _show(asset, version)


def _show(asset: Asset, version: AssetVersion | None) -> Asset:
    if version is not None:
        asset.version = version
        asset.save(update_fields=["version"])
    return asset
