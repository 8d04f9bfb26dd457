"""Answers that a browser keeps, but asks for each time: whoever may no longer look sees no more."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def revalidated(request: HttpRequest, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` answers; a short "not modified", and nothing made, where the browser has `etag` already."""
    response = get_conditional_response(request, etag=etag) or make()
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
