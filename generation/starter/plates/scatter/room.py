"""Where text stands: nothing may be seen there."""

from ..backdrop import Framing
from .pose import Floats

# Left, top, right and bottom, as shares of a canvas.
BOXES = {
    "left": (0.0, 0.0, 0.5, 1.0),
    "right": (0.5, 0.0, 1.0, 1.0),
    "top": (0.0, 0.0, 1.0, 0.5),
    "bottom": (0.0, 0.5, 1.0, 1.0),
    "center": (0.2, 0.25, 0.8, 0.75),
    "middle": (0.2, 0.25, 0.8, 0.75),
}
RIM = 0.012  # of the shorter side, kept clear round it


def is_clear(room: str | None, framing: Framing, box: Floats) -> bool:
    """Whether what is seen in a box (left, top, right, bottom) of pixels leaves the room alone."""
    if room is None:
        return True
    rim = RIM * min(framing.width, framing.height)
    left, top, right, bottom = BOXES[room]
    wide, high = framing.width, framing.height
    return bool(
        box[2] + rim < left * wide
        or box[0] - rim > right * wide
        or box[3] + rim < top * high
        or box[1] - rim > bottom * high
    )
