from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SESSION_KEY
from accounts.businesses import open_business
from accounts.models import Membership
from webapp.forms.business import BusinessForm


@require_http_methods(["GET", "HEAD", "POST"])
def businesses(request: HttpRequest) -> HttpResponse:
    """Open a business: for somebody who belongs to none, or starts another."""
    form = BusinessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = open_business(form.cleaned_data["name"], by=request.user)
        request.session[SESSION_KEY] = account.pk
        return redirect("home")
    return render(request, "team/businesses.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def business_selection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show another of the person's businesses from now on."""
    membership = get_object_or_404(Membership, user=request.user, account__slug=slug)
    request.session[SESSION_KEY] = membership.account_id
    return redirect("home")
