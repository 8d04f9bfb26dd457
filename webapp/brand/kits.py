"""Brand kits: making and changing them, which one holds for a campaign, and what it forbids.

Each change and its record are one transaction; files are stored before it begins.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit, names, owners, roles
from accounts.models import Business, Role, User
from generation.compositor import Palette
from generation.compositor.uploaded_font import UploadedFont
from generation.files import storage
from webapp.editing.merge import Merge, merge
from webapp.models import BrandFont, BrandKit, Campaign
from webapp.models.brand_kit import ROLES

from . import banned_words, colours
from .logo import Logo

LOGOS = ("logo_on_light", "logo_on_dark")
PLAIN = ("name", *ROLES, "heading_family", "text_family", "voice", "banned_words", "contact_line")
FIELDS = (*LOGOS, *PLAIN)


class Outpaced(Exception):
    """Somebody else changed one of the same fields meanwhile; `kit` is as they left it."""

    def __init__(self, kit: BrandKit, merged: Merge) -> None:
        super().__init__(f"version {kit.version} is newer")
        self.kit, self.merged = kit, merged


def plain(kit: BrandKit) -> dict[str, object]:
    """What is typed or chosen in a kit, by field."""
    return {name: getattr(kit, name) for name in PLAIN}


def create(business: Business, name: str, *, by: User, logo: Logo | None = None) -> BrandKit:
    """A new kit of `business` with the colours of its logo; the first one becomes the default.

    Raises ValidationError for a name that is none, and generation.files.storage.NotStored.
    """
    roles.require(by, business, Role.EDITOR)
    kit = BrandKit(business=business, name=names.clean(name), created_by=by, changed_by=by)
    if logo:
        kit.logo_on_light = storage.store(business.pk, logo.png, "png").path
        _take(kit, colours.of_logo(logo.png))
    with transaction.atomic():
        owners.lock(business.pk)
        kit.is_default = not business.brand_kits.filter(is_default=True).exists()
        kit.save(force_insert=True)
        audit.record(by, "brand_kit.created", kit, name=kit.name)
    return kit


def change(
    kit: BrandKit,
    changes: Mapping[str, object],
    *,
    by: User,
    began_from: Mapping[str, object] | None = None,
    added_font: UploadedFont | None = None,
    removed_fonts: Iterable[BrandFont] = (),
) -> BrandKit:
    """Change some of FIELDS; a logo is a `Logo`, or None to take it away. Nothing different is no change.

    A first logo brings its colours, unless the kit has its own or new ones are among the changes.
    began_from: what `plain` said when the person's page was opened; what others changed since in other fields
    stays. Raises Outpaced, having changed nothing, when they changed one of the same, ValidationError for a
    name that is none, and generation.files.storage.NotStored.
    """
    roles.require(by, kit.business, Role.EDITOR)
    values = {name: _stored(kit, name, value) for name, value in changes.items() if name in FIELDS}
    logo = changes.get("logo_on_light") or changes.get("logo_on_dark")
    palette = colours.of_logo(logo.png) if isinstance(logo, Logo) else None
    file = storage.store(kit.business_id, added_font.data, added_font.kind).path if added_font else ""
    with transaction.atomic():
        kit = _locked(kit)
        values = _merged(kit, values, began_from or {})
        before = {name: getattr(kit, name) for name in FIELDS}
        for name, value in values.items():
            setattr(kit, name, value)
        if palette and not kit.has_palette:
            _take(kit, palette)
        fonts = _change_fonts(kit, file, added_font, removed_fonts)
        changed = [name for name in FIELDS if getattr(kit, name) != before[name]] + fonts
        if changed:
            kit.version += 1
            kit.changed_by = by
            kit.save()
            audit.record(by, "brand_kit.changed", kit, fields=changed)
    return kit


@transaction.atomic
def make_default(kit: BrandKit, *, by: User) -> None:
    """The kit of every campaign that has chosen none. A kit that was put away cannot be it."""
    roles.require(by, kit.business, Role.EDITOR)
    owners.lock(kit.business_id)
    _make_default(kit, by=by)


@transaction.atomic
def archive(kit: BrandKit, *, by: User) -> None:
    """Put a kit away; if it was the default, the oldest of the others is from now on."""
    roles.require(by, kit.business, Role.EDITOR)
    owners.lock(kit.business_id)
    changed = BrandKit.objects.filter(pk=kit.pk, archived_at=None).update(
        archived_at=timezone.now(), is_default=False
    )
    if changed:
        audit.record(by, "brand_kit.archived", kit, name=kit.name)
        heir = all_of(kit.business).first()
        if heir and not heir.is_default:
            _make_default(heir, by=by)
    kit.refresh_from_db(fields=["archived_at", "is_default"])


@transaction.atomic
def restore(kit: BrandKit, *, by: User) -> None:
    """Bring a kit back; it is the default if there is none."""
    roles.require(by, kit.business, Role.EDITOR)
    owners.lock(kit.business_id)
    if BrandKit.objects.filter(pk=kit.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "brand_kit.restored", kit, name=kit.name)
        if not kit.business.brand_kits.filter(is_default=True).exists():
            _make_default(kit, by=by)
    kit.refresh_from_db(fields=["archived_at", "is_default"])


@transaction.atomic
def choose(campaign: Campaign, kit: BrandKit | None, *, by: User) -> None:
    """The kit of a campaign; None: the default of the business. Raises ValueError for another's kit."""
    roles.require(by, campaign.business, Role.EDITOR)
    if kit and kit.business_id != campaign.business.pk:
        raise ValueError("a kit of another business")
    if Campaign.objects.filter(pk=campaign.pk).exclude(brand_kit=kit).update(brand_kit=kit):
        audit.record(by, "campaign.brand_kit_chosen", campaign, kit=kit.name if kit else None)
    campaign.brand_kit = kit
    campaign.__dict__.pop("kit", None)  # what holds here was looked up before


def all_of(business: Business, *, archived: bool = False) -> QuerySet[BrandKit]:
    """The kits of a business, the default first."""
    rows = business.brand_kits.filter(archived_at__isnull=not archived)
    return rows.order_by("-is_default", "created_at", "pk")


def banned_in(campaign: Campaign, text: str) -> tuple[str, ...]:
    """The words of `text` that the campaign's brand does not use."""
    return _banned_by(campaign.kit, text)


def refuse_banned(campaign: Campaign, texts: Mapping[str, str]) -> None:
    """Raises ValidationError, by the names of `texts`, where one says what the campaign's brand does not."""
    if errors := complaints(campaign, texts):
        raise ValidationError(errors)


def complaints(campaign: Campaign, texts: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each of `texts` that says what the campaign's brand does not."""
    found = {name: _banned_by(campaign.kit, text) for name, text in texts.items()}
    return {name: sentence(words) for name, words in found.items() if words}


def _banned_by(kit: BrandKit | None, text: str) -> tuple[str, ...]:
    return tuple(banned_words.found(text, kit.banned_words)) if kit else ()


def sentence(words: Iterable[str]) -> str:
    named = " and ".join(f"“{word}”" for word in words)
    return f"Your brand does not use {named}. Say it in other words, or change the banned words under Brand."


def colour_words(campaign: Campaign) -> str:
    """The campaign's brand colours for a prompt, for instance "teal and gold"; empty where it has none."""
    kit = campaign.kit
    return colours.words(kit.palette) if kit and kit.has_palette else ""


def font_files(kit: BrandKit) -> tuple[bytes, ...]:
    """The kit's own fonts. One that is gone or damaged is left out: another family is set in its place."""
    return tuple(filter(None, (_bytes(font.file) for font in kit.fonts.order_by("pk"))))


class KitLook(TypedDict):
    """A kit's part of a `generation.compositor.RenderSpec`."""

    palette: Palette
    heading_family: str
    text_family: str
    font_files: tuple[bytes, ...]
    logo_on_light: bytes | None
    logo_on_dark: bytes | None


def look(kit: BrandKit) -> KitLook:
    return {
        "palette": kit.palette,
        "heading_family": kit.heading_family,
        "text_family": kit.text_family,
        "font_files": font_files(kit),
        "logo_on_light": _bytes(kit.logo_on_light) or None,
        "logo_on_dark": _bytes(kit.logo_on_dark) or None,
    }


def lost_parts(kit: BrandKit) -> list[str]:
    """What of it cannot be read as it was stored."""
    files = [
        ("logo for light grounds", kit.logo_on_light),
        ("logo for dark grounds", kit.logo_on_dark),
        *((f"typeface {font.family}", font.file) for font in kit.fonts.order_by("pk")),
    ]
    lost = [part for part, path in files if path and not storage.is_sound(path)]
    return list(dict.fromkeys(lost))  # A typeface may have several files.


def logo_of(kit: BrandKit) -> bytes:
    """The PNG that its colours are taken from; empty where there is none."""
    return _bytes(kit.logo_on_light) or _bytes(kit.logo_on_dark)


def _make_default(kit: BrandKit, *, by: User) -> None:
    kit.refresh_from_db(fields=["is_default", "archived_at"])
    if kit.is_default or kit.archived_at:
        return
    kit.business.brand_kits.filter(is_default=True).update(is_default=False)
    kit.is_default = True
    kit.save(update_fields=["is_default"])
    audit.record(by, "brand_kit.made_default", kit, name=kit.name)


def _locked(kit: BrandKit) -> BrandKit:
    """The kit as it is now, which nobody else changes meanwhile."""
    return BrandKit.objects.select_for_update(of=("self",)).select_related("business").get(pk=kit.pk)


def _merged(
    kit: BrandKit, values: Mapping[str, object], began_from: Mapping[str, object]
) -> dict[str, object]:
    """What is to be written of `values`; logos are not merged, as nobody types them. Raises Outpaced."""
    typed = {name: value for name, value in values.items() if name in PLAIN}
    merged = merge(began_from, typed, plain(kit))
    if merged.contested:
        raise Outpaced(kit, merged)
    return merged.changes | {name: value for name, value in values.items() if name not in PLAIN}


def _take(kit: BrandKit, palette: object) -> None:
    for role in ROLES:
        setattr(kit, role, getattr(palette, role))


def _stored(kit: BrandKit, name: str, value: object) -> object:
    if name == "name":
        return names.clean(str(value))
    if name in LOGOS:
        return storage.store(kit.business_id, value.png, "png").path if isinstance(value, Logo) else ""
    return value


def _change_fonts(
    kit: BrandKit, file: str, added: UploadedFont | None, removed: Iterable[BrandFont]
) -> list[str]:
    """What changed, for the record. A family whose last file goes is no longer what the kit is set in."""
    changed = []
    gone = kit.fonts.filter(pk__in=[font.pk for font in removed])
    if gone.delete()[0]:
        changed.append("fonts")
        for name in ("heading_family", "text_family"):
            if getattr(kit, name) not in kit.families:
                setattr(kit, name, getattr(BrandKit(), name))
    if added:
        style = {"family": added.family, "style": added.style}
        _, is_new = kit.fonts.get_or_create(file=file, defaults=style)
        changed += ["fonts"] if is_new else []
    return list(dict.fromkeys(changed))


def _bytes(path: str) -> bytes:
    if not path:
        return b""
    try:
        return storage.read(path)
    except FileNotFoundError:
        return b""
