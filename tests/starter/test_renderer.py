"""Patterns and flat pictures: the same at every size, whole, in exact colours, and clear of the text."""

from itertools import product
from random import Random

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from generation.starter import renderer
from generation.starter.colours import MEAN, OKLab
from generation.starter.legibility import made_legible
from generation.starter.prior import FLAT_THINGS, sample
from generation.starter.renderer import render
from generation.starter.renderer.fields import encode_srgb, paint
from generation.starter.renderer.flat import FLOOR
from generation.starter.renderer.objects import OBJECTS
from generation.starter.scene import CATEGORIES, POSE, Scene
from generation.starter.stock import PATTERNS

SHAPES = {"square": (96, 96), "landscape": (96, 170), "portrait": (170, 96)}
ROOMS = ("left", "right", "top", "bottom", "center")
DECORS = ("none", "arch", "disc", "leaf shadow")
SHADOW = 48  # levels that a shadow may take from the ground, which is no part of the thing
COLOURS = {"bg": "teal", "c1": "red", "c2": "cream", "c3": "navy", "c4": "pink"}


def flat(**values: str) -> Scene:
    plain = {name: choices[0] for name, choices in CATEGORIES.items()} | {"style": "flat"}
    colours = {slot: MEAN[name] for slot, name in COLOURS.items()}
    return Scene(plain | values, colours, dict.fromkeys(POSE, 1.0))


SCENES = {kind: made_legible(sample(Random(kind), {"kind": kind})) for kind in PATTERNS}
SCENES |= {thing: flat(thing=thing, decor="niche") for thing in FLAT_THINGS}


def test_all_flat_things_are_drawn() -> None:
    assert set(OBJECTS) == set(FLAT_THINGS)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_one_picture(name: str) -> None:
    once, again = (render(SCENES[name], 96, 144) for _ in range(2))
    assert once.shape == (96, 144, 3)
    assert once.dtype == torch.uint8
    assert torch.equal(once, again)
    assert once.float().std() > 0.5, "the picture is blank"


@pytest.mark.parametrize("name", SCENES)
def test_the_picture_does_not_depend_on_the_bands_it_is_drawn_in(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = render(SCENES[name], 75, 50)
    monkeypatch.setattr(renderer, "BAND", 410)
    # A level apart at most: fields round differently in bands of other widths.
    assert (render(SCENES[name], 75, 50).int() - whole.int()).abs().max() <= 1


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_the_same_at_every_size(name: str) -> None:
    small, large = render(SCENES[name], 128, 128).float(), render(SCENES[name], 384, 384).float()
    shrunk = functional.avg_pool2d(large.permute(2, 0, 1)[None], 3)[0].permute(1, 2, 0)
    assert (small - shrunk).abs().mean() < 4.0


@pytest.mark.parametrize("thing", FLAT_THINGS)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_flat_thing_leaves_the_frame_or_enters_the_text_s_room(shape: str, thing: str) -> None:
    height, width = SHAPES[shape]
    for decor, room in product(DECORS, ROOMS):
        drawn = _drawn(flat(thing=thing, decor=decor, room=room), height, width)
        assert drawn.float().mean() > 0.01, "nothing is drawn"
        _assert_clear(drawn, room, (thing, decor, room))


def _drawn(scene: Scene, height: int, width: int) -> Tensor:
    """Where the picture is neither wall nor floor."""
    picture, ground = render(scene, height, width).int(), scene.colour("bg")
    apart = [(picture - _srgb(ground, lighter).int()).abs().amax(2) for lighter in (0.0, FLOOR)]
    return torch.minimum(*apart) > SHADOW


def _assert_clear(drawn: Tensor, room: str, what: tuple[str, str, str]) -> None:
    height, width = drawn.shape
    edges = torch.cat([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
    assert not edges.any(), f"{what} touches the picture's edge"
    text = {
        "left": drawn[:, : round(0.42 * width)],
        "right": drawn[:, round(0.58 * width) :],
        "top": drawn[: round(0.36 * height)],
        "bottom": drawn[round(0.66 * height) :],
    }
    assert room not in text or not text[room].any(), f"{what} stands where text belongs"


def test_a_flat_picture_may_be_of_no_thing() -> None:
    assert _has(render(flat(decor="arch"), 96, 96), MEAN[COLOURS["c4"]])


@pytest.mark.parametrize("kind", ["stripes", "checkered", "polka dots", "confetti"])
def test_a_flat_pattern_is_in_exact_colours(kind: str) -> None:
    """Most pixels are one of the colours of a brand, as they are."""
    picture = render(flat(kind=kind), 256, 256)
    exact = [(picture == _srgb(MEAN[name])).all(2) for name in COLOURS.values()]
    assert torch.stack(exact).any(0).float().mean() > 0.75
    assert _has(picture, MEAN[COLOURS["bg"]])


@pytest.mark.parametrize("thing", FLAT_THINGS)
def test_a_flat_thing_is_in_exact_colours(thing: str) -> None:
    picture = render(flat(thing=thing, decor="disc"), 192, 192)
    for slot in ("bg", "c1", "c2", "c4"):
        assert _has(picture, MEAN[COLOURS[slot]]), slot


def _has(picture: Tensor, colour: OKLab) -> bool:
    return bool((picture == _srgb(colour)).all(2).float().mean() > 0.001)


def _srgb(colour: OKLab, lighter: float = 0.0) -> Tensor:
    return (encode_srgb(paint(colour, lighter)) * 255 + 0.5).to(torch.uint8).flatten()
