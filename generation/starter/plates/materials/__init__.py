"""What tables and walls are made of: a colour for each point of a plane, in the units of `rig`."""

from collections.abc import Callable

from .bokeh import bokeh
from .cloth import curtain, gingham, linen
from .glazed import tiles
from .noise import Floats
from .stone import concrete, marble, plain, plaster, slate, terrazzo
from .wood import walnut, wood

# Of x, y (broadcast to (h, w)) and a colour (3,): (h, w, 3).
Material = Callable[[Floats, Floats, Floats], Floats]

MATERIALS: dict[str, Material] = {
    "plain": plain,
    "plaster": plaster,
    "concrete": concrete,
    "slate": slate,
    "wood": wood,
    "walnut": walnut,
    "marble": marble,
    "terrazzo": terrazzo,
    "linen": linen,
    "gingham": gingham,
    "tiles": tiles,
    "curtain": curtain,
    "bokeh": bokeh,
}
