"""How businesses write: languages with regions (BCP 47) and currencies (ISO 4217), out of CLDR by Babel."""

from functools import cache

from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import get_currency_name, get_decimal_symbol, get_territory_currencies
from django.utils.translation.trans_real import parse_accept_lang_header

# In which the words of a business are read and judged.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "pl", "pt")
DEFAULT = "en-GB"


@cache
def names() -> dict[str, str]:
    """What there is to choose, each in its own words: `de-AT` is "Deutsch (Österreich)"."""
    parts = (tag.split("_") for tag in localedata.locale_identifiers())
    tags = ["-".join(part) for part in parts if len(part) == 2 and part[0] in LANGUAGES and len(part[1]) == 2]
    return {tag: str(Locale.parse(tag, sep="-").get_display_name()) for tag in sorted(tags)}


@cache
def currencies() -> dict[str, str]:
    """What is paid with somewhere today, named in English: `PLN` is "Polish Zloty"."""
    territories = [code for code in Locale("en").territories if len(code) == 2]
    codes = {currency for territory in territories for currency in get_territory_currencies(territory)}
    return {code: get_currency_name(code, locale="en") for code in sorted(codes)}


def currency_of(locale: str) -> str:
    """What is paid with where `locale` is spoken; euros where CLDR knows of nothing."""
    return next(iter(get_territory_currencies(region_of(locale))), "EUR")


def region_of(locale: str) -> str:
    """By ISO 3166: AT of de-AT."""
    return locale.partition("-")[2]


def of_browser(accept_language: str) -> str:
    """The first locale that a browser asks for and that there is, else DEFAULT."""
    for wanted, _ in parse_accept_lang_header(accept_language):
        language, _, region = wanted.partition("-")
        if not region and language in LANGUAGES:
            region = get_global("likely_subtags")[language].rpartition("_")[2]
        if (tag := f"{language}-{region.upper()}") in names():
            return tag
    return DEFAULT


def list_separator(locale: str) -> str:
    """What a spreadsheet set to `locale` expects between two cells of a line."""
    return ";" if decimal_sign(locale) == "," or locale.partition("-")[2] in ("CH", "LI") else ","


def decimal_sign(locale: str) -> str:
    return get_decimal_symbol(locale.replace("-", "_"))
