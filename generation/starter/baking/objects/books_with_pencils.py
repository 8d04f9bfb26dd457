"""Three bound books in a stack, the cover of the uppermost for artwork, and pencils in a pot beside them."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import even, rounded, smooth, step
from generation.starter.baking.labels import framed
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe, of_rows, sheet, shell
from generation.starter.baking.thing import CERAMIC, PAPER, SATIN, Finish, Maker, Thing

BOARD = 0.036  # how thick the boards are
CLOTH = Finish("coat", 0.6)
POT_AT = (1.08, 0.12)
POT = (0.36, 0.86)  # its radius and height
SHARP = 0.30  # the slope of a pencil's point

# Of each book, from below: the length of its spine, breadth, height, how far it is turned, and its place.
BOOKS = [
    (1.86, 1.36, 0.34, 5, -0.44, 0.02),
    (1.70, 1.22, 0.25, -7, -0.40, 0.0),
    (1.46, 1.10, 0.29, -78, -0.42, 0.04),
]


def thing() -> Thing:
    maker = Maker(
        cover="#b9473d", print="#f0dcae", accent="#35566b", pages="#f1e8d6", pencils="#e0a63a", wood="#deb887"
    )
    height = 0.0
    for (length, breadth, tall, turn, x, y), region in zip(BOOKS, ("cover", "accent", "cover"), strict=True):
        cover, spine = _cover(length, breadth, tall)
        placed = cover.turned(turn).moved(x, y, height)
        if region == "cover":
            maker.blend(placed, {region: 1 - spine, "print": spine}, CLOTH)
        else:
            maker.add(placed, region, CLOTH)
        maker.add(_pages(length, breadth, tall).turned(turn).moved(x, y, height), "pages", PAPER)
        height += tall
    _add_artwork(maker, height)
    maker.add(_pot().moved(*POT_AT), "accent", CERAMIC)
    _add_pencils(maker)
    return maker.thing(metres=0.2)


def _cover(length: float, breadth: float, tall: float) -> tuple[Mesh, Floats]:
    """Two boards and a round spine, which looks to the front; and how much of each point is printed."""
    half, top = breadth / 2, tall - BOARD / 2
    bulge = smooth([[-half + 0.05, BOARD / 2], [-half, 0.09], [-half - 0.035, tall / 2], [-half, tall - 0.09],
                    [-half + 0.05, top]], 14)  # fmt: skip
    line = even(np.vstack([[[half, BOARD / 2]], bulge, [[half, top]]]), 0.028)
    x = np.linspace(-length / 2, length / 2, 84)
    grid = np.stack(np.broadcast_arrays(x[None], line[:, :1], line[:, 1:]), -1)
    from_joint = np.abs(line[:, 0] - (-half + 0.12))
    inward = np.sign(line[:, 1] - tall / 2) * 0.016 * np.exp(-((from_joint / 0.035) ** 2))
    grid[..., 2] -= inward[:, None]
    mesh = shell(grid, _soft(x, length / 2) * _soft(line[:, 0], half, one_sided=True)[:, None] * BOARD)
    weave = 0.0014 * noise.of_points(mesh.points, 40, 2, 7)
    on_spine = step(-half + 0.02 - line[:, 0], 0, 0.015)[:, None]
    bands = 0.013 * _bands(x, length)[None] * on_spine
    low = mesh.displaced(weave + np.concatenate([bands, 0 * bands], axis=1).ravel())
    printed = _bars(x, length)[None] * (line[:, 0] < -half + 0.03)[:, None]
    both = np.concatenate([printed, 0 * printed], axis=1)
    return low._replace(points=np.maximum(low.points, [-np.inf, -np.inf, 0])), both.ravel()


def _soft(at: Floats, end: float, *, one_sided: bool = False) -> Floats:
    """Thinner at the last bit before an end, so that an edge is round."""
    left = end - (at if one_sided else np.abs(at))
    return 0.45 + 0.55 * np.sqrt(np.clip(left / 0.03, 0, 1))


def _bars(x: Floats, length: float) -> Floats:
    """A broad and a narrow line near both ends of a spine."""
    away = np.abs(np.abs(x) - length * 0.39)
    return np.maximum(1 - step(away, 0.012, 0.026), 1 - step(np.abs(away - 0.055), 0.006, 0.018))


def _bands(x: Floats, length: float) -> Floats:
    """Raised ones across a spine, over the cords that it is sewn on."""
    away = np.abs(x[:, None] - length * np.array([-0.27, -0.17, 0.17, 0.27])).min(1)
    return 1 - step(away, 0.012, 0.034)


def _pages(length: float, breadth: float, tall: float) -> Mesh:
    """Its sides are a bit uneven from sheet to sheet; the fore edge is hollow."""
    half, long = breadth / 2 - 0.045, length / 2 - 0.04
    corners = [[0, half], [-long, half], [-long, -half - 0.02], [long, -half - 0.02], [long, half], [0, half]]
    outline = even(rounded(corners, 0.008), 0.04)[:-1]
    z = np.linspace(BOARD - 0.002, tall - BOARD + 0.002, int(tall * 260))
    random = np.random.default_rng(int(1000 * length))
    gather = 0.004 * np.abs(np.sin(np.pi * 9 * (z - z[0]) / (z[-1] - z[0]))) ** 0.5
    offset = 1 + random.normal(0, 0.0035, len(z)) + gather
    hollow = 0.045 * (1 - ((z - tall / 2) / (tall / 2)) ** 2)
    rows = [
        np.c_[
            outline * out - np.c_[0 * outline[:, :1], (outline[:, 1:] > half - 0.01) * deep],
            np.full(len(outline), at),
        ]
        for out, deep, at in zip(offset, hollow, z, strict=True)
    ]
    return of_rows(rows)


def _add_artwork(maker: Maker, height: float) -> None:
    """The face of the upper board, beyond its joint."""
    length, breadth, _, turn, x, y = BOOKS[-1]
    rows, columns = 150, 110
    width, depth = breadth - 0.24, length - 0.05
    mesh = sheet(np.zeros((rows, columns)), width, depth)
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    artwork = np.c_[u.ravel(), v.ravel()]
    frame = np.maximum(framed(artwork, width, depth, 0.07, 0.016), framed(artwork, width, depth, 0.10, 0.008))
    placed = mesh.moved(x=0.10).turned(turn + 90).moved(x, y, height + 0.0035)
    maker.blend(placed, {"cover": 1 - frame, "print": frame}, CLOTH, artwork=artwork)


def _pot() -> Mesh:
    radius, height = POT
    foot = rounded(
        [[0, 0.02], [radius - 0.07, 0.02], [radius - 0.05, 0], [radius - 0.02, 0], [radius, 0.05]], 0.015
    )
    wall = [[radius, 0.1], [radius, height - 0.06]]
    rim = rounded(
        [[radius, height - 0.05], [radius + 0.004, height], [radius - 0.04, height], [radius - 0.04, 0.5]],
        0.018,
    )

    def thrown(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
        return radius + 0.003 * np.sin(z * 55 + 0.6 * np.sin(angle)), z

    return lathe(np.vstack([foot, wall, rim, [[radius - 0.05, 0.06], [0, 0.06]]]), 180, thrown)


def _add_pencils(maker: Maker) -> None:
    """Most lean on the rim of the pot, one lies in front."""
    for azimuth, tilt, length, spin in ((-150, 15, 1.42, 10), (-75, 13, 1.20, 35), (-10, 16, 1.34, 50),
                                        (65, 14, 1.48, 20), (130, 12, 1.3, 0)):  # fmt: skip
        pencil, wood = _pencil(length)
        placed = pencil.turned(spin).turned(tilt, "y").moved(x=0.075, z=0.085).turned(azimuth).moved(*POT_AT)
        maker.blend(placed, {"pencils": 1 - wood, "wood": wood}, SATIN)
    pencil, wood = _pencil(1.35)
    lying = pencil.turned(90, "y").turned(-166).moved(1.30, -0.92, 0.048)
    maker.blend(lying, {"pencils": 1 - wood, "wood": wood}, SATIN)


def _pencil(length: float) -> tuple[Mesh, Floats]:
    """Upright, with six sides, sharpened to a cone; its end is dipped. And how much of each point is wood."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    side = np.minimum(0.048 / np.cos((angle + np.pi / 6) % (np.pi / 3) - np.pi / 6), 0.0535)
    z = np.r_[0, np.linspace(0.012, length - 0.28, 40), np.linspace(length - 0.27, length - 0.006, 60)]
    cone = np.maximum((length - z) * SHARP * 0.72, 0.004)[:, None]
    round_ = np.where(z < 0.01, 0.85, 1.0)[:, None]
    radius = np.minimum(side[None] * round_, cone)
    rows = np.stack([radius * np.cos(angle), radius * np.sin(angle), z[:, None] + 0 * radius], -1)
    wood = step(side[None] - cone, -0.0005, 0.002) * step(cone, 0.014, 0.018)
    return of_rows(rows), wood
