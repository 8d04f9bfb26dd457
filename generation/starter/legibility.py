"""What a scene stands on must not swallow it: colours too like their ground are made lighter or darker."""

from dataclasses import replace

from .colours import OKLab, distance
from .scene import SCATTERED_PATTERNS, Scene

LEAST = 0.18  # OKLab distance of an object or pattern to its ground
LEAST_STAND = 0.06  # of a podium or a niche, which shadows set off too
LEAST_SECOND = 0.10  # of an object's second colour to its first


def made_legible(scene: Scene) -> Scene:
    """The same scene with every colour that is used told apart from what lies behind it."""
    colours = dict(scene.colours)
    ground = colours["bg"]
    least = {"c1": LEAST, "c3": LEAST_STAND, "c4": LEAST_STAND}
    if not scene.is_studio:
        least = dict.fromkeys(
            ("c1", "c2", "c3", "c4") if scene["kind"] in SCATTERED_PATTERNS else ("c1",), LEAST
        )
    for slot, needed in least.items():
        colours[slot] = apart(colours[slot], ground, needed)
    if scene.is_studio:
        colours["c2"] = apart(colours["c2"], colours["c1"], LEAST_SECOND)
    return replace(scene, colours=colours)


def apart(colour: OKLab | None, ground: OKLab | None, needed: float) -> OKLab | None:
    """`colour` moved in lightness, away from `ground`, until it is `needed` from it; its hue stays."""
    if colour is None or ground is None or distance(colour, ground) >= needed:
        return colour
    lightness, a, b = colour
    across = (a - ground[1]) ** 2 + (b - ground[2]) ** 2
    shift = max(needed**2 - across, 0.0) ** 0.5
    lighter, darker = ground[0] + shift, ground[0] - shift
    goes_lighter = lightness >= ground[0] if darker > 0.12 and lighter < 0.985 else darker <= 0.12
    return (lighter if goes_lighter else darker), a, b
