"""What was traced in some states is what is drawn in others: packed, read, put together in new colours."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.starter.baking import bake
from generation.starter.baking.packing import is_like, likeness, pack
from generation.starter.baking.states import GREY, ON_BLACK, ON_GREY, Detail, Traced
from generation.starter.baking.surfaces import ball
from generation.starter.baking.thing import GLAZE, Maker, Thing
from generation.starter.plates import coding, rig
from generation.starter.plates.plate import Plate, lit, shaded

DETAIL = Detail(120, 48, 1)
FRAME = (160, 120)
BOX = (40, 30, 120, 90)
HIGH, WIDE = 60, 80


class World:
    """Light that is linear by construction: what each colour adds is known."""

    def __init__(self) -> None:
        y, x = np.meshgrid(np.linspace(-1, 1, HIGH), np.linspace(-1, 1, WIDE), indexing="ij")
        self.alpha = (np.hypot(x, y) < 0.9) * 1.0
        self.is_main = x < 0
        self.shine, self.base = 0.1 + 0.1 * (x > 0.5), 0.6 + 0.3 * y
        self.floor_shine, self.floor_bounce = 0.05 + 0.02 * x, 0.1 + 0.05 * y
        self.mirror, self.bounce = 0.04 + 0.02 * y, 0.08 + 0.04 * x

    def seen(self, main: float, rest: float, floor: float) -> np.ndarray:
        own, other = np.where(self.is_main, main, rest), np.where(self.is_main, rest, main)
        under = self.base + floor * self.floor_bounce + other * self.bounce
        return self.shine + floor * self.floor_shine + other * self.mirror + own * under


def thing() -> Thing:
    maker = Maker(body="#804020", rim="#c0c0c0")
    maker.add(ball(1).moved(z=1), "body", GLAZE)
    maker.add(ball(0.5).moved(x=1, z=1), "rim", GLAZE)
    return maker.thing(metres=0.1)


def packed(folder: Path, artwork: np.ndarray | None = None) -> tuple[World, Plate]:
    world = World()
    masks = world.alpha[..., None] * np.stack([world.is_main, ~world.is_main], -1)
    black, grey = (np.stack([world.seen(*state) for state in states], -1) for states in (ON_BLACK, ON_GREY))
    floor = np.full((DETAIL.floor, DETAIL.floor * 4 // 3, 3), GREY * 0.5)
    lamps = rig.LAMPS
    traced = Traced(
        FRAME,
        BOX,
        masks,
        artwork,
        dict.fromkeys(lamps, black),
        dict.fromkeys(lamps, grey),
        dict.fromkeys(lamps, floor),
    )
    file = folder / "thing-high.zip"
    pack(thing(), "high", DETAIL, traced, file)
    stored = coding.read(file)
    return world, Plate(stored.facts, stored.planes)


def inside(world: World) -> np.ndarray:
    """Away from the edges of the thing and of its groups."""
    y, x = np.meshgrid(np.linspace(-1, 1, HIGH), np.linspace(-1, 1, WIDE), indexing="ij")
    return (np.hypot(x, y) < 0.75) & (np.abs(x) > 0.15)


ONE_LAMP = {"left": np.ones(3, np.float32)}


@pytest.mark.parametrize("colours", [(0.7, 0.7), (0.2, 0.6), (0.9, 0.1)])
@pytest.mark.parametrize("floor", [0.0, 0.5])
def test_new_colours_are_as_if_they_had_been_traced(
    tmp_path: Path, colours: tuple[float, float], floor: float
) -> None:
    world, plate = packed(tmp_path)
    shown = lit(plate, ONE_LAMP, np.repeat(np.array(colours)[:, None], 3, 1), np.full(3, floor, np.float32))
    main, rest = colours
    wanted = world.seen(main, rest, floor)
    # The second bounce is right at the grey at which it was traced, and near elsewhere.
    assert np.abs(shown[..., 0] - wanted)[inside(world)].max() < 0.05


def test_lamps_add_up(tmp_path: Path) -> None:
    _, plate = packed(tmp_path)
    colours, floor = np.full((2, 3), 0.5), np.full(3, 0.3, np.float32)
    one = lit(plate, ONE_LAMP, colours, floor)
    two = lit(plate, {**ONE_LAMP, "dome": np.full(3, 0.5, np.float32)}, colours, floor)
    assert np.allclose(two, 1.5 * one, atol=0.02)


def test_artwork_covers_its_label_and_is_seen_through(tmp_path: Path) -> None:
    y, x = np.meshgrid(np.linspace(1, 0, HIGH), np.linspace(0, 1, WIDE), indexing="ij")
    _, plate = packed(tmp_path, np.stack([x, y, np.ones_like(x)], -1))
    art = Image.new("RGBA", (100, 100), (255, 255, 255, 255))
    art.paste((0, 0, 0, 0), (0, 50, 100, 100))  # the lower half is clear
    colours, floor = np.full((2, 3), 0.2), np.zeros(3, np.float32)
    bare, labelled = (lit(plate, ONE_LAMP, colours, floor, artwork) for artwork in (None, art))
    assert (labelled[20, 40] > bare[20, 40] + 0.2).all()
    assert np.allclose(labelled[40, 40], bare[40, 40], atol=0.01)


def test_a_floor_in_half_the_light_is_half_as_bright(tmp_path: Path) -> None:
    """In the middle of the frame, under the thing, where what is near goes on."""
    _, plate = packed(tmp_path)
    factor = shaded(plate, {"dome": np.ones(3, np.float32)}, np.zeros((2, 3)))
    assert factor[24, 32] == pytest.approx(0.5, abs=0.05)
    assert factor[0, 0] == pytest.approx(1, abs=0.03)  # at the edge shadows have faded


def test_what_is_there_and_up_to_date_is_not_baked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(tmp_path)
    file = tmp_path / "thing-high.zip"
    assert bake.is_up_to_date(file, thing(), "high", DETAIL)
    assert not bake.is_up_to_date(file, thing(), "eye", DETAIL)
    assert not bake.is_up_to_date(file, thing(), "high", Detail(240, 48, 1))
    monkeypatch.setitem(rig.LAMPS, "left", rig.Lamp((1, 1, 1), (0, 0, 0), (1, 1)))
    assert not bake.is_up_to_date(file, thing(), "high", DETAIL)


def test_the_same_plate_is_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    packed(tmp_path)
    packed(tmp_path / "again")
    one, other = (folder / "thing-high.zip" for folder in (tmp_path, tmp_path / "again"))
    assert one.read_bytes() == other.read_bytes()


def test_the_last_bits_of_a_mesh_do_not_make_another_plate_but_a_dent_does() -> None:
    one = likeness(thing(), "high", DETAIL)
    assert is_like(one, likeness(_moved(thing(), 1 + 1e-6), "high", DETAIL))
    assert not is_like(one, likeness(_moved(thing(), 1.01), "high", DETAIL))


def _moved(whole: Thing, by: float) -> Thing:
    parts = [replace(part, mesh=part.mesh.scaled(by)) for part in whole.parts]
    return replace(whole, parts=parts)
