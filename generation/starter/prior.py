"""The prior: which scenes there are, as a photographer of small things would set them. Every choice is drawn
from one generator, from `taste`.

`Stated` maps attributes (of CATEGORIES, and of COLOURS by name) to what a scene is to have.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from . import colours
from .colours import MEAN, NAMES, distance, draw, harmony
from .scene import CATEGORIES, COLOURS, NAME_OF, NONE, POSE, Scene
from .stock import PATTERNS, SEVERAL, THINGS
from .taste import FEELINGS, NATURAL, OCCASIONS, SCATTERED, TONES, TRADES
from .taste import THINGS as SUITS

Stated = dict[str, str]
Value = TypeVar("Value")

SCATTERED_PATTERNS = ("confetti", "hearts", "stars", "dots")
CAN_BE_FLAT = (
    "stripes", "polka dots", "checkered", "sunburst", "waves", "mountains", "memphis", *SCATTERED_PATTERNS,
)  # fmt: skip
FLAT_THINGS = (
    "bottle", "bouquet", "coffee_cup", "gift_box", "layered_cake", "candle", "potted_plant", "cosmetic_set",
    "bag",
)  # fmt: skip
CAN_BEND = ("plain", "plaster", "concrete", "linen")  # up behind the things, without a wall
PAINTED_DECORS = ("arch", "disc", "niche")  # the others are light
# Least OKLab distance of a colour to the ground that it stands on.
THING_CONTRAST, PATTERN_CONTRAST, STAND_CONTRAST = 0.18, 0.18, 0.07
NATURAL_SPREAD = 0.02  # of a natural material's colour, in OKLab


def sample(rng: Random, stated: Stated | None = None) -> Scene:
    """A scene of the prior that agrees with what is stated."""
    return _Draft(stated or {}, rng).scene()


class _Draft:
    """One scene while it is being drawn, attribute after attribute."""

    def __init__(self, stated: Stated, rng: Random) -> None:
        self.stated, self.rng = stated, rng
        self.values: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.dyed: dict[str, colours.OKLab] = {}  # colours that have no name: of natural materials

    def scene(self) -> Scene:
        self._context()
        self.set("kind", self._kind)
        if self.values["kind"] == "still life":
            self._set_the_stage()
        else:
            self._arrange_pattern()
        self._paint()
        drawn = {name: draw(self.names[name], self.rng) for name in COLOURS if name in self.names}
        drawn |= self.dyed
        pose = {name: self.rng.uniform(-1, 1) for name in POSE}
        return Scene(
            self.values | {NAME_OF[slot]: self.names.get(slot, NONE) for slot in COLOURS},
            {slot: drawn.get(slot) for slot in COLOURS},
            pose,
            self.rng.randrange(2**30),
        )

    def set(self, attribute: str, otherwise) -> None:
        self.values[attribute] = self.stated[attribute] if attribute in self.stated else otherwise()

    def maybe(self, share: float, choices: Iterable[Value]) -> Value | str:
        return self.rng.choice(list(choices)) if self.rng.random() < share else NONE

    # --- what it is for, and how it is to feel ---

    def _context(self) -> None:
        self.set("occasion", lambda: self.maybe(0.55, OCCASIONS))
        self.set("trade", lambda: self.maybe(0.3, TRADES))
        self.set("feeling", lambda: self.maybe(0.45, FEELINGS))
        self.set("tone", lambda: self.maybe(0.3, TONES))
        self.sources = [
            table[self.values[name]]
            for name, table in (
                ("tone", TONES), ("feeling", FEELINGS), ("occasion", OCCASIONS), ("trade", TRADES)
            )
            if self.values[name] != NONE
        ]  # fmt: skip

    def _kind(self) -> str:
        if self.stated.get("thing", NONE) != NONE or self.values["trade"] != NONE:
            return "still life"
        if self.values["occasion"] != NONE and self.rng.random() < 0.3:
            return self.rng.choice(OCCASIONS[self.values["occasion"]]["patterns"])
        return "still life" if self.rng.random() < 0.7 else self.rng.choice(PATTERNS)

    # --- a still life: things on a floor ---

    def _set_the_stage(self) -> None:
        self.set("thing", self._thing)
        self.suits = SUITS.get(self.values["thing"])
        self.set("second", self._second)
        self.set("third", self._third)
        can_be_flat = self.values["thing"] in FLAT_THINGS and self.values["second"] == NONE
        self.set("style", lambda: "flat" if can_be_flat and self.rng.random() < 0.06 else "photo")
        self.set("tint", self._tint)
        self.set("second tint", self._second_tint)
        self.set("stage", self._stage)
        self.set("camera", self._camera)
        self.set("light", lambda: self._suited("lights", ("soft day", "bright", "studio", "morning")))
        self.set("side", lambda: "left" if self.values["light"] == "morning" else self._side())
        self.set("floor", lambda: self._suited("floors", ("plain", "plain", "marble", "wood", "terrazzo")))
        self.set("wall", self._wall)
        self.set("decor", self._decor)
        self.set("scatter", lambda: self._suited("scatters", (NONE, NONE, NONE, "confetti", "petals")))
        self.set("room", lambda: self.rng.choice(("right", "left", "center", "top", "center")))
        self.values |= {"direction": "vertical", "multicolour": "no"}

    def _thing(self) -> str:
        for name, table in (("trade", TRADES), ("occasion", OCCASIONS)):
            if self.values[name] != NONE and (name == "trade" or self.rng.random() < 0.7):
                return self.rng.choice(table[self.values[name]]["things"])
        return NONE if self.rng.random() < 0.12 else self.rng.choice(THINGS)

    def _second(self) -> str:
        thing = self.values["thing"]
        if self.suits is None or self.rng.random() < 0.55:
            return NONE
        if self.rng.random() < 0.12:
            return self.rng.choice(THINGS)  # what people put side by side
        if thing in SEVERAL and (self.rng.random() < 0.4 or not self.suits["companions"]):
            return thing
        return self.rng.choice(self.suits["companions"] or [NONE])

    def _third(self) -> str:
        if self.values["second"] == NONE or self.rng.random() < 0.65:
            return NONE
        if self.rng.random() < 0.12:
            return self.rng.choice(THINGS)
        seen = [self.values[place] for place in ("thing", "second") if self.values[place] in SEVERAL]
        return self.rng.choice(seen or [NONE])

    def _tint(self) -> str:
        if self.suits is None:
            return "own"
        share = 0.75 if self.suits["colours"] else 0.03
        return "c1" if self.rng.random() < share else "own"

    def _second_tint(self) -> str:
        second = self.values["second"]
        if second in (NONE, self.values["thing"]):
            return "own"
        return "c5" if self.rng.random() < (0.6 if SUITS[second]["colours"] else 0.03) else "own"

    def _stage(self) -> str:
        found = self._suited("stages", ("round", "square", "steps", "plinth", NONE))
        if self.values["second"] != NONE:
            return "steps" if found == "steps" else NONE
        return found

    def _camera(self) -> str:
        if self.values["stage"] != NONE:
            return self.rng.choice(("eye", "high", "high"))
        return self._suited("cameras", ("eye", "high", "high"))

    def _side(self) -> str:
        return self.rng.choice(("left", "left", "right"))

    def _wall(self) -> str:
        if self.values["camera"] == "above":
            return NONE
        found = self._suited("walls", (NONE, NONE, "plain", "plaster", "curtain"))
        if found == NONE and self.values["floor"] not in CAN_BEND:
            return self.rng.choice(("plain", "plain", "plaster"))
        return found

    def _decor(self) -> str:
        if self.values["camera"] == "above" or self.values["wall"] in ("bokeh", "curtain", "tiles"):
            return NONE
        if self.values["light"] == "dramatic":
            return self.rng.choice((NONE, NONE, "spot"))
        found = self._suited("decors", (NONE, "arch", "disc", "niche", "leaf shadow"))
        return NONE if found == "spot" else found

    def _suited(self, what: str, otherwise: Sequence[str]) -> str:
        """Of what suits the thing, and of what the occasion or the feeling asks for."""
        wishes = [source[what] for source in self.sources if source.get(what)]
        if wishes and self.rng.random() < 0.6:
            return self.rng.choice(self.rng.choice(wishes))
        return self.rng.choice(self.suits[what] if self.suits else list(otherwise))

    # --- a pattern: no thing, the ground is the picture ---

    def _arrange_pattern(self) -> None:
        rng, kind = self.rng, self.values["kind"]
        self.suits = None
        bare = {"thing": NONE, "second": NONE, "third": NONE, "tint": "own", "second tint": "own"}
        set_ = {"camera": "eye", "light": "soft day", "side": "left", "floor": "plain", "wall": NONE}
        self.values |= bare | set_ | {"stage": NONE, "decor": NONE, "scatter": NONE}
        self.set("style", lambda: "flat" if kind in CAN_BE_FLAT and rng.random() < 0.25 else "photo")
        self.set("room", lambda: rng.choice(_rooms(kind)))
        self.set("direction", lambda: rng.choice(_directions(kind)))
        self.set(
            "multicolour",
            lambda: rng.choice(("no", "no", "yes")) if kind in SCATTERED_PATTERNS else "no",
        )

    # --- colours ---

    def _paint(self) -> None:
        if self.values["kind"] == "still life":
            self._paint_still_life()
        else:
            self._paint_pattern()

    def _paint_still_life(self) -> None:
        stated = [self.stated[slot] for slot in ("c1", "c3", "wall colour") if slot in self.stated]
        self._ground("bg", self.values["floor"], stated)
        beneath = self.names["bg"]
        if self.values["wall"] in ("plain", "plaster", "tiles", "curtain", "bokeh", "concrete", "wood"):
            self._ground("wall colour", self.values["wall"], [])
        if self.values["tint"] == "c1" or self.values["style"] == "flat":
            self._colour("c1", self._own_colours(), [beneath], THING_CONTRAST)
            self._colour("c2", self._seconds(), [], 0)
        if self.values["second tint"] == "c5":
            second = SUITS[self.values["second"]]["colours"] or list(NAMES)
            self._colour("c5", second, [beneath], THING_CONTRAST)
        if self.values["stage"] != NONE:
            self._colour("c3", self._accents(), [beneath], STAND_CONTRAST)
        if self.values["decor"] in PAINTED_DECORS:
            self._colour("c4", self._accents(), [self.names.get("wall colour", beneath)], STAND_CONTRAST)
        if self.values["scatter"] != NONE:
            self._colour("scatter colour", SCATTERED[self.values["scatter"]], [beneath], 0.1)

    def _paint_pattern(self) -> None:
        kind, many = self.values["kind"], self.values["multicolour"] == "yes"
        self._colour("bg", self._grounds(), [self.stated[s] for s in ("c1",) if s in self.stated], 0.18)
        ground = self.names["bg"]
        self._colour("c1", self._accents(), [ground], PATTERN_CONTRAST)
        if kind in ("mesh", "mountains", "memphis") or many:
            self._colour("c2", self._accents(), [self.names["c1"], ground], 0.14)
        if kind == "memphis" or many:
            self._colour("c3", self._accents(), [ground], STAND_CONTRAST)
        if many:
            self._colour("c4", self._accents(), [ground], STAND_CONTRAST)

    def _ground(self, slot: str, material: str, apart_from: Sequence[str]) -> None:
        """A colour of its own for what nobody dyes, and else one that goes with the rest."""
        if material in NATURAL and slot not in self.stated:
            lab = colours.of_hex(self.rng.choice(NATURAL[material]))
            off = [self.rng.gauss(0, NATURAL_SPREAD * share) for share in (1, 0.4, 0.4)]
            self.dyed[slot] = (lab[0] + off[0], lab[1] + off[1], lab[2] + off[2])
            self.names[slot] = colours.nearest(self.dyed[slot])
        elif slot == "bg":
            self._colour(slot, self._grounds(), apart_from, 0.18)
        else:
            beneath = self.names["bg"]
            goes = [name for name in self._grounds() if harmony(name, beneath) >= 1 and name != beneath]
            self._colour(slot, goes or ["cream", "white", "beige"], [], 0)

    def _own_colours(self) -> Sequence[str]:
        own = self.suits["colours"] if self.suits else []
        if not own or self.rng.random() < 0.12:
            return NAMES
        accents = {name for source in self.sources for name in source.get("accents", ())}
        return [name for name in own if name in accents] or own

    def _seconds(self) -> Sequence[str]:
        return (self.suits and self.suits["seconds"]) or NAMES

    def _grounds(self) -> Sequence[str]:
        wishes = [source["grounds"] for source in self.sources]
        if self.suits:
            wishes.append(self.suits["grounds"])
        if not wishes or self.rng.random() < 0.05:
            return NAMES
        common = [name for name in wishes[0] if all(name in wish for wish in wishes)]
        return common or wishes[0]

    def _accents(self) -> Sequence[str]:
        wishes = [source["accents"] for source in self.sources if source.get("accents")]
        if wishes and self.rng.random() < 0.8:
            return self.rng.choice(wishes)
        if self.suits:
            return self.suits["grounds"]
        return TONES[self.values["tone"]]["grounds"] if self.values["tone"] != NONE else NAMES

    def _colour(self, slot: str, wanted: Sequence[str], apart_from: Sequence[str], least: float) -> None:
        if slot in self.stated:
            self.names[slot] = self.stated[slot]
            return

        def fits(name: str) -> bool:
            return all(distance(MEAN[name], MEAN[other]) > least for other in apart_from)

        choices = [name for name in wanted if fits(name)] or [name for name in NAMES if fits(name)]
        beside = self.names.get("bg") or self.stated.get("c1")
        if beside and self.rng.random() < 0.75:
            self.names[slot] = self.rng.choices(choices, [harmony(name, beside) for name in choices])[0]
        else:
            self.names[slot] = self.rng.choice(choices)


def _rooms(kind: str) -> Sequence[str]:
    if kind == "bokeh":
        return "right", "center", "left"
    if kind in SCATTERED_PATTERNS:
        return "center", "bottom", "middle"
    if kind in ("waves", "mountains"):
        return ("top",)
    return ("middle",) if kind == "frame" else ("center",)


def _directions(kind: str) -> Sequence[str]:
    if kind in ("linear", "stripes"):
        return CATEGORIES["direction"]
    return ("vertical", "diagonal", "antidiagonal") if kind == "waves" else ("vertical",)
