"""Pages in a real browser. Whatever the browser complains about, a broken Content-Security-Policy first of
all, fails the test.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from accounts.models import User
from tests import cast

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@dataclass
class Visit:
    """One person's browser at the site. expected: complaints of the browser that the test means to cause."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    expected: str = ""

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        cast.show_who_they_are(client)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}]
        )

    def picture(self, name: str) -> None:
        """Keep what the page looks like, where somebody asked for that by SCREENSHOTS=folder."""
        if SCREENSHOTS:
            self.page.wait_for_timeout(500)
            # Hiding the caret writes inline styles, which htmx would copy.
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True, caret="initial")

    def faults(self) -> list[str]:
        """What axe-core finds serious or critical on the page."""
        self.expected = "inline style"  # axe-core tries some itself
        found = Axe().run(self.page, options={"preload": False}).response["violations"]
        self.page.wait_for_timeout(50)
        self.expected = ""
        bad = [violation for violation in found if violation["impact"] in ("serious", "critical")]
        return [f"{fault['id']}: {node['html'][:160]}" for fault in bad for node in fault["nodes"]]

    def complain(self, sentence: str) -> None:
        if not (self.expected and re.search(self.expected, sentence)):
            self.complaints.append(sentence)


@pytest.fixture
def people(transactional_db) -> cast.Cast:
    return cast.gather()


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_DIR = tmp_path / "media"
    return settings.MEDIA_DIR


@pytest.fixture
def visit_at(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit_at(address)`: somebody's browser at a site. theme: light or dark; screen: DESK or PHONE."""
    visits: list[Visit] = []

    def visit_at(
        address: str, user: User | None = None, *, theme: str = "light", screen: dict[str, int] = DESK
    ) -> Visit:
        context = browser.new_context(viewport=screen, color_scheme=theme, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        made = Visit(context, context.new_page(), address)
        made.page.on("console", lambda said: said.type == "error" and made.complain(_words_of(said)))
        made.page.on("pageerror", lambda error: made.complain(str(error)))
        if user:
            made.sign_in(user)
        visits.append(made)
        return made

    yield visit_at
    for made in visits:
        made.context.close()
    assert [made.complaints for made in visits if made.complaints] == []


@pytest.fixture
def visit(visit_at, live_server, media) -> Callable[..., Visit]:
    """`visit(people.alice)`: her browser, signed in, at the tests' own site. As `visit_at`."""
    return functools.partial(visit_at, live_server.url)


def _words_of(said: ConsoleMessage) -> str:
    return f"{said.text} ({said.location['url']})"
