from functools import partial

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import locales
from accounts.access import SESSION_KEY, membership_for, membership_named
from accounts.businesses import VERBS, change, open_business
from accounts.locales import of_browser
from accounts.models import Role
from webapp.business.business_form import BusinessForm, BusinessSettingsForm
from webapp.editing import began_from, overwritten
from webapp.editing.merge import merge
from webapp.http import idempotency
from webapp.http.requests import SignedInRequest

TOO_MANY = "That is enough businesses for one day. Go on tomorrow, or ask whoever runs this machine."


@require_http_methods(["GET", "HEAD", "POST"])
def businesses(request: SignedInRequest) -> HttpResponse:
    """Open a business: for somebody who belongs to none, or starts another, where the machine is open."""
    form = BusinessForm(request.POST or None)
    if not settings.OPEN_SIGN_UP:
        return _page(request, form, status=200 if request.method != "POST" else 403)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    return idempotency.answer(request, partial(_opened, request, form))


def _opened(request: SignedInRequest, form: BusinessForm) -> HttpResponse:
    if not may_open_another(request):
        form.add_error(None, TOO_MANY)
        return _page(request, form, status=429)
    locale = of_browser(request.headers.get("Accept-Language", ""))
    business = open_business(form.cleaned_data["name"], by=request.user, locale=locale)
    request.session[SESSION_KEY] = business.pk
    return redirect("home")


def may_open_another(request: SignedInRequest) -> bool:
    return all(ratelimit.consume(request, action=action) for action in ("person_opens", "open_business"))


def _page(request: SignedInRequest, form: BusinessForm, *, status: int) -> HttpResponse:
    context = {"form": form, "is_open": settings.OPEN_SIGN_UP}
    return render(request, "business/businesses.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def business_settings(request: SignedInRequest) -> HttpResponse:
    """What the business is called and how it writes; what others changed meanwhile is kept."""
    business = membership_for(request, Role.OWNER).business
    stored = {name: getattr(business, name) for name in VERBS}
    form = BusinessSettingsForm(request.POST or None, initial=stored)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in VERBS}
        merged = merge(form.cleaned_data["began_from"], typed, stored)
        change(business, merged.changes, by=request.user)
        for name, value in merged.contested.items():
            overwritten.say(request, _in_words(name, value), _in_words(name, typed[name]))
        messages.success(request, "Saved.")
        return redirect("business_settings")
    context = {"form": form, "began_from": began_from.to_send(form, stored)}
    return render(request, "business/settings.html", context, status=422 if form.errors else 200)


def _in_words(field: str, value: str) -> str:
    words = {"locale": locales.names(), "currency": locales.currencies()}.get(field, {})
    return words.get(value, value)


@require_POST
def business_selection(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show another of the person's businesses from now on."""
    request.session[SESSION_KEY] = membership_named(request, slug).business_id
    return redirect("home")
