"""What a scene stands on must not swallow it: colours too like their ground are made lighter or darker."""

from collections.abc import Collection
from dataclasses import replace

from .colours import OKLab, distance
from .prior import SCATTERED_PATTERNS
from .scene import Scene

LEAST = 0.18  # OKLab distance of a thing or a pattern to its ground
LEAST_STAND = 0.06  # of a stage or a niche, which shadows set off too
LEAST_SECOND = 0.10  # of a thing's second colour to its first


def made_legible(scene: Scene, held: Collection[str] = ()) -> Scene:
    """The same scene with every colour told apart from what lies behind it, but those that are held."""
    changed = dict(scene.colours)
    for slot, behind, needed in _pairs(scene):
        if slot not in held:
            changed[slot] = apart(changed[slot], changed[behind], needed)
        elif behind not in held:
            changed[behind] = apart(changed[behind], changed[slot], needed)
    return replace(scene, colours=changed)


def _pairs(scene: Scene) -> list[tuple[str, str, float]]:
    """A colour, what lies behind it, and how far they are to be apart."""
    if scene.is_pattern:
        slots = ("c1", "c2", "c3", "c4") if scene["kind"] in SCATTERED_PATTERNS else ("c1",)
        return [(slot, "bg", LEAST) for slot in slots]
    wall = "bg" if scene["wall"] == "none" or scene.is_flat else "wall colour"
    pairs = [("c3", "bg", LEAST_STAND), ("c4", wall, LEAST_STAND)]
    if scene["tint"] == "c1":
        pairs += [("c1", "bg", LEAST), ("c2", "c1", LEAST_SECOND)]
    if scene.is_flat:
        pairs += [("c1", "bg", LEAST), ("c4", "c1", LEAST)]
    if scene["second tint"] == "c5":
        pairs += [("c5", "bg", LEAST)]
    return pairs


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
