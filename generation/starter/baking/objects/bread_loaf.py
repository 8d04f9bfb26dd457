"""A rustic loaf of bread: slashed across, floured, with the rings of its basket."""

from typing import NamedTuple

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import of_rows
from generation.starter.baking.thing import Finish, Maker, Thing

ROWS, COLUMNS = 600, 300
LONG, WIDE, HIGH = 1.42, 0.70, 0.60  # half of it, and from its middle to its top
SLASHES = ((-0.82, -0.06, 0.43), (-0.3, -0.1, 0.6), (0.26, -0.12, 0.61), (0.78, -0.08, 0.48))


class Slash(NamedTuple):
    """What the cuts did to each point: how far it rose, how much of it is opened dough, and burnt edge."""

    rise: Floats
    open: Floats
    edge: Floats


def thing() -> Thing:
    maker = Maker(crust="#a0632d", scores="#e8c48c", toasted="#5e3014", flour="#f2e9d8")
    along = np.sin(np.pi / 2 * np.linspace(-1, 1, ROWS))
    angle = np.linspace(-np.pi / 2, 1.5 * np.pi, COLUMNS, endpoint=False)[None]
    plain = _plain(along, angle)
    over = _size(along)[:, None] * WIDE * (np.pi / 2 - angle)
    slashes = _slashes(LONG * along[:, None], over)
    rings = _rings(LONG * along[:, None], over)
    upward = np.sin(angle) + 0 * over
    mesh = _baked(plain, slashes, rings)
    maker.blend(mesh.turned(11), _shares(plain, slashes, rings, upward), Finish("coat", 0.55))
    return maker.thing(metres=0.11)


def _size(along: Floats) -> Floats:
    return np.clip(1 - np.abs(along) ** 2.15, 0, 1) ** 0.6 + 0.008


def _plain(along: Floats, angle: Floats) -> Mesh:
    """The loaf without its crust's detail, a little lopsided."""
    size = _size(along)[:, None] * (1 + 0.03 * np.sin(2.1 * along + 0.5))[:, None]
    y = WIDE * size * np.cos(angle) + 0.035 * np.sin(2.4 * along)[:, None]
    full = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.92
    z = HIGH * size**0.85 * full + 0.40
    x = LONG * along[:, None] + 0 * angle
    return of_rows(np.stack([x, y, z], -1))


def _slashes(x: Floats, over: Floats) -> Slash:
    """Leaf-shaped cuts, aslant; one lip of each stands up as an ear."""
    uneven = noise.of_grid(ROWS, COLUMNS, 14, 12, octaves=3, seed=21)
    rise, opened, edge = (np.zeros(over.shape) for _ in range(3))
    slant = np.radians(52)
    for number, (x_at, over_at, half) in enumerate(SLASHES):
        right, back = x - x_at, over - over_at
        along = right * np.cos(slant) + back * np.sin(slant)
        across = right * np.sin(slant) - back * np.cos(slant) + 0.14 * along**2 - 0.02 + 0.012 * uneven
        wide = (0.15 + 0.012 * (number % 2)) * np.sqrt(np.clip(1 - (along / half) ** 2, 0, 1))
        is_near = step(wide, 0.01, 0.07)
        share = np.clip((across + wide) / (2 * wide + 1e-6), 0, 1)
        inside = (
            step(across, -wide - 0.012, -wide + 0.028)
            * (1 - step(across, wide - 0.03, wide + 0.012))
            * is_near
        )
        bare = (
            step(across, -wide - 0.035, -wide - 0.015)
            * (1 - step(across, wide - 0.03, wide + 0.012))
            * is_near
        )
        lip = np.where(across < -wide, np.exp((across + wide) / 0.085), 0) * (1 - inside) * is_near
        floor = -0.058 + 0.068 * np.sin(np.pi / 2 * share) ** 0.8 - 0.012 * np.cos(np.pi * 3 * share)
        brow = np.exp(-(((across - wide) / 0.035) ** 2)) * is_near
        rise += inside * floor + 0.055 * lip + 0.018 * brow
        opened = np.maximum(opened, bare)
        edge = np.maximum(edge, np.maximum(lip**1.8 * (1 - bare), 0.6 * brow))
    return Slash(rise, opened, edge)


def _rings(x: Floats, over: Floats) -> Floats:
    """The rings that the basket printed, 0 to 1."""
    flat = np.stack([x + 0.4 * over, over - 0.4 * x, 0 * over], -1).reshape(-1, 3)
    uneven = noise.of_points(flat, 2.3, octaves=3, seed=31).reshape(over.shape)
    out = np.hypot(x / 1.5, over / 0.95) + 0.02 * uneven
    return 0.5 + 0.5 * np.sin(2 * np.pi * 8.5 * out + 0.6)


def _baked(plain: Mesh, slashes: Slash, rings: Floats) -> Mesh:
    at = plain.turned(33, "y").turned(24, "x").points
    coarse = noise.of_points(at, 1.6, octaves=3, seed=1)
    blisters = np.clip(noise.of_points(at, 11, octaves=2, seed=2) - 0.25, 0, 1)
    grain = noise.of_points(at, 38, octaves=2, seed=3)
    torn = noise.of_points(at, 7, octaves=3, seed=7)
    opened = _ended(slashes.open)
    by = (
        0.022 * coarse
        + 0.026 * blisters * (1 - opened) * step(plain.points[:, 2], 0.05, 0.4)
        + (0.004 + 0.008 * opened) * grain
        + 0.016 * opened * torn
    )
    mesh = plain.displaced(by + _ended(slashes.rise) + 0.009 * _ended(rings) * (1 - opened))
    z = mesh.points[:, 2]
    low = 0.5 * (z + np.sqrt(z**2 + 0.05**2))
    return Mesh(np.c_[mesh.points[:, :2], low - low.min()], mesh.faces)


def _shares(plain: Mesh, slashes: Slash, rings: Floats, upward: Floats) -> dict[str, Floats]:
    """How much of each region the points are."""
    at = plain.turned(33, "y").turned(24, "x").points
    patches = noise.of_points(at, 2.2, octaves=3, seed=41)
    dust = noise.of_points(at, 24, octaves=3, seed=42)
    opened, edge, up = _ended(slashes.open), _ended(slashes.edge), _ended(upward)
    dry = step(0.42 * patches + 0.5 * dust + 1.1 * _ended(rings), 0.3, 1.2) * step(up, -0.2, 0.35)
    flour = 0.88 * dry * (1 - 0.96 * opened) * (1 - 0.8 * edge)
    burnt = 0.75 * edge + (0.36 + 0.45 * patches + 0.2 * dust) * (1 - opened) * step(up, -1.2, 0.3)
    pale = opened * np.clip(0.8 + 0.35 * dust - 0.25 * patches, 0, 1)
    side = 0.2 * step(-up, -0.15, 0.7) * (1 - opened)
    return {"crust": np.ones(1), "scores": pale + side, "toasted": burnt * (1 - flour), "flour": flour}


def _ended(grid: Floats) -> Floats:
    """With values for the two poles of the surface."""
    return np.r_[grid.ravel(), grid[0, 0], grid[-1, -1]]
