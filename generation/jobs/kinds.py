"""The kinds of work there are. Each application registers its own as Django starts (`AppConfig.ready`), so
that this machine runs code of rooms that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db.models import QuerySet

from accounts import audit
from accounts.models import Role, User
from generation.models import Job, Queue, Status

from .reasons import REASONS

if TYPE_CHECKING:
    from .job_run import JobRun

Fill = Callable[[Job], int]
DEEDS = {Status.DONE: "finished", Status.FAILED: "failed", Status.CANCELLED: "cancelled"}

_kinds: dict[str, Kind] = {}


class Kind:
    """A kind of work: copy one (`webapp.creatives.export_kind`), and register an object of it.

    name: as on the rows, for ever. label: what is made, for people. noun: of its verbs in the audit log, and
    unit of what they count. role: who may ask for it. attempts: workers that may be lost over one job.
    reasons: sentences of its own, beside or instead of those in `jobs.reasons`.
    """

    name: ClassVar[str]
    queue: ClassVar[Queue]
    label: ClassVar[str]
    noun: ClassVar[str]
    unit: ClassVar[str]
    role: ClassVar[Role] = Role.EDITOR
    attempts: ClassVar[int] = 3
    reasons: ClassVar[Mapping[str, str]] = {}

    @property
    def lease(self) -> timedelta:
        """Silence after which a job's worker is taken for dead: longer than one part of the work."""
        return settings.LEASE

    def run(self, run: JobRun) -> Fill:
        """Do the work of `run.job`, with a `run.beat` after each part.

        Returns what writes the result: it is called in the transaction that ends the job, with its row,
        unless somebody cancelled it meanwhile, and says how many things were made. What either raises ends
        the job as `jobs.job_run` says. Whatever only the running needs is imported in here.
        """
        raise NotImplementedError

    def again(self, job: Job, *, by: User) -> Job:
        """Submit the same work once more, with `retry_of=job`; `jobs.retry` has asked whether that may be."""
        raise NotImplementedError

    def ended(self, job: Job, made: int) -> None:
        """Whatever else changes with a job's end, however it ends, in the same transaction."""

    def known(self, code: str) -> str:
        """`code`, or "internal" for a code nobody wrote a sentence for."""
        return code if code in self.reasons or code in REASONS else "internal"

    def sentence(self, code: str) -> str:
        """Why a job failed, for the person who asked."""
        return {**REASONS, **self.reasons}[code]


def register(kind: Kind) -> None:
    """Raises ValueError for a kind that lacks something, a name that is taken, or a verb that the audit log
    does not know.
    """
    if not all(hasattr(kind, name) for name in ("name", "queue", "label", "noun", "unit")):
        raise ValueError(f"{type(kind).__name__} lacks one of name, queue, label, noun, unit")
    if kind.name in _kinds:
        raise ValueError(f"there is a kind of work called {kind.name!r} already")
    unknown = {
        f"{kind.noun}.{deed}" for deed in ("submitted", "retried", *DEEDS.values())
    } - audit.VERBS.keys()
    if unknown:
        raise ValueError(f"not in audit_verbs.json: {', '.join(sorted(unknown))}")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    return _kinds[name]


def kind_of(job: Job) -> Kind:
    return _kinds[job.kind]


def reason(noun: str, code: str) -> str:
    """The sentence for a code in the audit log, whose verb begins with `noun`; empty for none that is
    known.
    """
    kind = next((kind for kind in _kinds.values() if kind.noun == noun), None)
    return kind.sentence(code) if kind and kind.known(code) == code else ""


def waiting(queue: Queue) -> QuerySet[Job]:
    """What waits in a queue for a worker of this Handbill."""
    kinds = [kind.name for kind in registered(queue)]
    return Job.objects.filter(queue=queue, status=Status.QUEUED, kind__in=kinds)


def registered(queue: Queue | None = None) -> list[Kind]:
    """Those of one queue, or all. A row of another kind, as a newer Handbill may have left, is let be."""
    return [kind for kind in _kinds.values() if queue in (None, kind.queue)]
