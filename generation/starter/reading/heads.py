"""What a chunk is about: its nouns that count, each with the colours that belong to it."""

from dataclasses import dataclass, field, replace

from .chunks import Chunk
from .items import Item
from .notes import Notes
from .wish import Colour

COLOUR_LAST = frozenset({"fr", "es", "it", "ar", "pt"})  # languages in which a colour follows its noun
KIND_FIRST = frozenset({"en"})  # in which a noun that tells the kind comes first: "chocolate cake"
ABOUT_LAST = ("with", "in", "of")  # roles of what belongs to the thing before


@dataclass
class Head:
    """attributes: all that it may mean here, "part" among them; at: where in the chunk."""

    at: int
    item: Item
    attributes: tuple[str, ...]
    colours: list[Colour] = field(default_factory=list)


def heads_of(chunk: Chunk, notes: Notes) -> list[Head]:
    """In order; none that only tells of which kind another one is."""
    found = []
    for at, item in enumerate(chunk.items):
        if not is_colour(chunk, at) and (attributes := _attributes(item, chunk, notes)):
            found.append(Head(at, item, attributes))
    found = _without_kinds([head for head in _merged(found) if not _is_for(head, chunk, notes)])
    for at, item in enumerate(chunk.items):
        if found and is_colour(chunk, at):
            _owner(found, at, item).colours.append(item.senses["colours"][0])
    return found


def is_colour(chunk: Chunk, at: int) -> bool:
    """ "rose" is one in "une tasse rose", and none in "une rose"."""
    item = chunk.items[at]
    if not item.is_("colours") or not item.is_("things", "stages", "decors", "scatters"):
        return item.is_("colours")
    others = [other for other in chunk.items if other is not item and other.is_("things")]
    return bool(others) or not chunk.has("articles", "numbers")


def part_of(item: Item, notes: Notes) -> int:
    """Of which of the things said it is a part, the last of them first; -1 for none."""
    owners = item.senses.get("parts", ())
    return max((at for at, thing in enumerate(notes.things) if thing.thing in owners), default=-1)


def _attributes(item: Item, chunk: Chunk, notes: Notes) -> tuple[str, ...]:
    is_part = part_of(item, notes) >= 0
    if is_part and chunk.role in ABOUT_LAST:
        return ("part",)
    if item.is_("things"):
        return ("things",)
    if item.is_("floors", "walls", "floor nouns", "wall nouns"):
        return _surface(item, chunk, notes)
    if item.is_("stages", "decors"):
        return tuple(name for name in ("stages", "decors") if item.is_(name))[:1]
    if item.is_("scatters"):
        return ("scatters", "patterns") if item.is_("patterns") else ("scatters",)
    if item.is_("patterns"):
        return () if chunk.has("things") else ("patterns",)
    if is_part:
        return ("part",)
    return ("unknown",) if item.is_("unknown", "people") else ()


def _is_for(head: Head, chunk: Chunk, notes: Notes) -> bool:
    """ "gift for dad": nobody asks to see him."""
    is_strange = chunk.role == "for" and "unknown" in head.attributes
    return is_strange and (head.item.is_("people") or notes.last == "things")


def _surface(item: Item, chunk: Chunk, notes: Notes) -> tuple[str, ...]:
    """Whether a material or a word such as "table" tells of the floor, of what is behind, or of no one."""
    is_noun = item.is_("floor nouns", "wall nouns")
    if not is_noun and _is_material_of_thing(chunk, notes):
        return ()
    wanted = "walls" if _is_behind(chunk, notes) else "floors"
    if not is_noun and not item.is_(wanted):
        wanted = "floors" if wanted == "walls" else "walls"
    return (wanted, "patterns") if item.is_("patterns") else (wanted,)


def _is_behind(chunk: Chunk, notes: Notes) -> bool:
    if chunk.has("floor nouns", "wall nouns"):
        return chunk.has("wall nouns")
    return chunk.role == "before" or (chunk.role in ("in", "of") and notes.last == "walls")


def _is_material_of_thing(chunk: Chunk, notes: Notes) -> bool:
    """ "a wooden box", "bolsa de lino"."""
    if chunk.has("floor nouns", "wall nouns"):
        return False
    if chunk.role in ("in", "of") and notes.last in ("things", "unknown", "stages"):
        return True
    return chunk.role not in ("on", "before") and chunk.has("things", "unknown", "stages")


def _merged(heads: list[Head]) -> list[Head]:
    """Unknown words side by side are one thing, in English with what is in stock before them: "cake pan"."""
    merged: list[Head] = []
    for head in heads:
        before = merged[-1] if merged else None
        if before and "unknown" in head.attributes and _may_join(before, head):
            item = replace(head.item, start=before.item.start)
            merged[-1] = Head(before.at, item, ("unknown",))
        else:
            merged.append(head)
    return merged


def _may_join(before: Head, head: Head) -> bool:
    if before.item.end != head.item.start or before.item.language != head.item.language:
        return False
    is_kind = "things" in before.attributes and head.item.language in KIND_FIRST
    return is_kind or "unknown" in before.attributes


def _without_kinds(heads: list[Head]) -> list[Head]:
    things = [head.item for head in heads if "things" in head.attributes]
    starts = {thing.start for thing in things}
    return [head for head in heads if not things or not _is_kind(head, things[0], things[-1], starts)]


def _is_kind(head: Head, first: Item, last: Item, starts: set[int]) -> bool:
    """Whether it only tells of which kind a thing in stock is. first, last, starts: of those in its chunk."""
    is_first = head.item.language in KIND_FIRST
    if "unknown" in head.attributes:
        return head.item.start < last.start if is_first else head.item.start > first.start
    return "things" in head.attributes and is_first and head.item.end in starts


def _owner(heads: list[Head], at: int, colour: Item) -> Head:
    """The noun that a colour at `at` belongs to."""
    after = [head for head in heads if head.at > at]
    before = [head for head in reversed(heads) if head.at < at]
    nearest = before + after if colour.language in COLOUR_LAST else after + before
    return nearest[0]
