"""Connections that want nothing: ended, while those of people go on."""

import contextlib
import socket
import threading

import pytest
import uvicorn

from tests.patience import PATIENCE
from webapp.machine import connection
from webapp.postgres.process import wait_until

LARGE = 8 * 1024**2


async def application(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    pieces = LARGE // 65_536 if scope["path"] == "/large" else 0
    for _ in range(pieces):
        await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
def seconds() -> float:
    """For how long the server waits for its callers."""
    return 0.4


# For callers who say something in time, however busy the machine.
long_enough = pytest.mark.parametrize("seconds", [3.0])


@pytest.fixture
def server(monkeypatch, seconds):
    """A real one whose patience is short."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", seconds)
    monkeypatch.setattr(connection, "READ_SECONDS", seconds)
    monkeypatch.setattr(connection, "MOST", 4)
    config = uvicorn.Config(application, http=connection.PatientConnection, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert wait_until(lambda: server.started, PATIENCE)
        server.port = listener.getsockname()[1]
        yield server
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture
def port(server) -> int:
    return server.port


def said(port: int, *words: bytes) -> socket.socket:
    caller = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    for word in words:
        caller.sendall(word)
    return caller


def hears(caller: socket.socket) -> bytes:
    """Everything until the other side ends."""
    heard = b""
    with caller, contextlib.suppress(ConnectionResetError):
        while piece := caller.recv(65_536):
            heard += piece
    return heard


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
def test_who_says_nothing_or_half_is_given_up(port, words):
    assert hears(said(port, words)) == b""


@long_enough
def test_a_second_request_that_stops_half_way_is_given_up(port):
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert hears(said(port, whole, b"GET / HTTP/1.1\r\n")).count(b"hello") == 1


@long_enough
def test_who_takes_nothing_of_an_answer_is_given_up(server):
    caller = said(server.port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert wait_until(lambda: server.server_state.connections, PATIENCE)
    assert wait_until(lambda: not server.server_state.connections, PATIENCE)
    assert len(hears(caller)) < LARGE


@long_enough
def test_connections_have_a_number_and_the_next_caller_is_served_after(port):
    idle = [said(port) for _ in range(8)]
    for caller in idle:
        assert hears(caller) == b""
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert b"hello" in hears(said(port, request))
