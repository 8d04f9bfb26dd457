"""The words of the starter's world: `world.json` as Python values. No torch."""

import json
from pathlib import Path

WORLD = json.loads(Path(__file__).with_name("world.json").read_text())
COLOUR_WORDS: dict[str, list[str]] = WORLD["colour_words"]
OBJECT_WORDS: dict[str, list[str]] = WORLD["object_words"]
TONES: dict[str, dict[str, list[str]]] = WORLD["tones"]  # colours asked for by feel: warm, pastel, dark ...
MOODS: dict[str, dict[str, list[str]]] = WORLD["moods"]  # cosy, elegant, playful ...
THEMES: dict[str, dict[str, list[str]]] = WORLD["themes"]  # autumn, bakery, black friday ...
SEASON_THEMES: list[str] = WORLD["season_themes"]  # may stand before a trade: "autumn coffee shop"
TRADE_THEMES: list[str] = WORLD["trade_themes"]
OCCASIONS: list[str] = WORLD["occasions"]  # sale, opening, social media post ...
