"""A disc for the price has the price in it, or is not drawn."""

import re

import pytest

from generation.compositor import FORMATS, AdCopy, render

from .measures import collisions, overflows
from .specimens import creative

LONG = AdCopy(
    headline="Everything for a long weekend in the mountains with the whole family",
    offer="Complete equipment for two adults and three children",
    details="Tents, sleeping bags, stoves and lamps, cleaned and checked, delivered on Friday",
    price="from 1.299,00 €",
    date="Until Sunday 12 October",
)
BARE = {"picture": None, "logo_on_light": None, "logo_on_dark": None}
DISC = r'<path fill="#e4572e"[^>]* d="M 0 0m 0 [\d.]+c'


@pytest.mark.parametrize("key", FORMATS)
def test_a_price_disc_is_never_empty_and_the_price_stands_or_is_missed_aloud(key):
    rendering = render(creative("price_badge", key, LONG, **BARE), "svg")
    fields = {box.field for box in rendering.boxes}
    told = {warning.field for warning in rendering.warnings}
    assert {"price", "date", "offer", "details"} <= fields | told
    discs = re.findall(DISC, rendering.data.decode())
    assert bool(discs) == any(box.ground == "accent" for box in rendering.boxes)
    assert overflows(creative("price_badge", key, LONG), rendering) == []
    assert collisions(rendering) == []


def test_price_and_date_of_long_words_stand_in_the_price_disc_layout():
    rendering = render(creative("price_badge", "facebook-post", LONG), "svg")
    assert {"price", "date", "offer"} <= {box.field for box in rendering.boxes}
    assert rendering.warnings == ()
    assert {box.field for box in rendering.boxes if box.ground == "accent"} == {"price"}
