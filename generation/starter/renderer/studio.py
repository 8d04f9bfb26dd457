"""A studio: wall, floor, what hangs on the wall, a podium and the thing on it."""

import torch
from torch import Tensor

from ..colours import OKLab
from ..scene import Scene
from .bodies import Brush
from .composition import PODIUM_TILT, STEPPED_FOOT, STEPPED_RISE, Composition, Podium, compose
from .fields import Band, blend, blurred, box, edge, ellipse, lab, length, over, paint
from .objects import OBJECTS

LIGHT = {"left": -1.0, "right": 1.0, "top": 0.0}


def draw(band: Band, scene: Scene) -> Tensor:
    """(3, h, w) linear RGB."""
    light = 0.0 if scene["decor"] == "spot" else LIGHT[scene["light"]]
    plan = compose(scene, band.half_width, band.half_height)
    ground = scene.colour("bg")
    picture = (
        _flat_room(band, ground, plan)
        if scene.is_flat
        else _room(band, ground, plan, light, scene.pose["sweep"])
    )
    picture = DECOR[scene["decor"]](band, picture, scene, plan, light)
    if plan.podium:
        picture = _podium(band, picture, plan, scene.colour("c3"), light)
    return picture if scene["object"] == "none" else _thing(band, picture, scene, plan, light)


def _flat_room(band: Band, ground: OKLab, plan: Composition) -> Tensor:
    wall = paint(ground).expand(3, *band.x.shape)
    return over(wall, paint(ground, -0.07), edge(plan.horizon - band.y, band.pixel))


def _room(band: Band, ground: OKLab, plan: Composition, light: float, sweep: float) -> Tensor:
    """Wall and floor, meeting in a crease or, swept, in a curve; brightest where the light comes from."""
    x, y, curve = band.x, band.y, 0.006 if sweep < 0 else 0.10
    far = (
        length(x - light * 0.75 * band.half_width, y + 0.45 * band.half_height) / (2.1 * band.half_height)
    ).clamp(0, 1)
    wall = blend(lab(ground, 0.055, 0.95), lab(ground, -0.115, 1.02), far)
    spot = length((x - light * 0.3) / (1.4 * band.half_width), y - plan.horizon - 0.25)
    floor = blend(lab(ground, 0.075, 0.95), lab(ground, -0.06), (spot / 1.5).clamp(0, 1))
    below = torch.sigmoid((y - plan.horizon) / curve)
    crease = torch.exp(-(y - plan.horizon).abs() / 0.05) * (0.07 if sweep < 0 else 0.0)
    return (wall + (floor - wall) * below) * (1 - crease)


# --- on the wall --------------------------------------------------------------------------------------------


def _bare(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    return picture


def _arch(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    """A niche: deeper in the shade on the side the light comes from."""
    a, b = ((scene.pose[name] + 1) / 2 for name in ("decor a", "decor b"))
    wide = 0.40 + 0.14 * a
    top = max(plan.horizon - 1.10 + 0.22 * b, -band.half_height + 0.12)

    def opening(x: Tensor, y: Tensor, width: float) -> Tensor:
        return torch.where(y > top + wide, x.abs() - width, length(x, y - top - wide) - width)

    x = band.x - plan.x
    outline = torch.maximum(opening(x, band.y, wide), band.y - plan.horizon)
    if scene.is_flat:
        return over(picture, paint(scene.colour("c4")), edge(outline, band.pixel * 1.1))
    lit = blurred(opening(x - light * 0.08, band.y - 0.05, wide - 0.02), 0.10).clamp(0, 1)
    inside = blend(lab(scene.colour("c4"), -0.13), lab(scene.colour("c4"), 0.03), lit)
    return over(picture, inside, edge(outline, band.pixel * 1.1))


def _circle(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    a, b = ((scene.pose[name] + 1) / 2 for name in ("decor a", "decor b"))
    radius, middle = 0.44 + 0.16 * a, plan.horizon - 0.50 + 0.18 * b
    x, y = band.x - plan.x, band.y - middle
    disc = torch.maximum(length(x, y) - radius, band.y - plan.horizon)
    if scene.is_flat:
        return over(picture, paint(scene.colour("c4")), edge(disc, band.pixel * 1.1))
    shadow = blurred(length(x + light * 0.05, y - 0.05) - radius, 0.07) * edge(band.y - plan.horizon, 0.02)
    shade = (y / radius * 0.5 + 0.5 - light * x * 0.3).clamp(0, 1)
    face = blend(lab(scene.colour("c4"), 0.04), lab(scene.colour("c4"), -0.06), shade)
    return over(picture * (1 - 0.22 * shadow), face, edge(disc, band.pixel * 1.1))


def _window(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    """Sunlight through a window of two by three panes, slanting over the wall."""
    toward, wide, tall = light or 1.0, 0.50, 0.62
    x = band.x * toward + 0.35 * (band.y + 0.2) + 0.05
    y = band.y + 0.18 - 0.12 * band.x * toward - (plan.horizon - 0.32)
    across = (torch.remainder(x + wide, wide) - wide / 2).abs() - (wide / 2 - 0.03)
    down = (torch.remainder(y + tall, 2 * tall / 3) - tall / 3).abs() - (tall / 3 - 0.03)
    panes = blurred(box(x, y, wide, tall), 0.06) * blurred(across, 0.035) * blurred(down, 0.035)
    return picture * (0.74 + 0.42 * panes)


def _leaf(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    """The shadow of two palm leaves that reach in from the side of the light."""
    toward, shadow = light or 1.0, torch.zeros_like(band.x)
    for number, name in enumerate(("decor a", "decor b")):
        t = (scene.pose[name] + 1) / 2
        stem_x = toward * (band.half_width + 0.05 - 0.2 * number)
        stem_y = -1.05 + 0.55 * t + 0.75 * number
        x, y = (stem_x - band.x) * toward, band.y - stem_y
        angle = torch.atan2(y, x) - 0.25 - 0.35 * t
        lobes = (0.18 + 0.82 * torch.cos(angle * (7 + 3 * t)).abs() ** 0.8) * torch.cos(
            angle.clamp(-1.3, 1.3) * 0.9
        ).clamp(0, 1)
        shadow = torch.maximum(shadow, blurred(length(x, y) - (1.0 + 0.4 * t) * lobes, 0.09))
    return picture * (1.06 - 0.36 * shadow)


def _spot(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    """A cone of light on the subject, and the pool it makes on the floor."""
    depth = (band.y + band.half_height) / (2 * band.half_height)
    cone = blurred((band.x - plan.x).abs() - (0.24 + 0.62 * depth), 0.26)
    pool = blurred(ellipse(band.x - plan.x, band.y - plan.foot - 0.05, 0.78, 0.22), 0.16)
    return picture * (0.40 + 0.95 * cone * (1 - 0.30 * depth) + 0.28 * pool)


DECOR = {"none": _bare, "arch": _arch, "circle": _circle, "window": _window, "leaf": _leaf, "spot": _spot}


# --- the podium and the thing -------------------------------------------------------------------------------


def _podium(band: Band, picture: Tensor, plan: Composition, colour: OKLab, light: float) -> Tensor:
    podium = plan.podium
    assert podium is not None
    if podium.shape == "square":
        return _block(band, picture, plan.x, podium, colour, light)
    if podium.shape == "stepped":
        wider = Podium(
            "round", podium.radius * STEPPED_FOOT, podium.height * STEPPED_RISE, podium.top + podium.height
        )
        picture = _drum(band, picture, plan.x, wider, colour, light)
    return _drum(band, picture, plan.x, podium, colour, light)


def _drum(band: Band, picture: Tensor, x0: float, podium: Podium, colour: OKLab, light: float) -> Tensor:
    x, y, radius, flat = band.x - x0, band.y - podium.top, podium.radius, podium.radius * PODIUM_TILT
    foot = y - podium.height
    cast = blurred(ellipse(x + light * 0.16, foot - 0.02, radius * 1.22, flat * 1.35), 0.12) * 0.42
    touch = blurred(ellipse(x, foot - 0.005, radius * 1.03, flat * 1.03), 0.035) * 0.35
    picture = picture * (1 - cast - touch).clamp(min=0.15)
    u = (x / radius).clamp(-1, 1)
    facing = torch.sqrt(1 - u * u)
    side = torch.maximum(x.abs() - radius, torch.maximum(-y, foot - flat * facing))
    pixel = band.pixel * 1.1
    shade = 0.60 + 0.42 * (u * light * 0.6 + facing * 0.75).clamp(0, 1)
    picture = over(picture, paint(colour) * shade, edge(side, pixel))
    top = ellipse(x, y, radius, flat)
    tilt = (0.5 + 0.4 * u * light - 0.25 * y / flat).clamp(0, 1)
    picture = over(picture, blend(lab(colour), lab(colour, 0.075), tilt), edge(top, pixel))
    rim = edge((top + 0.006).abs() - 0.004, pixel) * 0.5 * (y > 0)
    return over(picture, paint(colour, 0.12), rim)


def _block(band: Band, picture: Tensor, x0: float, podium: Podium, colour: OKLab, light: float) -> Tensor:
    radius, depth, height = podium.radius * 0.92, podium.radius * 0.40, podium.height
    x, y = band.x - x0, band.y - podium.top
    cast = blurred(box(x + light * 0.14, y - height, radius * 1.12, 0.07), 0.12) * 0.42
    picture = picture * (1 - cast)
    t = ((y + depth) / depth).clamp(0, 1)
    face = torch.maximum(x.abs() - radius * (0.80 + 0.20 * t), torch.maximum(-depth - y, y))
    pixel = band.pixel * 1.1
    tone = (t * 0.6 + 0.2 + 0.3 * x / radius * light).clamp(0, 1)
    picture = over(picture, blend(lab(colour, 0.02), lab(colour, 0.075), tone), edge(face, pixel))
    front = torch.maximum(x.abs() - radius, torch.maximum(-y, y - height))
    shade = 0.84 + 0.12 * x / radius * light - 0.10 * (y / height).clamp(0, 1)
    picture = over(picture, paint(colour) * shade, edge(front, pixel))
    lip = edge(y.abs() - 0.004, pixel) * edge(x.abs() - radius, pixel) * 0.5
    return over(picture, paint(colour, 0.12), lip)


def _thing(band: Band, picture: Tensor, scene: Scene, plan: Composition, light: float) -> Tensor:
    thing, scale = OBJECTS[scene["object"]], plan.scale
    foot = plan.foot - (0.06 if thing.floats else 0.0)
    brush = Brush(
        x=(band.x - plan.x) / scale,
        y=(foot - band.y) / scale,
        pixel=band.pixel / scale,
        light=light,
        flat=scene.is_flat,
        first=paint(scene.colour("c1")),
        second=paint(scene.colour("c2")),
        phase=scene.pose["phase"],
    )
    if not thing.floats:
        picture = picture * (1 - _shadow(brush, thing.foot))
    for colour, cover in thing.draw(brush):
        picture = over(picture, colour.clamp(0, 1), cover)
    return picture


def _shadow(brush: Brush, foot: float) -> Tensor:
    """Where the thing touches the ground, and what it throws away from the light."""
    cast = (
        blurred(ellipse(brush.x + brush.light * 0.22, brush.y + 0.01, foot * 1.3 + 0.04, foot * 0.24), 0.16)
        * 0.40
    )
    touch = blurred(ellipse(brush.x, brush.y + 0.015, foot * 1.03, foot * 0.15), 0.05) * 0.36
    return ((cast + touch) * (0.3 if brush.flat else 1.0)).clamp(0, 0.85)
