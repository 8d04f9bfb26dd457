from pathlib import Path

import pytest

from generation.provenance import SigningIdentity


@pytest.fixture
def here(tmp_path: Path) -> SigningIdentity:
    """A studio of the test's own."""
    return SigningIdentity(tmp_path / "marks")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    """One for all tests of a module, so that what it marks once is marked for all."""
    return SigningIdentity(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    """Somebody else's."""
    return SigningIdentity(tmp_path_factory.mktemp("elsewhere"))
