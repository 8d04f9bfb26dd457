"""Asking again who it is, before an act that gives somebody access or takes it away.

An open browser on a shop's counter, or a stolen session, must not be enough for that. Whoever signed in,
typed the password again or came by a sign-in link within LATELY is not asked. docs/operate.md lists the acts.
"""

import time
from datetime import timedelta

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

LATELY = timedelta(minutes=15)
PROOF_KEY = "proof"  # session: when the person last showed who they are, and how


def remember(request: HttpRequest, *, by_link: bool = False) -> None:
    """The person has just shown who they are, by password or by a sign-in link."""
    request.session[PROOF_KEY] = {"at": time.time(), "by_link": by_link}


def is_recent(request: HttpRequest) -> bool:
    return 0 <= time.time() - _proof(request)["at"] < LATELY.total_seconds()


def came_by_link(request: HttpRequest) -> bool:
    """Whether it was a sign-in link just now: who comes by one may have no password, or has forgotten it."""
    return is_recent(request) and _proof(request)["by_link"]


def require(request: HttpRequest) -> None:
    """Ask again unless it is recent. allauth's middleware keeps what was posted, asks, and then does it."""
    if not is_recent(request):
        raise ReauthenticationRequired


def require_before_typing(request: HttpRequest) -> None:
    """As `require`, for a form whose content must not be kept in the session: a new password."""
    if not is_recent(request):
        question = f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
        raise ImmediateHttpResponse(redirect(question))


def _proof(request: HttpRequest) -> dict:
    return request.session.get(PROOF_KEY, {"at": 0, "by_link": False})
