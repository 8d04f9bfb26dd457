"""Scattered things: lights out of focus, confetti, hearts, stars, dots, Memphis shapes."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..scene import Scene
from .backdrop import Source, between, depth_of, draw_number, from_middle
from .fields import Band, blend, blurred, box, edge, heart, lab, length, over, paint, star, step, turned


@dataclass(frozen=True, slots=True)
class Scatter:
    """A jittered grid: per pixel the place within its cell, per cell numbers and colours that do not depend
    on the size.
    """

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
    angle, shift_x, shift_y = draw_number(source, 0, 6.28), draw_number(source), draw_number(source)
    seed = int(draw_number(source) * 2**30)
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


def bokeh(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, room = scene.colour("bg"), scene["room"]
    picture = blend(lab(ground, 0.04), lab(ground, -0.12), from_middle(band) / 1.4)
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
        picture = picture + (1 - picture * 0.75) * shown * (paint(scene.colour("c1"), 0.05) * 0.9 + 0.08)
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


def scattered(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, depth = scene.colour("bg"), depth_of(scene)
    picture = blend(lab(ground, 0.03 * depth), lab(ground, -0.05 * depth), from_middle(band) / 1.5)
    if scene["multicolour"] == "yes":
        choices = [paint(scene.colour(slot)) for slot in ("c1", "c2", "c3", "c4")]
    else:
        choices = [paint(scene.colour("c1"), change * depth) for change in (-0.06, 0.0, 0.05, 0.0)]
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
    if room == "bottom":
        return 1 - step(-0.7, 0.35, y)
    if room == "middle":
        return step(0.45, 0.95, torch.maximum(x.abs(), y.abs()))
    return torch.full_like(x, 0.75)


def memphis(band: Band, scene: Scene, source: Source) -> Tensor:
    picture = paint(scene.colour("bg")).expand(3, *band.x.shape)
    choices = [paint(scene.colour(slot)) for slot in ("c1", "c2", "c3")]
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
