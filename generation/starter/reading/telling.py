"""Notes told as a wish: what has no room, or no place beside the rest, is left out and named."""

from dataclasses import replace

from ..stock import MOST_THINGS
from .notes import COLOURED, Notes
from .spelling import folded
from .wish import Wanted, Wish

PLAIN = {
    "trades": "trade", "occasions": "occasion", "rooms": "room", "sides": "side", "lights": "light",
    "cameras": "camera", "feelings": "feeling", "tones": "tone", "directions": "direction",
}  # fmt: skip
FIELDS = PLAIN | dict(zip(COLOURED, ("floor", "wall", "stage", "decor", "scatter", "pattern"), strict=True))
SHARED = ("scatters", "walls")  # some of their values are patterns too: confetti, bokeh


def told(notes: Notes) -> Wish:
    values = {attribute: value for attribute, (_, value) in notes.values.items()}
    things, unheeded = _pieces(notes.things, notes.numbered)
    has_subject = bool(things or notes.unknown or "stages" in values)
    if has_subject and "patterns" in values and not any(name in values for name in SHARED):
        unheeded += (notes.pattern,)
    unheeded += tuple(notes.unheeded)
    dropped = {"patterns"} if has_subject else _twice_said(values)
    stated = {FIELDS[name]: value for name, value in values.items() if name in FIELDS.keys() - dropped}
    colours = {FIELDS[name]: colour for name, colour in notes.colours.items() if name not in dropped}
    return Wish(
        things=things,
        unknown=_unknown(notes),
        unheeded=unheeded,
        palette=tuple(dict.fromkeys(notes.palette)),
        is_flat="flat" in values,
        is_multicolour="multicolour" in values,
        **stated,
        **{f"{name}_colour": colour for name, colour in colours.items()},
    )


def _twice_said(values: dict[str, str]) -> set[str]:
    """Where nothing stands in the picture, confetti is the pattern of it, and nothing lies about."""
    return {name for name in SHARED if "patterns" in values and values.get(name) == values["patterns"]}


def _pieces(wanted: list[Wanted], numbered: dict[str, str]) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """One of each first, then as many as there is room for; and as they were said, what has none."""
    left = MOST_THINGS - len(wanted[:MOST_THINGS])
    heeded, unheeded = [], []
    for thing in wanted[:MOST_THINGS]:
        count = min(thing.count, 1 + left)
        left -= count - 1
        heeded.append(replace(thing, count=count))
        if count < thing.count and thing.said in numbered:
            unheeded.append(numbered[thing.said])
    return tuple(heeded), (*unheeded, *(thing.said for thing in wanted[MOST_THINGS:]))


def _unknown(notes: Notes) -> tuple[str, ...]:
    """Each once: "dogs" and "dog" are one."""
    found: dict[str, str] = {}
    for start, end in notes.unknown:
        text = notes.text(start, end)
        found.setdefault(folded(text).removesuffix("s"), text)
    return tuple(found.values())
