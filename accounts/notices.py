"""What whoever runs this machine is told."""

from django.db.models import F
from django.utils import timezone

from .models import Notice

KEPT = 200  # the newest


def tell_operator(sentence: str) -> None:
    """Put a sentence on the operator's page. Said again it is counted: a fault that repeats is one line.

    It names no person and quotes no prompt, letter or address. In a transaction that fails it is not told.
    """
    same = Notice.objects.filter(sentence=sentence)
    if not same.update(times=F("times") + 1, last_at=timezone.now()):
        Notice.objects.get_or_create(sentence=sentence)
        outlived = Notice.objects.order_by("-last_at", "-pk").values_list("pk", flat=True)[KEPT:]
        Notice.objects.filter(pk__in=list(outlived)).delete()


def tell_of_unsent_letter(error: OSError) -> None:
    """error: SMTP's are of this kind too. Only its kind is told: its words may quote the address."""
    kind = type(error).__name__
    tell_operator(f"A letter could not be sent ({kind}): look at HANDBILL_SMTP_URL and at the mail server.")
