"""The ledger of pictures: what is promised, what was made, what is left of the day's allowance.

A job reserves its pictures when it is submitted and settles when it ends, each in the transaction
that changes the job, so that the totals and the jobs cannot disagree.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from django.utils import timezone

from . import audit, owners, roles
from .models import Business, Outcome, Reservation, Role, UsageEntry, User


@dataclass(frozen=True, slots=True)
class Allowance:
    """Pictures a business, or a person in all their businesses together, may make today."""

    limit: int
    used: int
    reserved: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used - self.reserved)


class OverLimit(Exception):
    """The day's allowance does not cover the request. is_personal: not the business's, the person's own."""

    def __init__(self, allowance: Allowance, wanted: int, *, is_personal: bool = False) -> None:
        super().__init__(f"{wanted} pictures wanted, {allowance.left} left today")
        self.allowance = allowance
        self.wanted = wanted
        self.is_personal = is_personal

    @property
    def sentence(self) -> str:
        """What the person who asked is told, and what would do."""
        left, limit = self.allowance.left, self.allowance.limit
        if self.is_personal:
            return f"You may make {limit} pictures a day in all your businesses; {left} are left."
        if not left:
            return (
                "Today's pictures are used up. There are new ones tomorrow; owners see the limit under Usage."
            )
        return f"{left} of today's pictures {'is' if left == 1 else 'are'} left: ask for {left} or fewer."


def allowance(business: Business) -> Allowance:
    """What is left today of a business's pictures."""
    return _allowance(business.daily_pictures, business.usage_entries.all(), business.reservations.all())


def personal_allowance(user: User) -> Allowance:
    """What is left today of what one person may make in all businesses together: as much as in that one of
    them which may make most.

    Otherwise whoever opened twenty businesses had twenty allowances of one machine.
    """
    granted = Business.objects.filter(memberships__user=user).aggregate(n=Max("daily_pictures"))["n"] or 0
    made, promised = UsageEntry.objects.filter(user=user), Reservation.objects.filter(user=user)
    return _allowance(max(settings.DAILY_PICTURES, granted), made, promised)


def allowances(user: User, business: Business) -> tuple[Allowance, Allowance | None]:
    """A business's, and the person's own where less is left of that; else None."""
    whole, own = allowance(business), personal_allowance(user)
    return whole, own if own.left < whole.left else None


def _allowance(limit: int, made: QuerySet[UsageEntry], promised: QuerySet[Reservation]) -> Allowance:
    used = made.filter(day=timezone.localdate()).aggregate(n=Sum("pictures"))["n"] or 0
    return Allowance(limit, used, promised.aggregate(n=Sum("pictures"))["n"] or 0)


def reserve(business: Business, job_id: UUID, pictures: int, *, by: User | None) -> None:
    """Promise `pictures` to a job, or raise OverLimit.

    Locks the business, then the person, so that two clicks cannot both fit, in one business or in two.
    """
    locked = owners.lock(business.pk)
    today = allowance(locked)
    if pictures > today.left:
        raise OverLimit(today, pictures)
    if by is not None:
        own = personal_allowance(User.objects.select_for_update(no_key=True).get(pk=by.pk))
        if pictures > own.left:
            raise OverLimit(own, pictures, is_personal=True)
    Reservation.objects.create(business=locked, user=by, job_id=job_id, pictures=pictures)


def release_one(job_id: UUID) -> None:
    """Take back the promise of one picture of a job; it counts against the day no more."""
    Reservation.objects.filter(job_id=job_id, pictures__gt=0).update(pictures=F("pictures") - 1)


def settle(
    business: Business,
    job_id: UUID,
    *,
    by: User | None,
    model: str,
    outcome: Outcome,
    pictures: int,
    gpu_seconds: float,
) -> UsageEntry:
    """End a reservation with one line of the ledger; `pictures` is what was really stored."""
    Reservation.objects.filter(job_id=job_id).delete()
    return UsageEntry.objects.create(
        business=business,
        user=by,
        job_id=job_id,
        model=model,
        outcome=outcome,
        pictures=pictures,
        gpu_seconds=gpu_seconds,
        day=timezone.localdate(),
    )


def highest_limit(business: Business) -> int:
    """The most an owner may choose: what the machine gives a new business, or its keeper granted this one."""
    return max(settings.DAILY_PICTURES, business.daily_pictures)


@transaction.atomic
def limit(business: Business, pictures: int, *, by: User) -> None:
    """Set how many pictures the business may make a day; 0 pauses it.

    Raises ValidationError outside 0 .. `highest_limit`, PermissionDenied unless `by` is an owner.
    """
    locked = owners.lock(business.pk)
    roles.require(by, locked, Role.OWNER)
    highest = highest_limit(locked)
    if not 0 <= pictures <= highest:
        raise ValidationError(f"Please choose a number from 0 to {highest}.", code="range")
    if pictures == locked.daily_pictures:
        return
    Business.objects.filter(pk=locked.pk).update(daily_pictures=pictures)
    audit.record(by, "business.daily_pictures_changed", locked, before=locked.daily_pictures, after=pictures)
