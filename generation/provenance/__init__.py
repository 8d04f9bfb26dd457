"""What made this picture: the recipe that reproduces it, and the marks in the file that say it was made with
AI.

Knows nothing of Django, accounts or prompts: what it is not given it cannot leak.
"""

from .marks import mark
from .reader import Marks, read_marks
from .recipe import recipe

__all__ = ["Marks", "mark", "read_marks", "recipe"]
