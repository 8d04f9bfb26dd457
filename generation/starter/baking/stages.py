"""Podiums, on which things stand: baked like things, with a region for each of their tops."""

from collections.abc import Callable
from dataclasses import dataclass

from generation.starter.plates.podium import SEATS

from .curves import circle
from .mesh import Mesh
from .states import Detail
from .surfaces import box, raised
from .thing import WAX, Maker, Thing

DETAIL = Detail(720, 240, 8)  # smooth things without any pattern need no more
BODY, METRES = "#e8ddd0", 0.1
BEVEL, CORNER = 0.028, 0.05
LEVEL = 0.004  # below a top, what still is of it
ROUND_STEPS = 240
STEP_SIDE = 0.97
OVER = 0.5  # the tops, where a camera looks: at what stands there


@dataclass(frozen=True)
class Podium(Thing):
    """A thing that is seen as what stands on it is."""

    @property
    def middle(self) -> float:
        return self.height + OVER


def names() -> list[str]:
    return sorted(SEATS)


def made(name: str) -> Thing:
    """Raises KeyError for one that there is not."""
    make: dict[str, Callable[[], list[Mesh]]] = {
        "round": _round, "square": _square, "steps": _steps, "plinth": _plinth
    }  # fmt: skip
    seats = SEATS[name]
    maker = Maker(body=BODY, **dict.fromkeys((seat.region for seat in seats), BODY))
    for seat, mesh in zip(seats, make[name](), strict=True):
        is_top = mesh.points[:, 2] > seat.at[2] - LEVEL
        maker.blend(mesh, {"body": ~is_top * 1.0, seat.region: is_top * 1.0}, WAX)
    plain = maker.thing(metres=METRES)
    return Podium(plain.colours, plain.parts, plain.metres)


def _round() -> list[Mesh]:
    return [_drum(1.4, SEATS["round"][0].at[2])]


def _square() -> list[Mesh]:
    return [box(2.6, 2.2, SEATS["square"][0].at[2], CORNER)]


def _plinth() -> list[Mesh]:
    return [_drum(0.95, SEATS["plinth"][0].at[2])]


def _steps() -> list[Mesh]:
    return [
        box(STEP_SIDE, STEP_SIDE, seat.at[2], CORNER).moved(x=seat.at[0], y=seat.at[1])
        for seat in SEATS["steps"]
    ]


def _drum(radius: float, height: float) -> Mesh:
    return raised(circle(radius, ROUND_STEPS), height, BEVEL)
