"""Pictures of plates: of the colours that were asked for, the same for a seed, at any size."""

import numpy as np
import pytest
from PIL import Image

from generation.starter.plates import plate, srgb
from generation.starter.plates.backdrop import Surface
from generation.starter.plates.light import MOODS
from generation.starter.plates.materials import MATERIALS
from generation.starter.plates.resampling import placed
from generation.starter.plates.still_life import Placed, StillLife, boxes, draw

SAND = "#e3cdb8"


def surface(material: str, colour: str = SAND) -> Surface:
    return Surface(material, srgb.of_hex(colour))


def cup(**values) -> StillLife:
    asked = {
        "things": [Placed("coffee_cup")],
        "camera": "eye",
        "mood": "soft day",
        "floor": surface("plain"),
        **values,
    }
    return StillLife(**asked)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(float)


@pytest.mark.parametrize("colour", [SAND, "#27406b", "#f2b84b"])
@pytest.mark.parametrize("mood", ["soft day", "studio", "bright"])
def test_a_plain_ground_has_the_colour_that_was_asked_for(mood: str, colour: str) -> None:
    shown = pixels(draw(cup(mood=mood, floor=surface("plain", colour)), 128, 128))
    asked = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    corner = np.median(shown[100:, :30].reshape(-1, 3), axis=0)
    assert np.abs(corner - asked).max() < 26


def test_a_cup_is_of_the_colour_that_was_asked_for() -> None:
    teal, red = (
        pixels(draw(cup(things=[Placed("coffee_cup", colours={"body": colour})]), 256, 256))
        for colour in ("#1f6f78", "#b5302a")
    )
    middle = np.s_[130:160, 110:140]
    assert teal[middle][..., 2].mean() > teal[middle][..., 0].mean() + 40
    assert red[middle][..., 0].mean() > red[middle][..., 2].mean() + 60
    assert np.allclose(teal[:40, :40], red[:40, :40])


def test_it_is_the_same_for_a_seed_and_another_for_another() -> None:
    one, again, other = (pixels(draw(cup(seed=seed), 64, 64)) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


@pytest.mark.parametrize("size", [(96, 96), (256, 256), (200, 100), (100, 200)])
def test_any_size_shows_the_same(size: tuple[int, int]) -> None:
    picture = draw(cup(), *size)
    assert picture.size == size
    usual = draw(cup(), 192, 192).resize((32, 32), Image.Resampling.BOX)
    if size[0] == size[1]:
        same = picture.resize((32, 32), Image.Resampling.BOX)
        assert np.abs(pixels(same) - pixels(usual)).mean() < 6


@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_leaves_something_to_see(mood: str) -> None:
    shown = pixels(draw(cup(mood=mood), 64, 64))
    assert 60 < shown.mean() < 240
    assert shown.std() > 8


@pytest.mark.parametrize("material", MATERIALS)
def test_every_material_can_be_table_and_wall(material: str) -> None:
    shown = draw(cup(floor=surface(material), wall=surface(material, "#c9b8d8")), 64, 64)
    assert np.isfinite(pixels(shown)).all()


def test_what_stands_before_another_hides_it() -> None:
    red, blue = ({"body": colour, "saucer": colour, "inside": colour} for colour in ("#c02020", "#2020c0"))
    behind, before = Placed("coffee_cup", (0, 1.0), 1, red), Placed("coffee_cup", (0, -1.0), 1, blue)
    one, other = (
        pixels(draw(cup(things=things), 256, 256)) for things in ([behind, before], [before, behind])
    )
    assert (one == other).all()
    middle = one[150:170, 115:140].reshape(-1, 3).mean(0)
    assert middle[2] > middle[0]


def test_a_thing_without_a_plate_is_not_drawn_as_another() -> None:
    with pytest.raises(FileNotFoundError):
        draw(cup(things=[Placed("unicorn")]), 64, 64)


def test_an_empty_table_is_a_picture_too() -> None:
    assert draw(cup(things=[]), 64, 64).size == (64, 64)


def test_there_are_plates() -> None:
    assert "coffee_cup" in plate.names()


def test_what_lies_beside_the_canvas_is_left_out() -> None:
    values = np.ones((10, 10), np.float32)
    assert placed(values, (20, 20), (30, 0), 1) is None
    part, window = placed(values, (20, 20), (15, 5), 1)
    assert part.shape == (10, 5)
    assert window == (slice(5, 15), slice(15, 20))


def test_what_is_turned_has_its_handle_on_the_other_side_and_its_light_on_the_same() -> None:
    as_baked, turned = (
        cup(things=[Placed("coffee_cup", is_turned=is_turned)]) for is_turned in (False, True)
    )
    (left, top, right, bottom), (turned_left, _, turned_right, _) = (
        boxes(each, 256, 256)[0] for each in (as_baked, turned)
    )
    assert (256 - turned_right, 256 - turned_left) == pytest.approx((left, right), abs=1)
    for asked in (as_baked, turned):
        shown = pixels(draw(asked, 256, 256)).mean(-1)
        rows = slice(int(top + 0.4 * (bottom - top)), int(top + 0.7 * (bottom - top)))
        assert shown[rows, 100:128].mean() > shown[rows, 128:156].mean()


def test_a_mirrored_picture_is_the_same_one_in_a_mirror_but_its_artwork_can_be_read() -> None:
    label = Image.new("RGBA", (64, 64), "#c000b0")
    label.paste("#00b030", (0, 0, 32, 64))  # on the left
    things = [Placed("cosmetic_set", artwork=label)]
    as_is, mirrored = (
        pixels(draw(cup(things=things, is_mirrored=is_mirrored), 256, 256)) for is_mirrored in (False, True)
    )
    assert not np.array_equal(as_is, mirrored[:, ::-1])
    for shown in (as_is, mirrored):
        is_purple = shown[..., [0, 2]].min(-1) > shown[..., 1] + 50
        is_green = shown[..., 1] > shown[..., [0, 2]].max(-1) + 50
        assert np.nonzero(is_green)[1].mean() < np.nonzero(is_purple)[1].mean() - 5
    bare = [pixels(draw(cup(is_mirrored=is_mirrored), 256, 256)) for is_mirrored in (False, True)]
    assert np.array_equal(bare[0], bare[1][:, ::-1])
