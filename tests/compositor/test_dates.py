"""A day stands large on its tile only where a day and a month were read with certainty."""

import pytest

from generation.compositor import FORMATS, AdCopy, render
from generation.compositor.dates import date_parts, kept_whole

from .reading import read
from .specimens import creative

BARE = {"picture": None, "logo_on_light": None, "logo_on_dark": None}
ALPHABET = "0123456789/-.:MonFriSatDecember"


@pytest.mark.parametrize(
    ("date", "parts"),
    [
        ("Sat 12 December", ("Sat", "12", "December")),
        ("Sat 12 December, 7 pm", ("Sat", "12", "December, 7 pm")),
        ("12. Dezember", ("", "12", "Dezember")),
        ("Sa. 12. Okt., 19 Uhr", ("Sa", "12", "Okt., 19 Uhr")),
        ("December 12th, 2026", ("December", "12", "2026")),
        ("Until Sunday 12 October", ("Until Sunday", "12", "October")),
        ("le 1er mai", ("le", "1", "mai")),
        ("12 de octubre", ("", "12", "de octubre")),
        ("sobota 12 grudnia", ("sobota", "12", "grudnia")),
        ("12 октября в 19.00", ("", "12", "октября в 19.00")),
        ("שבת 12 בדצמבר", ("שבת", "12", "בדצמבר")),
        ("السبت ١٢ ديسمبر", ("السبت", "١٢", "ديسمبر")),
    ],
)
def test_a_day_and_its_month_are_read(date, parts):
    assert tuple(date_parts(date).values()) == parts


@pytest.mark.parametrize(
    "date",
    [
        "12/10/2025",
        "12.10.2025",
        "2025-10-12",
        "25/12",
        "12月10日",
        "Mon-Fri 9-5",
        "9-5",
        "7:30",
        "Every Sunday",
        "Open 7 days",
        "5 for 4",
        "12 to 18 October",
        "12.-18. Oktober",
        "12 and 13 December",
        "12 October to 3 November",
        "24 December from 9 to 5",
        "40 December",
        "December 2026",
        "May",
        "",
    ],
)
def test_what_is_not_certainly_one_day_of_a_month_stays_as_it_was_typed(date):
    assert date_parts(date) is None


@pytest.mark.parametrize("key", FORMATS)
def test_a_date_on_the_tile_is_a_day_with_its_month_or_the_words_as_typed(key):
    for date, right in (
        ("12/10/2025", [["12/10/2025"]]),
        ("Mon-Fri 9-5", [["Mon-Fri9-5"], ["Mon-Fri", "9-5"]]),
        (
            "Sat 12 December",
            [["Sat12December"], ["Sat12", "December"], ["Sat", "12December"], ["Sat", "12", "December"]],
        ),
    ):
        specimen = creative("event", key, AdCopy(headline="Sale", date=date), **BARE)
        if not any(warning.field == "date" for warning in render(specimen, "svg").warnings):
            assert read(specimen, "date", ALPHABET) in right


def test_a_number_is_not_parted_from_the_word_that_it_goes_with():
    assert kept_whole("12 lokakuuta") == "12\u00a0lokakuuta"
    assert kept_whole("12. 10. 2025") == "12.\u00a010.\u00a02025"
    assert kept_whole("Mon-Fri 9-5") == "Mon-\u2060Fri 9-5"
