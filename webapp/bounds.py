"""How much anybody may send at once. Ahead of Django, which reads a whole body before it asks what it is for,
and writes a large one to disk.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Too large</title>
<h1>This is too large</h1><p>Go back and choose a smaller file: 32 MB is the most.</p></html>"""


def bounded(application: Application, most: int) -> Application:
    """`application`, which never hears of a request with a body of more than `most` bytes: 413."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
        elif _declared(scope) > most:
            await _refuse(send)
        else:
            await application(scope, _counted(receive, most), send)

    return answer


def _declared(scope: Scope) -> int:
    """The length that the request gives itself; 0 for none, and for one that is no number."""
    given = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"")
    return int(given) if given.isdigit() else 0


def _counted(receive: Receive, most: int) -> Receive:
    """For a body that comes in pieces without saying how long it will be: to Django, who sends too much has
    hung up.
    """
    had = 0

    async def next_message() -> Message:
        nonlocal had
        message = await receive()
        had += len(message.get("body", b""))
        return {"type": "http.disconnect"} if had > most else message

    return next_message


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})
