"""What the starter is judged by, prompts as shops write them, and its pictures on sheets to look over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from generation.compositor.fonts import TYPEFACES

PANEL = Path(__file__).with_name("starter_prompts.json")
CAMPAIGN = Path(__file__).with_name("starter_campaign.json")
GROUND, OTHER = "ground", "other"  # what may have colours beside the things

COLUMNS, ROWS = 4, 3  # of a sheet
CELL, GAP = 448, 32  # pixels
LETTER, LINE = 19, 26  # pixels: the size of a caption's letters, and from line to line
PAPER, INK = "#f4f4f1", "#1b1f27"
LATIN = TYPEFACES / "inter/Inter_400Regular.ttf"
ARABIC = TYPEFACES / "noto-sans-arabic/NotoSansArabic_400Regular.ttf"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A prompt, and what a person would expect of its picture."""

    prompt: str
    language: str  # two letters
    things: Sequence[str]  # of stock.THINGS
    note: str  # what the picture must show for a shop to use it
    counts: Mapping[str, int] = field(default_factory=dict)  # by thing
    colours: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by thing, GROUND or OTHER
    room: str = ""  # of stock.ROOMS; empty where no side for text is asked for
    absent: Sequence[str] = ()  # what the stock does not hold, as written


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """One line that a shop advertises with, to be drawn once of each seed."""

    trade: str  # of stock.TRADES
    prompt: str
    seeds: Sequence[int]


def panel() -> list[Asked]:
    return [Asked(**entry) for entry in json.loads(PANEL.read_text("utf-8"))]


def campaign() -> list[Promotion]:
    return [Promotion(**entry) for entry in json.loads(CAMPAIGN.read_text("utf-8"))]


def write_sheets(pictures: Sequence[tuple[str, Image.Image]], folder: Path, name: str) -> list[Path]:
    """NAME-1.webp and so on, of 12 pictures each in their order, every one with its caption beneath it."""
    files = []
    for number, some in enumerate(_parted(pictures, COLUMNS * ROWS), 1):
        files.append(folder / f"{name}-{number}.webp")
        sheet(some).save(files[-1], quality=82, method=6)
    return files


def sheet(pictures: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """RGB; rows of four cells, each row as high as its longest caption needs."""
    rows = [_row(some) for some in _parted(pictures, COLUMNS)]
    whole = Image.new("RGB", (GAP + COLUMNS * (CELL + GAP), GAP + sum(row.height for row in rows)), PAPER)
    top = GAP
    for row in rows:
        whole.paste(row, (0, top))
        top += row.height
    return whole


def _row(pictures: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    captions = [_lines(caption) for caption, _ in pictures]
    height = CELL + LINE // 2 + LINE * max(map(len, captions)) + GAP
    row = Image.new("RGB", (GAP + COLUMNS * (CELL + GAP), height), PAPER)
    pen = ImageDraw.Draw(row)
    for column, ((_, picture), lines) in enumerate(zip(pictures, captions, strict=True)):
        middle = GAP + column * (CELL + GAP) + CELL // 2
        small = _small(picture)
        row.paste(small, (middle - small.width // 2, CELL - small.height))
        for number, line in enumerate(lines):
            pen.text((middle, CELL + (number + 1) * LINE), line, INK, font_of(line), anchor="ms")
    return row


def _small(picture: Image.Image) -> Image.Image:
    small = picture.convert("RGB")
    small.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
    return small


def _lines(caption: str) -> list[str]:
    """Its words in lines no wider than a cell; a word that is wider has a line of its own."""
    font = font_of(caption)
    lines: list[str] = []
    for word in caption.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= CELL:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def font_of(text: str) -> ImageFont.FreeTypeFont:
    is_arabic = any("\u0600" <= letter <= "\u06ff" for letter in text)
    return ImageFont.truetype(ARABIC if is_arabic else LATIN, LETTER)


def _parted(
    pictures: Sequence[tuple[str, Image.Image]], size: int
) -> Iterator[Sequence[tuple[str, Image.Image]]]:
    return (pictures[at : at + size] for at in range(0, len(pictures), size))
