"""A prompt read chunk by chunk into notes."""

from functools import lru_cache

from ..stock import SEVERAL
from .chunks import Chunk, chunks_of
from .heads import Head, heads_of, is_colour, part_of
from .items import Item, read_items
from .notes import Notes, coloured
from .plurals import is_plural
from .spelling import words_of
from .telling import PLAIN, told
from .wish import Wanted, Wish

PLACED = ("stages", "decors", "scatters")
REMEMBERED = 512  # prompts
IN_NUMBERS = frozenset(SEVERAL) - {"books_with_pencils"}  # which are several as they are
PLENTY = 3  # of those, when they are said in the plural


@lru_cache(maxsize=REMEMBERED)
def read(prompt: str) -> Wish:
    """What `prompt` asks for, in any of the languages of `lexicon.LANGUAGES`, clause by clause."""
    words = words_of(prompt)
    notes = Notes(prompt, words)
    for items in read_items(words):
        notes.last = ""
        _note_room(items, notes)
        for chunk in chunks_of(items):
            if not chunk.is_negated:
                _note(chunk, notes)
    return told(notes)


def _note_room(items: list[Item], notes: Notes) -> None:
    """ "oben bitte Platz für Text": where the words for room and for its place stand apart in a clause."""
    place = next((item for item in items if item.is_("places")), None)
    if place and any(item.is_("text room") for item in items):
        notes.say("rooms", place.senses["places"][0], place.start, place.end)


def _note(chunk: Chunk, notes: Notes) -> None:
    _note_plain(chunk, notes)
    heads = heads_of(chunk, notes)
    is_about_last = chunk.role == "of" and bool(heads)
    if is_about_last and notes.last == "things":
        notes.colour(("things",), [colour for head in heads for colour in head.colours])
        return
    if is_about_last and notes.last == "unknown":
        heads = _of_unknown(heads, notes)
    for head in heads:
        _note_head(head, chunk, notes)
    if not heads:
        _note_loose(chunk, notes)
        notes.last = "" if chunk.role in ("", "and") else notes.last


def _note_plain(chunk: Chunk, notes: Notes) -> None:
    for item, after in zip(chunk.items, [*chunk.items[1:], None], strict=True):
        is_shade = after is not None and after.is_("colours", "unknown")  # "dark beer"
        for attribute, values in item.senses.items():
            if attribute in ("flat", "multicolour"):
                notes.say(attribute, attribute, item.start, item.end)
            elif attribute in PLAIN and not (is_shade and attribute in ("tones", "lights")):
                notes.say(attribute, values[0], item.start, item.end)


def _of_unknown(heads: list[Head], notes: Notes) -> list[Head]:
    """ "a plate of croissants" is croissants, "a plate of spaghetti" is one unknown thing."""
    start, _ = notes.unknown[-1]
    if any("things" in head.attributes for head in heads):
        notes.unknown.pop()
    elif "unknown" in heads[0].attributes:
        notes.unknown[-1] = start, heads[0].item.end
        return heads[1:]
    return heads


def _note_head(head: Head, chunk: Chunk, notes: Notes) -> None:
    item = head.item
    if "things" in head.attributes:
        _note_thing(head, chunk, notes)
    elif "part" in head.attributes:
        notes.second(part_of(item, notes), head.colours)
        return
    elif "unknown" in head.attributes:
        notes.unknown.append((item.start, item.end))
    else:
        for attribute in head.attributes:
            if attribute in item.senses:
                note = notes.place if attribute in PLACED else notes.say
                note(attribute, item.senses[attribute][0], item.start, item.end)
        if "patterns" in head.attributes:
            notes.pattern = notes.pattern or notes.text(item.start, item.end)
        notes.colour(head.attributes, head.colours)
    notes.last = head.attributes[-1]


def _note_thing(head: Head, chunk: Chunk, notes: Notes) -> None:
    said = notes.text(head.item.start, head.item.end)
    count = _unnumbered(head.item, notes)
    for before in reversed(chunk.items[: head.at]):
        if before.is_("things", "unknown"):
            break
        if before.is_("numbers"):
            count = int(before.senses["numbers"][0])
            notes.numbered[said] = notes.text(before.start, head.item.end)
            break
    thing, left = coloured(Wanted(head.item.senses["things"][0], said, count), head.colours)
    notes.want(thing)
    notes.palette += left


def _unnumbered(item: Item, notes: Notes) -> int:
    """How many are meant where no number is said: "croissants" are more than one."""
    phrase = tuple(word.text for word in notes.words[item.start : item.end])
    in_numbers = item.senses["things"][0] in IN_NUMBERS and is_plural(phrase, item.language)
    return PLENTY if in_numbers else 1


def _note_loose(chunk: Chunk, notes: Notes) -> None:
    """Colours without a noun: "on white", "in red and gold"."""
    colours = [item.senses["colours"][0] for at, item in enumerate(chunk.items) if is_colour(chunk, at)]
    if chunk.role in ("before", "on"):
        notes.colour(("walls" if chunk.role == "before" else "floors",), colours)
    elif chunk.role == "with" and notes.last == "things":
        notes.second(-1, colours)
    elif chunk.role in ("in", "of") or (chunk.role in ("linking", "and") and notes.last == "patterns"):
        notes.colour((notes.last,), colours)
    else:
        notes.palette += colours
