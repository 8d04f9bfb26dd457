"""A form that makes something makes it once: a second click, or the same sent again, leads to what the first
one made.

The forms name the page they are of (`_idempotency_key.html`), each page another; what one person sends twice
alike from one page to one address is the same wish. A form without that name is a new wish each time. The
brief has a nonce of its own, which stays with the job.
"""

import hashlib
import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import tokens

FIELD = "once"
OF_THE_FORM = (FIELD, "csrfmiddlewaretoken")
REMEMBERED = 10 * 60  # seconds
FOUND = 302


def name() -> str:
    """Of a page that is being made."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def answer(request: HttpRequest, make: Callable[[], HttpResponse], *, made_of: str = "") -> HttpResponse:
    """What `make` answers, or, if this was sent before, the way to where that led.

    make: makes the thing and redirects to it; an answer that is no redirect has made nothing.
    made_of: what the thing is made of, where that may change while the page is open.
    """
    wish = _wish(request, made_of)
    if wish is None:
        return make()
    # The row is written in the transaction of the thing: a second click waits here until that is done.
    if not cache.add(wish, "", REMEMBERED):
        return redirect(cache.get(wish) or request.path)
    made = make()
    if made.status_code == FOUND:
        cache.set(wish, made.headers["Location"], REMEMBERED)
    else:
        cache.delete(wish)
    return made


def token(request: HttpRequest) -> str:
    """The secret of a link that is asked for: of one sent again the same, so that the same link is shown."""
    wish = _wish(request)
    return tokens.derived(wish) if wish else tokens.new()


def _wish(request: HttpRequest, made_of: str = "") -> str | None:
    """The same for the same sent again; None for a form that names no page."""
    if not request.POST.get(FIELD):
        return None
    fields = sorted((key, values) for key, values in request.POST.lists() if key not in OF_THE_FORM)
    files = sorted((key, [(file.name, file.size) for file in files]) for key, files in request.FILES.lists())
    wish = (request.POST[FIELD], request.user.pk, request.path, fields, files, made_of)
    return f"once:{hashlib.sha256(repr(wish).encode()).hexdigest()}"
