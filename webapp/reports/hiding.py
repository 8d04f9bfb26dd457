"""A picture that is said to show a child in a sexual way is shown to nobody until an owner decides."""

from django.db.models import QuerySet

from generation.models import Output
from generation.pictures import withdrawal
from webapp.models import Report


def hide(output: Output) -> bool:
    """In a transaction that holds the picture. Whether this hid it: not where an owner has looked at it for
    this reason before and kept it, so that nobody hides one picture for fun again and again.
    """
    was_kept = _said_of(output).filter(outcome=Report.Outcome.KEPT).exists()
    return not was_kept and withdrawal.hide(output)


def show_again(output: Output, after: Report) -> None:
    """Once a report was answered by keeping the picture: not while another waits that is the reason why it
    is hidden. In a transaction that holds the picture.
    """
    if after.reason == Report.Reason.MINOR or not _said_of(output).filter(closed_at=None).exists():
        withdrawal.show_again(output)


def _said_of(output: Output) -> QuerySet[Report]:
    return Report.objects.filter(output__in=withdrawal.twins(output), reason=Report.Reason.MINOR)
