"""Every scene that diffusion may choose can be drawn, whatever goes with what."""

from random import Random

import pytest

from generation.starter import drawing
from generation.starter.plates import plate
from generation.starter.prior import sample
from generation.starter.scene import CATEGORIES, COLOURS, Scene

SET = {"kind": "still life", "style": "photo", "thing": "coffee_cup", "second": "none", "third": "none"}
NOT_DRAWN = ("kind", "style", "thing", "second", "third", "feeling", "tone", "occasion", "trade")
CHOICES = [(name, value) for name, values in CATEGORIES.items() if name not in NOT_DRAWN for value in values]


def scene(**values: str) -> Scene:
    found = sample(Random(1), SET)
    found.values |= {"scatter": "none"} | values
    found.colours = {slot: found.colours[slot] or (0.6, 0.02, 0.03) for slot in COLOURS}
    return found


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_every_choice_can_be_drawn(name: str, value: str) -> None:
    scattered = {"scatter": "beans"} if name == "room" else {}
    chosen = scene(**scattered | {name: value})
    assert drawing.draw(chosen, 64, 64).size == (64, 64)
    assert drawing.preview(chosen, 64, 48).size == (64, 48)


@pytest.mark.parametrize("thing", ["none", *plate.names()])
def test_every_thing_can_be_drawn_under_any_camera(thing: str) -> None:
    for camera in CATEGORIES["camera"]:
        assert drawing.draw(scene(thing=thing, camera=camera), 64, 64).size == (64, 64)
