"""Taste: what goes with what, as `taste.json` has it. No torch.

things: the cameras, floors, grounds, colours ... that suit each; a value that stands there twice is twice as
likely. trades, occasions, feelings, tones: what each brings along. scattered: the colours of what lies
around. natural: those of materials that nobody dyes.
"""

import json
from pathlib import Path
from typing import Any

TASTE: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("taste.json").read_text())
THINGS: dict[str, dict[str, list[str]]] = TASTE["things"]
TRADES: dict[str, dict[str, list[str]]] = TASTE["trades"]
OCCASIONS: dict[str, dict[str, list[str]]] = TASTE["occasions"]
FEELINGS: dict[str, dict[str, list[str]]] = TASTE["feelings"]
TONES: dict[str, dict[str, list[str]]] = TASTE["tones"]
SCATTERED: dict[str, list[str]] = TASTE["scattered"]
NATURAL: dict[str, list[str]] = TASTE["natural"]
