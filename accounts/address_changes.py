"""An e-mail address that somebody asked for and gave up before it was confirmed, by whatever way."""

from allauth.account.models import EmailAddress
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver

from . import audit


@receiver(post_delete, sender=EmailAddress)
def record_withdrawal(instance: EmailAddress, origin: Model | QuerySet, **_: object) -> None:
    """In the transaction of the deletion. One that goes with its person is no withdrawal."""
    is_itself = origin is instance
    if is_itself and not (instance.verified or instance.primary):
        audit.record_person(instance.user, "user.email_change_withdrawn", by=instance.user)
