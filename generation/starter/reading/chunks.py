"""A clause cut where a preposition, an "and" or a verb stands: each piece tells of one place."""

from dataclasses import dataclass, field

from .items import NOUNS, Item

ROLES = ("before", "on", "with", "in", "of", "for", "linking")  # for a word of several, the first
PLACING = ("before", "on", "with", "in")  # prepositions that a partitive article may follow


@dataclass
class Chunk:
    """role: of ROLES, "and", or "" for the beginning of a clause."""

    role: str = ""
    is_negated: bool = False
    items: list[Item] = field(default_factory=list)

    def has(self, *attributes: str) -> bool:
        return any(item.is_(*attributes) for item in self.items)


def chunks_of(items: list[Item]) -> list[Chunk]:
    chunks = [Chunk()]
    for at, item in enumerate(items):
        if item.is_("negations"):
            chunks.append(Chunk(chunks[-1].role, is_negated=True))
        elif item.is_("and"):
            if not _joins_colours(items, at):
                chunks.append(Chunk("and", _is_still_negated(chunks[-1], items, at)))
        elif role := _role(item):
            if not (role == "of" and at and items[at - 1].is_("numbers")):
                _open(chunks, role)
        else:
            chunks[-1].items.append(item)
    return [chunk for chunk in chunks if chunk.items]


def _open(chunks: list[Chunk], role: str) -> None:
    """Two prepositions side by side are one: "standing on", "sur du". A negation reaches over its
    preposition.
    """
    if role == "of" and not chunks[-1].items and chunks[-1].role in PLACING:
        return
    if chunks[-1].items or not chunks[-1].is_negated:
        chunks.append(Chunk(role))


def _role(item: Item) -> str:
    if item.is_(*NOUNS, "colours"):
        return ""
    return next((role for role in ROLES if item.is_(role)), "")


def _joins_colours(items: list[Item], at: int) -> bool:
    """Whether it is the "and" of "red and gold"."""
    after = [item for item in items[at + 1 : at + 3] if not item.is_("articles")]
    return bool(at and after) and items[at - 1].is_("colours") and after[0].is_("colours")


def _is_still_negated(chunk: Chunk, items: list[Item], at: int) -> bool:
    """ "no cake and candle", and not "no cake and a candle"."""
    return chunk.is_negated and not any(item.is_("articles", "numbers") for item in items[at + 1 : at + 2])
