"""Finished creatives: words, logo, price and picture set by Typst in a layout, at a channel's exact size.

Knows nothing of Django, of torch or of who is asking. `render` is the door.
"""

from .fonts import FAMILIES, PAIRINGS, Pairing
from .formats import FORMATS, Format
from .layouts import LAYOUTS, Layout
from .pictures import BrokenPicture, focal_point
from .render_spec import FIELDS, AdCopy, Box, Kind, LayoutWarning, Palette, Rendering, RenderSpec
from .rendering import render

__all__ = [
    "FAMILIES",
    "FIELDS",
    "FORMATS",
    "LAYOUTS",
    "PAIRINGS",
    "AdCopy",
    "Box",
    "BrokenPicture",
    "Format",
    "Kind",
    "Layout",
    "LayoutWarning",
    "Pairing",
    "Palette",
    "RenderSpec",
    "Rendering",
    "focal_point",
    "render",
]
