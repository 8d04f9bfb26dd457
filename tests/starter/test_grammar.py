"""Captions, the scenes that agree with them, and scenes as numbers."""

from random import Random

import pytest

from generation.starter import codec
from generation.starter.captions import draw_pair
from generation.starter.colours import MEAN, NAMES, distance, draw, nearest
from generation.starter.legibility import LEAST, LEAST_STAND, apart, made_legible
from generation.starter.prior import HELD_OUT, sample
from generation.starter.scene import CATEGORIES, COLOURS, POSE, Scene
from generation.starter.statements import implied
from generation.starter.training import unique_pairs


def test_captions_are_unique_and_the_same_for_the_same_seed() -> None:
    first, again = (unique_pairs(300, Random(3)) for _ in range(2))
    assert len(first) == 300
    assert list(first.items()) == list(again.items())
    assert first.keys() != unique_pairs(300, Random(4)).keys()


def test_scenes_agree_with_what_their_caption_states() -> None:
    rng = Random(1)
    for _ in range(400):
        stated, caption = draw_pair(rng)
        scene = sample(implied(stated), rng)
        for name, value in stated.items():
            if name in CATEGORIES:
                assert scene[name] == value, caption
            elif name in COLOURS and name in scene.names:
                assert scene.names[name] == value, caption


def test_no_caption_of_the_training_names_a_held_out_pair() -> None:
    rng = Random(2)
    for _ in range(2000):
        stated, _ = draw_pair(rng)
        assert (stated.get("object"), stated.get("c1")) not in HELD_OUT
        scene = sample(implied(stated), rng)
        assert (scene["object"], scene.names.get("c1")) not in HELD_OUT


@pytest.mark.parametrize("pair", sorted(HELD_OUT))
def test_captions_for_the_evaluation_name_their_held_out_pair(pair: tuple[str, str]) -> None:
    stated, caption = draw_pair(Random(1), held_out=pair)
    assert (stated["object"], stated["c1"]) == pair
    assert "none" not in stated.values(), caption


def test_a_scene_survives_its_numbers() -> None:
    rng = Random(5)
    for _ in range(100):
        scene = sample({}, rng)
        back = codec.decode(codec.encode(scene), scene.seed)
        assert back.values == scene.values
        assert back.seed == scene.seed
        assert back.pose == pytest.approx(scene.pose, abs=1e-3)
        for slot, colour in scene.colours.items():
            assert colour is None or back.colours[slot] == pytest.approx(colour, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_a_colour_drawn_by_name_is_nearest_to_its_name(name: str) -> None:
    rng = Random(name)
    drawn = [draw(name, rng) for _ in range(30)]
    assert all(distance(colour, MEAN[name]) < 0.08 for colour in drawn)
    assert sum(nearest(colour) == name for colour in drawn) >= 28


@pytest.mark.parametrize("seed", range(5))
def test_a_subject_is_told_apart_from_its_ground_whatever_the_colours(seed: int) -> None:
    rng = Random(seed)
    for _ in range(300):
        scene = _with_wild_colours(sample({}, rng), rng)
        seen = made_legible(scene)
        ground = seen.colours["bg"]
        assert distance(seen.colours["c1"], ground) >= LEAST - 1e-6
        assert 0 <= seen.colours["c1"][0] <= 1
        if seen.is_studio:
            assert distance(seen.colours["c3"], ground) >= LEAST_STAND - 1e-6


def test_colours_that_are_apart_stay_as_they_are() -> None:
    assert apart(MEAN["red"], MEAN["white"], LEAST) == MEAN["red"]
    assert apart(None, MEAN["white"], LEAST) is None


def _with_wild_colours(scene: Scene, rng: Random) -> Scene:
    """All colours alike, or nearly, and at times as light or dark as the codec lets them be."""
    lightness = rng.choice((0.1, 0.99, rng.uniform(0.1, 0.99)))
    a, b = rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)
    colours = {slot: (lightness, a, b + rng.choice((0, 0.01))) for slot in COLOURS}
    return Scene(scene.values, colours, dict.fromkeys(POSE, 0.0), scene.seed)
