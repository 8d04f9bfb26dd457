"""Who runs this machine, which is no role in a business: they see workers and notices, nobody's pictures."""

from django.db import transaction

from . import audit
from .models import User


@transaction.atomic
def appoint(user: User) -> None:
    if User.objects.filter(pk=user.pk, is_operator=False).update(is_operator=True):
        audit.record(None, "operator.appointed", user)
    user.is_operator = True


@transaction.atomic
def dismiss(user: User) -> None:
    if User.objects.filter(pk=user.pk, is_operator=True).update(is_operator=False):
        audit.record(None, "operator.dismissed", user)
    user.is_operator = False


def appoint_first(user: User) -> None:
    """For a machine of one's own: whoever opens the first business there runs it too."""
    if not User.objects.filter(is_operator=True).exists():
        appoint(user)
