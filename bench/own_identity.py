"""A signing identity of the benchmark's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from generation.provenance import SigningIdentity


@contextmanager
def own_identity() -> Iterator[SigningIdentity]:
    """One whose secrets are made for the moment."""
    with TemporaryDirectory() as folder:
        yield SigningIdentity(Path(folder))
