"""A picture is taken down, or hidden, with its twins: what its business asked for alike, of the same model
with the same seed, before or later. It is the same picture to whoever looks.

Hashes do not find them: two files of the same pixels differ in their signatures (`provenance.mark_picture`).
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from generation.files import orphans
from generation.models import MAY_BE_SHOWN, Output


def twins(output: Output) -> QuerySet[Output]:
    """With the picture itself, always in the same order; also those that are still to be made."""
    job = output.job
    alike = Output.objects.filter(
        seed=output.seed, job__business=job.business_id, job__model=job.model_id, job__request=job.request
    )
    return alike.defer("preview").order_by("pk")


def lock(output: Output) -> list[Output]:
    """The twins as they are now, until the transaction ends: nobody withdraws or finishes one meanwhile."""
    rows = twins(output).select_related("job__business")
    return list(rows.select_for_update(of=("self",), no_key=True))


def hide(output: Output) -> bool:
    """Whether this hid it. In a transaction that holds the twins, as all below."""
    return bool(twins(output).filter(MAY_BE_SHOWN).update(hidden_at=timezone.now()))


def show_again(output: Output) -> None:
    twins(output).update(hidden_at=None)


def take_down(output: Output, *, rule: str, by: User | None) -> None:
    """Delete the files of this one; its row stays, and says when. by: None for the machine itself.

    Files go after the commit, so that no row names what is not there; what a crash leaves is swept.
    """
    now = timezone.now()
    files = [path for path in (output.file, output.thumbnail) if path]
    transaction.on_commit(partial(orphans.remove_at_once, files, now), robust=True)
    output.file, output.thumbnail, output.preview = "", "", None
    output.taken_down_at, output.hidden_at = now, None
    output.save(update_fields=["file", "thumbnail", "preview", "taken_down_at", "hidden_at"])
    audit.record(by, "output.taken_down", output, business=output.job.business, rule=rule)


def follow(made: Iterable[Output]) -> None:
    """What became of their twins becomes of pictures that were just made, and locked before that."""
    for output in made:
        before = twins(output).exclude(pk=output.pk).aggregate(Max("taken_down_at"), Max("hidden_at"))
        if before["taken_down_at__max"]:
            take_down(output, rule="asked_for_again", by=None)
        elif before["hidden_at__max"]:
            Output.objects.filter(pk=output.pk).update(hidden_at=before["hidden_at__max"])
