import logging
import threading

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from generation.provenance import StudioError
from generation.provenance.inspection import inspect
from webapp import verdicts
from webapp.forms.verify import VerifyForm

log = logging.getLogger(__name__)

# Each looks at a file in a process of its own, which computes for a second: not all at once.
AT_ONCE = threading.BoundedSemaphore(2)
WAIT = 10.0  # seconds
TOO_MANY = "That was a lot of files in a short time. Wait a minute, then go on."
AWAY = "This studio cannot look at files just now. Whoever runs this machine finds the reason in the log."
BUSY = "Many files are being looked at just now. Try again in a moment."


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
    if not AT_ONCE.acquire(timeout=WAIT):
        return _page(request, VerifyForm(), notice=BUSY, status=503)
    try:
        verdict = inspect(form.cleaned_data["file"].read())
    except StudioError as error:
        log.error("verify: %s", error)
        return _page(request, VerifyForm(), notice=AWAY, status=503)
    finally:
        AT_ONCE.release()
    return _page(
        request,
        VerifyForm(),
        name=form.cleaned_data["file"].name,
        words=verdicts.words(verdict),
        sections=verdicts.sections(verdict),
    )


def _page(request: HttpRequest, form: VerifyForm, *, status: int = 200, **more: object) -> HttpResponse:
    return render(request, "verify/verify.html", {"form": form, **more}, status=status)
