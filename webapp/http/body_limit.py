"""How much anybody may send at once, and how long they may take. Ahead of Django, which reads a whole body
before it asks what it is for, and waits for it for ever.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

REFUSAL = "handbill.refusal"  # In the scope: the status with which Django is to answer, and nothing else.
TOO_LARGE, TOO_SLOW, TOO_BUSY = 413, 408, 503
GRACE_SECONDS = 30.0  # of silence, at most
SLOWEST = 10_000  # bytes a second, after the grace
BODIES_AT_ONCE = 8  # of the largest size there may be
SMALL = 32  # such a part of the largest size is taken in however many large bodies are on their way
READ_ON = 4  # times the largest size: a browser reads an answer when it has sent everything


@dataclass
class Held:
    """The bytes of all bodies in memory."""

    bytes: int = 0


@dataclass
class Body:
    """One request's body on its way to Django, which hears that the sender has hung up when it is refused."""

    receive: Receive
    most: int
    held: Held
    refusal: int = 0
    had: int = 0
    is_whole: bool = False

    def __post_init__(self) -> None:
        self.clock = asyncio.get_running_loop().time
        self.began = self.clock()

    async def next_message(self) -> Message:
        """What ASGI calls `receive`."""
        if self.is_whole:
            return await self.receive()
        try:
            message = await self._in_time()
        except TimeoutError:
            return self._refused(TOO_SLOW)
        if self.had > self.most:
            return self._refused(TOO_LARGE)
        if self.held.bytes > self.most * BODIES_AT_ONCE and self.had > self.most // SMALL:
            return self._refused(TOO_BUSY)
        return message

    async def read_on(self) -> None:
        """Let a browser send the rest, within reason, so that it reads the answer."""
        try:
            while not self.is_whole and self.had <= self.most * READ_ON:
                self.is_whole = (await self._in_time())["type"] == "http.disconnect" or self.is_whole
        except TimeoutError:
            pass  # It has had its time, and gets the answer now.

    async def _in_time(self) -> Message:
        left = self.began + GRACE_SECONDS + self.had / SLOWEST - self.clock()
        message = await asyncio.wait_for(self.receive(), min(max(left, 0), GRACE_SECONDS))
        size = len(message.get("body", b""))
        self.had += size
        if not self.refusal:
            self.held.bytes += size
        self.is_whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    def _refused(self, status: int) -> Message:
        self.refusal = status
        return {"type": "http.disconnect"}


def bounded(application: Application, most: int) -> Application:
    """`application`, which never reads a body of more than `most` bytes, nor one that hardly comes, nor more
    at once than the memory is for: it is asked to answer 413, 408 or 503.
    """
    held = Held()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        body = Body(receive, most, held)
        if _declared(scope) > most:
            body.refusal = TOO_LARGE
        else:
            try:
                await application(scope, body.next_message, send)
            finally:
                held.bytes -= min(body.had, held.bytes)
        if body.refusal:
            if body.refusal == TOO_LARGE and not _waits(scope):
                await body.read_on()
            await application({**scope, REFUSAL: body.refusal}, _nothing(), send)

    return answer


def _declared(scope: Scope) -> int:
    """The length that the request gives itself; 0 for none, and for one that is no number."""
    given = _header(scope, b"content-length")
    return int(given) if given.isdigit() else 0


def _waits(scope: Scope) -> bool:
    """Whether the sender asks before it sends a body."""
    return _header(scope, b"expect").lower() == b"100-continue"


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name.lower() == wanted), b"")


def _nothing() -> Receive:
    """A body that is empty and whole. Nothing more is read, however long Django listens for the end."""
    messages: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def next_message() -> Message:
        return next(messages, None) or await asyncio.get_running_loop().create_future()

    return next_message
