from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests import cast


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.gather()


@pytest.fixture
def as_() -> Callable[..., Client]:
    """`as_(people.bob)`: a browser in which Bob has just signed in."""

    def as_(user, **options) -> Client:
        client = Client(**options)
        client.force_login(user)
        return cast.show_who_they_are(client)

    return as_


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """A media folder of the test's own."""
    settings.MEDIA_DIR = tmp_path / "media"
    return settings.MEDIA_DIR
