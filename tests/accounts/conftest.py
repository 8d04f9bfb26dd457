import pytest

from tests import cast


@pytest.fixture
def people(db):
    return cast.gather()
