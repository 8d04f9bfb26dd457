"""A stored file as an answer. Who may have it is asked before."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from generation import storage

from .revalidation import revalidated

TYPES = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg", "zip": "application/zip"}


def shown(request: HttpRequest, path: str) -> HttpResponse:
    """To look at, kept by browsers as its hash is in its name. Http404 for a file that is gone."""
    etag = f'"{path.rsplit("/", 1)[1].partition(".")[0]}"'
    return revalidated(request, etag, partial(_answer, path))


def saved(path: str, name: str) -> HttpResponse:
    """To save as `name` (without its suffix). Http404 for a file that is gone."""
    response = _answer(path)
    file_name = f"{name}.{_suffix(path)}"
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    return response


def _answer(path: str) -> HttpResponse:
    try:
        # Whole: a picture is small, and ASGI would collect an open file's pieces into one anyway.
        content = storage.read(path)
    except FileNotFoundError as gone:
        raise Http404("The file is gone") from gone
    response = HttpResponse(content, content_type=TYPES[_suffix(path)])
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _suffix(path: str) -> str:
    return path.rsplit(".", 1)[1]
