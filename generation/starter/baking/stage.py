"""A thing before a camera, traced in all states. Takes the packages of `requirements/bake.txt`."""

from collections.abc import Sequence

import mitsuba
import numpy as np

from generation.starter.plates import rig

from .mesh import Floats
from .states import ON_BLACK, ON_GREY, Detail, Traced
from .thing import Thing
from .tracer import Frame, coverage, scene, trace

MASK_SAMPLES = 64
ROUND = 12  # pixels round the thing that are traced with it


def traced(thing: Thing, camera: str, detail: Detail) -> Traced:
    stage = _Stage(thing, camera)
    width = detail.thing * 4 // 3
    box = stage.box(width, detail.thing)
    near, whole = Frame(width, detail.thing, box), Frame(detail.floor * 4 // 3, detail.floor)
    return Traced(
        (width, detail.thing),
        box,
        stage.masks(near),
        stage.artwork(near),
        {lamp: stage.lit(near, lamp, ON_BLACK, detail.samples) for lamp in rig.LAMPS},
        {lamp: stage.lit(near, lamp, ON_GREY, detail.samples) for lamp in rig.LAMPS},
        {lamp: stage.lit(whole, lamp, ON_GREY, detail.samples) for lamp in rig.LAMPS},
    )


class _Stage:
    """A thing before a camera."""

    def __init__(self, thing: Thing, camera: str) -> None:
        self._thing, self._camera = thing, camera
        self._parts = thing.merged()

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """What of the frame the thing may fill."""
        points = np.concatenate([part.mesh.points for part in self._parts])
        x, y = rig.project(rig.view(self._camera, self._thing.middle), points)
        column, row = width / 2 + x / rig.SPAN * height, height / 2 - y / rig.SPAN * height
        return (
            int(max(column.min() - ROUND, 0)),
            int(max(row.min() - ROUND, 0)),
            int(min(column.max() + ROUND, width)),
            int(min(row.max() + ROUND, height)),
        )

    def masks(self, frame: Frame) -> Floats:
        count = len(self._thing.regions)
        found = []
        for first in range(0, count, 3):
            shares = [part.shares[:, first : first + 3] for part in self._parts]
            found.append(self._covered([np.pad(s, ((0, 0), (0, 3 - s.shape[1]))) for s in shares], frame))
        return np.concatenate(found, -1)[..., :count]

    def artwork(self, frame: Frame) -> Floats | None:
        label = next((part.artwork for part in self._parts if part.artwork is not None), None)
        if label is None:
            return None
        where = [np.zeros((len(part.mesh.points), 3)) for part in self._parts]
        for place, part in zip(where, self._parts, strict=True):
            if part.artwork is label:  # of the first that has any
                place[:] = np.c_[label, np.ones(len(label))]
        return self._covered(where, frame)

    def lit(self, frame: Frame, lamp: str, states: Floats, samples: int) -> Floats:
        """Under one lamp, each channel in a state."""
        main, rest, floor = states.T
        colours = [
            np.tile(main if self._thing.is_main(part) else rest, (len(part.mesh.points), 1))
            for part in self._parts
        ]
        return trace(self._scene(colours, frame, floor, lamp), samples, seed=1)

    def _covered(self, colours: Sequence[Floats], frame: Frame) -> Floats:
        return coverage(self._scene(colours, frame, np.zeros(3), "dome", is_flat=True), MASK_SAMPLES)

    def _scene(
        self, colours: Sequence[Floats], frame: Frame, floor: Floats, lamp: str, *, is_flat: bool = False
    ) -> mitsuba.Scene:
        return scene(
            self._parts,
            colours,
            camera=self._camera,
            target=self._thing.middle,
            frame=frame,
            floor=floor,
            lamps={lamp: np.ones(3)},
            is_flat=is_flat,
        )
