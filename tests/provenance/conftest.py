from collections.abc import Iterator
from pathlib import Path

import pytest

from generation import places
from generation.provenance import SigningIdentity, signing_identity


@pytest.fixture
def here(tmp_path: Path) -> Iterator[SigningIdentity]:
    """A studio of the test's own."""
    before = places.marks()
    places.keep_marks_in(tmp_path / "marks")
    yield signing_identity()
    places.keep_marks_in(before)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    """Somebody else's."""
    return SigningIdentity(tmp_path_factory.mktemp("elsewhere"))
