"""Signing in by a one-time link: one page, one button."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sign_in_links
from accounts.models import AuditEvent, SignInLink


def test_looking_at_the_page_does_not_use_the_link_up(people):
    client, url = Client(), reverse("sign_in_link", args=[sign_in_links.create(people.bob)])
    for _ in range(2):
        assert client.get(url).status_code == 200
    client.head(url)
    assert client.post(url).url == reverse("home")
    assert client.session["_auth_user_id"] == str(people.bob.pk)


def test_it_works_once_and_says_so(people):
    url = reverse("sign_in_link", args=[sign_in_links.create(people.bob)])
    Client().post(url)
    again = Client()
    assert again.get(url).status_code == 410
    response = again.post(url)
    assert response.status_code == 410
    assert "_auth_user_id" not in again.session
    assert AuditEvent.objects.filter(verb="user.signed_in_by_link").count() == 1


def test_an_expired_or_unknown_link_says_how_to_get_in(people):
    url = reverse("sign_in_link", args=[sign_in_links.create(people.bob)])
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for address in (url, reverse("sign_in_link", args=["x"])):
        page = Client().get(address)
        assert page.status_code == 410
        assert reverse("account_login") in page.text


def test_it_replaces_whoever_was_signed_in(people, as_):
    client = as_(people.mallory)
    client.post(reverse("sign_in_link", args=[sign_in_links.create(people.bob)]))
    assert client.session["_auth_user_id"] == str(people.bob.pk)
