"""Inviting somebody by a link, and what they find behind it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import invitations
from accounts.models import Invitation, Membership, Role

FORM = {"role": "editor", "days": "7", "note": "Erin"}


@pytest.fixture
def link(people) -> str:
    _, token = invitations.create(people.bakery, role=Role.EDITOR, days=7, by=people.alice)
    return reverse("invitation", args=[token])


def accept(client):
    return client.post(reverse("invitation_acceptance"))


def test_the_link_is_shown_once(people, as_):
    client = as_(people.alice)
    page = client.post(reverse("invitations"), FORM)
    assert page.status_code == 201
    address = re.search(r"http://testserver/invitations/[\w-]{32}/", page.text)[0]
    again = client.get(reverse("team")).text
    assert address not in again
    assert "Erin" in again


@pytest.mark.parametrize(
    "wrong",
    [{"role": "king"}, {"days": "2"}, {"days": "x"}, {"note": "a\nb"}, {"note": "x" * 81}, {"role": ""}],
)
def test_what_is_wrong_is_said_and_no_link_is_made(people, as_, wrong):
    page = as_(people.alice).post(reverse("invitations"), FORM | wrong)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_only_owners_invite(people, as_, who):
    assert as_(getattr(people, who)).post(reverse("invitations"), FORM | {"role": "owner"}).status_code == 403
    assert not Invitation.objects.exists()


def test_an_owner_elsewhere_revokes_nothing_here(people, as_):
    invitation, _ = invitations.create(people.bakery, role=Role.EDITOR, days=7, by=people.alice)
    url = reverse("invitation_revocation", args=[invitation.pk])
    assert as_(people.mallory).post(url).status_code == 404
    assert as_(people.bob).post(url).status_code == 403
    as_(people.alice).post(url)
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_somebody_signed_in_joins_with_one_click(people, as_, link):
    client = as_(people.mallory)
    page = client.get(link, follow=True)
    assert "Corner Bakery" in page.text
    assert not Membership.objects.filter(user=people.mallory, business=people.bakery).exists()
    accept(client)
    assert Membership.objects.get(user=people.mallory, business=people.bakery).role == Role.EDITOR
    assert "Bob" in client.get(reverse("team")).text  # the business joined is the one on screen


def test_the_token_leaves_the_address_bar_at_once(people, as_, link):
    response = as_(people.mallory).get(link)
    assert response.status_code == 302
    assert response.url == reverse("invitation_acceptance")


def test_somebody_signed_out_is_asked_to_come_in_first(people, link):
    client = Client()
    page = client.get(link, follow=True)
    assert reverse("account_signup") in page.text
    assert reverse("account_login") in page.text
    assert accept(client).url == reverse("account_login")
    response = client.post(
        reverse("account_login"), {"login": "mallory@example.com", "password": "correct horse battery staple"}
    )
    assert response.url == reverse("invitation_acceptance")


def test_a_member_is_told_that_they_are_one(people, as_, link):
    page = as_(people.carol).get(link, follow=True)
    assert page.status_code == 200
    assert "already" in page.text


def test_a_link_that_was_used_revoked_or_has_expired_says_so(people, as_, link):
    first, second = as_(people.mallory), Client()
    second.get(link)
    first.get(link)
    accept(first)
    page = second.get(reverse("invitation_acceptance"))
    assert page.status_code == 410
    assert "has been used" in page.text
    Invitation.objects.update(accepted_at=None, revoked_at=timezone.now())
    assert "withdrawn" in second.get(link, follow=True).text
    Invitation.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(days=1))
    assert "expired" in second.get(link, follow=True).text


def test_a_link_that_ended_between_the_page_and_the_click_says_so(people, as_, link):
    client = as_(people.mallory)
    client.get(link)
    Invitation.objects.update(revoked_at=timezone.now())
    assert accept(client).status_code == 410
    assert not Membership.objects.filter(user=people.mallory, business=people.bakery).exists()


def test_an_unknown_link_is_a_kind_404(people):
    page = Client().get(reverse("invitation", args=["x" * 32]))
    assert page.status_code == 404
    assert "invitation" in page.text.lower()


def test_without_a_link_there_is_nothing_to_accept(people, as_):
    assert accept(as_(people.mallory)).status_code == 404
    assert Client().get(reverse("invitation_acceptance")).status_code == 404
