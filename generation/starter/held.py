"""What a prompt asks for as tokens of a scene: held in every picture, whatever becomes of the rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from . import colours, taste
from .colours import OKLab
from .plates import plate
from .prior import FLAT_THINGS
from .reading.wish import Colour, Wish
from .scene import NAME_OF, NONE, PLACES
from .stock import MOST_THINGS

PATTERNED = 0.25  # of pictures for a season that name no thing
SEASONED = 0.7  # of those that do, where what lies around tells of it


@dataclass(slots=True)
class Held:
    """values: of CATEGORIES; colours: of COLOURS, those that are held alone."""

    values: dict[str, str] = field(default_factory=dict)
    colours: dict[str, OKLab] = field(default_factory=dict)

    @property
    def choices(self) -> dict[str, str]:
        """All of CATEGORIES that are held: its values, and what its colours are called."""
        names = {NAME_OF[slot]: colours.nearest(colour) for slot, colour in self.colours.items()}
        return self.values | names


def held(wish: Wish, rng: Random) -> Held:
    """rng: for what the words leave open but are not to leave to the model: which of a trade's things, and
    which of the colours that people call by a name.
    """
    found = Held({"style": "photo"})
    _what_it_is_for(wish, found)
    if wish.pattern and not wish.things:
        _pattern(wish, found, rng)
    else:
        _things(wish, found, rng)
        _set(wish, found, rng)
    _palette(wish, found, rng)
    return found


def _what_it_is_for(wish: Wish, found: Held) -> None:
    said = {"feeling": wish.feeling, "tone": wish.tone, "occasion": wish.occasion, "trade": wish.trade}
    # What nobody asked for is not made up: no other shop's colours, no other feast's.
    found.values |= {name: value or NONE for name, value in said.items() if value or name != "tone"}
    if wish.room:
        found.values["room"] = wish.room


def _pattern(wish: Wish, found: Held, rng: Random) -> None:
    assert wish.pattern is not None
    found.values |= {"kind": wish.pattern, **dict.fromkeys(PLACES, NONE)}
    found.values["style"] = "flat" if wish.is_flat else "photo"
    found.values["multicolour"] = "yes" if wish.is_multicolour else "no"
    if wish.direction:
        found.values["direction"] = wish.direction
    if ground := wish.wall_colour or wish.floor_colour:
        found.colours["bg"] = _colour(ground, rng)
    if wish.pattern_colour:
        found.colours["c1"] = _colour(wish.pattern_colour, rng)


def _things(wish: Wish, found: Held, rng: Random) -> None:
    things = [each.thing for each in wish.things for _ in range(each.count)][:MOST_THINGS]
    if not things and wish.trade:
        drawn = [thing for thing in taste.TRADES[wish.trade]["things"] if plate.cameras(thing)]
        things = [rng.choice(drawn)] if drawn else []
    if not things and wish.occasion and not wish.unknown:
        found.values |= _of_the_season(wish.occasion, rng)
        return
    found.values["kind"] = "still life"
    found.values |= dict(zip(PLACES, [*things, NONE, NONE, NONE], strict=False))
    if wish.is_flat and len(things) == 1 and things[0] in FLAT_THINGS:
        found.values |= {"style": "flat", "tint": "c1"}
    if wish.things:
        _tints(wish, found, rng)


def _of_the_season(occasion: str, rng: Random) -> dict[str, str]:
    """One of its things among what is scattered then, or at times a pattern."""
    suits = taste.OCCASIONS[occasion]
    drawn = [thing for thing in suits["things"] if plate.cameras(thing)]
    if not drawn or rng.random() < PATTERNED:
        return {"kind": rng.choice(suits["patterns"]), **dict.fromkeys(PLACES, NONE)}
    found = {"kind": "still life", "thing": rng.choice(drawn), "second": NONE, "third": NONE}
    return found | {"scatter": rng.choice(suits["scatters"])}


def _tints(wish: Wish, found: Held, rng: Random) -> None:
    first = wish.things[0]
    if first.colour:
        found.values["tint"] = "c1"
        found.colours["c1"] = _colour(first.colour, rng)
        if first.second:
            found.colours["c2"] = _colour(first.second, rng)
    others = [each for each in wish.things[1:] if each.colour]
    if others and others[0].colour:
        found.values["second tint"] = "c5"
        found.colours["c5"] = _colour(others[0].colour, rng)


def _set(wish: Wish, found: Held, rng: Random) -> None:
    """The floor, what is behind, and the light."""
    said = {
        "camera": wish.camera, "light": wish.light, "side": wish.side, "floor": wish.floor, "wall": wish.wall,
        "stage": wish.stage, "decor": wish.decor, "scatter": wish.scatter,
    }  # fmt: skip
    found.values |= {name: value for name, value in said.items() if value}
    if wish.occasion and not wish.scatter and rng.random() < SEASONED:
        found.values["scatter"] = rng.choice(taste.OCCASIONS[wish.occasion]["scatters"])
    if wish.wall_colour and not (wish.wall or wish.floor or wish.floor_colour):
        # A ground of one colour: the floor bends up to it.
        found.values |= {"floor": "plain", "wall": NONE}
        found.colours["bg"] = _colour(wish.wall_colour, rng)
    elif wish.wall_colour:
        found.values.setdefault("wall", "plain")
        found.colours["wall colour"] = _colour(wish.wall_colour, rng)
    if wish.floor_colour:
        found.colours["bg"] = _colour(wish.floor_colour, rng)
    for what, slot, colour in (
        ("stage", "c3", wish.stage_colour),
        ("decor", "c4", wish.decor_colour),
        ("scatter", "scatter colour", wish.scatter_colour),
    ):
        if colour and what in found.values:
            found.colours[slot] = _colour(colour, rng)
    if _is_of_the_wall(found):
        found.values["camera"] = rng.choice(("eye", "high"))


def _is_of_the_wall(found: Held) -> bool:
    """Whether something is asked for that a camera from above would not see."""
    return "camera" not in found.values and (
        found.values.get("wall", NONE) != NONE or found.values.get("decor", NONE) != NONE
    )


def _palette(wish: Wish, found: Held, rng: Random) -> None:
    """Colours said of nothing: the ground's first, then the thing's, then what stands and lies around it."""
    for colour, (slot, values) in zip(wish.palette, _free(found), strict=False):
        found.colours[slot] = _colour(colour, rng)
        found.values |= values


def _free(found: Held) -> Iterator[tuple[str, dict[str, str]]]:
    """The colours that nothing was said of, and what has to be there for each to be seen."""
    is_pattern = found.values.get("kind", "still life") != "still life"
    if "bg" not in found.colours:
        natural = found.values.get("floor") in taste.NATURAL
        if natural and "wall colour" not in found.colours:
            yield "wall colour", {"wall": "plain", "camera": "eye"}
        elif not natural:
            yield "bg", {} if is_pattern else {"floor": "plain", "wall": NONE}
    if is_pattern:
        yield from ((slot, {}) for slot in ("c1", "c2", "c3", "c4") if slot not in found.colours)
        return
    thing = found.values.get("thing", NONE)
    if thing != NONE and taste.THINGS[thing]["colours"] and "c1" not in found.colours:
        yield "c1", {"tint": "c1"}
    if found.values.get("camera") != "above" and "c4" not in found.colours:
        yield "c4", {"decor": "disc", "camera": found.values.get("camera", "eye")}
    if "scatter colour" not in found.colours:
        yield "scatter colour", {"scatter": found.values.get("scatter", "confetti")}


def _colour(colour: Colour, rng: Random) -> OKLab:
    return colours.of_hex(colour) if colour.startswith("#") else colours.draw(colour, rng)
