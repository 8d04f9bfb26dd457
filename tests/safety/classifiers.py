"""Classifiers of pictures that say what a test wants to hear, and a picture that makes the installed one say
it.
"""

import base64

import numpy as np
from PIL import Image

# (8, 8, 3): terracotta, moved from one flat colour up the classifier's answer by its differences along 8
# random directions a step, 105 steps long.
BLOTS = """
snlluH1psG9isXdhvHpiqnRosXNksHlyr4BtsWxiwXxst3Jqt3hduXRotH9luWxhu3tatHpatXRktH9ltntktHRjtnhhtXZfqXxnunpjuHtp
uHpvuHdrsXZns3JitXRit3letH5atnVts31pvXppt3xqtnZcsnRqsXtkr3dfr3ZqsHZgvHNkuHhps3dps3ZZtXZltHVkuXZjuHdZu3dft3Rj
tn1uuHNhsXNftXxos39muH5usHhjtHpgu4Rkunhc
"""


def blots(side: int = 512) -> Image.Image:
    """Nothing but soft colours, which open_nsfw gives 0.75."""
    small = np.frombuffer(base64.b64decode(BLOTS), np.uint8).reshape(8, 8, 3)
    return Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC)


class Says:
    """The scores, one after the other and the last for ever, whatever it is shown; or the error."""

    def __init__(self, *scores: float, error: BaseException | None = None) -> None:
        self._scores, self._error = list(scores), error

    def score(self, picture: Image.Image) -> float:
        if self._error:
            raise self._error
        return self._scores.pop(0) if len(self._scores) > 1 else self._scores[0]
