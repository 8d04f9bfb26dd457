"""The words of the starter's world: `world.json`, `phrases.json` and `nouns/` as Python values. No torch."""

import json
from pathlib import Path

HERE = Path(__file__).parent


def _read(name: str) -> dict:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


_WORLD = _read("world.json")
COLOUR_WORDS: dict[str, list[str]] = _WORLD["colour_words"]
OBJECT_WORDS: dict[str, list[str]] = _WORLD["object_words"]
TONES: dict[str, dict[str, list[str]]] = _WORLD["tones"]  # colours asked for by feel: warm, pastel, dark ...
MOODS: dict[str, dict[str, list[str]]] = _WORLD["moods"]  # cosy, elegant, playful ...
THEMES: dict[str, dict[str, list[str]]] = _WORLD["themes"]  # autumn, bakery, black friday ...
SEASON_THEMES: list[str] = _WORLD["season_themes"]  # may stand before a trade: "autumn coffee shop"
TRADE_THEMES: list[str] = _WORLD["trade_themes"]
OCCASIONS: list[str] = _WORLD["occasions"]  # sale, opening, social media post ...
CONTEXTS: list[str] = _WORLD["contexts"]  # for instagram, this weekend ...
# What is said -> ways to say it. "train": in the training's captions. "reserved": for the evaluation alone.
PHRASES: dict[str, dict[str, list[str]]] = _read("phrases.json")


def nouns(language: str) -> list[str]:
    """Concrete nouns that a shop might name, without articles, in the singular for the most part."""
    return (HERE / "nouns" / f"{language}.txt").read_text(encoding="utf-8").split("\n")[:-1]
