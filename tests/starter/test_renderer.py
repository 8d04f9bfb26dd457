"""The pictures of scenes: the same at every size, whole, and clear of the text."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from generation.starter import renderer
from generation.starter.colours import MEAN
from generation.starter.legibility import made_legible
from generation.starter.prior import sample
from generation.starter.renderer import render
from generation.starter.renderer.composition import MARGIN, compose
from generation.starter.renderer.objects import OBJECTS
from generation.starter.scene import CATEGORIES, POSE, Scene
from generation.starter.scene import OBJECTS as NAMES

SHAPES = {"square": (160, 160), "landscape": (160, 284), "portrait": (284, 160)}
ROOMS = ("left", "right", "top", "center")
PODIUMS = ("none", "round", "square", "stepped")
SHADOW = 48  # levels that a soft shadow may take from the ground, which is no part of the subject
SCENES = {kind: made_legible(sample({"kind": kind}, Random(kind))) for kind in CATEGORIES["kind"]}


def studio(**values: str) -> Scene:
    plain = {name: choices[0] for name, choices in CATEGORIES.items()} | {"light": "top", "style": "flat"}
    colours = {
        "bg": MEAN["cream"],
        "c1": MEAN["red"],
        "c2": MEAN["navy"],
        "c3": MEAN["teal"],
        "c4": MEAN["pink"],
    }
    return Scene(plain | values, colours, dict.fromkeys(POSE, 0.0))


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_one_picture(kind: str) -> None:
    once, again = (render(SCENES[kind], 96, 144) for _ in range(2))
    assert once.shape == (96, 144, 3)
    assert once.dtype == torch.uint8
    assert torch.equal(once, again)
    assert once.float().std() > 0.5, "the picture is blank"


@pytest.mark.parametrize("kind", SCENES)
def test_the_picture_does_not_depend_on_the_bands_it_is_drawn_in(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = render(SCENES[kind], 150, 100)
    monkeypatch.setattr(renderer, "BAND", 41)
    # A level apart at most: fields round differently in bands of other widths.
    assert (render(SCENES[kind], 150, 100).int() - whole.int()).abs().max() <= 1


@pytest.mark.parametrize("kind", SCENES)
def test_a_picture_is_the_same_at_every_size(kind: str) -> None:
    small, large = render(SCENES[kind], 128, 128).float(), render(SCENES[kind], 512, 512).float()
    shrunk = functional.avg_pool2d(large.permute(2, 0, 1)[None], 4)[0].permute(1, 2, 0)
    assert (small - shrunk).abs().mean() < 4.0


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("shape", SHAPES)
def test_by_numbers_no_subject_leaves_the_frame_or_enters_the_text_s_room(shape: str, room: str) -> None:
    height, width = SHAPES[shape]
    half_width, half_height = width / 160, height / 160
    for thing, podium, pose in product(NAMES, PODIUMS, (-1.0, 0.0, 1.0)):
        scene = replace(studio(object=thing, podium=podium, room=room), pose=dict.fromkeys(POSE, pose))
        plan = compose(scene, half_width, half_height)
        reach = max(OBJECTS[thing].reach * plan.scale, plan.podium.reach if plan.podium else 0)
        left, right = plan.x - reach, plan.x + reach
        assert left >= -half_width + MARGIN - 1e-6, (thing, podium)
        assert right <= half_width - MARGIN + 1e-6, (thing, podium)
        assert plan.podium is None or plan.podium.bottom <= half_height - MARGIN + 1e-6, (thing, podium)
        assert plan.foot - OBJECTS[thing].height * plan.scale >= -half_height, (thing, podium)
        if room == "right":
            assert right <= 0.12 * half_width + 1e-6, (thing, podium)
        if room == "left":
            assert left >= -0.12 * half_width - 1e-6, (thing, podium)


@pytest.mark.parametrize("thing", NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_by_pixels_no_subject_leaves_the_frame_or_enters_the_text_s_room(shape: str, thing: str) -> None:
    height, width = SHAPES[shape]
    for podium, room in product(PODIUMS, ROOMS):
        large = dict.fromkeys(POSE, 1.0)
        scene = replace(studio(object=thing, podium=podium, room=room), pose=large)
        empty = replace(studio(room=room), pose=large)
        apart = (render(scene, height, width).int() - render(empty, height, width).int()).abs().amax(2)
        drawn = apart > SHADOW
        assert drawn.float().mean() > 0.01, "nothing is drawn"
        _assert_clear(drawn, room, (thing, podium, room))


def _assert_clear(drawn: Tensor, room: str, what: tuple[str, str, str]) -> None:
    height, width = drawn.shape
    edges = torch.cat([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
    assert not edges.any(), f"{what} touches the picture's edge"
    text = {
        "left": drawn[:, : round(0.42 * width)],
        "right": drawn[:, round(0.58 * width) :],
        "top": drawn[: round(0.36 * height)],
    }
    assert room not in text or not text[room].any(), f"{what} stands where text belongs"


@pytest.mark.parametrize("kind", ["stripes", "checkered", "polka dots", "confetti"])
def test_flat_colours_are_exact(kind: str) -> None:
    """A brand's colours are in the picture as they are, and most pixels are one of them."""
    scene = studio(kind=kind)
    picture = render(scene, 256, 256).reshape(-1, 3)
    exact = {tuple(_srgb(scene, slot)) for slot in ("bg", "c1", "c2", "c3", "c4")}
    pixels, counts = picture.unique(dim=0, return_counts=True)
    share = sum(int(n) for pixel, n in zip(pixels.tolist(), counts, strict=True) if tuple(pixel) in exact)
    assert share / len(picture) > 0.75
    assert tuple(_srgb(scene, "bg")) in {tuple(pixel) for pixel in pixels.tolist()}


def _srgb(scene: Scene, slot: str) -> list[int]:
    from generation.starter.renderer.fields import encode_srgb, paint

    return (encode_srgb(paint(scene.colours[slot])) * 255 + 0.5).to(torch.uint8).flatten().tolist()
