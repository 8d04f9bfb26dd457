"""The lamps as a small thing sees them: from where, how much, how wide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import rig
from ..plate import Mixture
from .pose import Floats, unit

STEPS = (-0.5, 0.5)  # of a long lamp's half, points that stand for it
SLANT, RING, WIDE = 0.72, 4, 0.5  # of the dome, for shadows: directions in a ring, each as wide


@dataclass(frozen=True, eq=False)
class Sources:
    """Of lamps: ways: (m, 3) to points of them; weights: (m, 3), what each gives to what faces it; widths:
    (m,), their half as a share of the way. dome: (3,), what an open floor gets from all sides.
    """

    ways: Floats
    weights: Floats
    widths: Floats
    dome: Floats

    def given(self, normals: Floats) -> Floats:
        """(n, 3) to what faces along `normals`."""
        straight = np.maximum(normals @ self.ways.T, 0) @ self.weights
        return straight + (0.5 + 0.5 * normals[:, 2:]) * self.dome

    def shadowing(self) -> tuple[Floats, Floats, Floats]:
        """ways, weights for a floor and widths of all that throws shadows, the dome too."""
        around = np.arange(RING) * 2 * np.pi / RING + 0.3
        ring = np.stack(
            [np.cos(around) * SLANT, np.sin(around) * SLANT, np.full(RING, 1 - SLANT**2) ** 0.5], -1
        )
        sky = np.concatenate([ring, [[0, 0, 1.0]]]).astype(np.float32)
        share = self.dome * np.full((RING + 1, 1), 1 / (RING + 1), np.float32)
        return (
            np.concatenate([self.ways, sky]),
            np.concatenate([self.weights * self.ways[:, 2:], share]),
            np.concatenate([self.widths, np.full(RING + 1, WIDE, np.float32)]),
        )

    @property
    def key(self) -> int:
        """The brightest."""
        return int(self.weights.sum(-1).argmax())


@dataclass(frozen=True, eq=False)
class Panel:
    """A lamp's rectangle: its middle, directions and half sides, and its radiance (3,)."""

    at: Floats
    ahead: Floats
    across: Floats
    along: Floats
    half: tuple[float, float]
    radiance: Floats


def panels(mixture: Mixture) -> list[Panel]:
    return [_panel(lamp, amount) for lamp, amount in mixture.items() if rig.LAMPS[lamp] is not None]


def sources(mixture: Mixture, lamps: Sequence[Panel], point: Floats) -> Sources:
    """At a point of the world. lamps: the `panels` of the mixture; a window's bars are in the way."""
    found = [_seen(panel, point, step) for panel in lamps for step in STEPS]
    ways, weights, widths = (np.array(each, np.float32) for each in zip(*found, strict=True))
    if "window" in mixture:
        at = 2 * [lamp for lamp in mixture if lamp != "dome"].index("window")
        weights[at : at + 2] *= float(rig.openness(point[None])[0])
    return Sources(ways, weights, widths, np.asarray(mixture["dome"], np.float32))


def _seen(panel: Panel, point: Floats, step: float) -> tuple[Floats, Floats, float]:
    wide, high = panel.half
    side = panel.along * high if high > wide else panel.across * wide
    way = panel.at + step * side - point
    away = float(np.linalg.norm(way))
    facing = max(float(-(way @ panel.ahead)) / away, 0)
    amount = panel.radiance * (4 * wide * high / np.pi / len(STEPS) * facing / away**2)
    return way / away, amount, (wide * high / 2) ** 0.5 / away


def _panel(lamp: str, amount: Floats) -> Panel:
    placed = rig.LAMPS[lamp]
    assert placed is not None
    at = np.array(placed.at, np.float32)
    ahead = unit(np.array(placed.to, np.float32) - at)
    across = unit(np.cross(ahead, np.array([0, 0, 1], np.float32)))
    along = np.cross(across, ahead)
    radiance = rig.radiance(lamp) * np.asarray(amount)
    return Panel(at, ahead, across, along, placed.half, radiance.astype(np.float32))
