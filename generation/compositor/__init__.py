"""Finished creatives: words, logo, price and picture set by Typst in a layout, at a channel's exact size.

Knows nothing of Django, of torch or of who is asking. `render` is the door.
"""

from .creative import FIELDS, Box, Copy, Creative, Kind, Notice, Palette, Rendering
from .fonts import FAMILIES, PAIRINGS, Pairing
from .formats import FORMATS, Format
from .layouts import LAYOUTS, Layout
from .pictures import BrokenPicture, focal_point
from .rendering import render

__all__ = [
    "FAMILIES",
    "FIELDS",
    "FORMATS",
    "LAYOUTS",
    "PAIRINGS",
    "Box",
    "BrokenPicture",
    "Copy",
    "Creative",
    "Format",
    "Kind",
    "Layout",
    "Notice",
    "Pairing",
    "Palette",
    "Rendering",
    "focal_point",
    "render",
]
