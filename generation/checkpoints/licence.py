"""Under which licence a checkpoint says it comes: its model card's first lines, else its licence file."""

import re
from pathlib import Path

NOT_STATED = "not stated"
LONGEST = 120
LOOKED_AT = 64 * 1024


def licence_of(folder: Path) -> str:
    """What is stated, in at most 120 characters, or "not stated". A statement, not legal advice."""
    card = _start(folder / "README.md") or _start(folder / "MODEL_CARD.md")
    if front := re.match(r"---\s*\n(.*?)\n---", card, re.DOTALL):
        stated = {
            key: value.strip("\"' ")
            for key, value in re.findall(r"^(license\w*):[ \t]*(\S.*)$", front[1], re.M)
        }
        # "other" means that the name is given apart.
        name = stated.get("license_name") if stated.get("license") in (None, "other") else stated["license"]
        if name:
            return _line(name)
    for path in sorted(folder.glob("LICEN[SC]E*")):
        lines = [line.strip() for line in _start(path).splitlines() if line.strip()]
        if lines:
            return _line(lines[0])
    return NOT_STATED


def _start(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(LOOKED_AT).decode("utf-8", "replace")


def _line(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:LONGEST]
