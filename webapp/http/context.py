"""What every page's shell needs: the business on screen and what the person may do there."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.access import SESSION_KEY
from accounts.models import Membership, Role

from . import idempotency, link_reach

SECTIONS = {
    "campaigns": "projects",
    "creatives": "projects",
    "outputs": "projects",
    "exports": "projects",
    "": "projects",
}


def shell(request: HttpRequest) -> dict[str, object]:
    """`membership` (or None) and the person's `memberships`, for the header of `base.html`; the `section` of
    the menu that the page belongs to; how far its links reach; whether letters are sent at all; the page's
    name, which its forms send along.
    """
    return _person(request) | {
        "section": _section(request),
        # Asked late: the page that refuses an unknown host has this context too.
        "reach": SimpleLazyObject(lambda: link_reach.reach_of(request.get_host())),
        "sends_mail": bool(settings.SMTP_URL),
        "once": idempotency.name(),
    }


def _section(request: HttpRequest) -> str:
    first = request.path.strip("/").split("/")[0]
    return SECTIONS.get(first, first)


def _person(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"membership": None, "memberships": [], "may_open_business": settings.OPEN_SIGN_UP}
    memberships = list(
        Membership.objects.select_related("business").filter(user=user).order_by("created_at", "pk")
    )
    chosen = request.session.get(SESSION_KEY)
    default = next(
        (m for m in memberships if m.business_id == chosen), memberships[0] if memberships else None
    )
    membership = getattr(request, "membership", default)
    return {
        "membership": membership,
        "memberships": memberships,
        "may_edit": bool(membership and membership.covers(Role.EDITOR)),
        "may_open_business": settings.OPEN_SIGN_UP,
        "is_owner": bool(membership and membership.covers(Role.OWNER)),
    }
