"""A stored file as an answer. Who may have it is asked before."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.defaults import page_not_found

from generation.files import storage

from .etag import revalidated

TYPES = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg", "zip": "application/zip"}
# Browsers say what they want an answer for. One that does not gets the page, and its own sign for no picture.
WANTED_FOR = "Sec-Fetch-Dest"


class Lost(Http404):
    """The file is missing or damaged on the disk."""


def shown(request: HttpRequest, path: str) -> HttpResponse:
    """To look at, kept by browsers as its hash is in its name. Raises Lost."""
    etag = f'"{path.rsplit("/", 1)[1].partition(".")[0]}"'
    if "If-None-Match" in request.headers and not storage.is_sound(path):
        # Not "as you have it": nobody knows whether what the browser has was given to it whole.
        raise Lost("The file is gone or damaged")
    return revalidated(request, etag, partial(_answer, path))


def saved(path: str, name: str) -> HttpResponse:
    """To save as `name` (without its suffix). Raises Lost."""
    response = _answer(path)
    file_name = f"{name}.{_suffix(path)}"
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to every Http404; one that is Lost says so, also in a picture's frame."""
    if not isinstance(exception, Lost):
        return page_not_found(request, exception)
    is_framed = request.headers.get(WANTED_FOR) == "image"
    template, media_type = ("lost.svg", "image/svg+xml") if is_framed else ("lost.html", "text/html")
    response = render(request, template, content_type=media_type, status=404)
    patch_vary_headers(response, [WANTED_FOR])
    return response


def _answer(path: str) -> HttpResponse:
    try:
        # Whole: a picture is small, and ASGI would collect an open file's pieces into one anyway.
        content = storage.read(path)
    except FileNotFoundError as gone:
        raise Lost("The file is gone or damaged") from gone
    return HttpResponse(content, content_type=TYPES[_suffix(path)])


def _suffix(path: str) -> str:
    return path.rsplit(".", 1)[1]
