"""What can be drawn is drawn, and what cannot is told: of the plates that there are."""

from collections.abc import Callable

import pytest

from generation.starter import stock
from generation.starter.plates import plate
from generation.starter.prior import FLAT_THINGS
from generation.starter.understanding import drawable, understood


@pytest.fixture
def lose_plates(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Of one thing, as on a machine that has not baked them."""
    cameras = plate.cameras

    def lose(thing: str) -> None:
        monkeypatch.setattr(
            plate, "cameras", lambda name, *rest: () if name == thing else cameras(name, *rest)
        )

    return lose


@pytest.mark.parametrize("name", drawable())
def test_what_is_offered_is_understood(name: str) -> None:
    wish = understood(name)
    assert [stock.NAMES[each.thing] for each in wish.things] == [name]
    assert wish.unknown == wish.unheeded == ()


@pytest.mark.parametrize("thing", stock.THINGS)
def test_a_thing_is_drawn(thing: str) -> None:
    wish = understood(f"two of our {stock.NAMES[thing]}")
    assert [each.thing for each in wish.things] == [thing]
    assert wish.unknown == ()


@pytest.mark.parametrize("thing", [thing for thing in stock.THINGS if thing not in FLAT_THINGS])
def test_a_thing_without_plates_is_told(thing: str, lose_plates: Callable[[str], None]) -> None:
    lose_plates(thing)
    wish = understood(f"two of our {stock.NAMES[thing]}")
    assert wish.unknown
    assert wish.things == ()
    assert stock.NAMES[thing] not in drawable()


@pytest.mark.parametrize("thing", FLAT_THINGS)
def test_without_a_photograph_one_is_drawn_flat(thing: str, lose_plates: Callable[[str], None]) -> None:
    lose_plates(thing)
    wish = understood(f"three of our {stock.NAMES[thing]}")
    assert wish.is_flat
    assert [(each.thing, each.count) for each in wish.things] == [(thing, 1)]
    assert wish.unheeded


def test_things_that_no_camera_sees_together_are_told() -> None:
    together = understood("a cup of coffee, a croissant and a cupcake")
    assert len(together.things) == 3
    for one in drawable():
        wish = understood(f"{one} and a pizza")
        cameras = [set(plate.cameras(each.thing)) for each in wish.things]
        assert not cameras or set.intersection(*cameras) or len(cameras) == 1
