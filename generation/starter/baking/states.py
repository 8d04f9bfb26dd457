"""What is traced of a thing under a camera: where each region is, and each lamp in six states.

Nothing mixes the colour channels of a neutral scene, so that three states are traced at once, as red, green
and blue, along the same paths: what differs between them is nearly free of noise. A state is how much the
main group, the rest and the floor reflect.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .mesh import Floats

GREY = 0.7  # that reflects, in the states where it does
# Of the three channels of a render: the main group, the rest, the floor.
ON_BLACK = np.array([[0, 0, 0], [1, 1, 0], [1, 1, 1]]) * GREY
ON_GREY = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1]]) * GREY


@dataclass(frozen=True, slots=True)
class Detail:
    """How finely: the height of the frame in pixels where the thing is traced, and where the floor is; paths
    a pixel.
    """

    thing: int
    floor: int
    samples: int


SHIPPED = Detail(1080, 384, 20)
LARGE = Detail(2160, 768, 40)


@dataclass(frozen=True, slots=True)
class Traced:
    """frame: the size of the picture of which `box` (left, top, right, bottom) was traced. masks: (h, w,
    regions), how much of a pixel each fills. artwork: (h, w, 3), where on a label, and how much is label.
    black, grey: by lamp, the thing in the states on a black and on a grey floor, (h, w, 3). floor: by lamp,
    the states on a grey floor in a smaller frame, all of it.
    """

    frame: tuple[int, int]
    box: tuple[int, int, int, int]
    masks: Floats
    artwork: Floats | None
    black: Mapping[str, Floats]
    grey: Mapping[str, Floats]
    floor: Mapping[str, Floats]
