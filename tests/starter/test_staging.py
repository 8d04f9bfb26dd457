"""Every scene that diffusion may choose can be drawn, whatever goes with what."""

from random import Random

import numpy as np
import pytest

from generation.starter import drawing
from generation.starter.plates import plate
from generation.starter.plates.still_life import boxes
from generation.starter.prior import sample
from generation.starter.scene import CATEGORIES, COLOURS, NAME_OF, Scene
from generation.starter.staging import staged

SIDE = 192

SET = {"kind": "still life", "style": "photo", "thing": "coffee_cup", "second": "none", "third": "none"}
NOT_DRAWN = (
    "kind",
    "style",
    "thing",
    "second",
    "third",
    "feeling",
    "tone",
    "occasion",
    "trade",
    *NAME_OF.values(),
)
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


@pytest.mark.parametrize("room", ["left", "right"])
@pytest.mark.parametrize("side", CATEGORIES["side"])
@pytest.mark.parametrize("mood", CATEGORIES["light"])
def test_the_light_comes_from_the_side_that_was_asked_for(mood: str, side: str, room: str) -> None:
    """And the text has the side that it was to have."""
    chosen = scene(light=mood, side=side, room=room, tint="c1", camera="eye", stage="none", decor="none")
    chosen.colours["c1"] = (0.9, 0.0, 0.0)
    left, top, right, bottom = boxes(staged(chosen, SIDE, SIDE), SIDE, SIDE)[0]
    assert (left > 0.42 * SIDE) if room == "left" else (right < 0.58 * SIDE)
    cup = np.asarray(drawing.draw(chosen, SIDE, SIDE).convert("L")).astype(float)
    middle, height = (left + right) / 2, bottom - top
    # Of the cup's own body, without what is beside its shade.
    rows = slice(int(top + 0.4 * height), int(top + 0.7 * height))
    reach = (right - left) * 0.2
    halves = cup[rows, int(middle - reach) : int(middle)], cup[rows, int(middle) : int(middle + reach)]
    lit, shaded = halves if side == "left" else halves[::-1]
    assert lit.mean() > shaded.mean()


def test_the_second_of_two_like_things_is_turned() -> None:
    two = scene(second="coffee_cup", light="soft day", camera="high", stage="none")
    assert [thing.is_turned for thing in staged(two, SIDE, SIDE).things] == [False, True]
    two.values["light"] = "morning"  # whose lamp has none across from it
    assert not any(thing.is_turned for thing in staged(two, SIDE, SIDE).things)


def test_what_is_scattered_keeps_out_of_the_middle_only_where_nothing_stands_there() -> None:
    for room, kept in (("center", None), ("left", "left")):
        still = staged(scene(scatter="pumpkins", room=room, side="left", light="soft day"), SIDE, SIDE)
        assert still.scatter is not None
        assert still.scatter.room == kept
    bare = staged(scene(thing="none", second="none", scatter="petals", room="center"), SIDE, SIDE)
    assert bare.scatter is not None
    assert bare.scatter.room == "center"


@pytest.mark.parametrize("decor", CATEGORIES["decor"])
def test_every_scene_of_the_prior_has_the_colours_that_it_needs(decor: str) -> None:
    found = sample(Random(2), SET | {"decor": decor, "camera": "high"})
    assert drawing.draw(found, 64, 64).size == (64, 64)
