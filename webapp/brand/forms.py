"""What a brand is asked. Files are read as they come in: a form holds a `Logo` or a font, never a file."""

import re
from collections.abc import Iterable
from typing import TypedDict

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.names import NameField
from generation.compositor import PAIRINGS, Palette, uploaded_font
from generation.compositor.colours import contrast
from generation.compositor.uploaded_font import UploadedFont
from generation.sandbox import Broken, FileRefused
from webapp.editing.began_from import BeganFrom
from webapp.editing.uncut import UncutField
from webapp.http import uploads
from webapp.models import BrandFont, BrandKit, Campaign
from webapp.models.brand_kit import ROLES

from . import banned_words, colours, kits, logo

VOICE_WORDS, VOICE_LENGTH = 3, 30
BANNED_WORDS, BANNED_LENGTH = 200, 60
LOGO_TYPES = "image/png,image/jpeg,image/webp,image/svg+xml"
FONT_TYPES = ".ttf,.otf,font/ttf,font/otf"


AWAY = "Files cannot be looked at just now. Whoever runs this machine finds the reason in the log."


class ReadField(forms.FileField):
    """An uploaded file, as what `read` makes of it for `asker`. It refuses in a sentence for the person."""

    asker = ""

    def __init__(self, read, accepted: str, **options) -> None:
        widget = forms.FileInput(attrs={"accept": accepted})
        super().__init__(required=False, allow_empty_file=True, widget=widget, **options)
        self.read = read

    # What a form holds is what was read, never the file.
    def to_python(self, data: UploadedFile | None) -> object:  # type: ignore[override]
        file = super().to_python(data)
        if file is None:
            return None
        uploads.give_connection_back()
        try:
            return self.read(file.read(), self.asker)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        except Broken as broken:
            raise forms.ValidationError(AWAY) from broken


class LogoField(ReadField):
    def __init__(self, **options) -> None:
        super().__init__(logo.read, LOGO_TYPES, **options)


class UploadForm(forms.Form):
    """A form with files. asker: the client's address, whose turn in the sandbox it is."""

    def __init__(self, *args, asker: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ReadField):
                field.asker = asker


class ColourField(forms.RegexField):
    def __init__(self, label: str) -> None:
        widget = forms.TextInput(attrs={"type": "color"})
        wrong = {"invalid": "Write the colour as # and six digits, for instance #0f766e."}
        super().__init__(r"^#[0-9a-fA-F]{6}\Z", label=label, widget=widget, error_messages=wrong)

    def clean(self, value: str) -> str:
        return super().clean(value).lower()


class NewBrandKitForm(UploadForm):
    name = NameField(label="Name of the kit", help_text="Usually the name of your business.")
    logo = LogoField(label="Logo", help_text="PNG, JPEG, WebP or SVG. Its colours become the kit’s.")


class KitChanges(TypedDict):
    """The arguments of `webapp.brand.kits.change`."""

    changes: dict[str, object]
    began_from: dict[str, object]
    added_font: UploadedFont | None
    removed_fonts: QuerySet[BrandFont]


class BrandKitForm(UploadForm):
    began_from = BeganFrom()  # `webapp.brand.kits.plain`
    name = NameField(label="Name")
    logo_on_light = LogoField(label="For light grounds")
    logo_on_dark = LogoField(label="For dark grounds")
    without_logo_on_light = forms.BooleanField(required=False, label="Take this logo away")
    without_logo_on_dark = forms.BooleanField(required=False, label="Take this logo away")
    primary = ColourField("Primary")
    accent = ColourField("Accent")
    surface = ColourField("Surface")
    text = ColourField("Text")
    font = ReadField(
        uploaded_font.read,
        FONT_TYPES,
        label="Add a font of your own",
        help_text="TTF or OTF, 5 MB at most. Once it is saved it is among the families above.",
    )
    voice = UncutField(
        label="Voice in three words",
        required=False,
        max_length=VOICE_WORDS * (VOICE_LENGTH + 2),
        widget=forms.TextInput(attrs={"placeholder": "warm, honest, playful", "dir": "auto"}),
    )
    banned_words = UncutField(
        label="Words you never use",
        required=False,
        max_length=BANNED_WORDS * BANNED_LENGTH,
        help_text="One a line. A brief or a text that says one of them is refused, whoever writes it.",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "cheap", "dir": "auto"}),
    )
    contact_line = UncutField(
        label="Contact line",
        required=False,
        max_length=BrandKit._meta.get_field("contact_line").max_length,
        widget=forms.TextInput(attrs={"placeholder": "12 Mill Lane · cornerbakery.example", "dir": "auto"}),
    )

    def __init__(self, *args, kit: BrandKit, **kwargs) -> None:
        super().__init__(*args, initial=_values_of(kit), **kwargs)
        self.kit = kit
        families = [(family, family) for family in kit.families]
        self.fields["heading_family"] = forms.ChoiceField(label="Headings", choices=families)
        self.fields["text_family"] = forms.ChoiceField(label="Text", choices=families)
        self.fields["without_fonts"] = forms.ModelMultipleChoiceField(
            queryset=kit.fonts.order_by("family", "style"),
            required=False,
            label="Take away",
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_voice(self) -> list[str]:
        text = self.cleaned_data["voice"]
        words = _split(text, r"[,;\n]" if re.search(r"[,;]", text) else r"\s")
        if len(words) > VOICE_WORDS:
            raise forms.ValidationError(f"Three words are the most; this has {len(words)}.")
        return _short(words, VOICE_LENGTH)

    def clean_banned_words(self) -> list[str]:
        words = _split(self.cleaned_data["banned_words"], r"[,;\n]")
        if len(words) > BANNED_WORDS:
            raise forms.ValidationError(f"{BANNED_WORDS} words are the most; this has {len(words)}.")
        empty = next((word for word in words if not banned_words.is_word(word)), None)
        if empty:
            raise forms.ValidationError(
                f"“{empty}” has no letter and no digit, so no text could be searched for it."
            )
        return _short(words, BANNED_LENGTH)

    @property
    def palette(self) -> Palette:
        """What the colour fields say, and the kit's own colours where they say nothing."""
        known = getattr(self, "cleaned_data", {})
        return Palette(**{role: known.get(role) or getattr(self.kit, role) for role in ROLES})

    @property
    def advice(self) -> colours.Advice | None:
        return colours.advice(self.palette)

    @property
    def contrast(self) -> float:
        """Of text on the surface, 1 to 21."""
        return contrast(self.palette.text, self.palette.surface)

    @property
    def colour_words(self) -> str:
        return colours.words(self.palette)

    def tried(self) -> BrandKit:
        """The kit as it would be with what is valid in the fields. Not to be saved."""
        kit = BrandKit.objects.select_related("business").get(pk=self.kit.pk)
        self.is_valid()
        for name in kits.FIELDS:
            if name not in kits.LOGOS and name in self.cleaned_data:
                setattr(kit, name, self.cleaned_data[name])
        return kit

    def over(self, kit: BrandKit, taken: Iterable[str]) -> "BrandKitForm":
        """What was typed, over `kit` as others left it: what is `taken` is theirs."""
        assert isinstance(self.data, QueryDict), "it was posted"
        data, stored = self.data.copy(), _values_of(kit)
        for name in taken:
            data[name] = stored[name]
        return BrandKitForm(data, kit=kit)

    def changes(self) -> KitChanges:
        """From a valid form."""
        cleaned = self.cleaned_data
        changes = {name: cleaned[name] for name in kits.FIELDS if name not in kits.LOGOS}
        for name in kits.LOGOS:
            if cleaned[name] or cleaned[f"without_{name}"]:
                changes[name] = cleaned[name] or None
        return {
            "changes": changes | self._asked_for(),
            "began_from": cleaned["began_from"],
            "added_font": cleaned["font"],
            "removed_fonts": cleaned["without_fonts"],
        }

    def _asked_for(self) -> dict[str, str]:
        """What a button asks for: the colours of the logo, or two families that go together."""
        asked = pairing(self.data.get("pairing", ""))
        if self.data.get("from_logo"):
            new = self.cleaned_data["logo_on_light"] or self.cleaned_data["logo_on_dark"]
            png = new.png if new else kits.logo_of(self.kit)
            palette = colours.of_logo(png) if png else self.palette
            asked |= {role: getattr(palette, role) for role in ROLES}
        return asked


class CampaignBrandKitForm(forms.Form):
    def __init__(self, data: QueryDict | None = None, *, campaign: Campaign) -> None:
        super().__init__(data, initial={"brand_kit": campaign.brand_kit_id})
        choices = kits.all_of(campaign.business)
        default = next((kit for kit in choices if kit.is_default), None)
        self.fields["brand_kit"] = forms.ModelChoiceField(
            queryset=choices,
            required=False,
            label="Brand kit",
            empty_label=f"The default ({default})" if default else "None yet",
        )


def pairing(number: str) -> dict[str, str]:
    """The two families of a pairing by its place in PAIRINGS; nothing for what is no place."""
    if not (number.isdecimal() and number.isascii() and int(number) < len(PAIRINGS)):
        return {}
    chosen = PAIRINGS[int(number)]
    return {"heading_family": chosen.heading, "text_family": chosen.text}


def _values_of(kit: BrandKit) -> dict[str, str]:
    plain = ("name", *ROLES, "heading_family", "text_family", "contact_line")
    return {
        **{name: getattr(kit, name) for name in plain},
        "voice": ", ".join(kit.voice),
        "banned_words": "\n".join(kit.banned_words),
    }


def _split(text: str, between: str) -> list[str]:
    words = (" ".join(word.split()) for word in re.split(between, text))
    return list(dict.fromkeys(filter(None, words)))


def _short(words: list[str], most: int) -> list[str]:
    long = next((word for word in words if len(word) > most), None)
    if long:
        raise forms.ValidationError(f"“{long[:20]}…” is too long: {most} characters a word are the most.")
    return words
