import logging

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import client_address
from generation import signing
from generation.provenance import SigningIdentityError
from generation.provenance.inspection import inspect
from generation.sandbox import Broken, Busy
from webapp.http import uploads

from .forms import VerifyForm
from .words import sections, words

log = logging.getLogger(__name__)

TOO_MANY = "That was a lot of files in a short time. Wait a minute, then go on."
AWAY = "This studio cannot look at files just now. Whoever runs this machine finds the reason in the log."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Whether this studio made a file. For everybody; the file is looked at in memory and kept nowhere."""
    if request.method != "POST":
        return _page(request, VerifyForm())
    if not ratelimit.consume(request, action="verify"):
        return _page(request, VerifyForm(), notice=TOO_MANY, status=429)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    uploads.give_connection_back()
    try:
        data, asker = form.cleaned_data["file"].read(), client_address.household(request)
        verdict = inspect(data, signing.identity(), asker)
    except Busy as busy:
        return _page(request, VerifyForm(), notice=str(busy), status=503)
    except (SigningIdentityError, Broken) as error:
        log.error("verify: %s", error)
        return _page(request, VerifyForm(), notice=AWAY, status=503)
    return _page(
        request,
        VerifyForm(),
        name=form.cleaned_data["file"].name,
        words=words(verdict),
        sections=sections(verdict),
    )


def _page(request: HttpRequest, form: VerifyForm, *, status: int = 200, **more: object) -> HttpResponse:
    return render(request, "verify/verify.html", {"form": form, **more}, status=status)
