"""The panel asks for what the stock holds, and a sheet shows every picture with all of its prompt."""

from collections import Counter
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from bench import starter_panel
from generation.starter import stock

PANEL = starter_panel.panel()


@pytest.mark.parametrize("asked", PANEL, ids=lambda asked: asked.prompt[:30])
def test_what_is_expected_is_in_stock_and_was_said(asked: starter_panel.Asked) -> None:
    assert set(asked.things) <= set(stock.THINGS)
    assert asked.counts.keys() <= set(asked.things)
    assert asked.colours.keys() <= {*asked.things, starter_panel.GROUND, starter_panel.OTHER}
    assert asked.room in {"", *stock.ROOMS}
    assert all(name in asked.prompt for name in asked.absent)
    assert asked.note


@pytest.mark.parametrize("asked", PANEL, ids=lambda asked: asked.prompt[:30])
def test_a_colour_in_figures_stands_in_its_prompt(asked: starter_panel.Asked) -> None:
    named = [colour for colours in asked.colours.values() for colour in colours]
    assert "" not in named
    assert all(colour in asked.prompt for colour in named if colour.startswith("#"))


def test_the_panel_has_sixty_prompts_of_eight_languages_and_every_thing() -> None:
    assert len({asked.prompt for asked in PANEL}) == 60
    languages = Counter(asked.language for asked in PANEL)
    assert languages == {"en": 36, "de": 4, "fr": 4, "es": 4, "it": 3, "ar": 3, "pl": 3, "pt": 3}
    assert {thing for asked in PANEL for thing in asked.things} == set(stock.THINGS)


def test_the_campaign_is_twelve_trades_of_four_seeds() -> None:
    promotions = starter_panel.campaign()
    assert len({promotion.trade for promotion in promotions}) == 12
    assert {promotion.trade for promotion in promotions} <= set(stock.TRADES)
    assert all(len(set(promotion.seeds)) == 4 for promotion in promotions)


@pytest.mark.parametrize("asked", PANEL, ids=lambda asked: asked.prompt[:30])
def test_a_caption_is_all_of_the_prompt_in_letters_of_its_font(asked: starter_panel.Asked) -> None:
    lines = starter_panel._lines(asked.prompt)
    assert " ".join(lines) == " ".join(asked.prompt.split())
    for line in lines:
        font = starter_panel.font_of(line)
        assert font.getlength(line) <= starter_panel.CELL
        assert {ord(letter) for letter in line} <= TTFont(font.path).getBestCmap().keys()


def test_pictures_of_any_shape_stand_on_their_captions() -> None:
    page = starter_panel.sheet(
        [("one", Image.new("RGB", (900, 450), "red")), ("two", Image.new("L", (64, 64)))]
    )
    bottom = starter_panel.GAP + starter_panel.CELL - 1
    first, second = (starter_panel.GAP + (starter_panel.CELL + starter_panel.GAP) * place for place in (0, 1))
    assert page.getpixel((first + 2, bottom)) == page.getpixel((first + 2, bottom - 222)) == (255, 0, 0)
    assert page.getpixel((first + 2, bottom - 226)) != (255, 0, 0)
    assert page.getpixel((second + starter_panel.CELL // 2, bottom)) == (0, 0, 0)
    for left in (first, second):
        beneath = page.crop((left, bottom + 1, left + starter_panel.CELL, page.height))
        assert ImageChops.difference(beneath, Image.new("RGB", beneath.size, starter_panel.PAPER)).getbbox()


def test_a_row_is_as_high_as_its_longest_caption() -> None:
    picture = Image.new("RGB", (8, 8))
    short, long = (
        starter_panel.sheet([("one", picture)]),
        starter_panel.sheet([("one", picture), ("two " * 60, picture)]),
    )
    assert long.height - short.height == starter_panel.LINE * (len(starter_panel._lines("two " * 60)) - 1) > 0


def test_thirteen_pictures_are_two_sheets(tmp_path: Path) -> None:
    pictures = [(str(number), Image.new("RGB", (8, 8))) for number in range(13)]
    files = starter_panel.write_sheets(pictures, tmp_path, "panel")
    assert files == [tmp_path / "panel-1.webp", tmp_path / "panel-2.webp"]
    with Image.open(files[0]) as first, Image.open(files[1]) as second:
        assert first.height - starter_panel.GAP == 3 * (second.height - starter_panel.GAP)
