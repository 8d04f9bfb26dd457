"""Podiums: where on each of them things stand, in the units of `rig`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for one thing. region: of the podium's plate, its top. at: the middle of it; room: how wide a
    thing it holds.
    """

    region: str
    at: tuple[float, float, float]
    room: float


# The first thing takes the first seat; several things share the only one.
SEATS: dict[str, tuple[Seat, ...]] = {
    "round": (Seat("top", (0, 0, 0.34), 2.35),),
    "square": (Seat("top", (0, 0, 0.3), 2.35),),
    "steps": (
        Seat("high", (0, 0.12, 0.82), 1.0),
        Seat("low", (-0.98, 0, 0.28), 1.0),
        Seat("middle", (0.98, 0, 0.54), 1.0),
    ),
    "plinth": (Seat("top", (0, 0, 0.95), 1.6),),
}
