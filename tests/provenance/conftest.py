from collections.abc import Iterator
from pathlib import Path

import pytest

from generation import places
from generation.provenance import Studio, studio


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Studio]:
    """A studio of the test's own."""
    before = places.marks()
    places.keep_marks_in(tmp_path / "marks")
    yield studio()
    places.keep_marks_in(before)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Somebody else's."""
    return Studio(tmp_path_factory.mktemp("elsewhere"))
