"""How much of what unseen prompts state the starter's reader hears, attribute by attribute.

The prompts were written in eight languages by somebody who had not seen its lists of words. What it once
failed at was mended, so that of these very prompts it hears more today than it will of the next ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.harness import Cell, Result, Target
from generation.starter.reading import Wish, read

UNSEEN = Path(__file__).with_name("starter_unseen.json")
PLAIN = (
    "occasion", "trade", "floor", "wall", "stage", "decor", "scatter", "room", "side", "light", "camera",
    "feeling",
)  # fmt: skip
TARGETS = (Target("read", "what 160 unseen prompts state, read as stated", 97, " %"),)


def measure(result: Result) -> None:
    """Into `result`, by the keys of TARGETS."""
    heard: dict[str, list[bool]] = {}
    for asked in json.loads(UNSEEN.read_text("utf-8")):
        for attribute, _, is_heard in stated(asked, read(asked["prompt"])):
            heard.setdefault(attribute, []).append(is_heard)
    whole = [each for some in heard.values() for each in some]
    result.measured["read"] = 100 * sum(whole) / len(whole)
    for attribute, some in heard.items():
        result.cells.append(
            Cell(f"unseen prompts: {attribute}", "read", "of 1", (sum(some) / len(some),), f"{len(some)}")
        )


def stated(asked: dict[str, Any], wish: Wish) -> Iterator[tuple[str, object, bool]]:
    """Each attribute that a prompt states, what it states, and whether it was read."""
    things = {each.thing: each for each in wish.things}
    for thing in asked.get("things", ()):
        yield "things", thing, thing in things
    for thing, count in asked.get("counts", {}).items():
        is_told = any(thing in things and things[thing].said in each for each in wish.unheeded)
        yield "counts", count, is_told or (thing in things and things[thing].count == min(count, 3))
    for what, colour in asked.get("colours", {}).items():
        yield "colours", colour, colour in _colours_of(what, wish)
    for attribute in PLAIN:
        if attribute in asked:
            yield attribute, asked[attribute], _read(attribute, wish) == asked[attribute]
    told = " ".join((*wish.unknown, *wish.unheeded)).casefold()
    for words in asked.get("absent", ()):
        yield "absent", words, any(word in told for word in words.casefold().split() if len(word) > 2)
    if not asked.get("things"):
        yield "nothing else", (), not wish.things


def _read(attribute: str, wish: Wish) -> object:
    is_of_one_colour = attribute == "wall" and wish.wall is None and wish.wall_colour
    return "plain" if is_of_one_colour else getattr(wish, attribute)


def _colours_of(what: str, wish: Wish) -> set[str | None]:
    if what == "ground":
        return {wish.floor_colour, wish.wall_colour, *wish.palette}
    return {colour for each in wish.things if each.thing == what for colour in (each.colour, each.second)} | {
        *wish.palette
    }
