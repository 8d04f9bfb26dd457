"""Whether a picture may be kept: looked at by a classifier of sexual pictures and a face finder, before
anything of it is stored.

The limits are scores of open_nsfw, whose makers call pictures below 0.2 harmless and those above 0.8 very
likely sexual (github.com/yahoo/open_nsfw, README); in between it is wrong both ways. Of 63 clean pictures
`bin/bench safety` finds none above 0.35. Flat greyish pinks come to about 0.5, and show no face.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from PIL import Image

from .center_face import CenterFace, Face
from .network import give_memory_back
from .open_nsfw import OpenNsfw
from .picture_refusals import ABOUT_MINORS, FLAGGED, OF_A_PERSON, SEXUAL, PictureRefusal
from .rules import KINDS, MINOR, classes_in
from .weights import CheckFailed

# Scores from which a picture is withheld. With a face it shows a person, and a picture of skin alone, as of
# a sculpture or of dough, has none. Where the words spoke of minors, a doubt is enough.
MOST = 0.7
MOST_WITH_FACE = 0.5
MOST_ABOUT_MINORS = 0.4
MINORS = KINDS[MINOR] | {"minor_maybe"}  # classes of the lexicon
# Eight bits a channel. What lies under transparency is looked at as if nothing were transparent: it would be
# stored too. Others, as of sixteen bits, would be clipped.
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"}


@dataclass(frozen=True, slots=True)
class Look:
    """sexual: from 0 to 1; faces: the surest first. Raises CheckFailed for a score that is none."""

    sexual: float
    faces: tuple[Face, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.sexual <= 1:  # NaN is neither.
            raise CheckFailed("the classifier's answer is no number from 0 to 1")


class SexualClassifier(Protocol):
    def score(self, picture: Image.Image) -> float:
        """From 0, nothing sexual, to 1, as open_nsfw's are spread. picture: RGB, of any size."""


class PictureCheck:
    """Looks at pictures. Knows no words, and decides nothing."""

    def __init__(self, classifier: SexualClassifier, face_finder: CenterFace) -> None:
        self._classifier, self._face_finder = classifier, face_finder

    def look(self, picture: Image.Image | np.ndarray) -> Look:
        """picture: as `look` has it. Raises CheckFailed, whatever goes wrong."""
        try:
            colours = _colours(picture)
            return Look(self._classifier.score(colours), self._face_finder.faces(colours))
        except CheckFailed:
            raise
        except Exception as error:
            raise CheckFailed(f"a picture could not be looked at ({type(error).__name__})") from error


def look(picture: Image.Image | np.ndarray) -> Look:
    """What the installed networks see in a picture of eight bits: a Pillow image, or an array of uint8
    (height, width, 3). One picture at a time; the first one loads the networks. Raises CheckFailed, after
    which the picture must not be kept.
    """
    with _alone:
        try:
            return _installed().look(picture)
        finally:
            give_memory_back()


def refusal(look: Look, *, about_minors: bool = False, is_flagged: bool = False) -> PictureRefusal | None:
    """Why a picture is to be withheld. about_minors: as `speaks_of_minors` says of its words; is_flagged: by
    the model's own check.
    """
    if about_minors and look.sexual >= MOST_ABOUT_MINORS:
        return ABOUT_MINORS
    if look.faces and look.sexual >= MOST_WITH_FACE:
        return OF_A_PERSON
    if look.sexual >= MOST:
        return SEXUAL
    return FLAGGED if is_flagged else None


def speaks_of_minors(texts: Mapping[str, str]) -> bool:
    """Whether words have anything to do with minors. texts: by the name of their field, as `rules.check`."""
    return not MINORS.isdisjoint(classes_in(texts))


_alone = threading.Lock()


@cache
def _installed() -> PictureCheck:
    try:
        return PictureCheck(OpenNsfw(), CenterFace())
    except CheckFailed:
        raise
    except Exception as error:
        raise CheckFailed(f"the networks cannot be loaded ({type(error).__name__})") from error


def _colours(picture: Image.Image | np.ndarray) -> Image.Image:
    """RGB; no copy of what is."""
    if isinstance(picture, np.ndarray):
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
            raise CheckFailed("a picture is uint8 (height, width, 3)")
        return Image.fromarray(np.ascontiguousarray(picture))
    if picture.mode not in MODES or not min(picture.size):
        raise CheckFailed(f"a picture of mode {picture.mode}, {picture.width} x {picture.height}")
    if picture.mode == "P" and picture.has_transparency_data:
        picture = picture.convert("RGBA")
    return picture if picture.mode == "RGB" else picture.convert("RGB")
