"""What can be drawn is drawn, and what cannot is told: of the plates that there are."""

import pytest

from generation.starter import stock
from generation.starter.plates import plate
from generation.starter.prior import FLAT_THINGS
from generation.starter.understanding import drawable, understood

MISSING = [thing for thing in stock.THINGS if not plate.cameras(thing)]


@pytest.mark.parametrize("name", drawable())
def test_what_is_offered_is_understood(name: str) -> None:
    wish = understood(name)
    assert [stock.NAMES[each.thing] for each in wish.things] == [name]
    assert wish.unknown == wish.unheeded == ()


@pytest.mark.parametrize("thing", stock.THINGS)
def test_a_thing_is_drawn_or_told_and_never_both(thing: str) -> None:
    wish = understood(f"two of our {stock.NAMES[thing]}")
    has_plates = bool(plate.cameras(thing))
    assert [each.thing for each in wish.things] == ([thing] if has_plates or thing in FLAT_THINGS else [])
    assert bool(wish.unknown) != bool(wish.things)


@pytest.mark.parametrize("thing", [thing for thing in FLAT_THINGS if thing in MISSING])
def test_without_a_photograph_one_is_drawn_flat(thing: str) -> None:
    wish = understood(f"three {stock.NAMES[thing].split()[-1]}s")
    if wish.things:
        assert wish.is_flat
        assert wish.things[0].count == 1
        assert wish.unheeded


def test_things_that_no_camera_sees_together_are_told() -> None:
    together = understood("a cup of coffee, a croissant and a cupcake")
    assert len(together.things) == 3
    for one in drawable():
        wish = understood(f"{one} and a pizza")
        cameras = [set(plate.cameras(each.thing)) for each in wish.things]
        assert not cameras or set.intersection(*cameras) or len(cameras) == 1
