"""The audit log: one call at the point of change, in the transaction of the change.

`audit_verbs.json` lists every verb there is, with its words for people; a verb that is not listed is refused.
Details never hold a prompt, an e-mail address or a token.
"""

import json
from pathlib import Path

from django.db import models, transaction

from . import shared_cache
from .models import AuditEvent, Business, Membership, User

DAY = 24 * 60 * 60  # seconds
# The log is append-only: what was written before a noun was renamed is read under its new name.
FORMER_NOUNS = {"account": "business", "asset": "creative"}
OF_THE_MACHINE = ("model.installed", "operator.appointed", "operator.dismissed")  # of no business
VERBS: dict[str, str] = json.loads(Path(__file__).with_name("audit_verbs.json").read_text())


def record(
    by: User | None, verb: str, subject: models.Model, *, business: Business | None = None, **detail: object
) -> AuditEvent:
    """Write that `by` (None: the machine, or a guest) did `verb` to `subject`, with the change itself.

    The business is the subject's own unless given. Raises ValueError for an unlisted verb and
    TransactionManagementError outside a transaction: an act and its record stand or fall together.
    """
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is not in audit_verbs.json")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit.record belongs in the transaction of the change")
    noun = subject._meta.model_name
    assert noun is not None, "only an abstract model has no name"
    return AuditEvent.objects.create(
        business=business or _business_of(subject),
        actor=by,
        verb=verb,
        subject_type=noun,
        subject_id=str(subject.pk),
        detail=detail,
    )


def record_person(user: User, verb: str, *, by: User | None, **detail: object) -> None:
    """Record what was done to a person's access, in every business that it opens."""
    memberships = Membership.objects.select_related("business").filter(user=user)
    businesses: list[Business | None] = [membership.business for membership in memberships]
    for business in businesses or [None]:
        record(by, verb, user, business=business, **detail)


def words_of(verb: str) -> str:
    """A verb of an event in words for people, also under its former name."""
    noun, _, deed = verb.partition(".")
    return VERBS.get(f"{FORMER_NOUNS.get(noun, noun)}.{deed}", verb)


def names_of(verb: str) -> list[str]:
    """The names under which the log has a verb: today's, and former ones."""
    noun, _, deed = verb.partition(".")
    return [verb, *(f"{former}.{deed}" for former, now in FORMER_NOUNS.items() if now == noun)]


def telling_count(verb: str, *whose: object) -> int:
    """How often this happened within a day, if that is 1, 10, 100 ...; else 0, and it is not worth a line.

    For what a stranger can do as often as they like: a million tries are seven lines, so that noise pushes
    no evidence out of sight, and the log still says that there were a million.
    """
    times = shared_cache.shared().count(":".join(map(str, (verb, *whose))), DAY)
    return times if str(times).rstrip("0") == "1" else 0


def _business_of(subject: models.Model) -> Business | None:
    return subject if isinstance(subject, Business) else getattr(subject, "business", None)
