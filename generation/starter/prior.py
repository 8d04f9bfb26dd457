"""The prior: which scenes there are, given what a caption states. Every choice is drawn from one generator.

`Stated` maps attributes (of CATEGORIES, COLOURS, and the words "theme", "trade", "mood", "tone") to values;
colours are stated by name.
"""

from collections.abc import Collection, Iterable, Sequence
from random import Random

from .colours import MEAN, NAMES, distance, draw, harmony
from .scene import CATEGORIES, COLOURS, OBJECTS, PATTERNS, POSE, Scene
from .world import MOODS, THEMES, TONES

Stated = dict[str, str]

# Pairs that no caption of the training ever names, kept for the evaluation of what was never seen together.
HELD_OUT = frozenset(
    {
        ("bottle", "purple"), ("gift box", "teal"), ("coffee cup", "yellow"), ("vase", "red"),
        ("heart", "green"),
        ("cake", "blue"), ("balloon", "navy"), ("potted plant", "pink"), ("cosmetic jar", "orange"),
        ("shopping bag", "mint"), ("sphere", "gold"), ("candle", "sky blue"),
    }
)  # fmt: skip

SCATTERED = ("confetti", "hearts", "stars", "dots")
CAN_BE_FLAT = ("stripes", "polka dots", "checkered", "sunburst", "waves", "mountains", "memphis", *SCATTERED)
# Least OKLab distance of a colour to the ground it stands on, where the grammar chooses freely.
OBJECT_CONTRAST, PATTERN_CONTRAST, STAND_CONTRAST = 0.18, 0.18, 0.07


def sample(stated: Stated, rng: Random, *, held_out: bool = False) -> Scene:
    """A scene of the prior that agrees with `stated`. held_out: pairs of HELD_OUT may occur."""
    return _Draft(stated, rng, held_out).scene()


class _Draft:
    """One scene while it is being drawn, attribute after attribute."""

    def __init__(self, stated: Stated, rng: Random, held_out: bool) -> None:
        self.stated, self.rng, self.held_out = stated, rng, held_out
        self.theme = THEMES.get(stated.get("theme", ""))
        self.trade = THEMES.get(stated.get("trade", ""))
        self.mood = MOODS.get(stated.get("mood", ""))
        self.tone = TONES.get(stated.get("tone", ""))
        self.values: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def scene(self) -> Scene:
        self.set("kind", self._kind)
        if self.values["kind"] == "studio":
            self._furnish_studio()
        else:
            self._arrange_pattern()
        self._paint()
        colours = {slot: draw(self.names[slot], self.rng) if slot in self.names else None for slot in COLOURS}
        pose = {name: self.rng.uniform(-1, 1) for name in POSE}
        pose["sweep"] = self.rng.uniform(0.4, 1) * self.rng.choice((-1, 1))
        return Scene(dict(self.values), colours, pose, self.rng.randrange(2**30), dict(self.names))

    def set(self, attribute: str, otherwise) -> None:
        self.values[attribute] = self.stated[attribute] if attribute in self.stated else otherwise()

    def _kind(self) -> str:
        named = any(
            self.stated.get(name, "none") != "none" for name in ("object", "podium", "decor", "light")
        )
        if named or self.trade:
            return "studio"
        if self.theme:
            return self.rng.choice(self.theme["kinds"])
        return "studio" if self.rng.random() < 0.45 else self.rng.choice(PATTERNS)

    # --- a studio: an object on a floor before a wall ---

    def _furnish_studio(self) -> None:
        rng = self.rng
        self.set("object", self._object)
        bare = self.values["object"] == "none"
        self.set(
            "podium",
            lambda: (
                rng.choice(("round", "round", "square", "stepped"))
                if rng.random() < (0.9 if bare else 0.5)
                else "none"
            ),
        )
        self.set("style", self._studio_style)
        self.set("decor", self._decor)
        top_lit = self.values["decor"] == "spot" or self.values["style"] == "flat"
        self.set("light", lambda: "top" if top_lit else rng.choice(("left", "right", "top")))
        empty = bare and self.values["podium"] == "none"
        self.set("room", lambda: "center" if empty else rng.choice(("right", "center", "left", "top")))
        self.values |= {"direction": "vertical", "multicolour": "no"}

    def _object(self) -> str:
        for source in (self.trade, self.theme):
            if source:
                return self.rng.choice(source["objects"])
        return "none" if self.rng.random() < 0.15 else self.rng.choice(OBJECTS)

    def _studio_style(self) -> str:
        plain = self.values["object"] != "none" and self.values["podium"] == "none"
        free = self.stated.get("decor", "none") in ("none", "circle") and "light" not in self.stated
        return "flat" if plain and free and self.rng.random() < 0.12 else "3d"

    def _decor(self) -> str:
        spot = ["spot"] if self.stated.get("light", "top") == "top" else []
        if self.values["style"] == "flat":
            return self.rng.choice(("none", "none", "circle"))
        if self.theme:
            return self.rng.choice(
                [decor for decor in self.theme["decor"] if decor != "spot" or spot] or ["none"]
            )
        return self.rng.choice(["none", "none", "arch", "circle", "window", "leaf", *spot])

    # --- a pattern: no object, the ground is the picture ---

    def _arrange_pattern(self) -> None:
        rng, kind = self.rng, self.values["kind"]
        self.values |= {"object": "none", "podium": "none", "decor": "none", "light": "top"}
        self.set("style", lambda: "flat" if kind in CAN_BE_FLAT and rng.random() < 0.25 else "3d")
        self.set("room", lambda: rng.choice(self._rooms(kind)))
        self.set("direction", lambda: rng.choice(self._directions(kind)))
        self.set("multicolour", lambda: rng.choice(("no", "no", "yes")) if kind in SCATTERED else "no")

    def _rooms(self, kind: str) -> Sequence[str]:
        if kind == "bokeh":
            return "right", "center", "left"
        if kind in SCATTERED:
            return "center", "below", "middle"
        if kind in ("waves", "mountains"):
            return ("top",)
        return ("middle",) if kind == "frame" else ("center",)

    def _directions(self, kind: str) -> Sequence[str]:
        if kind in ("linear", "stripes"):
            return CATEGORIES["direction"]
        return ("vertical", "diagonal", "antidiagonal") if kind == "waves" else ("vertical",)

    # --- colours ---

    def _paint(self) -> None:
        studio, kind, many = (
            self.values["kind"] == "studio",
            self.values["kind"],
            self.values["multicolour"] == "yes",
        )
        self._set_colour(
            "bg", self._grounds(), [self.stated[s] for s in ("c1", "c3") if s in self.stated], 0.18
        )
        ground = self.names["bg"]
        if not studio or self.values["object"] != "none":
            banned = (
                set()
                if self.held_out
                else {colour for thing, colour in HELD_OUT if thing == self.values["object"]}
            )
            self._set_colour(
                "c1", self._accents(), [ground], OBJECT_CONTRAST if studio else PATTERN_CONTRAST, banned
            )
            if studio or kind in ("mesh", "mountains", "memphis") or many:
                self._set_colour(
                    "c2", self._accents(), [self.names["c1"], *([] if studio else [ground])], 0.14
                )
        if self.values["podium"] != "none" or kind == "memphis" or many:
            self._set_colour("c3", self._accents(), [ground], STAND_CONTRAST)
        if self.values["decor"] in ("arch", "circle") or many:
            self._set_colour("c4", self._accents(), [ground], STAND_CONTRAST)

    def _grounds(self) -> Sequence[str]:
        wishes = [source["grounds"] for source in (self.tone, self.mood, self.theme) if source]
        if not wishes or (wishes == [self.theme and self.theme["grounds"]] and self.rng.random() < 0.05):
            return NAMES
        common = [name for name in wishes[0] if all(name in wish for wish in wishes)]
        return common or wishes[0]

    def _accents(self) -> Sequence[str]:
        sources = [source for source in (self.theme, self.mood) if source]
        if sources and self.rng.random() < 0.85:
            return self.rng.choice(sources)["accents"]
        return self.tone["grounds"] if self.tone and self.rng.random() < 0.6 else NAMES

    def _set_colour(
        self,
        slot: str,
        wanted: Sequence[str],
        apart_from: Iterable[str],
        least: float,
        banned: Collection[str] = (),
    ) -> None:
        if slot in self.stated:
            self.names[slot] = self.stated[slot]
            return

        def fits(name: str) -> bool:
            return name not in banned and all(
                distance(MEAN[name], MEAN[other]) > least for other in apart_from
            )

        apart_from = list(apart_from)
        choices = [name for name in wanted if fits(name)] or [name for name in NAMES if fits(name)]
        beside = self.names.get("bg") or self.stated.get("c1")
        if beside and self.rng.random() < 0.75:
            self.names[slot] = self.rng.choices(choices, [harmony(name, beside) for name in choices])[0]
        else:
            self.names[slot] = self.rng.choice(choices)
