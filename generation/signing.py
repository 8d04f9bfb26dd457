"""Who signs in this installation: the only place that tells `provenance`, which knows no settings, where the
secrets are.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from generation.provenance import SigningIdentity


@cache
def identity() -> SigningIdentity:
    """The same in all of this process, so that its secrets are read once."""
    return SigningIdentity(Path(settings.MARKS_DIR))
