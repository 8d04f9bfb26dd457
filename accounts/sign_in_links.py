"""One-time sign-in links, made by whoever runs the machine for a person who is there already."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import audit, tokens
from .models import SignInLink, User

LIFETIME = timedelta(minutes=15)


class SignInLinkSpent(Exception):
    """The link is unknown, used or has expired, or its person may not sign in."""


@transaction.atomic
def create(user: User) -> str:
    """The token of a new link for `user`, good once, for 15 minutes."""
    token = tokens.new()
    SignInLink.objects.create(
        user=user, token_hash=tokens.digest(token), expires_at=timezone.now() + LIFETIME
    )
    audit.record_person(user, "sign_in_link.created", by=None)
    return token


def withdraw(user: User) -> None:
    """Close the person's open links: a new password ends every other way in."""
    SignInLink.objects.filter(user=user, used_at=None).delete()


def is_open(token: str) -> bool:
    """Whether the link would sign somebody in. Looking does not use it up."""
    return _open(token).exists()


@transaction.atomic
def redeem(token: str) -> User:
    """Use the link up and say whom it signs in. Raises NotOpen."""
    # Of two clicks at once, the second waits here and finds it used.
    link = _open(token).select_for_update(of=("self",)).first()
    if link is None:
        raise SignInLinkSpent
    SignInLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    audit.record_person(link.user, "user.signed_in_by_link", by=link.user)
    return link.user


def _open(token: str) -> QuerySet[SignInLink]:
    return SignInLink.objects.select_related("user").filter(
        token_hash=tokens.digest(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
