"""What is kept of what was refused: never the words and never the picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit, notices, roles
from accounts.models import Business, Role, User
from generation.models import Incident, Job, Output
from generation.models.clock import DatabaseClock

from .request_rules import Refused

KEPT_FOR = timedelta(days=180)
CONTEST_LENGTH = 1000  # characters
# Of these the operator is told at once.
GRAVE = {
    "minor_sexual": "Something that shows children in a sexual way was asked for on this machine.",
    "picture_about_minors": "A picture about children that may be a sexual one was withheld on this machine.",
    "reported_minor": "A picture made on this machine was reported as showing a child in a sexual way.",
}
WHAT_TO_DO = "See below what was refused. docs/safety.md says what the law may oblige you to report."


@contextmanager
def incident_kept(business: Business, *, by: User | None, job: Job | None = None) -> Iterator[None]:
    """Write down what is refused within, after all that was done within is undone.

    Stands around the transaction, not inside it. Raises Refused, with its incident.
    """
    try:
        yield
    except Refused as refused:
        key = refused.refusal.rule.key
        refused.incident = open_incident(business, by=by, stage=Incident.Stage.WORDS, rule=key, job=job)
        raise


@transaction.atomic
def open_incident(
    business: Business,
    *,
    by: User | None,
    stage: Incident.Stage,
    rule: str,
    job: Job | None = None,
    output: Output | None = None,
    sha256: str = "",
) -> Incident:
    incident = Incident.objects.create(
        business=business, by=by, stage=stage, rule=rule, job=job, output=output, sha256=sha256
    )
    if stage != Incident.Stage.REPORT:  # nobody asked for anything, and `output.reported` tells the rest
        audit.record(by, "incident.opened", incident, rule=rule, stage=stage.value)
    if rule in GRAVE:
        notices.tell_operator(f"{GRAVE[rule]} {WHAT_TO_DO}")
    return incident


def open_incident_of(
    job: Job, *, stage: Incident.Stage, rule: str, output: Output | None = None, sha256: str = ""
) -> Incident:
    """What a worker refused to make for whoever asked."""
    return open_incident(
        job.business, by=job.created_by, stage=stage, rule=rule, job=job, output=output, sha256=sha256
    )


@transaction.atomic
def contest(incident: Incident, words: str, *, by: User) -> None:
    """Tell the operator why a refusal is a mistake. The last words count.

    Raises ValidationError, or PermissionDenied for whoever is no member any more.
    """
    roles.require(by, incident.business, Role.VIEWER)
    words = words.strip()
    if not words:
        raise ValidationError({"contest": "Say what you wanted to show."})
    if len(words) > CONTEST_LENGTH:
        raise ValidationError(
            {"contest": f"That is {len(words):,} characters; {CONTEST_LENGTH:,} are the most."}
        )
    incident.contest, incident.contested_at, incident.read_at = words, timezone.now(), None
    incident.save(update_fields=["contest", "contested_at", "read_at"])
    audit.record(by, "incident.contested", incident, rule=incident.rule)


@transaction.atomic
def read(incident: Incident, *, by: User) -> None:
    """The operator has read what somebody wrote."""
    incident.read_at = timezone.now()
    incident.save(update_fields=["read_at"])
    audit.record(by, "incident.read", incident, rule=incident.rule)


def forget_old() -> None:
    """Delete what was refused longer ago than `KEPT_FOR`."""
    Incident.objects.filter(at__lt=DatabaseClock() - KEPT_FOR).delete()
