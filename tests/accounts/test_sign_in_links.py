"""One-time sign-in links, as the machine's keeper makes them."""

from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import sign_in_links
from accounts.models import AuditEvent, SignInLink
from tests import cast
from tests.generation.parallel import begun_before_the_end_of


def test_it_signs_in_once(people):
    token = sign_in_links.create(people.bob)
    assert sign_in_links.is_open(token)
    assert sign_in_links.redeem(token) == people.bob
    event = AuditEvent.objects.get(verb="user.signed_in_by_link")
    assert (event.actor, event.business) == (people.bob, people.bakery)
    assert not sign_in_links.is_open(token)
    with pytest.raises(sign_in_links.SignInLinkSpent):
        sign_in_links.redeem(token)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_is_signed_in():
    token = sign_in_links.create(cast.gather().bob)
    redeem = partial(sign_in_links.redeem, token)
    assert isinstance(begun_before_the_end_of(redeem, redeem), sign_in_links.SignInLinkSpent)


def test_it_expires_after_15_minutes(people):
    token = sign_in_links.create(people.bob)
    left = SignInLink.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    SignInLink.objects.update(expires_at=timezone.now())
    with pytest.raises(sign_in_links.SignInLinkSpent):
        sign_in_links.redeem(token)


def test_somebody_who_was_shut_out_cannot_use_theirs(people):
    token = sign_in_links.create(people.bob)
    people.bob.is_active = False
    people.bob.save()
    with pytest.raises(sign_in_links.SignInLinkSpent):
        sign_in_links.redeem(token)


def test_only_its_hash_is_kept(people):
    token = sign_in_links.create(people.bob)
    assert token not in str(SignInLink.objects.values())


def test_the_command_prints_a_link(people):
    out = StringIO()
    call_command("sign_in_link", "BOB@example.com", site="http://studio.test:8000/", stdout=out)
    address = out.getvalue().strip()
    assert address.startswith("http://studio.test:8000/sign-in/")
    assert sign_in_links.redeem(address.rstrip("/").rsplit("/", 1)[1]) == people.bob


def test_the_command_knows_nobody_by_an_unknown_address(people):
    with pytest.raises(CommandError):
        call_command("sign_in_link", "nobody@example.com")
