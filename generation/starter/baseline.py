"""What the starter is measured against: captions read by looking up words, the rest drawn from the prior.

It knows every phrase that the training uses, and binds a colour to the thing that follows it. No torch.
"""

import re
from random import Random

from . import captions
from .prior import Stated, sample
from .scene import OBJECTS, PATTERNS, Scene
from .statements import implied
from .world import COLOUR_WORDS, MOODS, OBJECT_WORDS, THEMES, TONES

GROUND_WORDS = ("background", "backdrop", "wall", "studio background")
STAND_WORDS = ("podium", "pedestal", "product stand", "plinth")
BETWEEN = r"(?:[ -]coloured)?(?: (?:round|square|stepped|scattered|falling))? "  # a colour and its thing


def draw(caption: str, rng: Random) -> Scene:
    """A scene of the prior that agrees with what is recognised in `caption`."""
    return sample(implied(parse(caption)), rng, held_out=True)


def parse(caption: str) -> Stated:
    """The attributes whose phrases stand in `caption`, longest phrase first."""
    text = caption.lower()
    stated: Stated = {}
    nouns = {"bg": list(GROUND_WORDS)}
    for attribute, phrases in _phrases().items():
        if found := _first(text, phrases):
            value, words = found
            stated[attribute] = value
            slot = {"object": "c1", "podium": "c3", "decor": "c4", "kind": "c1"}.get(attribute)
            if slot and slot not in nouns:
                nouns[slot] = [words]
    if any(re.search(rf"\b{word}\b", text) for word in STAND_WORDS):
        nouns["c3"] = list(STAND_WORDS)
        stated["podium"] = next((shape for shape in ("square", "stepped") if shape in text), "round")
    return stated | _colours(text, nouns)


def _phrases() -> dict[str, dict[str, list[str]]]:
    rooms = {side: [p.format(s=side) for p in captions.ROOM_PHRASES["side"]] for side in ("left", "right")}
    rooms |= {room: captions.ROOM_PHRASES[room] for room in ("top", "below", "middle", "center")}
    lights = {side: [p.format(s=side) for p in captions.LIGHT_PHRASES["side"]] for side in ("left", "right")}
    things = {thing: [thing, *(w.replace("{c} ", "") for w in OBJECT_WORDS[thing])] for thing in OBJECTS}
    kinds = {kind: captions.PATTERN_PHRASES.get(kind, [kind]) for kind in PATTERNS}
    return {
        "kind": kinds,
        "object": things,
        "decor": captions.DECOR_PHRASES,
        "room": rooms,
        "light": lights | {"top": captions.LIGHT_PHRASES["top"]},
        "style": captions.STYLE_PHRASES,
        "mood": {name: mood["words"] for name, mood in MOODS.items()},
        "tone": {name: tone["words"] for name, tone in TONES.items()},
        "theme": {name: theme["words"] for name, theme in THEMES.items()},
        "multicolour": {"yes": ["colourful ", "colorful ", "multicolour ", "rainbow "]},
        "direction": {"vertical": ["vertical "], "horizontal": ["horizontal "]},
    }


def _first(text: str, phrases: dict[str, list[str]]) -> tuple[str, str] | None:
    """The value with the longest phrase in `text`, and that phrase."""
    found = [(len(way), value, way) for value, ways in phrases.items() for way in ways if _says(text, way)]
    return max(found)[1:] if found else None


def _says(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase.strip())}(?!\w)", text) is not None


def _colours(text: str, nouns: dict[str, list[str]]) -> Stated:
    """Colours by slot: before the thing's noun, or after it as "in red"; "against red" is the ground."""
    stated: Stated = {}
    words = {word: name for name, ways in COLOUR_WORDS.items() for word in [name, *ways]}
    for word in sorted(words, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            if slot := _slot(text[: match.start()], text[match.end() :], nouns):
                stated.setdefault(slot, words[word])
                text = text[: match.start()] + "·" * len(word) + text[match.end() :]
                break
    return stated


def _slot(before: str, after: str, nouns: dict[str, list[str]]) -> str | None:
    for slot, ways in nouns.items():
        if re.match(rf"{BETWEEN}(?:{'|'.join(map(re.escape, ways))})\b", after):
            return slot
    if re.match(r" (?:details|accents)\b", after):
        return "c2"
    if re.search(r"\b(?:against|on|from|of) $", before):
        return "bg"
    return "c1" if re.search(r"\b(?:in|to|a) $", before) else None
