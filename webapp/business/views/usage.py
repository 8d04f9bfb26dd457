from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from accounts import usage as ledger
from accounts import usage_report
from accounts.access import membership_for
from accounts.models import Membership, Role
from webapp.business.charts import bar_chart
from webapp.business.usage_form import LimitForm
from webapp.editing import overwritten
from webapp.http.requests import SignedInRequest

RANGES = (7, 30, 90)  # days
DEFAULT_RANGE = 30


@require_safe
def usage(request: SignedInRequest) -> HttpResponse:
    membership = membership_for(request, Role.OWNER)
    business = membership.business
    form = LimitForm({"pictures": business.daily_pictures}, highest=ledger.highest_limit(business))
    return _page(request, membership, form)


@require_safe
def usage_csv(request: SignedInRequest) -> HttpResponse:
    business = membership_for(request, Role.OWNER).business
    first, last = _range(request)
    sheet = usage_report.export(business, first, last, by=request.user)
    name = f"handbill-usage-{business.slug}-{first}-{last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(sheet, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def usage_limit(request: SignedInRequest) -> HttpResponse:
    membership = membership_for(request, Role.OWNER)
    form = LimitForm(request.POST, highest=ledger.highest_limit(membership.business))
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    overwritten.tell(request, membership.business.daily_pictures, form.cleaned_data["pictures"])
    try:
        ledger.limit(membership.business, form.cleaned_data["pictures"], by=request.user)
    except ValidationError as error:  # The most that may be chosen has sunk since the page was drawn.
        form.add_error("pictures", error)
        return _page(request, membership, form, status=422)
    messages.success(request, "The daily limit is changed.")
    return redirect("usage")


def _page(
    request: SignedInRequest, membership: Membership, form: LimitForm, *, status: int = 200
) -> HttpResponse:
    first, last = _range(request)
    report = usage_report.report(membership.business, first, last)
    whole, own = ledger.allowances(request.user, membership.business)
    context = {
        "report": report,
        "ranges": RANGES,
        "days": (last - first).days + 1,
        "chart": bar_chart(
            [(_bar_title(day, total), total.pictures) for day, total in report.by_day.items()]
        ),
        "allowance": whole,
        "own_allowance": own,
        "form": form,
    }
    return render(request, "business/usage.html", context, status=status)


def _range(request: SignedInRequest) -> tuple[date, date]:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, RANGES) else DEFAULT_RANGE
    today = timezone.localdate()
    return today - timedelta(days=days - 1), today


def _bar_title(day: date, total: usage_report.Total) -> str:
    return f"{date_format(day, 'j F')}: {total.pictures} picture{'' if total.pictures == 1 else 's'}"
