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
