"""The brief: seven questions to a shop owner, and an Advanced part for whoever wants to say more.

What a request may be is checked once, by `generation.pictures`; the form only reads what was typed and puts
each complaint at its field.
"""

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress

from django import forms
from django.utils.html import format_html, format_html_join

from generation import registry
from generation.models import Incident, ModelVersion, Output, PictureRequest
from generation.pictures.request_rules import COUNT, GUIDANCE, SEEDS, STEPS
from webapp.brand import colours as brand_colours
from webapp.brand import kits
from webapp.editing.uncut import UncutField
from webapp.models import BrandKit, Brief, Campaign, Room, Shape

from . import briefs, prompt

SUBJECT_LENGTH = Brief._meta.get_field("subject").max_length
ANSWERS = ("subject", "mood", "colours", "room", "shape")
ADVANCED = ("negative_prompt", "model", "steps", "guidance", "seed")
BRAND = "brand"  # the colours of the campaign's brand kit
REMEMBER_NOTHING = {"autocomplete": "off"}
WHOLE_NUMBER = {"invalid": "Write a whole number."}


def _brand_label(kit: BrandKit, words: str) -> str:
    """The kit's colours as a strip, in attributes: the page allows no inline style."""
    colours = (kit.primary, kit.accent, kit.surface)
    bars = format_html_join(
        "",
        '<rect x="{}" width="8" height="13" fill="{}"/>',
        ((8 * at, one) for at, one in enumerate(colours)),
    )
    strip = format_html('<svg class="strip" viewBox="0 0 24 13" aria-hidden="true">{}</svg>', bars)
    return format_html('{} Brand colours<span class="visually-hidden">: {}</span>', strip, words)


def _offered(words: tuple[str, ...], none: str) -> list[tuple[str, str]]:
    return [("", none), *((word, word.capitalize()) for word in words)]


COLOUR_CHOICES = _offered(prompt.COLOURS, "Any")


class BriefForm(forms.Form):
    # Never what the browser remembers from before a reload: it would make a new click an old one.
    # Whatever it is, it is only hashed: nobody could see or mend a complaint about a hidden field.
    nonce = forms.Field(required=False, widget=forms.HiddenInput(attrs=REMEMBER_NOTHING))
    subject = UncutField(
        label="What should the picture show?",
        required=False,
        max_length=SUBJECT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "placeholder": "A cup of coffee on a table"}),
    )
    mood = forms.ChoiceField(
        label="Mood", required=False, choices=_offered(prompt.MOODS, "Any"), widget=forms.RadioSelect
    )
    colours = forms.ChoiceField(
        label="Colours", required=False, choices=COLOUR_CHOICES, widget=forms.RadioSelect
    )
    own_colours = UncutField(
        label="Or name the colours",
        required=False,
        max_length=Brief._meta.get_field("colours").max_length,
        widget=forms.TextInput(attrs={"placeholder": "Teal and gold"}),
    )
    room = forms.ChoiceField(
        label="Leave room for text", choices=Room.choices, initial=Room.NONE, widget=forms.RadioSelect
    )
    shape = forms.ChoiceField(
        label="Shape", choices=Shape.choices, initial=Shape.SQUARE, widget=forms.RadioSelect
    )
    count = forms.IntegerField(
        label="How many?",
        initial=4,
        error_messages={"required": "Say how many pictures.", **WHOLE_NUMBER},
        widget=forms.NumberInput(attrs={"min": COUNT[0], "max": COUNT[-1], "inputmode": "numeric"}),
    )

    prompt = forms.CharField(
        label="Prompt",
        required=False,
        help_text="Composed from the brief until you change it. Empty it to go back to the composed one.",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    composed = forms.CharField(required=False, widget=forms.HiddenInput(attrs=REMEMBER_NOTHING))
    negative_prompt = forms.CharField(
        label="Negative prompt",
        required=False,
        help_text="What should not be in the picture.",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    model = forms.ModelChoiceField(
        label="Model",
        required=False,
        queryset=registry.installed(),
        empty_label=None,
        error_messages={"invalid_choice": "This model is not installed here. Choose another."},
    )
    with_personal_data = forms.BooleanField(
        label="Ask for it all the same", required=False, help_text="The activity log will say that you did."
    )
    steps = forms.IntegerField(
        label="Steps",
        required=False,
        error_messages=WHOLE_NUMBER,
        widget=forms.NumberInput(attrs={"min": STEPS[0], "max": STEPS[-1]}),
    )
    guidance = forms.FloatField(
        label="Guidance scale",
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.1", "min": GUIDANCE[0], "max": GUIDANCE[1]}),
    )
    seed = forms.IntegerField(
        label="Seed",
        required=False,
        help_text="The same brief with the same seed is the same picture. Empty for a new one each time.",
        error_messages=WHOLE_NUMBER,
        widget=forms.NumberInput(attrs={"min": SEEDS[0], "max": SEEDS[-1]}),
    )

    def __init__(self, *args, kit: BrandKit | None = None, **kwargs) -> None:
        """kit: the campaign's brand, whose colours are then offered first."""
        super().__init__(*args, **kwargs)
        self.brand_words = ""
        self.incident: Incident | None = None  # of a brief that the safety floor refused
        self.has_personal_data = False
        if kit and kit.has_palette:
            self.brand_words = brand_colours.words(kit.palette)
            colours = self.fields["colours"]
            assert isinstance(colours, forms.ChoiceField)
            colours.choices = [(BRAND, _brand_label(kit, self.brand_words)), *COLOUR_CHOICES]
            colours.initial = BRAND

    @classmethod
    def fresh(
        cls, answers: Mapping[str, object] | None = None, *, kit: BrandKit | None = None
    ) -> "BriefForm":
        """A form that asks for something new, filled in with `answers`."""
        return cls(initial={**(answers or {}), "nonce": secrets.token_hex(16)}, kit=kit)

    def clean(self) -> dict[str, object]:
        super().clean()
        cleaned = self.cleaned_data
        if prompt.one_line(cleaned.get("own_colours", "")):
            cleaned["colours"] = cleaned["own_colours"]
        elif cleaned.get("colours") == BRAND:
            cleaned["colours"] = self.brand_words
        if not self.is_edited:
            cleaned["prompt"] = self.composition
        if "model" not in self.errors:
            cleaned["model"] = cleaned["model"] or self._default_model()
        return cleaned

    def _default_model(self) -> ModelVersion | None:
        model = registry.default_model()
        if model is None:
            self.add_error("model", "No model is installed. Ask whoever runs this machine to install one.")
        return model

    @property
    def is_edited(self) -> bool:
        """Whether the prompt was changed by hand, which the brief then leaves alone."""
        return prompt.is_edited(self["prompt"].value() or "", self["composed"].value() or "")

    @property
    def composition(self) -> str:
        """The prompt that the brief makes, whatever is wrong elsewhere in the form."""
        known = getattr(self, "cleaned_data", self.initial)
        return prompt.compose(
            known.get("subject") or "",
            mood=known.get("mood") or "",
            colours=known.get("own_colours") or self._named(known.get("colours")),
            room=known.get("room") or "none",
        )

    def _named(self, colours: str | None) -> str:
        return self.brand_words if colours == BRAND else colours or ""

    @property
    def chosen_model(self) -> ModelVersion | None:
        """None for no choice, or one that there is not."""
        with suppress(forms.ValidationError):
            return self.fields["model"].clean(self["model"].value())
        return None

    @property
    def is_advanced(self) -> bool:
        """Whether the Advanced part has something to say, so that it is open."""
        typed = [name for name in ADVANCED if name != "model" and self[name].value() not in (None, "")]
        wrong = any(name in self.errors for name in (*ADVANCED, "prompt"))
        return self.is_edited or bool(typed) or wrong

    def typed(self) -> dict[str, object]:
        """What is in the fields, with the prompt composed anew unless it was changed by hand."""
        self.is_valid()
        values = {name: self[name].value() for name in self.fields if name != "nonce"}
        if not self.is_edited:
            values["prompt"] = self.composition
        return values | {"composed": self.composition}

    def brief(self, campaign: Campaign) -> Brief:
        """The person's own words for `campaign`, not yet saved; from a valid form, as all below."""
        return Brief(campaign=campaign, **{name: self.cleaned_data[name] for name in ANSWERS})

    def picture_request(self) -> PictureRequest:
        said = self.cleaned_data
        model: ModelVersion = said["model"]
        return model.request(
            said["prompt"],
            negative_prompt=said["negative_prompt"],
            size=model.size_for(Shape(said["shape"]).aspect),
            steps=said["steps"],
            guidance=said["guidance"],
        )

    def key(self) -> str:
        """The same for two clicks on one form; another once anything was changed, however old the page."""
        nonce = self.cleaned_data["nonce"] or secrets.token_hex(16)
        # Not what the page composed meanwhile: the same wish sent again may come with it or without.
        asked = [self.cleaned_data[name] for name in (*ANSWERS, "prompt", "count", *ADVANCED)]
        return hashlib.sha256(f"{nonce} {asked!r}".encode()).hexdigest()

    def refuse(self, error: forms.ValidationError) -> None:
        """Put the complaints of `webapp.campaigns.briefs.submit` where the person can mend them."""
        self.incident = getattr(error, "incident", None)
        self.has_personal_data = isinstance(error, briefs.PersonalDataNoticed)
        for name, sentences in error.message_dict.items():
            if name == "prompt" and not self.is_edited:
                name = "subject"
            self.add_error(name if name in self.fields else None, sentences)


def initial_of(brief: Brief) -> dict[str, object]:
    """What a brief said, for a form that asks again."""
    answers = {name: getattr(brief, name) for name in ("subject", "mood", "room", "shape")}
    if brief.colours and brief.colours == kits.colour_words(brief.campaign):
        answers["colours"] = BRAND
    else:
        known = brief.colours in ("", *prompt.COLOURS)
        answers |= {"colours": brief.colours} if known else {"colours": "", "own_colours": brief.colours}
    composed = prompt.compose(brief.subject, mood=brief.mood, colours=brief.colours, room=brief.room)
    return {**answers, "prompt": brief.job.request["prompt"], "composed": composed}


def initial_again(output: Output) -> dict[str, object]:
    """The same for a form that asks for `output` again: all that makes it the same picture."""
    request = PictureRequest.of(output.job)
    advanced = {name: getattr(request, name) for name in ("negative_prompt", "steps", "guidance")}
    seed = {"seed": output.seed, "count": 1, "model": output.job.model_id}
    return initial_of(output.job.brief) | advanced | seed
