"""What a business decides about a reported picture: it stays, or its pixels go."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import audit, roles
from accounts.models import Role, User
from generation.files import orphans
from generation.models import Job, Output, Status
from generation.pictures import withdrawal
from webapp.models import Export, Report

from . import hiding


@transaction.atomic
def keep(report: Report, *, answer: str = "", by: User) -> bool:
    """The picture stays, and is shown again. Whether this decided it: not where somebody did before."""
    roles.require(by, report.business, Role.OWNER)
    withdrawal.lock(report.output)
    if not _close(report, Report.Outcome.KEPT, answer, by):
        return False
    hiding.show_again(report.output, report)
    audit.record(by, "report.kept", report)
    return True


@transaction.atomic
def take_down(report: Report, *, answer: str = "", by: User) -> bool:
    """Delete the files of the picture and its twins, and the archives that they are in. Whether this decided
    it. Other open reports of them are closed with it.
    """
    roles.require(by, report.business, Role.OWNER)
    pictures = withdrawal.lock(report.output)
    if not _close(report, Report.Outcome.TAKEN_DOWN, answer, by):
        return False
    for other in Report.objects.filter(output__in=pictures, closed_at=None):
        _close(other, Report.Outcome.TAKEN_DOWN, "", by)
    _delete_archives(pictures)
    for picture in pictures:
        if picture.is_stored:
            withdrawal.take_down(picture, rule=report.reason, by=by)
    return True


def _close(report: Report, outcome: Report.Outcome, answer: str, by: User) -> int:
    return Report.objects.filter(pk=report.pk, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, outcome=outcome, answer=answer.strip()
    )


def _delete_archives(pictures: Iterable[Output]) -> None:
    """Delete the sets of files that were made of them. One that is still to be made ends with a reason, when
    its worker finds no picture.
    """
    made = Export.objects.filter(creative__output__in=pictures, job__status=Status.DONE)
    archives = dict(made.values_list("job_id", "file"))
    Job.objects.filter(pk__in=archives).delete()
    files = list(filter(None, archives.values()))
    transaction.on_commit(partial(orphans.remove_at_once, files, timezone.now()), robust=True)
