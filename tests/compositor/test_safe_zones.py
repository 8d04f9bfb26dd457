"""A safe zone may take a third of a side: a profile's picture stands over the banner behind it."""

import sys
from dataclasses import replace

import pytest

from generation.compositor import FORMATS, LAYOUTS, render

from .measures import collisions, overflows, too_faint
from .specimens import COPIES, creative

BANNER = replace(
    FORMATS["display-leaderboard"], key="banner", size=(1584, 396), safe=(40, 60, 40, 420), smallest=18
)


@pytest.fixture
def banner(monkeypatch):
    for name, module in list(sys.modules.items()):
        if name.startswith(("generation.compositor", "tests.compositor")) and hasattr(module, "FORMATS"):
            monkeypatch.setattr(module, "FORMATS", {**FORMATS, "banner": BANNER})


@pytest.mark.usefixtures("banner")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_moves_out_of_its_way_takes_the_words_along(layout):
    specimen = creative(layout, "banner", COPIES["short"])
    page = render(specimen, "png")
    assert [*overflows(specimen, page), *collisions(page), *too_faint(specimen, page)] == []
