"""What files that are handed in may take: how many at a time, and no connection while they wait."""

from allauth.core import ratelimit
from django.db import connection
from django.http import HttpRequest

TOO_MANY = "That was a lot of files in a short time, so nothing was saved. Wait a minute, then save again."


def give_connection_back() -> None:
    """Before a file waits for its turn in the sandbox: twenty that wait with a connection of the database
    each would leave none for anybody else.
    """
    if not connection.in_atomic_block:
        connection.close()


def too_many(request: HttpRequest) -> bool:
    """Whether a request with files is one too many for its person or its address; one without never is."""
    return bool(request.FILES) and not ratelimit.consume(request, action="upload")
