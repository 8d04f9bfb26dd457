"""Pictures that somebody reports, members and guests alike, and what the business has to decide."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import audit, roles, tokens
from accounts.models import Business, Role, User
from generation.models import Incident, Output
from generation.pictures import incidents, withdrawal
from webapp.models import Report

from . import hiding

SHOWN = 50  # open reports, the oldest first; and decided ones, the newest
# What the operator hears of, by the reason: the key of the incident.
GRAVE = {Report.Reason.MINOR: "reported_minor", Report.Reason.PERSON: "reported_person"}
GONE = "This picture was taken down already."


@transaction.atomic
def report(output: Output, *, reason: str, words: str = "", by: User) -> str:
    """Say what is wrong with a picture. Returns the token of the address that tells what becomes of it.

    Said again by the same person before it was decided, it is the same report, and the last words count.
    Raises ValidationError when the picture is no more.
    """
    roles.require(by, output.job.business, Role.VIEWER)
    _lock(output)
    said = {"reason": reason, "words": words.strip()}
    before = Report.objects.filter(output=output, by=by, closed_at=None).first()
    if before is None:
        return _made(output, said, by)
    if before.reason != reason or before.words != said["words"]:
        is_new_reason = before.reason != reason
        before.reason, before.words = said["reason"], said["words"]
        before.save(update_fields=["reason", "words"])
        _record(output, reason, by, is_new_reason=is_new_reason)
    return token_of(before)


@transaction.atomic
def report_as_guest(output: Output, *, reason: str, words: str = "") -> str:
    """As `report`, for a guest; whether they may look at the picture is asked before."""
    _lock(output)
    return _made(output, {"reason": reason, "words": words.strip()}, None)


def token_of(report: Report) -> str:
    """The same each time, so that a person who reports again is told the same address."""
    return tokens.derived(f"report {report.pk}")


def find(token: str) -> Report | None:
    """The report that this is the receipt of."""
    reports = Report.objects.select_related("output").defer("output__preview")
    return reports.filter(token_hash=tokens.digest(token)).first()


def waiting(business: Business) -> QuerySet[Report]:
    """What the business has to decide, the oldest first. is_covered: the picture is shown only when asked
    for, because somebody reported that it shows a child in a sexual way.
    """
    grave = Report.objects.filter(output=OuterRef("output"), reason=Report.Reason.MINOR)
    rows = _of(business).filter(closed_at=None).annotate(is_covered=Exists(grave))
    return rows.order_by("at", "pk")


def decided(business: Business) -> QuerySet[Report]:
    """What was decided last."""
    rows = _of(business).filter(closed_at__isnull=False).select_related("closed_by")
    return rows.order_by("-closed_at", "-pk")[:SHOWN]


def _of(business: Business) -> QuerySet[Report]:
    related = Report.objects.select_related("by", "output__job__brief__campaign", "output__job__business")
    return related.defer("output__preview").filter(output__job__business=business)


def _lock(output: Output) -> None:
    """Nobody takes the picture down meanwhile: a report of what is gone would stay open for ever."""
    if any(row.taken_down_at for row in withdrawal.lock(output) if row.pk == output.pk):
        raise ValidationError(GONE)


def _made(output: Output, said: dict[str, str], by: User | None) -> str:
    made = Report(output=output, by=by, **said)
    token = token_of(made)
    made.token_hash = tokens.digest(token)
    made.save(force_insert=True)
    _record(output, made.reason, by, is_new_reason=True)
    return token


def _record(output: Output, reason: str, by: User | None, *, is_new_reason: bool) -> None:
    business = output.job.business
    is_hidden = reason == Report.Reason.MINOR and hiding.hide(output)
    audit.record(by, "output.reported", output, business=business, rule=reason, hidden=is_hidden)
    if is_new_reason and (rule := GRAVE.get(Report.Reason(reason))):
        incidents.open_incident(
            business,
            by=None,
            stage=Incident.Stage.REPORT,
            rule=rule,
            job=output.job,
            sha256=output.sha256,
        )
