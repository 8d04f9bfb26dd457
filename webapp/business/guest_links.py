"""Guest links: one campaign, to look at, for whoever has the link, until it expires or is revoked."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts import audit, names, roles, tokens
from accounts.models import Business, Membership, Role, User
from generation.models import MAY_BE_SHOWN, Output
from webapp.models import Campaign, GuestLink

LIFETIMES = (1, 7, 30)  # days


@transaction.atomic
def create(
    campaign: Campaign, *, days: int, note: str = "", by: User, token: str = ""
) -> tuple[GuestLink, str]:
    """A new link and its token, which is shown once and kept nowhere.

    days: one of LIFETIMES. note: for whom the link is. token: another than one made here; the link that has
    it already is that one. Raises ValidationError for one of two lines.
    """
    roles.require(by, campaign.business, Role.EDITOR)
    if days not in LIFETIMES:
        raise ValueError(f"a guest link lasts {LIFETIMES} days, not {days}")
    token = token or tokens.new()
    said = {
        "campaign": campaign,
        "note": names.clean(note) if note.strip() else "",
        "created_by": by,
        "expires_at": timezone.now() + timedelta(days=days),
    }
    link, is_new = GuestLink.objects.get_or_create(token_hash=tokens.digest(token), defaults=said)
    if is_new:
        audit.record(by, "guest_link.created", link, days=days)
    return link, token


@transaction.atomic
def revoke(link: GuestLink, *, by: User) -> None:
    """Close a link; one that is closed already stays as it is."""
    roles.require(by, link.business, Role.EDITOR)
    _revoke(link, by=by)


def revoke_made_by(user: User, business: Business, *, by: User) -> None:
    """Close what somebody who may no longer share has left open; of anybody else, nothing. In the caller's
    transaction.

    Asks for no role of `by`: whoever leaves has none any more.
    """
    if roles.holds(user, business, Role.EDITOR):
        return
    made = GuestLink.objects.filter(campaign__project__business=business, created_by=user, revoked_at=None)
    for link in made.filter(expires_at__gt=timezone.now()).select_related("campaign__project__business"):
        _revoke(link, by=by)


def _revoke(link: GuestLink, *, by: User) -> None:
    if GuestLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(by, "guest_link.revoked", link)


def links_of(campaign: Campaign) -> QuerySet[GuestLink]:
    """The links of a campaign that lead somewhere, or would if it were not put away; newest first."""
    alive = campaign.guest_links.filter(
        revoked_at=None,
        expires_at__gt=timezone.now(),
        created_by__in=Membership.holders(campaign.project.business_id, Role.EDITOR),
    )
    return alive.select_related("created_by").order_by("-created_at")


def find(token: str) -> GuestLink | None:
    """The link of this token, open or not."""
    links = GuestLink.objects.select_related("campaign__project__business")
    return links.filter(token_hash=tokens.digest(token)).first()


@transaction.atomic
def record_opening(link: GuestLink) -> None:
    """Count and record that a guest looked: when, never who or from where."""
    GuestLink.objects.filter(pk=link.pk).update(
        opened_count=F("opened_count") + 1, last_opened_at=timezone.now()
    )
    audit.record(None, "guest_link.opened", link)


def pictures(campaign: Campaign) -> QuerySet[Output]:
    """What a guest sees, newest first: the kept pictures; while none is kept, every one not discarded."""
    return _offered(campaign).filter(MAY_BE_SHOWN).order_by("-job__created_at", "job_id", "index")


def _offered(campaign: Campaign) -> QuerySet[Output]:
    those = Output.objects.filter(job__brief__campaign=campaign, discarded_at=None)
    # Also where all that were kept are taken down or hidden: nobody chose the others.
    if those.filter(kept_at__isnull=False).exists():
        those = those.filter(kept_at__isnull=False)
    return those


def find_picture(token: str, pk: UUID) -> Output | None:
    """A picture, for whoever has the link now, also one that is hidden: each request asks the link again."""
    link = find(token)
    if link is None or not link.is_open:
        return None
    stored = _offered(link.campaign).exclude(file="")
    return stored.select_related("job__business").defer("preview").filter(pk=pk).first()
