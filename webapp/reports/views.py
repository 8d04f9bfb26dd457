"""Reporting a picture, the receipt, the business's queue of reports, and the terms of use."""

from collections.abc import Callable
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import membership_for
from accounts.models import Business, Role
from generation.models import Output
from generation.safety.rules import RULES
from webapp.access import output_for, report_for
from webapp.business import guest_links
from webapp.http import file_response, idempotency
from webapp.http.headers import secret_address
from webapp.http.requests import Request, SignedInRequest
from webapp.models import Report
from webapp.reports import decisions, reports
from webapp.reports.forms import DecisionForm, ReportForm

TOO_MANY = "Very much was reported from your network. What you wrote is kept here: send it in an hour."
DECIDED = "Somebody decided about this report already."
SHELLS = {False: "campaigns/guest/_base.html", True: "base.html"}  # by whether somebody is signed in


@require_http_methods(["GET", "HEAD", "POST"])
def output_report(request: SignedInRequest, pk: UUID) -> HttpResponse:
    output = output_for(request, pk)
    _require_reportable(request, output)

    def send(**said: str) -> str:
        return reports.report(output, **said, by=request.user)

    where = {"picture": reverse("output_thumbnail", args=[pk]), "back": reverse("output", args=[pk])}
    return _report_page(request, send, {"output": output, **where, "shell": SHELLS[True]})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@secret_address
def guest_output_report(request: Request, token: str, pk: UUID) -> HttpResponse:
    output = guest_links.find_picture(token, pk)
    if output is None:
        raise Http404("Not found")
    _require_reportable(request, output)

    def send(**said: str) -> str:
        return reports.report_as_guest(output, **said)

    where = {
        "picture": reverse("guest_output_thumbnail", args=[token, pk]),
        "back": reverse("guest_campaign", args=[token]),
    }
    return _report_page(request, send, {"output": output, **where, "shell": SHELLS[False]})


def _require_reportable(request: Request, output: Output) -> None:
    """Raises Http404. Of a picture that was hidden meanwhile there is no page; what was written on one that
    is open still counts, a second click too.
    """
    is_open = output.is_stored if request.method == "POST" else output.may_be_shown
    if not is_open:
        raise Http404("Not made yet, taken down or hidden")


def _report_page(request: Request, send: Callable[..., str], context: dict[str, object]) -> HttpResponse:
    """The form; sent, it leads to the receipt. send: says what is wrong, and returns the receipt's token."""
    is_sent = request.method == "POST"
    form, status = ReportForm(request.POST if is_sent else None), 200
    if is_sent:
        status = 422
        if form.is_valid() and not ratelimit.consume(request, action="report"):
            form.add_error(None, TOO_MANY)
            status = 429
        elif form.is_valid():
            try:
                return idempotency.answer(
                    request, lambda: redirect("report_receipt", send(**form.cleaned_data))
                )
            except ValidationError as gone:
                form.add_error(None, gone)
    return render(request, "reports/report.html", {"form": form, **context}, status=status)


@require_safe
@login_not_required
@secret_address
def report_receipt(request: Request, token: str) -> HttpResponse:
    """What became of a report, for whoever has its address: neither the picture nor anybody's name."""
    report = reports.find(token)
    if report is None:
        raise Http404("Not found")
    context = {
        "report": report,
        "is_hidden": report.output.hidden_at is not None,
        "address": request.build_absolute_uri(),
        "shell": SHELLS[request.user.is_authenticated],
    }
    return render(request, "reports/receipt.html", context)


@require_safe
def reports_page(request: SignedInRequest) -> HttpResponse:
    """What was reported of the business's pictures, for its owners."""
    return _queue_page(request, membership_for(request, Role.OWNER).business)


@require_POST
def report_decision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Field `decision`: "keep" or "take_down"; `answer`: to whoever reported."""
    report = report_for(request, pk)
    form = DecisionForm(request.POST, auto_id=f"{pk}-%s")
    if not form.is_valid():
        return _queue_page(request, report.business, {pk: form}, status=422)
    if form.cleaned_data["decision"] == "keep":
        decide, words = decisions.keep, "The picture stays."
    else:
        decide, words = decisions.take_down, "The picture is taken down. Its files are deleted."
    if decide(report, answer=form.cleaned_data["answer"], by=request.user):
        messages.success(request, words)
    else:
        messages.info(request, DECIDED)
    return redirect("reports")


@require_safe
@never_cache
def report_picture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A picture that waits for a decision, small, for those who decide: hidden, it is shown nowhere else.
    The log tells who looked.
    """
    report = report_for(request, pk)
    if report.closed_at or not report.output.is_stored:
        raise Http404("Decided")
    response = file_response.shown(request, report.output.small_file)
    if request.method == "GET":
        with transaction.atomic():
            audit.record(request.user, "report.inspected", report)
    return response


def _queue_page(
    request: SignedInRequest,
    business: Business,
    bound: dict[UUID, DecisionForm] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """bound: forms that were sent and are wrong, by the key of their report."""
    waiting: list[Report] = list(reports.waiting(business)[: reports.SHOWN])
    forms = {report.pk: DecisionForm(auto_id=f"{report.pk}-%s") for report in waiting} | (bound or {})
    context = {
        "waiting": [(report, forms[report.pk]) for report in waiting],
        "decided": reports.decided(business),
    }
    return render(request, "reports/queue.html", context, status=status)


@require_safe
@login_not_required
def terms(request: Request) -> HttpResponse:
    """What must not be made here, who decides, and what is kept."""
    sentences = list(dict.fromkeys(rule.sentence for rule in RULES))
    return render(request, "reports/terms.html", {"sentences": sentences})
