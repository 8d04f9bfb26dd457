"""A signing identity of the benchmark's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from generation import places


@contextmanager
def own_marks() -> Iterator[None]:
    """Mark with secrets made for the moment, and with those named before once it is over."""
    before = places.marks()
    with TemporaryDirectory() as folder:
        places.keep_marks_in(Path(folder))
        try:
            yield
        finally:
            places.keep_marks_in(before)
