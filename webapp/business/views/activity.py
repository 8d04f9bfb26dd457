from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import membership_for
from accounts.models import Role
from webapp.business.activity import described
from webapp.business.activity_form import ActivityFilter
from webapp.http.requests import SignedInRequest

PAGE = 50


@require_safe
def activity(request: SignedInRequest) -> HttpResponse:
    """The audit log, a page at a time; a page begins after a key, so that new events shift nothing."""
    business = membership_for(request, Role.OWNER).business
    form = ActivityFilter(request.GET, business=business)
    events = form.events()
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(pk__lt=int(before))
    page = list(events[: PAGE + 1])
    acts = described(page[:PAGE])
    chosen = {name: value for name, value in form.data.items() if name in form.fields and value}
    context = {
        "form": form,
        "acts": acts,
        "is_filtered": bool(chosen),
        "is_first": not before,
        "newest": f"?{urlencode(chosen)}",
        "older": f"?{urlencode(chosen | {'before': acts[-1].key})}" if len(page) > PAGE else "",
    }
    return render(request, "business/activity.html", context)
