"""Bodies that are too large, too slow or too many: a page says so, with the headers of every other answer."""

import asyncio
import contextlib
from typing import Any

import pytest

from webapp.asgi import application as whole_site
from webapp.asgi import django_application
from webapp.http import body_limit
from webapp.http.body_limit import bounded

MOST = 100
NEVER = "never"
STRICT = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
}


class Wire:
    """A request in pieces, after the last of which the sender waits, and what is answered."""

    def __init__(self, *pieces: Any, headers: tuple = ()) -> None:
        self.pieces = list(pieces)
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/health/",
            "query_string": b"",
            "http_version": "1.1",
        }
        self.scope["headers"] = [(b"host", b"localhost"), *headers]
        self.read = 0
        self.sent: list[dict] = []

    async def receive(self) -> dict:
        if not self.pieces or self.pieces[0] == NEVER:
            await asyncio.Event().wait()
        size = self.pieces.pop(0)
        self.read += size
        return {"type": "http.request", "body": bytes(size), "more_body": bool(self.pieces)}

    async def send(self, message: dict) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def page(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()


def ask(*wires: Wire, site=None) -> None:
    """All at once, of `site` or of ours with small bounds."""
    site = site or bounded(django_application, MOST)

    async def all_of_them() -> None:
        await asyncio.gather(*(site(wire.scope, wire.receive, wire.send) for wire in wires))

    asyncio.run(asyncio.wait_for(all_of_them(), 20))


def assert_refused(wire: Wire, status: int, words: str) -> None:
    assert wire.status == status
    assert words in wire.page
    assert set(wire.headers) >= STRICT
    assert "no-store" in wire.headers["cache-control"]
    assert wire.headers["connection"] == "close"


def test_a_body_that_says_that_it_is_too_large_is_refused():
    wire = Wire(200, headers=((b"content-length", b"200"),))
    ask(wire)
    assert_refused(wire, 413, "too large")


def test_who_asks_first_whether_to_send_is_told_at_once():
    wire = Wire(NEVER, headers=((b"content-length", b"200"), (b"expect", b"100-continue")))
    ask(wire)
    assert_refused(wire, 413, "too large")


def test_a_body_that_grows_too_large_is_refused_and_read_on_within_reason():
    wire = Wire(*[60] * 50)
    ask(wire)
    assert_refused(wire, 413, "too large")
    assert wire.read < 2 * body_limit.READ_ON * MOST


@pytest.mark.parametrize("pieces", [(NEVER,), (10, NEVER), (50, 50, NEVER)])
def test_a_body_that_stops_on_its_way_is_given_up(monkeypatch, pieces):
    monkeypatch.setattr(body_limit, "GRACE_SECONDS", 0.1)
    wire = Wire(*pieces)
    ask(wire)
    assert_refused(wire, 408, "took too long")


def test_a_body_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(body_limit, "GRACE_SECONDS", 0.2)
    wire = Wire(*[1] * 90)
    receive = wire.receive

    async def dripping() -> dict:
        await asyncio.sleep(0.05)
        return await receive()

    wire.receive = dripping
    ask(wire)
    assert_refused(wire, 408, "took too long")
    assert wire.read < 20


@pytest.mark.slow
def test_many_bodies_at_once_are_no_more_than_the_memory_is_for(monkeypatch):
    monkeypatch.setattr(body_limit, "GRACE_SECONDS", 0.3)
    wires = [Wire(90, NEVER) for _ in range(12)]
    ask(*wires)
    assert {wire.status for wire in wires} == {408, 503}
    refused = [wire for wire in wires if wire.status == 503]
    assert_refused(refused[0], 503, "Too many files")
    # What was held is let go: the next one is heard.
    wire = Wire(90, NEVER)
    ask(wire)
    assert wire.status == 408


def test_a_form_comes_in_however_many_large_bodies_are_held(monkeypatch):
    monkeypatch.setattr(body_limit, "GRACE_SECONDS", 0.5)
    held = [Wire(99, NEVER) for _ in range(body_limit.BODIES_AT_ONCE)]
    form = Wire(MOST // body_limit.SMALL)

    async def later() -> dict:
        await asyncio.sleep(0.1)
        form.pieces = form.pieces or [0]
        return await Wire.receive(form)

    form.receive = later
    ask(*held, Wire(9, NEVER), form)
    assert {wire.status for wire in held} == {408}
    assert form.status != 503


def test_much_that_came_fast_buys_no_long_silence(monkeypatch):
    monkeypatch.setattr(body_limit, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(body_limit, "SLOWEST", 1)
    wire = Wire(90, NEVER)
    ask(wire)
    assert_refused(wire, 408, "took too long")


FORM = b"application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", [FORM, b"multipart/form-data; boundary=b", b"text/plain"])
@pytest.mark.parametrize(
    "charset", [b"utf-16", b"UTF-7", b"idna", b"rot13", b"undefined", b"no-such", b"\xff", b""]
)
def test_what_is_not_utf8_is_answered_with_a_page(kind, charset):
    wire = Wire(10, headers=((b"content-type", kind + b"; charset=" + charset),))
    wire.scope["query_string"] = b"&".join([b"a=1"] * 1100)
    ask(wire, site=whole_site)
    assert_refused(wire, 400, "did not arrive whole")


@pytest.mark.parametrize(
    "words", [b"; title*=rot13''x", b"; title*=undefined''%ff", b"; charset*=utf-16''utf-8"]
)
def test_a_content_type_that_cannot_be_read_is_answered_with_a_page(words):
    wire = Wire(10, headers=((b"content-type", FORM + words),))
    ask(wire, site=whole_site)
    assert wire.status < 500
    assert set(wire.headers) >= STRICT


@pytest.mark.parametrize("words", [b"", b"; charset=UTF-8", b'; charset="utf-8"'])
def test_utf8_is_heard(words):
    wire = Wire(10, headers=((b"content-type", FORM + words),))
    ask(wire, site=whole_site)
    assert wire.status == 403  # It was read, and has no token


def test_an_ordinary_body_passes_whole():
    wire, seen = Wire(60, 40, headers=((b"content-length", b"100"),)), []

    async def application(scope, receive, send) -> None:
        more = True
        while more:
            message = await receive()
            seen.append(len(message["body"]))
            more = message["more_body"]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive(), 0.05)  # It is listened to whether the sender goes away.

    ask(wire, site=bounded(application, MOST))
    assert seen == [60, 40]
    assert wire.sent == []
