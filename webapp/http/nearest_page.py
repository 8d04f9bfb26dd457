"""What somebody gets who opens an address that only forms are sent to: the nearest page above it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve
from django.utils.deprecation import MiddlewareMixin


class NearestPage(MiddlewareMixin):
    """A 405 to somebody who only looks is a redirect: after signing in again, from a bookmark, by hand."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 405 or request.method not in ("GET", "HEAD"):
            return response
        return HttpResponseRedirect(_above(request.path))


def _above(path: str) -> str:
    """The nearest address above `path` that there is."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            resolve(above)
        except Http404:
            continue
        return above
    return "/"
