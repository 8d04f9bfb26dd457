"""What nobody dyes has the colours of nature: wood is brown, coffee beans are roasted."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from . import taste
from .colours import MEAN, OKLab, distance, of_hex
from .scene import Scene

NEAR = 0.035  # OKLab distance within which a colour still is nature's


def made_natural(scene: Scene, held: Collection[str] = ()) -> Scene:
    """The same scene with the colours of its materials, but those that are held, brought near to nature's."""
    if scene.is_pattern or scene.is_flat:
        return scene
    known = {
        "bg": [of_hex(each) for each in taste.NATURAL.get(scene["floor"], [])],
        "wall colour": [of_hex(each) for each in taste.NATURAL.get(scene["wall"], [])],
        "scatter colour": [MEAN[name] for name in taste.SCATTERED.get(scene["scatter"], [])],
    }
    changed = {
        slot: near(scene.colour(slot), natural)
        for slot, natural in known.items()
        if natural and slot not in held and scene.colours[slot] is not None
    }
    return replace(scene, colours={**scene.colours, **changed})


def near(colour: OKLab, natural: Sequence[OKLab]) -> OKLab:
    """Moved towards the nearest of some colours until it is NEAR to it."""
    goal = min(natural, key=lambda other: distance(colour, other))
    away = distance(colour, goal)
    if away <= NEAR:
        return colour
    left = NEAR / away
    lightness, a, b = (its + (mine - its) * left for mine, its in zip(colour, goal, strict=True))
    return lightness, a, b
