from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import reauthentication, sign_in_links
from webapp.http.headers import secret_address

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@secret_address
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """One button: the previews that messengers fetch look at the page and use nothing up."""
    if request.method != "POST":
        is_open = sign_in_links.is_open(token)
        return render(
            request, "account/sign_in_link.html", {"is_open": is_open}, status=200 if is_open else 410
        )
    try:
        login(request, sign_in_links.redeem(token), backend=BACKEND)
        reauthentication.remember(request, by_link=True)
    except sign_in_links.SignInLinkSpent:
        return render(request, "account/sign_in_link.html", {"is_open": False}, status=410)
    return redirect("home")
