"""A scene drawn at any size: things from plates, patterns and flat styles in closed form."""

from PIL import Image

from .plates import still_life
from .renderer import render
from .scene import Scene
from .sketch import sketch
from .staging import staged


def draw(scene: Scene, width: int, height: int) -> Image.Image:
    if scene.is_pattern or scene.is_flat:
        return Image.fromarray(render(scene, height, width).numpy())
    return still_life.draw(staged(scene, width, height), width, height)


def preview(scene: Scene, width: int, height: int) -> Image.Image:
    """The same, but much quicker and without light."""
    if scene.is_pattern or scene.is_flat:
        return draw(scene, width, height)
    return sketch(staged(scene, width, height), width, height)
