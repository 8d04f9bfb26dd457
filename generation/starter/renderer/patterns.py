"""Patterns and gradients: pictures without a subject, the ground for type."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..scene import Scene
from .composition import between
from .fields import (
    Band,
    blend,
    blurred,
    box,
    edge,
    heart,
    lab,
    length,
    linear,
    over,
    paint,
    star,
    step,
    turned,
)

ANGLES = {"vertical": 0.0, "horizontal": 0.5, "diagonal": 0.25, "antidiagonal": -0.25}  # of pi


def draw(band: Band, scene: Scene) -> Tensor:
    """(3, h, w) linear RGB."""
    return KINDS[scene["kind"]](band, scene, torch.Generator().manual_seed(scene.seed))


Source = torch.Generator


def _draw(source: Source, low: float = 0.0, high: float = 1.0) -> float:
    return low + (high - low) * float(torch.rand((), generator=source))


def _depth(scene: Scene) -> float:
    """0 in the flat style, where every colour is exactly itself."""
    return 0.0 if scene.is_flat else 1.0


def _from_middle(band: Band) -> Tensor:
    return length(band.x / band.half_width, band.y / band.half_height)


# --- gradients ----------------------------------------------------------------------------------------------


def _linear(band: Band, scene: Scene, source: Source) -> Tensor:
    angle = ANGLES[scene["direction"]] * math.pi + 0.18 * scene.pose["podium height"]
    x, y = band.x / band.half_width, band.y / band.half_height
    bend = 0.06 * torch.sin(3 * x * math.sin(angle) + 3 * scene.pose["phase"])
    t = (x * math.cos(angle) + y * math.sin(angle)) / 2.6 + 0.5 + bend
    return blend(lab(scene.colours["bg"]), lab(scene.colours["c1"]), step(0, 1, t))


def _radial(band: Band, scene: Scene, source: Source) -> Tensor:
    x = band.x - 0.5 * scene.pose["decor a"] * band.half_width
    y = band.y - 0.5 * scene.pose["decor b"] * band.half_height
    reach = between(1.1, 1.5, scene.pose["scale"]) * max(band.half_width, band.half_height) ** 0.5
    return blend(lab(scene.colours["bg"]), lab(scene.colours["c1"]), step(0, 1, length(x, y) / reach))


def _mesh(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, first, second = (lab(scene.colours[slot]) for slot in ("bg", "c1", "c2"))
    x, y = band.x / band.half_width, band.y / band.half_height
    total, weights = ground * 0.35, torch.full_like(band.x, 0.35)
    for number in range(6):
        cx, cy, size = _draw(source, -1, 1), _draw(source, -1, 1), _draw(source, 0.35, 0.6)
        near = ((x - cx + 0.15 * torch.sin(y * 2 + cx * 5)) ** 2 + (y - cy) ** 2) / (2 * size * size)
        weight = 1.5 * torch.exp(-near)
        total = total + (first, second, ground)[number % 3] * weight
        weights = weights + weight
    return linear(total / weights)


# --- layers of paper ----------------------------------------------------------------------------------------

Ridge = Callable[[Tensor], Tensor]
SHEETS = 6


def _waves(band: Band, scene: Scene, source: Source) -> Tensor:
    picture = _sky(band, scene)
    angle = {"diagonal": 0.55, "antidiagonal": -0.55}.get(scene["direction"], 0.0)
    x, y = turned(band.x, band.y / band.half_height, angle)
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        base = -0.25 + 1.15 * t + _draw(source, -0.05, 0.05) + 0.12 * scene.pose["horizon"]
        picture = _sheet(band, picture, scene, y, base + _swell(source)(x), t)
    return picture


def _frame(band: Band, scene: Scene, source: Source) -> Tensor:
    picture, y = _sky(band, scene), band.y / band.half_height
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        for side in (1, -1):
            base = 0.44 + 0.53 * t + _draw(source, -0.05, 0.05)
            picture = _sheet(band, picture, scene, y * side, base + 0.7 * _swell(source)(band.x), t)
    return picture


def _mountains(band: Band, scene: Scene, source: Source) -> Tensor:
    picture, pose, depth = _sky(band, scene), scene.pose, _depth(scene)
    x = band.x - 0.5 * pose["decor a"] * band.half_width
    y = band.y - between(-0.55, -0.25, pose["decor b"]) * band.half_height
    radius = between(0.16, 0.28, pose["scale"])
    picture = picture * (1 - 0.18 * depth * blurred(length(x - 0.02, y - 0.05) - radius, 0.08))
    picture = over(picture, paint(scene.colours["c2"]), edge(length(x, y) - radius, band.pixel))
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        base = -0.15 + 1.05 * t + _draw(source, -0.05, 0.05) + 0.12 * pose["horizon"]
        ridge = base + _peaks(source, 1 - t * 0.45)(band.x)
        picture = _sheet(band, picture, scene, band.y / band.half_height, ridge, t)
    return picture


def _sky(band: Band, scene: Scene) -> Tensor:
    ground, depth = scene.colours["bg"], 0.03 * _depth(scene)
    return blend(lab(ground, depth), lab(ground, -depth), band.y / band.half_height * 0.5 + 0.5)


def _swell(source: Source) -> Ridge:
    big, small = _draw(source, 0.06, 0.15), _draw(source, 0.02, 0.06)
    slow, quick = _draw(source, 1.6, 3.4), _draw(source, 4, 6.5)
    one, two = _draw(source, 0, 6.28), _draw(source, 0, 6.28)
    return lambda x: big * torch.sin(x * slow + one) + small * torch.sin(x * quick + two)


def _peaks(source: Source, height: float) -> Ridge:
    stretch, place = _draw(source, 0.8, 1.6), _draw(source, 0, 3)

    def zigzag(q: Tensor) -> Tensor:
        return (torch.remainder(q, 2) - 1).abs() * 2 - 1

    def ridge(x: Tensor) -> Tensor:
        q = x * stretch + place
        return 0.24 * height * zigzag(q) + 0.10 * zigzag(q * 2.3 + 1) + 0.02 * torch.sin(q * 9)

    return ridge


def _sheet(band: Band, picture: Tensor, scene: Scene, y: Tensor, ridge: Tensor, t: float) -> Tensor:
    """One sheet below `ridge`, with its shadow on the sheets behind; t: 0 farthest, 1 nearest."""
    depth = _depth(scene)
    picture = picture * (1 - 0.34 * depth * torch.sigmoid((y - ridge + 0.015) / 0.035))
    far, near = torch.tensor(scene.colours["bg"]), torch.tensor(scene.colours["c1"])
    share = 0.45 + 0.55 * t
    mixed = tuple((near * share + far * (1 - share)).tolist())
    colour = paint(mixed, 0.036 * (1 - 2 * t) * depth)  # type: ignore[arg-type]
    shade = 1.02 - 0.02 * (1 - depth) - depth * 0.06 * (y - ridge).clamp(0, 1)
    return over(picture, colour * shade, edge(ridge - y, band.pixel * 1.1))


# --- scattered things ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scatter:
    """A jittered grid: per pixel the place within its cell, per cell numbers and colours that do not depend on the size."""

    x: Tensor
    y: Tensor
    centre_x: Tensor  # of the cell, in picture units
    centre_y: Tensor
    cells: Tensor  # index per pixel
    seed: int
    drawn: list[int]

    def number(self, low: float, high: float) -> Tensor:
        return (torch.rand(TABLE * TABLE, generator=self._next()) * (high - low) + low)[self.cells]

    def colour(self, choices: list[Tensor]) -> Tensor:
        picked = torch.randint(0, len(choices), (TABLE * TABLE,), generator=self._next())
        return torch.stack(choices)[picked].flatten(1)[self.cells].permute(2, 0, 1)

    def _next(self) -> torch.Generator:
        self.drawn.append(1)
        return torch.Generator().manual_seed(self.seed + len(self.drawn))


TABLE = 64  # the same table at every size, so that the same confetti falls


def scatter(band: Band, source: Source, across: float, jitter: float) -> Scatter:
    """Cells `across` to the shorter side, turned and shifted at random."""
    angle, shift_x, shift_y = _draw(source, 0, 6.28), _draw(source), _draw(source)
    seed = int(_draw(source) * 2**30)
    x, y = turned(band.x, band.y, angle)
    x, y = x * 0.5 * across + TABLE / 2 + shift_x, y * 0.5 * across + TABLE / 2 + shift_y
    column, row = x.floor(), y.floor()
    cells = (row.clamp(0, TABLE - 1) * TABLE + column.clamp(0, TABLE - 1)).long()

    def back(cell: Tensor, shift: float) -> Tensor:
        return (cell + 0.5 - TABLE / 2 - shift) * 2 / across

    centre_x, centre_y = turned(back(column, shift_x), back(row, shift_y), -angle)
    table = Scatter(x - column - 0.5, y - row - 0.5, centre_x, centre_y, cells, seed, [])
    moved_x, moved_y = table.x - table.number(-jitter, jitter), table.y - table.number(-jitter, jitter)
    return Scatter(moved_x, moved_y, centre_x, centre_y, cells, seed, table.drawn)


def _bokeh(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, room = scene.colours["bg"], scene["room"]
    picture = blend(lab(ground, 0.04), lab(ground, -0.12), _from_middle(band) / 1.4)
    for across, radius, strength in (
        (2.2, 0.36, 0.30),
        (3.3, 0.34, 0.36),
        (5.0, 0.30, 0.45),
        (8.0, 0.22, 0.6),
    ):
        cells = scatter(band, source, across, 0.10)
        size = cells.number(0.4, 1.0) * radius
        out = length(cells.x, cells.y) - size
        disc = blurred(out, 0.05 if across < 4 else 0.03) * (
            0.72 + 0.38 * step(-0.35, 0.0, out / size.clamp(min=0.05) * 0.35)
        )
        crowd = torch.full_like(out, 0.7)
        if room in ("left", "right"):
            middle = 0.9 if room == "left" else -0.9
            crowd = torch.exp(-(((cells.centre_x / band.half_width - middle) / 0.6) ** 2)) + 0.02
        shown = (cells.number(0, 1) < crowd * 0.75) * cells.number(0.35, 1.0) * disc * strength
        picture = picture + (1 - picture * 0.75) * shown * (paint(scene.colours["c1"], 0.05) * 0.9 + 0.08)
    return picture.clamp(0, 1)


def _confetti(cells: Scatter, size: Tensor) -> Tensor:
    x, y, kind = cells.x, cells.y, cells.number(0, 1)
    ribbon, square = box(x, y, 0.24 * size, 0.075 * size, 0.01), box(x, y, 0.13 * size, 0.13 * size, 0.01)
    return torch.where(kind < 0.45, ribbon, torch.where(kind < 0.75, length(x, y) - 0.14 * size, square))


SHAPES: dict[str, Callable[[Scatter, Tensor], Tensor]] = {
    "confetti": _confetti,
    "hearts": lambda cells, size: heart(cells.x / (0.46 * size), cells.y / (0.46 * size)) * 0.46 * size,
    "stars": lambda cells, size: star(cells.x, cells.y, 0.29 * size, 5, 0.45),
    "dots": lambda cells, size: length(cells.x, cells.y) - 0.2 * size,
}


def _scattered(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, depth = scene.colours["bg"], _depth(scene)
    picture = blend(lab(ground, 0.03 * depth), lab(ground, -0.05 * depth), _from_middle(band) / 1.5)
    if scene["multicolour"] == "yes":
        choices = [paint(scene.colours[slot]) for slot in ("c1", "c2", "c3", "c4")]
    else:
        choices = [paint(scene.colours["c1"], change * depth) for change in (-0.06, 0.0, 0.05, 0.0)]
    dense = between(0.8, 1.3, scene.pose["density"])
    for across in (6 * dense, 9 * dense):
        cells = scatter(band, source, across, 0.16)
        x, y = turned(cells.x, cells.y, cells.number(0, 6.28))
        cells = Scatter(x, y, cells.centre_x, cells.centre_y, cells.cells, cells.seed, cells.drawn)
        out = SHAPES[scene["kind"]](cells, cells.number(0.6, 1.0))
        shown = (cells.number(0, 1) < _crowd(band, scene["room"], cells)).float()
        picture = picture * (1 - 0.16 * depth * blurred(out - 0.02, 0.10) * shown)
        picture = over(picture, cells.colour(choices), edge(out, band.pixel * across * 0.55) * shown)
    return picture


def _crowd(band: Band, room: str, cells: Scatter) -> Tensor:
    """Share of filled cells: none where the text goes."""
    x, y = cells.centre_x / band.half_width, cells.centre_y / band.half_height
    if room == "below":
        return 1 - step(-0.7, 0.35, y)
    if room == "middle":
        return step(0.45, 0.95, torch.maximum(x.abs(), y.abs()))
    return torch.full_like(x, 0.75)


def _memphis(band: Band, scene: Scene, source: Source) -> Tensor:
    picture = paint(scene.colours["bg"]).expand(3, *band.x.shape)
    choices = [paint(scene.colours[slot]) for slot in ("c1", "c2", "c3")]
    dense = between(0.85, 1.25, scene.pose["density"])
    for across, share in ((4 * dense, 0.62), (7 * dense, 0.42)):
        cells = scatter(band, source, across, 0.08)
        x, y = turned(cells.x, cells.y, cells.number(0, 6.28))
        out = _memphis_shape(x, y, cells.number(0.7, 1.0), cells.number(0, 1))
        shown = (cells.number(0, 1) < share).float()
        picture = over(picture, cells.colour(choices), edge(out, band.pixel * across * 0.55) * shown)
    return picture


def _memphis_shape(x: Tensor, y: Tensor, size: Tensor, kind: Tensor) -> Tensor:
    round_ = length(x, y)
    zigzag = torch.maximum((y - 0.09 * torch.sin(x * 22)).abs() - 0.035, x.abs() - 0.3 * size)
    cross = torch.minimum(box(x, y, 0.22 * size, 0.05), box(x, y, 0.05, 0.22 * size))
    out = torch.where(kind < 0.9, box(x, y, 0.28 * size, 0.04, 0.02), cross)
    out = torch.where(kind < 0.76, zigzag, out)
    out = torch.where(kind < 0.58, star(x, y, 0.33 * size, 3, 0.5), out)
    out = torch.where(kind < 0.4, (round_ - 0.24 * size).abs() - 0.045, out)
    return torch.where(kind < 0.2, round_ - 0.25 * size, out)


# --- repeats ------------------------------------------------------------------------------------------------


def _repeat(band: Band, scene: Scene, source: Source) -> Tensor:
    count, depth = between(4, 8, scene.pose["density"]), _depth(scene)
    out = REPEATS[scene["kind"]](band, scene, count)
    t = (_from_middle(band) / 1.5).clamp(0, 1)
    front, ground = (
        blend(lab(scene.colours[slot], 0.02 * depth), lab(scene.colours[slot], -0.04 * depth), t)
        for slot in ("c1", "bg")
    )
    return over(ground, front, edge(out, band.pixel * 1.2))


def _stripes(band: Band, scene: Scene, count: float) -> Tensor:
    angle = ANGLES[scene["direction"]] * math.pi
    across = (band.x * math.cos(angle) + band.y * math.sin(angle)) * count * 0.5
    return ((torch.remainder(across, 1) - 0.5).abs() - 0.25) / count * 2


def _polka_dots(band: Band, scene: Scene, count: float) -> Tensor:
    x, y = band.x * count * 0.5, band.y * count * 0.5
    x = x + 0.5 * torch.remainder(torch.floor(y), 2)
    radius = between(0.18, 0.32, scene.pose["scale"])
    return (length(torch.remainder(x, 1) - 0.5, torch.remainder(y, 1) - 0.5) - radius) / count * 2


def _checkered(band: Band, scene: Scene, count: float) -> Tensor:
    side = 2 / count
    x = (torch.remainder(band.x / side, 2) - 1).abs() - 0.5
    y = (torch.remainder(band.y / side, 2) - 1).abs() - 0.5
    return torch.where(x * y > 0, -1.0, 1.0) * torch.minimum(x.abs(), y.abs()) * side


def _sunburst(band: Band, scene: Scene, count: float) -> Tensor:
    middle = between(-0.2, 1.1, scene.pose["decor b"]) * band.half_height
    angle, far = torch.atan2(band.x, middle - band.y), length(band.x, band.y - middle)
    rays = round(between(8, 14, scene.pose["density"]))
    return -torch.sin(angle * rays) * far / rays


REPEATS: dict[str, Callable[[Band, Scene, float], Tensor]] = {
    "stripes": _stripes, "polka dots": _polka_dots, "checkered": _checkered, "sunburst": _sunburst,
}  # fmt: skip
KINDS: dict[str, Callable[[Band, Scene, Source], Tensor]] = {
    "linear": _linear, "radial": _radial, "mesh": _mesh, "waves": _waves, "frame": _frame, "mountains": _mountains,
    "bokeh": _bokeh, "memphis": _memphis, **dict.fromkeys(SHAPES, _scattered), **dict.fromkeys(REPEATS, _repeat),
}  # fmt: skip
