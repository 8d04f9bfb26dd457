"""What somebody gets whose session has ended: the way to sign in, never that page inside another page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from .requests import Request


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a person, unless its view says `login_not_required`."""

    # The stubs have a redirect in mind; the middleware returns any answer.
    def handle_no_permission(  # type: ignore[override]
        self, request: Request, view_func: Callable
    ) -> HttpResponse:
        if request.htmx:
            # A redirect would be followed, and the sign-in page swapped into a frame: connection.js tells
            # the person instead, and what they typed stays.
            return HttpResponse(status=401)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(_page_of(request), self.get_login_url(view_func))


def _page_of(request: Request) -> str:
    """The page that a form was sent from: its own address answers to no GET."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if page and is_ours else "/"
