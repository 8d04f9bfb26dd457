"""How a model runs fastest on this machine: measured once by `tune_model`, then loaded with the model.

docs/models.md says what is switched on by itself and what only by choice.
"""

from .tuning import LOSSY, Settings, Timing, Tuning, read

__all__ = ["LOSSY", "Settings", "Timing", "Tuning", "read"]
