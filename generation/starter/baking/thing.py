"""A thing that can be baked: its parts, and the regions that get colours of their own when it is drawn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .mesh import Floats, Mesh, joined


@dataclass(frozen=True, slots=True)
class Finish:
    """What light does at a surface. kind: "coat", a colour under a clear coat; "matte", the colour alone;
    "metal"; "leaf", thin, and some light comes through. roughness: of the coat or the metal, from 0.
    """

    kind: str
    roughness: float = 0.3


GLAZE, CERAMIC, SATIN, WAX = (
    Finish("coat", 0.12),
    Finish("coat", 0.2),
    Finish("coat", 0.4),
    Finish("coat", 0.5),
)
CRUST, SKIN = Finish("coat", 0.45), Finish("coat", 0.3)
PAPER, FABRIC, WOOD = Finish("matte"), Finish("matte"), Finish("coat", 0.55)
POLISHED, BRUSHED = Finish("metal", 0.15), Finish("metal", 0.4)
LEAF = Finish("leaf", 0.45)


@dataclass(frozen=True, slots=True)
class Part:
    """shares: (n, regions), how much of each region every point has, 1 in all. artwork: (n, 2), or None:
    where on a label each point is, from its lower left corner, 0 to 1, and beyond where there is none; a
    thing's first part that has any takes a customer's.
    """

    mesh: Mesh
    finish: Finish
    shares: Floats
    artwork: Floats | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """colours: of its regions, each as a hex triple, the main one first. parts: it stands on z = 0, over the
    origin. metres: how high it is in the world.

    The main group is what has the main region, or shares a part with it; light that one group throws on the
    other is baked. Raises ValueError for a region of both groups.
    """

    colours: Mapping[str, str]
    parts: Sequence[Part]
    metres: float

    def __post_init__(self) -> None:
        for region in self.colours:
            if len({self.is_main(part) for part in self.parts if self._has(part, region)}) > 1:
                raise ValueError(f"{region} is in parts with the main region, and in parts without it")

    @property
    def regions(self) -> list[str]:
        return list(self.colours)

    @property
    def height(self) -> float:
        return float(max(part.mesh.points[:, 2].max() for part in self.parts))

    @property
    def middle(self) -> float:
        """The height that a camera looks at."""
        return self.height / 2

    def is_main(self, part: Part) -> bool:
        return self._has(part, self.regions[0])

    def is_main_region(self, region: str) -> bool:
        return any(self.is_main(part) for part in self.parts if self._has(part, region))

    def is_metal(self, region: str) -> bool:
        return any(part.finish.kind == "metal" for part in self.parts if self._has(part, region))

    def merged(self) -> list[Part]:
        """With those parts in one that light treats alike; what has artwork stays apart."""
        alike: dict[tuple, list[Part]] = defaultdict(list)
        for number, part in enumerate(self.parts):
            label = None if part.artwork is None else number
            alike[part.finish, self.is_main(part), label].append(part)
        return [_merged(parts) for parts in alike.values()]

    def _has(self, part: Part, region: str) -> bool:
        return bool(part.shares[:, self.regions.index(region)].max() > 0)


def _merged(parts: Sequence[Part]) -> Part:
    """Of parts without artwork, or of one."""
    return Part(
        joined([part.mesh for part in parts]),
        parts[0].finish,
        np.concatenate([part.shares for part in parts]),
        parts[0].artwork,
    )


class Maker:
    """Collects the parts of a thing: `add` each, and then `thing`."""

    def __init__(self, **colours: str) -> None:
        """Of its regions, the main one first."""
        self.colours = colours
        self._parts: list[Part] = []

    def add(self, mesh: Mesh, region: str, finish: Finish, *, artwork: ArrayLike | None = None) -> None:
        """A part of one region."""
        self.blend(mesh, {region: 1.0}, finish, artwork=artwork)

    def blend(
        self,
        mesh: Mesh,
        shares: Mapping[str, ArrayLike],
        finish: Finish,
        *,
        artwork: ArrayLike | None = None,
    ) -> None:
        """A part whose points (n,) have more or less of several: of the first what the others leave."""
        names = list(self.colours)
        table = np.zeros((len(mesh.points), len(names)))
        for name, share in shares.items():
            given = np.clip(np.ravel(share), 0, 1)
            # A surface of rings has its two poles at the end.
            rest = len(mesh.points) - given.size if given.size > 1 else 0
            table[:, names.index(name)] = np.r_[given, [given[0], given[-1]][:rest]] if rest else given
        first = names.index(next(iter(shares)))
        others = np.delete(table, first, axis=1)
        scale = np.maximum(others.sum(1, keepdims=True), 1)
        table /= scale
        table[:, first] = 1 - np.delete(table, first, axis=1).sum(1)
        self._parts.append(Part(mesh, finish, table, None if artwork is None else np.asarray(artwork, float)))

    def thing(self, *, metres: float) -> Thing:
        return Thing(self.colours, tuple(self._parts), metres)
