"""A scene: all there is to know of a picture but its size. The diffusion model's latent, in words."""

from dataclasses import dataclass, field

from .colours import OKLab

PATTERNS = (
    "linear", "radial", "mesh", "waves", "frame", "mountains", "bokeh", "confetti", "hearts", "stars", "dots",
    "memphis", "stripes", "polka dots", "checkered", "sunburst",
)  # fmt: skip
OBJECTS = (
    "bottle", "vase", "coffee cup", "gift box", "cake", "candle", "sphere", "potted plant", "cosmetic jar",
    "shopping bag", "heart", "balloon",
)  # fmt: skip
SCATTERED_PATTERNS = ("confetti", "hearts", "stars", "dots", "memphis")
CATEGORIES: dict[str, tuple[str, ...]] = {
    "kind": ("studio", *PATTERNS),
    "decor": ("none", "arch", "circle", "window", "leaf", "spot"),
    "podium": ("none", "round", "square", "stepped"),
    "object": ("none", *OBJECTS),
    "style": ("3d", "flat"),
    "light": ("left", "right", "top"),
    "room": ("right", "center", "left", "below", "middle", "top"),  # where text fits
    "direction": ("vertical", "horizontal", "diagonal", "antidiagonal"),
    "multicolour": ("no", "yes"),
}
# ground; object or pattern; its second colour; podium; decor
COLOURS = ("bg", "c1", "c2", "c3", "c4")
POSE = (
    "horizon",
    "sweep",
    "base",
    "scale",
    "podium radius",
    "podium height",
    "decor a",
    "decor b",
    "density",
    "phase",
)


@dataclass(slots=True)
class Scene:
    """values: one of CATEGORIES each; colours: OKLab or None where unused; pose: -1..1 each; seed: scatters
    particles.
    """

    values: dict[str, str]
    colours: dict[str, OKLab | None]
    pose: dict[str, float]
    seed: int = 0
    names: dict[str, str] = field(default_factory=dict)  # of the colours, while the grammar still knows them

    def __getitem__(self, attribute: str) -> str:
        return self.values[attribute]

    def colour(self, slot: str) -> OKLab:
        """The colour of a slot that the scene uses."""
        colour = self.colours[slot]
        assert colour is not None, f"{slot} is unused"
        return colour

    @property
    def is_studio(self) -> bool:
        return self.values["kind"] == "studio"

    @property
    def is_flat(self) -> bool:
        return self.values["style"] == "flat"
