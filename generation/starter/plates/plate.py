"""A plate in memory, and what light and colours make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from . import coding, rig, srgb
from .resampling import resized

SHIPPED = Path(__file__).with_name("sets")
PODIUMS = SHIPPED / "podiums"
MOST_HELD = 8  # plates in memory, of about 45 MB each
LABEL_SIDE = 420  # pixels of artwork across a label: about twice its width in a plate
LIGHT = srgb.linear(np.arange(256) / 255).astype(np.float32)  # of each byte
BEYOND = 1.05  # of a label's half, as far as its polynomial is to be trusted
E_COLUMNS, E_ROWS = 64, 48  # of the open floor's light, which changes slowly

Picture = np.ndarray  # (h, w, 3) of light
Mixture = Mapping[str, np.ndarray]  # of lamps: how much of each, in three channels


@dataclass(frozen=True)
class Plate:
    """One thing under one camera. facts: as `baking.packing` wrote them."""

    facts: Mapping[str, Any]
    planes: Mapping[str, coding.Plane]

    @property
    def regions(self) -> list[str]:
        return list(self.facts["colours"])

    @property
    def alpha(self) -> coding.Plane:
        return self.planes["alpha"]

    @cached_property
    def shares(self) -> np.ndarray:
        """(h, w, regions): whose colour a point has; 1 in all."""
        others = [self.planes[f"share {region}"] for region in self.regions[1:]]
        first = np.clip(1 - sum(others), 0, 1) if others else np.ones_like(self.alpha)
        shares = np.stack([first, *others], -1)
        return shares / np.maximum(shares.sum(-1, keepdims=True), 1e-3)

    @cached_property
    def is_main(self) -> np.ndarray:
        """(h, w): whether a point is of the main group."""
        return self.shares[..., [region in self.facts["main"] for region in self.regions]].sum(-1) > 0.5

    @cached_property
    def view(self) -> rig.View:
        return rig.view(self.facts["camera"], self.facts["target"])

    @cached_property
    def turned(self) -> "Plate":
        """The thing as in a mirror, the light from where it was: what was baked of the right lamp shows the
        left one's light. The window has no lamp across from it, and is left out.
        """
        wide, _ = self.facts["frame"]
        left, top, right, bottom = self.facts["box"]
        facts = {**self.facts, "box": [wide - right, top, wide - left, bottom], "artwork": None}
        names = (name for name in self.planes if not name.startswith("window "))
        return Plate(facts, {_across(name): self.planes[name][:, ::-1] for name in names})

    def mean(self, colours: np.ndarray, group: str) -> np.ndarray:
        """The colour (3,) that the "main" group or the "rest" throws on others. colours: (regions, 3)."""
        is_of = [(region in self.facts["main"]) == (group == "main") for region in self.regions]
        weight = self._areas * is_of
        return (colours * weight[:, None]).sum(0) / max(weight.sum(), 1e-6)

    @cached_property
    def _areas(self) -> np.ndarray:
        """(regions,): how much of the plate each fills; 0 for metals, which throw no colour around."""
        areas = (self.shares * self.alpha[..., None]).sum((0, 1))
        return areas * [region not in self.facts["metal"] for region in self.regions]

    def summed(self, name: str, mixture: Mixture) -> np.ndarray | None:
        """A plane under all lamps, (h, w, 3); None where no lamp has it."""
        found = [self.planes[f"{lamp} {name}"][..., None] * amount for lamp, amount in mixture.items()
                 if f"{lamp} {name}" in self.planes]  # fmt: skip
        return sum(found[1:], found[0]) if found else None


def lit(
    plate: Plate,
    mixture: Mixture,
    colours: np.ndarray,
    floor: np.ndarray,
    artwork: Image.Image | None = None,
) -> Picture:
    """The thing, (h, w, 3) as its plate is: in these colours (regions, 3), on a floor (3,) of a colour. As
    `baking.packing` has it. artwork: over its label, which is seen where that is transparent.
    """
    high, wide = plate.alpha.shape
    own = plate.shares @ colours.astype(np.float32)
    if artwork is not None and plate.facts["artwork"]:
        own = _labelled(plate, own, artwork)
    main, rest = (plate.mean(colours, group) for group in ("main", "rest"))
    other = np.where(plate.is_main[..., None], rest, main).astype(np.float32)
    planes = {
        name: plate.summed(name, mixture)
        for name in ("shine", "base", "floor_shine", "floor_bounce", "mirror", "bounce")
    }
    mirrored = floor * planes["floor_shine"]
    slow = floor * planes["floor_bounce"]
    mirror, bounce = planes["mirror"], planes["bounce"]
    if mirror is not None and bounce is not None:
        mirrored = mirrored + _like(other, mirror) * mirror
        slow = slow + (_like(other, bounce) - plate.facts["grey"]) * bounce
    under = planes["base"] + resized(slow, wide, high)
    return np.maximum(planes["shine"] + resized(mirrored, wide, high) + own * under, 0)


def shaded(plate: Plate, mixture: Mixture, colours: np.ndarray) -> Picture:
    """By what factor the thing changes the light of the floor round it, (h, w, 3) of the floor's frame."""
    shadow = next(plane for name, plane in plate.planes.items() if name.endswith(" shadow"))
    high, wide = shadow.shape
    main, rest = (plate.mean(colours, group).astype(np.float32) for group in ("main", "rest"))
    open_ = {
        lamp: _open_light(plate, lamp, wide, high)[..., None] * amount for lamp, amount in mixture.items()
    }
    lost = sum(light * (plate.planes[f"{lamp} shadow"][..., None] - 1) for lamp, light in open_.items())
    thrown = [
        resized(glow * colour, wide, high)
        for name, colour in (("glow_main", main), ("glow_rest", rest))
        if (glow := plate.summed(name, mixture)) is not None
    ]
    return np.maximum(1 + (lost + sum(thrown)) / np.maximum(sum(open_.values()), 0.05), 0.015)


@lru_cache(MOST_HELD)
def plate_of(name: str, camera: str, folder: Path = SHIPPED) -> Plate:
    """Raises FileNotFoundError for one that was not baked."""
    stored = coding.read(folder / f"{name}-{camera}.zip")
    return Plate(stored.facts, stored.planes)


@cache
def cameras(name: str, folder: Path = SHIPPED) -> tuple[str, ...]:
    """Those under which there is a plate of a thing."""
    return tuple(camera for camera in rig.CAMERAS if (folder / f"{name}-{camera}.zip").is_file())


def names(folder: Path = SHIPPED) -> list[str]:
    """The things of which there are plates."""
    return sorted({file.stem.rpartition("-")[0] for file in folder.glob("*.zip")})


def _across(name: str) -> str:
    """The plane of the lamp on the other side."""
    lamp, _, what = name.partition(" ")
    other = {"left": "right", "right": "left"}.get(lamp, lamp)
    return f"{other} {what}" if what else other


def _open_light(plate: Plate, lamp: str, wide: int, high: int) -> np.ndarray:
    """(high, wide): what a lamp gives to the floor in the frame with nothing on it."""
    x = np.linspace(-0.5, 0.5, E_COLUMNS) * rig.SPAN * wide / high
    y = np.linspace(0.5, -0.5, E_ROWS) * rig.SPAN
    rays = rig.rays(plate.view, *np.meshgrid(x, y))
    away = -plate.view.origin[2] / np.minimum(rays[..., 2], -1e-3)
    points = plate.view.origin + np.minimum(away, 60)[..., None] * rays
    return resized(rig.lit(lamp, points).astype(np.float32), wide, high)


def _like(values: np.ndarray, plane: np.ndarray) -> np.ndarray:
    return resized(values, plane.shape[1], plane.shape[0])


def _labelled(plate: Plate, own: np.ndarray, artwork: Image.Image) -> np.ndarray:
    """The colours with artwork over the label."""
    place = _label_places(plate)
    side = np.asarray(artwork.convert("RGBA").resize((LABEL_SIDE, LABEL_SIDE), Image.Resampling.LANCZOS))
    seen = np.dstack([LIGHT[side[..., :3]], side[..., 3] / np.float32(255)])
    pixels = np.pad(seen, ((1, 2), (1, 2), (0, 0)), mode="edge")
    x = np.clip(place[..., 0], 0, 1) * LABEL_SIDE + 0.5
    y = np.clip(1 - place[..., 1], 0, 1) * LABEL_SIDE + 0.5
    column, row = x.astype(int), y.astype(int)
    right, down = (x - column)[..., None], (y - row)[..., None]
    upper = pixels[row, column] * (1 - right) + pixels[row, column + 1] * right
    lower = pixels[row + 1, column] * (1 - right) + pixels[row + 1, column + 1] * right
    drawn = upper * (1 - down) + lower * down
    share = plate.planes["share artwork"][..., None] * drawn[..., 3:]
    return own * (1 - share) + drawn[..., :3] * share


def _label_places(plate: Plate) -> np.ndarray:
    """(h, w, 2): where on the label each pixel is."""
    told = plate.facts["artwork"]
    high, wide = plate.alpha.shape
    x, y = np.meshgrid(
        (np.arange(wide) - told["middle"][0]) / told["half"],
        (np.arange(high) - told["middle"][1]) / told["half"],
    )
    terms = rig.powers(np.clip(x, -BEYOND, BEYOND), np.clip(y, -BEYOND, BEYOND), told["degree"])
    return terms @ np.array(told["factors"])
