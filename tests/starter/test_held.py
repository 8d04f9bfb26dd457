"""What a prompt asks for, as tokens that are held."""

from random import Random

import pytest

from generation.starter import taste
from generation.starter.colours import MEAN, distance, of_hex
from generation.starter.held import Held, held
from generation.starter.plates import plate
from generation.starter.reading.wish import Wanted, Wish
from generation.starter.scene import CATEGORIES, COLOURS


def of(**asked: object) -> Held:
    return held(Wish(**asked), Random(1))  # type: ignore[arg-type]


def test_exactly_the_things_that_are_asked_for() -> None:
    values = of(things=(Wanted("coffee_cup", "cups", 2), Wanted("croissant", "a croissant"))).values
    placed = [values[place] for place in ("thing", "second", "third")]
    assert placed == ["coffee_cup", "coffee_cup", "croissant"]
    alone = of(things=(Wanted("candle", "a candle"),)).values
    assert (alone["thing"], alone["second"], alone["third"]) == ("candle", "none", "none")
    assert alone["kind"] == "still life"


def test_what_cannot_be_drawn_is_not_replaced() -> None:
    values = of(unknown=("a dog",), occasion="christmas").values
    assert values["kind"] == "still life"
    assert values["thing"] == "none"


def test_nothing_said_is_a_backdrop() -> None:
    assert of().values["thing"] == "none"


def test_a_trade_brings_a_thing_of_its_own() -> None:
    for trade, brings in taste.TRADES.items():
        drawn = [thing for thing in brings["things"] if plate.cameras(thing)]
        assert of(trade=trade).values["thing"] in (drawn or ["none"])


def test_a_colour_is_held_where_it_was_said() -> None:
    found = of(
        things=(
            Wanted("coffee_cup", "cup", colour="red", second="white"),
            Wanted("bag", "bag", colour="navy"),
        ),
        wall_colour="#0f766e",
    )
    assert found.values["tint"] == "c1"
    assert found.values["second tint"] == "c5"
    assert distance(found.colours["c1"], MEAN["red"]) < 0.08
    assert distance(found.colours["c2"], MEAN["white"]) < 0.08
    assert distance(found.colours["c5"], MEAN["navy"]) < 0.08
    assert found.colours["bg"] == of_hex("#0f766e")
    assert found.values["wall"] == "none", "a ground of one colour"


def test_a_wall_behind_a_table_is_a_wall() -> None:
    found = of(things=(Wanted("jar", "jar"),), floor="wood", wall_colour="navy")
    assert found.values["floor"] == "wood"
    assert found.values["wall"] == "plain"
    assert "bg" not in found.colours, "wood has its own"
    assert found.values["camera"] != "above", "which would not see it"


@pytest.mark.parametrize("thing", ["coffee_cup", "croissant", None])
@pytest.mark.parametrize("floor", [None, "wood", "terrazzo", "plain"])
def test_every_colour_of_a_palette_is_seen_somewhere(thing: str | None, floor: str | None) -> None:
    things = (Wanted(thing, thing),) if thing else ()
    found = of(things=things, palette=("#0f766e", "#ffcc00"), floor=floor)
    assert sorted(found.colours.values()) == sorted([of_hex("#0f766e"), of_hex("#ffcc00")])
    shown_by = {"c1": ("tint", "c1"), "c4": ("decor", "disc"), "wall colour": ("wall", "plain")}
    for slot in found.colours:
        name, value = shown_by.get(slot, ("kind", "still life"))
        assert found.values[name] == value


def test_a_pattern_is_held_with_its_colours() -> None:
    found = of(pattern="confetti", is_multicolour=True, is_flat=True, palette=("navy", "gold"))
    assert found.values | {"kind": "confetti", "multicolour": "yes", "style": "flat"} == found.values
    assert set(found.colours) == {"bg", "c1"}


def test_all_that_is_held_is_of_a_scene() -> None:
    found = of(
        things=(Wanted("bag", "bag", 3),), floor="marble", floor_colour="pink", wall="tiles",
        wall_colour="white", stage="round", stage_colour="red", decor="arch", decor_colour="gold",
        scatter="petals", scatter_colour="red", room="left", side="right", light="evening", camera="high",
        feeling="cosy", tone="warm", occasion="easter", trade="fashion",
    )  # fmt: skip
    assert all(value in CATEGORIES[name] for name, value in found.values.items())
    assert set(found.colours) <= set(COLOURS)
    said = {"floor": "marble", "wall": "tiles", "stage": "round", "decor": "arch", "scatter": "petals"}
    said |= {"room": "left", "side": "right", "light": "evening", "camera": "high", "feeling": "cosy"}
    assert said.items() <= found.values.items()
