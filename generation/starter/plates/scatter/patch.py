"""A piece as the camera sees it."""

import numpy as np
from PIL import Image

from ..backdrop import Framing
from ..resampling import blurred, resized
from .finish import Around, shaded
from .focus import blur
from .piece import Body, Piece
from .pose import Floats, unit
from .shadow import hidden
from .surface import Met, Sheet
from .window import rays, seen_box, window

FINE, MOST_FINE = 48, 4  # points across a piece at least, and how many a side of a pixel at most
FLICKER = 0.5  # of a flame, how soft its edge is
OFF = 0.012  # how far off its own surface a ray to the lamp starts
CREVICE = 0.45  # of light from below, what is left right at the floor
CREVICE_HIGH = 0.05  # units up to which that is seen


def drawn(picture: Floats, framing: Framing, piece: Piece, around: Around) -> None:
    """Onto `picture` (h, w, 3), in place."""
    here = window(framing, seen_box(framing, piece))
    if here is None:
        return
    wide, high = here.size
    fine = int(np.clip(-(-FINE // max(min(wide, high), 1)), 1, MOST_FINE))
    ways = rays(framing, here, wide * fine, high * fine).reshape(-1, 3).astype(np.float32)
    layers = _traced(framing, piece, ways, 1 / (framing.unit * fine), around)
    layers = resized(layers.reshape(high * fine, wide * fine, 4), wide, high, Image.Resampling.BOX)
    radius = round(blur(framing, piece.at))
    if radius:
        layers = blurred(layers, radius)
    picture[here.slices] = picture[here.slices] * (1 - layers[..., 3:]) + layers[..., :3]


def _traced(framing: Framing, piece: Piece, ways: Floats, pixel: float, around: Around) -> Floats:
    """(n, 4): light times coverage, and coverage, of rays from the camera."""
    total = np.zeros((len(ways), 4), np.float32)
    nearest = np.full(len(ways), np.inf, np.float32)
    for part in piece.parts:
        found = part.met(framing.view.origin[None], ways)
        edge = max(pixel, part.finish.glow * FLICKER * part.girth)
        cover = np.clip(found.margin / edge + 0.5, 0, 1) * (found.away > 0)
        seen = np.flatnonzero(cover > 0)
        if len(seen):
            found, share = _only(found, seen), cover[seen, None]
            light = _lit(framing, piece, part, found, ways[seen], around)
            layer = np.concatenate([light * share, share], -1)
            before = nearest[seen]
            total[seen] = _over(total[seen], layer, found.away < before)
            nearest[seen] = np.where(share[:, 0] > 0.5, np.minimum(found.away, before), before)
    return total


def _over(one: Floats, other: Floats, is_front: Floats) -> Floats:
    """is_front: where the other is nearer."""
    front, back = (np.where(is_front[:, None], *pair) for pair in ((other, one), (one, other)))
    return front + back * (1 - front[:, 3:])


def _only(found: Met, seen: Floats) -> Met:
    return Met(found.away[seen], found.margin[seen], found.spot[seen], found.normal[seen])


def _lit(framing: Framing, piece: Piece, part: Body, found: Met, ways: Floats, around: Around) -> Floats:
    colour, bump = part.skin(found.spot)
    normal = part.pose.facing(found.normal + bump)
    at = (framing.view.origin + found.away[:, None] * ways).astype(np.float32)
    lamps = around.sources
    key = [lamps.key]
    shade = 1 - hidden(_others(piece, part), at + OFF * normal, lamps.ways[key], lamps.widths[key])[:, 0]
    light = shaded(part.finish, colour, normal, unit(ways), shade, around)
    if part.finish.glow:
        return light
    crevice = CREVICE + (1 - CREVICE) * np.clip(at[:, 2] / CREVICE_HIGH, 0, 1) ** 0.7
    open_ = np.clip(normal[:, 2], 0, 1)
    return light * (crevice * (1 - open_) + open_)[:, None]


def _others(piece: Piece, part: Body) -> list[Body]:
    """What may throw a shadow on it: a bent sheet on itself too."""
    return [each for each in piece.parts if each is not part or isinstance(each.surface, Sheet)]
