"""What must not be made is not made here, whoever asks and whatever model would draw it. No switch turns it
off. Knows no Django and no model.
"""

from .rules import Refusal, check

__all__ = ["Refusal", "check"]
