"""Scenes of the prior, scenes as numbers, and colours by name."""

from random import Random

import pytest

from generation.starter import codec, colours, stock, taste
from generation.starter.colours import MEAN, NAMES, distance, draw, nearest
from generation.starter.legibility import LEAST, LEAST_STAND, apart, made_legible
from generation.starter.natural import made_natural
from generation.starter.prior import CAN_BEND, sample
from generation.starter.scene import CATEGORIES, COLOURS, NAME_OF, NONE, POSE, Scene


def scenes(count: int, seed: int) -> list[Scene]:
    rng = Random(seed)
    return [sample(rng) for _ in range(count)]


def test_the_same_seed_is_the_same_scene() -> None:
    assert scenes(50, 1) == scenes(50, 1)
    assert scenes(50, 1) != scenes(50, 2)


def test_every_value_of_every_category_occurs() -> None:
    drawn = scenes(8000, 3)
    for name, values in CATEGORIES.items():
        found = {scene[name] for scene in drawn}
        # Nobody scatters black: not every slot has every colour.
        assert found <= set(values) if name in NAME_OF.values() else found == set(values), name


def test_scenes_have_what_is_stated() -> None:
    rng = Random(4)
    for _ in range(300):
        stated = {"kind": "still life", "thing": rng.choice(stock.THINGS), "tint": "c1"}
        stated["c1"] = rng.choice(NAMES)
        scene = sample(rng, stated)
        assert stated.items() <= (scene.values | {"c1": scene[NAME_OF["c1"]]}).items()


def test_scenes_can_be_set_up_in_a_studio() -> None:
    for scene in scenes(2000, 5):
        if scene.is_pattern:
            assert not scene.things
            continue
        assert scene["second"] != NONE or scene["third"] == NONE
        if scene["camera"] == "above":  # which sees the floor alone
            assert scene["wall"] == NONE
            assert scene["decor"] == NONE
        elif scene["wall"] == NONE:
            assert scene["floor"] in CAN_BEND


def test_taste_names_what_there_is_in_stock() -> None:
    assert tuple(taste.THINGS) == stock.THINGS
    assert tuple(taste.TRADES) == stock.TRADES
    assert tuple(taste.OCCASIONS) == stock.OCCASIONS
    assert tuple(taste.FEELINGS) == stock.FEELINGS
    assert set(taste.TONES) == set(stock.TONES)
    assert {*taste.SCATTERED, NONE} == set(stock.SCATTERS)
    names = {
        "cameras": stock.CAMERAS, "floors": stock.FLOORS, "walls": stock.WALLS, "stages": stock.STAGES,
        "decors": stock.DECORS, "scatters": stock.SCATTERS, "lights": stock.LIGHTS, "grounds": NAMES,
        "colours": NAMES, "seconds": NAMES, "accents": NAMES, "things": stock.THINGS,
        "companions": stock.THINGS, "patterns": stock.PATTERNS,
    }  # fmt: skip
    for table in (taste.THINGS, taste.TRADES, taste.OCCASIONS, taste.FEELINGS, taste.TONES):
        for one in table.values():
            for what, values in one.items():
                assert what in ("dyed", "dyed second") or set(values) <= set(names[what]), (what, values)


def test_a_scene_survives_its_numbers() -> None:
    for scene in scenes(100, 6):
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


@pytest.mark.parametrize("text", ["#000000", "#ffffff", "#c02d2d", "#0f766e", "#8ecae6", "#123456"])
def test_a_colour_survives_its_coordinates(text: str) -> None:
    assert colours.hex_of(colours.of_hex(text)) == text


def test_a_short_hex_is_the_long_one() -> None:
    assert colours.of_hex("#0af") == colours.of_hex("#00aaff")


@pytest.mark.parametrize("seed", range(5))
def test_a_subject_is_told_apart_from_its_ground_whatever_the_colours(seed: int) -> None:
    rng = Random(seed)
    for _ in range(300):
        seen = made_legible(_with_wild_colours(sample(rng), rng))
        if seen.is_pattern or seen["tint"] == "c1":
            assert distance(seen.colour("c1"), seen.colour("bg")) >= LEAST - 1e-6
            assert 0 <= seen.colour("c1")[0] <= 1
        if not seen.is_pattern:
            assert distance(seen.colour("c3"), seen.colour("bg")) >= LEAST_STAND - 1e-6


def test_a_colour_that_is_held_stays_and_what_is_behind_it_moves() -> None:
    rng = Random(7)
    scene = sample(rng, {"kind": "still life", "thing": "bag", "tint": "c1"})
    scene.colours = dict.fromkeys(COLOURS, MEAN["red"])
    seen = made_legible(scene, {"c1"})
    assert seen.colours["c1"] == MEAN["red"]
    assert distance(seen.colour("c1"), seen.colour("bg")) >= LEAST - 1e-6
    assert made_legible(scene, {"c1", "bg"}).colours["bg"] == MEAN["red"]


def test_colours_that_are_apart_stay_as_they_are() -> None:
    assert apart(MEAN["red"], MEAN["white"], LEAST) == MEAN["red"]
    assert apart(None, MEAN["white"], LEAST) is None


def _with_wild_colours(scene: Scene, rng: Random) -> Scene:
    """All colours alike, or nearly, and at times as light or dark as the codec lets them be."""
    lightness = rng.choice((0.1, 0.99, rng.uniform(0.1, 0.99)))
    a, b = rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)
    wild = {slot: (lightness, a, b + rng.choice((0, 0.01))) for slot in COLOURS}
    return Scene(scene.values, wild, dict.fromkeys(POSE, 0.0), scene.seed)


def test_materials_that_nobody_dyes_have_their_own_colours() -> None:
    rng = Random(8)
    stated = {"kind": "still life", "style": "photo", "camera": "high", "floor": "wood", "scatter": "beans"}
    scene = _with_wild_colours(sample(rng, stated), rng)
    seen = made_natural(scene)
    assert min(distance(seen.colour("bg"), colours.of_hex(wood)) for wood in taste.NATURAL["wood"]) < 0.04
    assert distance(seen.colour("scatter colour"), MEAN["brown"]) < 0.04
    assert made_natural(scene, {"bg", "scatter colour", "wall colour"}).colours == scene.colours
