from itertools import groupby

from django import forms

from accounts import locales
from accounts.names import NameField
from webapp.editing.began_from import BeganFrom


def _by_language() -> list[tuple[str, list[tuple[str, str]]]]:
    """One group a language, named in itself."""
    named = sorted(locales.names().items(), key=lambda choice: choice[1].casefold())
    groups = groupby(named, lambda choice: choice[1].partition(" (")[0])
    return [(language, list(choices)) for language, choices in groups]


def _currencies() -> list[tuple[str, str]]:
    return [(code, f"{code} – {name}") for code, name in locales.currencies().items()]


class BusinessForm(forms.Form):
    name = NameField(label="Name of the business", help_text="As your customers know it.")


class BusinessSettingsForm(BusinessForm):
    """What a business is called and how it writes."""

    locale = forms.ChoiceField(
        label="Language and region",
        choices=_by_language,
        help_text="Tables that you take away have their numbers written so.",
    )
    currency = forms.ChoiceField(label="Currency", choices=_currencies)
    began_from = BeganFrom()
