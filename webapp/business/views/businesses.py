from functools import partial

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SESSION_KEY, membership_named
from accounts.businesses import open_business
from webapp.business.business_form import BusinessForm
from webapp.http import once

TOO_MANY = "That is enough businesses for one day. Go on tomorrow, or ask whoever runs this machine."


@require_http_methods(["GET", "HEAD", "POST"])
def businesses(request: HttpRequest) -> HttpResponse:
    """Open a business: for somebody who belongs to none, or starts another, where the machine is open."""
    form = BusinessForm(request.POST or None)
    if not settings.OPEN_SIGN_UP:
        return _page(request, form, status=200 if request.method != "POST" else 403)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    return once.answer(request, partial(_opened, request, form))


def _opened(request: HttpRequest, form: BusinessForm) -> HttpResponse:
    if not may_open_another(request):
        form.add_error(None, TOO_MANY)
        return _page(request, form, status=429)
    business = open_business(form.cleaned_data["name"], by=request.user)
    request.session[SESSION_KEY] = business.pk
    return redirect("home")


def may_open_another(request: HttpRequest) -> bool:
    return all(ratelimit.consume(request, action=action) for action in ("person_opens", "open_business"))


def _page(request: HttpRequest, form: BusinessForm, *, status: int) -> HttpResponse:
    context = {"form": form, "is_open": settings.OPEN_SIGN_UP}
    return render(request, "business/businesses.html", context, status=status)


@require_POST
def business_selection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show another of the person's businesses from now on."""
    request.session[SESSION_KEY] = membership_named(request, slug).business_id
    return redirect("home")
