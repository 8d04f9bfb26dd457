"""A scene: all there is to know of a picture but its size. The diffusion model's latent, in words."""

from dataclasses import dataclass

from . import colours, stock
from .colours import OKLab

NONE = "none"
PLACES = ("thing", "second", "third")  # for the things of a still life, in order
# Ground or floor; thing or pattern; its second colour; stage; decor; the second thing; wall; what is
# scattered. Patterns of many colours take c1 to c4.
COLOURS = ("bg", "c1", "c2", "c3", "c4", "c5", "wall colour", "scatter colour")
# Of each colour, what people call it. The colour says which red it is; that it is red and not green, and
# that there is one at all, is a choice, and choices are what a categorical token learns quickly.
NAME_OF = {slot: f"{slot} name" for slot in COLOURS}
CATEGORIES: dict[str, tuple[str, ...]] = {
    "kind": ("still life", *stock.PATTERNS),
    "style": ("photo", "flat"),
    "thing": (NONE, *stock.THINGS),
    "second": (NONE, *stock.THINGS),
    "third": (NONE, *stock.THINGS),
    "tint": ("own", "c1"),  # whether the thing is in colours of its own, or in c1 and c2
    "second tint": ("own", "c5"),
    "camera": stock.CAMERAS,
    "light": stock.LIGHTS,
    "side": stock.SIDES,
    "floor": stock.FLOORS,
    "wall": stock.WALLS,
    "stage": stock.STAGES,
    "decor": stock.DECORS,
    "scatter": stock.SCATTERS,
    "room": (*stock.ROOMS, "middle"),  # where text fits
    "direction": ("vertical", "horizontal", "diagonal", "antidiagonal"),
    "multicolour": ("no", "yes"),
    # What a picture is for and how it is to feel: not drawn, but what all else goes with.
    "feeling": (NONE, *stock.FEELINGS),
    "tone": (NONE, *stock.TONES),
    "occasion": (NONE, *stock.OCCASIONS),
    "trade": (NONE, *stock.TRADES),
    **dict.fromkeys(NAME_OF.values(), (NONE, *colours.NAMES)),
    NAME_OF["bg"]: colours.NAMES,  # which every picture has
}
POSE = (
    "horizon", "base", "scale", "density", "phase", "sweep",
    "zoom", "across", "apart", "depth", "decor a", "decor b",
)  # fmt: skip


@dataclass(slots=True)
class Scene:
    """values: one of CATEGORIES each; colours: OKLab or None where unused; pose: -1..1 each; seed: scatters
    particles.
    """

    values: dict[str, str]
    colours: dict[str, OKLab | None]
    pose: dict[str, float]
    seed: int = 0

    def __getitem__(self, attribute: str) -> str:
        return self.values[attribute]

    def colour(self, slot: str) -> OKLab:
        """The colour of a slot that the scene uses."""
        colour = self.colours[slot]
        assert colour is not None, f"{slot} is unused"
        return colour

    @property
    def things(self) -> list[str]:
        """Those on the set, in order."""
        return [self[place] for place in PLACES if self[place] != NONE]

    @property
    def is_pattern(self) -> bool:
        return self.values["kind"] != "still life"

    @property
    def is_flat(self) -> bool:
        return self.values["style"] == "flat"
