"""Lists in sections: "[name]" begins one, and a line of it may name others in {braces}."""

import re
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

Sections = dict[str, list[str]]
SLOT = re.compile(r"\{(\w+)\}")


class Piece(NamedTuple):
    """Words of a prompt; `chosen` from the section of a term, not written in the template."""

    text: str
    chosen: bool


def sections(lines: Iterable[str]) -> Sections:
    found: Sections = {}
    for line in lines:
        if line.startswith("["):
            found[line.strip("[]")] = current = []
        else:
            current.append(line)
    return found


def filled(template: str, lists: Sections, chance: Random) -> str:
    """The template with a line of its section for every slot, and for the slots of that line."""
    while SLOT.search(template):
        template = SLOT.sub(lambda found: chance.choice(lists[found.group(1)]), template)
    return template


def pieces(template: str, lists: Sections, chance: Random, ordinary: Iterable[str] = ()) -> list[Piece]:
    """The template filled, in pieces; the slots named `ordinary` hold nothing that anybody would hide."""
    parts = SLOT.split(template)  # text, slot, text, slot, text
    made = [
        Piece(filled(f"{{{part}}}", lists, chance), part not in ordinary) if at % 2 else Piece(part, False)
        for at, part in enumerate(parts)
    ]
    return [piece for piece in made if piece.text]
