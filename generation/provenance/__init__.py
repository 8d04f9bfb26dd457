"""What made this picture: the generation record that reproduces it, and the marks in a file that say it was
made with AI.

Knows nothing of Django, accounts or prompts: what it is not given it cannot leak.
"""

from .facts import MarkFacts
from .generation_record import generation_record
from .marks import MediaType, NotMarked, mark_file, mark_picture
from .reader import Marks, read_marks
from .signing_identity import SigningIdentity, SigningIdentityError
from .verdict import LARGEST_FILE, Finding, Verdict

__all__ = [
    "LARGEST_FILE",
    "Finding",
    "MarkFacts",
    "Marks",
    "MediaType",
    "NotMarked",
    "SigningIdentity",
    "SigningIdentityError",
    "Verdict",
    "generation_record",
    "mark_file",
    "mark_picture",
    "read_marks",
]
