"""Languages with regions, and currencies: what there is to choose, and what a browser's wish comes to."""

import pytest

from accounts import locales


def test_every_language_that_words_are_read_in_is_there_in_its_own_words():
    assert {tag.partition("-")[0] for tag in locales.names()} == set(locales.LANGUAGES)
    assert locales.names()["de-AT"] == "Deutsch (Österreich)"
    assert locales.names()["ar-MA"] == "العربية (المغرب)"


def test_the_currencies_are_those_that_are_paid_with_today():
    assert {"EUR", "PLN", "GBP", "USD", "ILS", "AED"} <= locales.currencies().keys()
    assert not {"DEM", "FRF", "XAU"} & locales.currencies().keys()


def test_every_locale_has_a_currency_that_can_be_chosen_and_fits_its_column():
    for tag in locales.names():
        assert locales.currency_of(tag) in locales.currencies()
        assert len(tag) <= 20


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de-AT"),
        ("pl", "pl-PL"),
        ("pt;q=0.5,fr-ca;q=0.9", "fr-CA"),
        ("nl-NL,nl;q=0.9,en-IE;q=0.8", "en-IE"),
        ("de-Latn-CH", locales.DEFAULT),
        ("zh-CN", locales.DEFAULT),
        ("*", locales.DEFAULT),
        ("", locales.DEFAULT),
        ("\x00,,;q=x", locales.DEFAULT),
        ("en-" + "x" * 5000, locales.DEFAULT),
    ],
)
def test_a_browser_is_answered_with_the_first_that_there_is(header, locale):
    assert locales.of_browser(header) == locale


@pytest.mark.parametrize(("locale", "sign"), [("en-GB", "."), ("de-DE", ","), ("de-CH", "."), ("ar-EG", ".")])
def test_numbers_have_the_sign_of_their_region(locale, sign):
    assert locales.decimal_sign(locale) == sign


@pytest.mark.parametrize(
    ("locale", "separator"), [("en-GB", ","), ("de-DE", ";"), ("de-CH", ";"), ("ar-EG", ",")]
)
def test_cells_are_parted_as_spreadsheets_of_the_region_expect(locale, separator):
    assert locales.list_separator(locale) == separator
