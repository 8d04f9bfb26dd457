"""What has been read so far."""

from dataclasses import dataclass, field, replace

from .spelling import Word
from .wish import Colour, Wanted

WEAK = frozenset({("occasions", "sale"), ("occasions", "opening")})  # of two occasions, it is the other
COLOURED = ("floors", "walls", "stages", "decors", "scatters", "patterns")

IN_VESSELS = ("potted_plant", "candle")  # have their main colour from what they are in


@dataclass
class Notes:
    """things: with as many as were said; unknown: where each stands among the words; numbered: of a thing as
    it was said, the same with its number; values: of each attribute the one said in the most words, with
    their number; colours: of the attributes in COLOURED; pattern: as it was written; last: what a
    phrase after it speaks of, an attribute, "things", "unknown" or "".
    """

    prompt: str
    words: list[Word]
    things: list[Wanted] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)
    numbered: dict[str, str] = field(default_factory=dict)
    palette: list[Colour] = field(default_factory=list)
    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    colours: dict[str, Colour] = field(default_factory=dict)
    unheeded: list[str] = field(default_factory=list)
    pattern: str = ""
    last: str = ""

    def text(self, start: int, end: int) -> str:
        """words[start:end] as they are written."""
        return self.prompt[self.words[start].start : self.words[end - 1].end]

    def say(self, attribute: str, value: str, start: int, end: int) -> None:
        """As words[start:end]."""
        size = 0 if (attribute, value) in WEAK else end - start
        if size > self.values.get(attribute, (-1, ""))[0]:
            self.values[attribute] = size, value

    def place(self, attribute: str, value: str, start: int, end: int) -> None:
        """Something to draw, of which there is one: the first."""
        if attribute not in self.values:
            self.values[attribute] = end - start, value
        elif self.values[attribute][1] != value:
            self.unheeded.append(self.text(start, end))

    def colour(self, attributes: tuple[str, ...], colours: list[Colour]) -> None:
        """Of attributes in COLOURED, or of the last thing, or of nothing."""
        left = colours
        if "things" in attributes and self.things:
            self.things[-1], left = coloured(self.things[-1], colours)
        for attribute in attributes:
            if attribute in COLOURED and colours and attribute not in self.colours:
                self.colours[attribute] = colours[0]
                left = colours[1:]
        self.palette += left

    def second(self, at: int, colours: list[Colour]) -> None:
        """Of the thing at `at`: its saucer, its ribbon."""
        if colours:
            thing = self.things[at]
            is_main = thing.thing in IN_VESSELS and thing.colour is None
            main, second = (colours[0], thing.second) if is_main else (thing.colour, colours[0])
            self.things[at] = replace(thing, colour=main, second=second)
            self.palette += colours[1:]

    def want(self, thing: Wanted) -> None:
        """At the end of `things`, so that what follows speaks of it. The same said twice is one."""
        for at, known in enumerate(self.things):
            if known.thing == thing.thing and None in (known.colour, thing.colour):
                del self.things[at]
                thing = replace(
                    known,
                    count=max(known.count, thing.count),
                    colour=known.colour or thing.colour,
                    second=known.second or thing.second,
                )
                break
        self.things.append(thing)


def coloured(thing: Wanted, colours: list[Colour]) -> tuple[Wanted, list[Colour]]:
    """With what it has no colour for yet, and the colours left over."""
    for colour in list(colours):
        if thing.colour is None:
            thing, colours = replace(thing, colour=colour), colours[1:]
        elif thing.second is None:
            thing, colours = replace(thing, second=colour), colours[1:]
    return thing, colours
