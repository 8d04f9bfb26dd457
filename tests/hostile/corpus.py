"""The corpus: every kind of hostile file in turn, each time with other numbers, and honest files spoilt."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import drawings, fonts, pictures, spoilt

Maker = Callable[[random.Random], bytes]
# Where a stranger can hand something in.
DOORS = ("logo", "font", "verify")
KINDS: dict[str, Maker] = {**pictures.KINDS, **drawings.KINDS, **fonts.KINDS, **spoilt.KINDS}
# Doors that a kind was made for; the rest go through every door in turn, as files with a wrong ending do.
OWN_DOOR = {
    **dict.fromkeys(pictures.KINDS, ("logo", "verify")),
    **dict.fromkeys(drawings.KINDS, ("logo",)),
    **dict.fromkeys(fonts.KINDS, ("font",)),
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file, and the door that it is brought to."""

    name: str
    door: str
    data: bytes = field(repr=False)


def corpus(count: int = 300, seed: int = 9, every: int = 1) -> Iterator[Hostile]:
    """The kinds in turn, `count` files of them, of which `every` so many-th is made."""
    for place in range(0, count, every):
        number, turn = divmod(place, len(KINDS))
        kind, make = list(KINDS.items())[turn]
        doors = OWN_DOOR.get(kind, DOORS)
        made = make(random.Random(f"{seed} {kind} {number}"))
        yield Hostile(f"{kind}, {number}", doors[(number + turn) % len(doors)], made)
