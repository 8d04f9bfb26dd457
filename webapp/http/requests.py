"""A request as views have it, after the middleware. For annotations only: it is Django that makes them."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """Of anybody: of a view that says `login_not_required`."""

    htmx: HtmxDetails


class SignedInRequest(Request):
    """Of every other view: `login_required.SignInFirst` lets nobody else in."""

    user: User
