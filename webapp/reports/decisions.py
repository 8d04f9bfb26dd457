"""What a business decides about a reported picture: it stays, or its pixels go."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import audit, roles
from accounts.models import Role, User
from generation.files import orphans
from generation.models import Job, Output, Status
from webapp.models import Export, Report

from . import hiding


@transaction.atomic
def keep(report: Report, *, answer: str = "", by: User) -> bool:
    """The picture stays, and is shown again. Whether this decided it: not where somebody did before."""
    roles.require(by, report.business, Role.OWNER)
    output = _lock(report)
    if not _close(report, Report.Outcome.KEPT, answer, by):
        return False
    hiding.show_again(output, report)
    audit.record(by, "report.kept", report)
    return True


@transaction.atomic
def take_down(report: Report, *, answer: str = "", by: User) -> bool:
    """Delete the picture's files and the archives that it is in; its row stays, and says when. Whether this
    decided it. Other open reports of the picture are closed with it.

    Files go after the commit, so that no row names what is not there; what a crash leaves is swept.
    """
    roles.require(by, report.business, Role.OWNER)
    output = _lock(report)
    if not _close(report, Report.Outcome.TAKEN_DOWN, answer, by):
        return False
    for other in Report.objects.filter(output=output, closed_at=None):
        _close(other, Report.Outcome.TAKEN_DOWN, "", by)
    now = timezone.now()
    _remove_afterwards([output.file, output.thumbnail], report.at)
    _remove_afterwards(_without_archives(output), now)
    output.file, output.thumbnail, output.preview = "", "", None
    output.taken_down_at, output.hidden_at = now, None
    output.save(update_fields=["file", "thumbnail", "preview", "taken_down_at", "hidden_at"])
    audit.record(by, "output.taken_down", output, business=report.business, rule=report.reason)
    return True


def _lock(report: Report) -> Output:
    """The picture as it is now: of two decisions at once the second waits, and an archive of it is either
    finished, and found, or finds the picture taken down.
    """
    return Output.objects.select_for_update(no_key=True).defer("preview").get(pk=report.output_id)


def _close(report: Report, outcome: Report.Outcome, answer: str, by: User) -> int:
    return Report.objects.filter(pk=report.pk, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, outcome=outcome, answer=answer.strip()
    )


def _without_archives(output: Output) -> list[str]:
    """Delete the sets of files that were made of the picture. Returns where their archives are.

    One that is still to be made ends with a reason, when its worker finds no picture.
    """
    made = Export.objects.filter(creative__output=output, job__status=Status.DONE)
    archives = dict(made.values_list("job_id", "file"))
    Job.objects.filter(pk__in=archives).delete()
    return list(archives.values())


def _remove_afterwards(paths: Iterable[str], stored_before: datetime) -> None:
    named = [path for path in paths if path]
    transaction.on_commit(partial(orphans.remove_at_once, named, stored_before), robust=True)
