"""Asking again who it is, before an act that gives somebody access or takes it away.

An open browser on a shop's counter, or a stolen session, must not be enough for that. Whoever signed in,
typed the password again or came by a sign-in link within LATELY is not asked. docs/operate.md lists the acts.
"""

import time
from datetime import timedelta

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

LATELY = timedelta(minutes=15)
WAITS = timedelta(minutes=5)  # what was posted, for the answer: a later one is perhaps another person's
PROOF_KEY = "proof"  # session: when the person last showed who they are, and how
ACT_KEY = "act"  # session: what waits for the answer, in words, the address it was sent to, and since when


def remember(request: HttpRequest, *, by_link: bool = False) -> None:
    """The person has just shown who they are, by password or by a sign-in link."""
    request.session[PROOF_KEY] = {"at": time.time(), "by_link": by_link}


def is_recent(request: HttpRequest) -> bool:
    return 0 <= time.time() - _proof(request)["at"] < LATELY.total_seconds()


def came_by_link(request: HttpRequest) -> bool:
    """Whether it was a sign-in link just now: who comes by one may have no password, or has forgotten it."""
    return is_recent(request) and _proof(request)["by_link"]


def require(request: HttpRequest, act: str) -> None:
    """Ask again unless it is recent. allauth's middleware keeps what was posted, asks, and then does it.

    act: what will be done, as in "You are about to ...".
    """
    if not is_recent(request):
        _remember_act(request, act)
        raise ReauthenticationRequired


def require_before_typing(request: HttpRequest, act: str) -> None:
    """As `require`, for a form whose content must not be kept in the session: a new password."""
    if not is_recent(request):
        _remember_act(request, act)
        question = f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
        raise ImmediateHttpResponse(redirect(question))


def act_asked_for(request: HttpRequest) -> str:
    """What the answer to this question will do; empty where it does nothing, or not any more."""
    act = request.session.get(ACT_KEY)
    leads_to = request.POST.get("next", request.GET.get("next"))
    return act["words"] if act and act["address"] == leads_to and not _is_late(act) else ""


def drop_late_act(request: HttpRequest) -> None:
    """At the right answer: what was posted too long before it is not done, only its page is opened."""
    act = request.session.pop(ACT_KEY, None)
    if act and _is_late(act) and request.session.pop(STATE_SESSION_KEY, None):
        minutes = int(WAITS.total_seconds() / 60)
        words = f"More than {minutes} minutes went by, so nothing was done. To {act['words']}, do it again."
        messages.warning(request, words)


def _remember_act(request: HttpRequest, words: str) -> None:
    request.session[ACT_KEY] = {"words": words, "address": request.get_full_path(), "at": time.time()}


def _is_late(act: dict) -> bool:
    return not 0 <= time.time() - act["at"] < WAITS.total_seconds()


def _proof(request: HttpRequest) -> dict:
    return request.session.get(PROOF_KEY, {"at": 0, "by_link": False})
