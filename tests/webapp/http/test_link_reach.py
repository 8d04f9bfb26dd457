"""A link that only this machine, or this network, can open says so where it is made, with the remedy."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.webapp import steps
from webapp.http import link_reach
from webapp.http.link_reach import Reach

HOSTS = {
    "localhost:8000": Reach.MACHINE,
    "127.0.0.1": Reach.MACHINE,
    "127.1.2.3:80": Reach.MACHINE,
    "[::1]:8000": Reach.MACHINE,
    "studio.localhost": Reach.MACHINE,
    "0.0.0.0:8000": Reach.MACHINE,
    "192.168.1.20:8000": Reach.NETWORK,
    "10.0.0.3": Reach.NETWORK,
    "[fe80::1]": Reach.NETWORK,
    "bakery-pc": Reach.NETWORK,
    "bakery.local:8000": Reach.NETWORK,
    "studio.cornerbakery.example": Reach.WORLD,
    "8.8.8.8": Reach.WORLD,
}


@pytest.mark.parametrize(("host", "expected"), HOSTS.items())
def test_a_host_tells_how_far_a_link_reaches(host, expected):
    assert link_reach.reach_of(host) == expected


@pytest.mark.parametrize("page", ["invitations", "campaign_guest_links"])
@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("127.0.0.1:8000", "Only this machine can open this link"),
        ("192.168.1.20", "Only devices in the same network can open this link"),
        ("studio.cornerbakery.example", ""),
    ],
)
def test_a_new_link_says_who_can_open_it(people, as_, settings, page, host, sentence):
    settings.ALLOWED_HOSTS = ["*"]
    url = reverse(page) if page == "invitations" else steps.url(page, people.campaign)
    answer = as_(people.alice).post(url, {"role": "viewer", "days": "7"}, headers={"host": host})
    assert answer.status_code == 201
    assert sentence in answer.text
    assert sentence or "can open this link" not in answer.text


def test_the_operators_sign_in_link_says_it_too(people, capsys):
    call_command("sign_in_link", people.bob.email)
    assert "Only this machine can open it" in capsys.readouterr().err
    call_command("sign_in_link", people.bob.email, "--site", "https://studio.cornerbakery.example/")
    assert not capsys.readouterr().err
