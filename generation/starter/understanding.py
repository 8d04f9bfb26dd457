"""What a prompt asks for, of what can be drawn here: the reader knows words, the plates know things."""

from dataclasses import replace

from . import stock
from .plates import plate, rig
from .prior import FLAT_THINGS
from .reading import Wish, read

Cameras = frozenset[str]


def drawable() -> tuple[str, ...]:
    """The names of all things that can be drawn."""
    return tuple(name for thing, name in stock.NAMES.items() if plate.cameras(thing) or thing in FLAT_THINGS)


def understood(prompt: str) -> Wish:
    """As it was read, but that things without plates are unknown, unless they can be drawn flat, and those
    unheeded that no camera sees together with the ones before.
    """
    wish = read(prompt)
    if _is_flat_alone(wish):
        return _once(wish)
    known = tuple(each for each in wish.things if plate.cameras(each.thing))
    unknown = tuple(each.said for each in wish.things if not plate.cameras(each.thing))
    together, cameras = [], Cameras(rig.CAMERAS)
    for each in known:
        if common := cameras.intersection(plate.cameras(each.thing)):
            together.append(each)
            cameras = common
    apart = tuple(each.said for each in known if each not in together)
    return replace(
        wish,
        things=tuple(together),
        unknown=wish.unknown + unknown,
        unheeded=wish.unheeded + apart,
    )


def _is_flat_alone(wish: Wish) -> bool:
    """Whether it is one thing of which there is no photograph, but a flat illustration."""
    names = [each.thing for each in wish.things]
    return len(names) == 1 and names[0] in FLAT_THINGS and not plate.cameras(names[0])


def _once(wish: Wish) -> Wish:
    thing = wish.things[0]
    several = (thing.said,) if thing.count > 1 else ()
    return replace(wish, things=(replace(thing, count=1),), unheeded=wish.unheeded + several, is_flat=True)
