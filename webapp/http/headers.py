"""What every answer says about itself to browsers, proxies and search engines."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

View = Callable[..., HttpResponse]
Arguments = ParamSpec("Arguments")


class PrivateByDefault(MiddlewareMixin):
    """Nothing is kept by a browser's or proxy's cache unless its view says otherwise, and nothing at all is
    loaded by a page of another site.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def secret_address(view: View) -> View:
    """For a page whose address is a secret: search engines must not list it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer


def no_referrer(view: View) -> View:
    """For a page without forms: browsers name it to nobody. (A form's POST would say `Origin: null`,
    which the CSRF check refuses.)"""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def images_inside(view: Callable[Arguments, HttpResponse]) -> Callable[Arguments, HttpResponse]:
    """For a page with an image in itself: no second request between a choice and its picture."""
    # The types of csp know only views that take nothing but the request, though it hands on whatever comes.
    return csp_update({"img-src": ["data:"]})(view)  # type: ignore[arg-type, return-value]
