"""A seeded part of all layouts in all formats; `bin/bench sweeps --full` and tests.compositor.everything have
them all.
"""

import pytest

from generation.compositor import FORMATS, LAYOUTS, AdCopy, render
from generation.compositor.layouts import FOLDER
from tests.sampling import pairs

from .measures import collisions, ink_astray, ink_outside, overflows, too_faint
from .specimens import COPIES, MISSING, SHORT, creative

KINDS_OF_WORDS = list(COPIES)
EVERY_PAIR = [(layout, key) for layout in LAYOUTS for key in FORMATS]
PAIRS = pairs(LAYOUTS, FORMATS, usual=4)
# Small enough to measure pixel by pixel; every shape is among them.
MEASURED = (
    "instagram-square",
    "display-rectangle",
    "display-leaderboard",
    "display-skyscraper",
    "facebook-cover",
)


def test_there_are_enough_layouts_and_each_is_a_file_and_a_line():
    assert len(LAYOUTS) >= 12
    assert {path.stem for path in FOLDER.glob("*.typ")} - {"lib"} == set(LAYOUTS)
    assert len({layout.name for layout in LAYOUTS.values()}) == len(LAYOUTS)


@pytest.mark.parametrize(("layout", "key"), PAIRS)
def test_words_stay_in_the_safe_zone_and_off_each_other(layout, key):
    for words in _two_of(layout, key):
        specimen = creative(layout, key, COPIES[words], ai_label=words == "short")
        rendering = render(specimen, "svg")
        assert overflows(specimen, rendering) == []
        assert collisions(rendering) == []
        shown = {box.field for box in rendering.boxes}
        assert shown & {"headline", "offer"}, "neither headline nor offer is there"


def _two_of(layout: str, key: str) -> list[str]:
    """Two kinds of words for a pair: over all pairs every kind comes equally often."""
    place = EVERY_PAIR.index((layout, key))
    return [KINDS_OF_WORDS[(place + step) % len(KINDS_OF_WORDS)] for step in (0, 2)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_can_be_read_on_what_it_stands_on(layout):
    for place, key in enumerate(MEASURED):
        words = COPIES[KINDS_OF_WORDS[(place + list(LAYOUTS).index(layout)) % len(COPIES)]]
        specimen = creative(layout, key, words)
        assert too_faint(specimen, render(specimen, "png")) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_ink_of_a_word_leaves_the_safe_zone_or_its_box(layout):
    for key in ("display-rectangle", "display-mobile"):
        specimen = creative(layout, key)
        rendering = render(specimen, "png")
        assert ink_outside(specimen, rendering) <= 6
        assert ink_astray(specimen, rendering) <= 6


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_works_without_picture_and_without_logo(layout):
    bare = {"picture": None, "logo_on_light": None, "logo_on_dark": None}
    for key in ("instagram-portrait", "display-leaderboard"):
        specimen = creative(layout, key, MISSING, **bare)
        rendering = render(specimen, "png")
        assert overflows(specimen, rendering) == []
        assert too_faint(specimen, rendering) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_shows_the_fields_that_its_line_promises(layout):
    shown = {box.field for box in render(creative(layout, "instagram-portrait"), "svg").boxes}
    assert set(LAYOUTS[layout].fields) <= shown


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_creative_without_words_is_a_page_all_the_same(layout):
    rendering = render(creative(layout, "instagram-square", AdCopy()), "svg")
    assert {box.field for box in rendering.boxes} <= {"logo"}
    assert rendering.warnings == ()


def test_a_page_of_words_from_right_to_left_is_the_mirror_image():
    left = {box.field: box for box in render(creative("split", "facebook-post", SHORT), "svg").boxes}
    right = {box.field: box for box in render(creative("split", "facebook-post", COPIES["rtl"]), "svg").boxes}
    width = FORMATS["facebook-post"].points[0]
    assert left["headline"].x == pytest.approx(width - right["headline"].x - right["headline"].width, abs=1)
