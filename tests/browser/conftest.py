"""Pages in a real browser. Whatever the browser complains about, a broken Content-Security-Policy first of
all, fails the test.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.dispatch import Signal
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from accounts.models import User
from tests import cast
from tests.patience import PATIENCE
from webapp.postgres.process import wait_until


class Look(NamedTuple):
    """How a page comes to somebody's eyes. screen: pixels."""

    theme: Literal["light", "dark"]
    screen: ViewportSize

    def __str__(self) -> str:
        return f"{self.theme}-{self.screen['width']}"


DESK, PHONE = Look("light", {"width": 1440, "height": 900}), Look("dark", {"width": 390, "height": 844})
LOOKS = (DESK, PHONE)
expect.set_options(timeout=1000 * PATIENCE)
ALL_LOOKS = (*LOOKS, Look("dark", DESK.screen), Look("light", PHONE.screen))
VIOLATIONS = """axe.run({ preload: false, resultTypes: ["violations"] }).then(({ violations }) =>
    violations.filter(({ impact }) => ["serious", "critical"].includes(impact)))"""
THE_END = "the end of what was said"
# What htmx says of a request whose page is left. Of one that fails it says more than that.
BROKEN_OFF = "htmx:(afterRequest|sendAbort),"
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@dataclass
class Visit:
    """One person's browser at the site. look: in which the page is walked through. expected: complaints of
    the browser that the test means to cause.
    """

    context: BrowserContext
    page: Page
    address: str
    look: Look
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
        for look in self._in_each(LOOKS if SCREENSHOTS else ()):
            self.page.wait_for_timeout(500)
            # Hiding the caret writes inline styles, which htmx would copy.
            path = Path(SCREENSHOTS) / f"{name}-{look}.png"
            self.page.screenshot(path=path, full_page=True, caret="initial")

    def faults(self, looks: Sequence[Look] = LOOKS) -> list[str]:
        """What is wrong with the page in any of `looks`: what axe-core finds serious or critical, and what
        is wider than the screen.
        """
        self.expected, expected = "inline style", self.expected  # axe-core tries some itself
        found = []
        self.page.evaluate(AXE_SCRIPT)
        for look in self._in_each(looks):
            found += [f"{look}: {fault}" for fault in (*_broken_rules(self.page), *_overhang(self.page))]
        self._hear_out()
        self.expected = expected
        return found

    def _hear_out(self) -> None:
        """Take note of all that the browser has complained of so far: it says things in their order."""
        with self.page.expect_console_message(lambda said: said.text == THE_END):
            self.page.evaluate("words => console.info(words)", THE_END)

    def _in_each(self, looks: Sequence[Look]) -> Iterator[Look]:
        """The page as it stands in one look after another, then again in the visit's own."""
        for look in looks:
            self._put_on(look)
            yield look
        self._put_on(self.look)

    def _put_on(self, look: Look) -> None:
        self.page.emulate_media(color_scheme=look.theme)
        self.page.set_viewport_size(look.screen)

    def complain(self, sentence: str) -> None:
        if not (re.match(BROKEN_OFF, sentence) or (self.expected and re.search(self.expected, sentence))):
            self.complaints.append(sentence)


@pytest.fixture
def people(transactional_db) -> cast.Cast:
    return cast.gather()


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_DIR = tmp_path / "media"
    return settings.MEDIA_DIR


def hear(visit: Visit, said: ConsoleMessage) -> None:
    if said.type == "error":
        visit.complain(_words_of(said))


@pytest.fixture
def visit_at(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit_at(address)`: somebody's browser at a site."""
    visits: list[Visit] = []

    def visit_at(address: str, user: User | None = None, *, look: Look = DESK) -> Visit:
        context = browser.new_context(viewport=look.screen, color_scheme=look.theme, reduced_motion="reduce")
        context.set_default_timeout(1000 * PATIENCE)
        made = Visit(context, context.new_page(), address, look)
        made.page.on("console", partial(hear, made))
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
def site(transactional_db, live_server, media) -> Iterator[str]:
    """The address of the tests' own site, which has answered everything before its tables are emptied."""
    asked = []
    with (
        _called(request_started, lambda **_: asked.append(True)),
        _called(request_finished, lambda **_: asked.pop()),
    ):
        yield live_server.url
        assert wait_until(lambda: not asked, PATIENCE), f"{len(asked)} requests without an answer"


@pytest.fixture
def visit(site, visit_at) -> Callable[..., Visit]:
    """`visit(people.alice)`: her browser, signed in, at the tests' own site. As `visit_at`."""
    return functools.partial(visit_at, site)


@contextmanager
def _called(signal: Signal, receiver: Callable[..., object]) -> Iterator[None]:
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)


def first_held(held: list[Any], page: Page) -> Any:
    """What a handler of the page's requests keeps in `held`, when it has come."""
    assert wait_until(lambda: bool(page.wait_for_timeout(20) or held), PATIENCE)
    return held[0]


def _broken_rules(page: Page) -> list[str]:
    violations = page.evaluate(VIOLATIONS)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in violations for node in rule["nodes"]]


def _overhang(page: Page) -> list[str]:
    pixels = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{pixels} pixels too wide"] if pixels > 0 else []


def _words_of(said: ConsoleMessage) -> str:
    return f"{said.text} ({said.location['url']})"
