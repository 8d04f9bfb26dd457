"""From traced states to the planes of a plate: light is linear, so differences of states are what each colour
adds.

With `own` the colour of a point, `other` that of the other group, `g` that of the floor and E what a lamp
gives to an open floor, all by lamp and channel:

    thing = shine + g floor_shine + other mirror + own (base + g floor_bounce + (other - GREY) bounce)
    floor = g (E shadow + main glow_main + rest glow_rest)
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from generation.starter.plates import rig
from generation.starter.plates.coding import Writer

from .growing import grown, shrunk, softened
from .mesh import Floats
from .states import GREY, Detail, Traced
from .thing import Part, Thing

VERSION = 1  # of what is stored
SOLID = 0.95  # of a pixel, from where its light is the thing's alone
TOUCHED = 0.004  # from where the floor's is not the floor's alone
STRAY = 0.21  # of the pixels round one, which less than this of coverage leaves without any
OPEN = 0.06  # of an open floor's light: where a lamp gives less, nothing is known of its shadow
FAR = 7.0  # units from the thing, where its shadow ends at the latest
MARGIN = 0.09  # of the frame, over which shadows fade
DEGREE = 7  # of the polynomial from a plate's pixels to a label
MOST_SHADOW = 1.3
ALIKE = 5e-4  # of a measure


def likeness(thing: Thing, camera: str, detail: Detail) -> dict[str, Any]:
    """What decides how a plate looks: "settings", a digest, and "measures", by which meshes are compared, as
    another processor's last bits may make another mesh of the same thing.
    """
    told = [VERSION, camera, asdict(detail), list(thing.colours)]
    told += [{name: str(lamp) for name, lamp in rig.LAMPS.items()}, rig.CAMERAS[camera]]
    told += [rig.SPAN, rig.DISTANCE, rig.OPENING, rig.BAR, GREY, [str(part.finish) for part in thing.parts]]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return {"settings": digest, "measures": [measures(part) for part in thing.parts]}


def measures(part: Part) -> list[float]:
    """How many points and faces; means and spreads of points, of shares and of places on a label."""
    found = [float(len(part.mesh.points)), float(len(part.mesh.faces))]
    for values in (part.mesh.points, part.shares, part.artwork):
        if values is not None:
            found += [*values.mean(0).tolist(), *values.std(0).tolist()]
    return [round(value, 6) for value in found]


def is_like(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two likenesses are of plates that look the same."""
    if one["settings"] != other["settings"]:
        return False
    pairs = list(zip(one["measures"], other["measures"], strict=False))
    return len(one["measures"]) == len(other["measures"]) and all(
        len(mine) == len(its) and np.allclose(mine, its, rtol=ALIKE, atol=ALIKE) for mine, its in pairs
    )


def pack(thing: Thing, camera: str, detail: Detail, traced: Traced, path: Path) -> None:
    """Write a plate."""
    writer = Writer()
    masks, alpha = _coverage(traced.masks)
    writer.put("alpha", alpha, peak=1, is_exact=True)
    shares = masks / np.maximum(alpha, 1e-4)[..., None]
    for number, region in enumerate(thing.regions[1:], 1):
        writer.put(f"share {region}", grown(shares[..., number], alpha > 0.5), peak=1, is_exact=True)
    if traced.artwork is not None:
        label = np.clip(traced.artwork[..., 2] / np.maximum(alpha, 1e-4), 0, 1) * _on_label(traced.artwork)
        writer.put("share artwork", grown(label, alpha > 0.5), peak=1, is_exact=True)
    is_main = np.array([thing.is_main_region(region) for region in thing.regions])
    main, rest = masks[..., is_main].sum(-1), masks[..., ~is_main].sum(-1)
    solid = _solid(alpha)
    for lamp in rig.LAMPS:
        planes = _thing_planes(traced.black[lamp], traced.grey[lamp], main > rest, bool(rest.any()))
        for name, plane, size in planes:
            stored = shrunk(grown(np.maximum(plane, 0), solid), size)
            writer.put(f"{lamp} {name}", softened(stored) if size == 4 else stored)
    for name, plane, peak in _floor_planes(thing, camera, traced, bool(rest.any())):
        writer.put(name, plane, peak=peak)
    writer.save(path, _facts(thing, camera, detail, traced))


def _facts(thing: Thing, camera: str, detail: Detail, traced: Traced) -> dict[str, Any]:
    return {
        "likeness": likeness(thing, camera, detail),
        "camera": camera,
        "target": round(thing.middle, 4),
        "height": round(thing.height, 4),
        "metres": thing.metres,
        "frame": traced.frame,
        "box": traced.box,
        "grey": GREY,
        "colours": dict(thing.colours),
        "main": [region for region in thing.regions if thing.is_main_region(region)],
        "metal": [region for region in thing.regions if thing.is_metal(region)],
        "artwork": None if traced.artwork is None else _label(traced.artwork),
    }


def _coverage(masks: Floats) -> tuple[Floats, Floats]:
    """Of the regions and of the whole thing, without stray specks."""
    masks = np.clip(masks, 0, 1)
    alpha = np.clip(masks.sum(-1), 0, 1)
    padded = np.pad(alpha, 1)
    high, wide = alpha.shape
    round_ = sum(padded[y : y + high, x : x + wide] for y in range(3) for x in range(3))
    alpha = np.where(round_ < 9 * STRAY, 0, alpha)
    return masks * (alpha > 0)[..., None], alpha


def _solid(alpha: Floats) -> np.ndarray:
    """Pixels that are the thing's alone, and whose neighbours are."""
    core = np.pad(alpha > SOLID, 1)
    return core[1:-1, 1:-1] & core[:-2, 1:-1] & core[2:, 1:-1] & core[1:-1, :-2] & core[1:-1, 2:]


def _thing_planes(
    black: Floats, grey: Floats, is_main: np.ndarray, has_rest: bool
) -> Iterator[tuple[str, Floats, int]]:
    """Each with its name and how many times smaller it is stored."""
    none, both, both_on_grey = np.moveaxis(black, -1, 0)
    floor, main_on_grey, rest_on_grey = np.moveaxis(grey, -1, 0)
    # What the other group shows in this one's coat: seen with this one black.
    mirror = np.where(is_main, rest_on_grey, main_on_grey) - floor
    mirror = np.maximum(mirror, 0) / GREY * has_rest
    bounce = both_on_grey - np.where(is_main, main_on_grey, rest_on_grey)
    yield "shine", none, 1
    yield "base", (both - none) / GREY - mirror, 1
    yield "floor_shine", (floor - none) / GREY, 2
    yield "floor_bounce", (both_on_grey - both - floor + none) / GREY**2, 4
    if has_rest:
        yield "mirror", mirror, 2
        yield "bounce", bounce / GREY**2 - mirror / GREY, 4


def _floor_planes(
    thing: Thing, camera: str, traced: Traced, has_rest: bool
) -> Iterator[tuple[str, Floats, float | None]]:
    """Each with its name and its peak."""
    high, wide, _ = next(iter(traced.floor.values())).shape
    points, is_floor = _floor_points(thing, camera, wide, high)
    fading = _fading(points, is_floor)
    free = is_floor & ~_touched(traced, wide, high)
    for lamp, states in traced.floor.items():
        open_ = rig.lit(lamp, points)
        floor, main, rest = np.moveaxis(states, -1, 0)
        known = free & (open_ > OPEN)
        ratio = np.where(known, floor / GREY / np.maximum(open_, OPEN), 1)
        yield f"{lamp} shadow", 1 + (grown(ratio, known | ~is_floor) - 1) * fading, MOST_SHADOW
        for name, group, is_there in (("main", main, True), ("rest", rest, has_rest)):
            if is_there:
                glow = grown(np.maximum(group - floor, 0) / GREY**2, free | ~is_floor) * fading
                yield f"{lamp} glow_{name}", softened(shrunk(glow, 2)), None


def _floor_points(thing: Thing, camera: str, wide: int, high: int) -> tuple[Floats, np.ndarray]:
    """Where on the floor each pixel of the frame looks, and whether it does."""
    seen = rig.view(camera, thing.middle)
    rows = (high / 2 - 0.5 - np.arange(high)) / high * rig.SPAN
    columns = (np.arange(wide) - wide / 2 + 0.5) / high * rig.SPAN
    y, x = np.meshgrid(rows, columns, indexing="ij")
    rays = rig.rays(seen, x, y)
    away = -seen.origin[2] / np.minimum(rays[..., 2], -1e-6)
    points = seen.origin + away[..., None] * rays
    is_floor = (rays[..., 2] < -1e-6) & (np.hypot(points[..., 0], points[..., 1]) < FAR)
    return np.where(is_floor[..., None], points, 0), is_floor


def _fading(points: Floats, is_floor: np.ndarray) -> Floats:
    """1, and less towards what is far and towards the frame's edge."""
    high, wide = is_floor.shape
    far = np.clip((FAR - np.hypot(points[..., 0], points[..., 1])) / 2, 0, 1) * is_floor
    row, column = np.arange(high)[:, None], np.arange(wide)[None]
    nearest = np.minimum(np.minimum(row, high - 1 - row), np.minimum(column, wide - 1 - column))
    edge = np.clip(nearest / (MARGIN * wide), 0, 1)
    return far * edge * edge * (3 - 2 * edge)


def _touched(traced: Traced, wide: int, high: int) -> np.ndarray:
    """The pixels of the floor's frame that the thing fills in part, and those beside them."""
    left, top, right, bottom = traced.box
    whole = np.zeros((traced.frame[1], traced.frame[0]), bool)
    whole[top:bottom, left:right] = traced.masks.sum(-1) > TOUCHED
    rows = np.linspace(0, whole.shape[0], high + 1).astype(int)
    columns = np.linspace(0, whole.shape[1], wide + 1).astype(int)
    found = np.logical_or.reduceat(np.logical_or.reduceat(whole, rows[:-1], 0), columns[:-1], 1)
    padded = np.pad(found, 1)
    return np.logical_or.reduce([padded[y : y + high, x : x + wide] for y in range(3) for x in range(3)])


def _on_label(artwork: Floats) -> np.ndarray:
    """Where a surface with artwork is within it: the back of a bag goes on beyond."""
    places = artwork[..., :2] / np.maximum(artwork[..., 2:], 1e-4)
    return np.all((places > -0.01) & (places < 1.01), axis=-1)


def _label(artwork: Floats) -> dict[str, Any]:
    """A polynomial from pixels to places on the label: smooth, and some numbers instead of a plane."""
    known = (artwork[..., 2] > 0.97) & _on_label(artwork)
    rows, columns = np.nonzero(known)
    places = artwork[known][:, :2] / artwork[known][:, 2:]
    middle = [float(columns.mean()), float(rows.mean())]
    half = float(max(np.ptp(columns), np.ptp(rows)) / 2)
    terms = rig.powers((columns - middle[0]) / half, (rows - middle[1]) / half, DEGREE)
    factors, *_ = np.linalg.lstsq(terms, places, rcond=None)
    return {"middle": middle, "half": half, "degree": DEGREE, "factors": factors.round(6).tolist()}
