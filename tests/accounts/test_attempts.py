"""Limits on attempts hold whatever a stranger sends beside them, and however much at once."""

from functools import partial

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import client_address
from tests import cast
from tests.generation.parallel import at_once
from webapp import tasks

OTHERS = """
INSERT INTO shared_cache (cache_key, value, expires)
SELECT ':1:allauth:rl:' || md5(n::text), '[]', now() + interval '1 hour' FROM generate_series(1, 5000) AS n
"""
TOO_MANY = "Too many failed login attempts"


def sign_in(client, password=cast.PASSWORD, **options):
    return client.post(
        reverse("account_login"), {"login": "bob@example.com", "password": password}, **options
    )


def lock_bob_out(client) -> None:
    for _ in range(5):
        sign_in(client, password="a wrong password")


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache")
        return cursor.fetchone()[0]


def test_five_thousand_other_keys_free_nobody_who_is_locked_out(client, people):
    lock_bob_out(client)
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
    for number in range(30):
        cache.set(f"one-more-{number}", [])
    assert TOO_MANY in sign_in(client).text
    assert rows() > 5000


def test_another_port_in_the_host_header_gives_no_more_tries(client, people):
    for port in range(5):
        sign_in(client, password="a wrong password", headers={"host": f"testserver:{port + 1}"})
    assert TOO_MANY in sign_in(client, headers={"host": "testserver:99"}).text


def test_what_a_visitor_says_of_their_own_address_is_not_believed(client, db):
    page, said = reverse("account_signup"), "203.0.113.%s"
    answers = [client.post(page, {}, headers={"x-forwarded-for": said % number}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "A moment, please" in answers[-1].text


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.1")])
def test_behind_proxies_that_are_declared_the_address_that_the_first_of_them_saw_counts(
    rf, settings, proxies, counted
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.post("/", headers={"x-forwarded-for": "192.0.2.1, 203.0.113.1, 198.51.100.7"})
    assert get_adapter().get_client_ip(request) == counted


def test_an_ipv4_address_that_a_proxy_wrote_as_ipv6_counts_as_itself(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.post("/", headers={"x-forwarded-for": "::ffff:203.0.113.9"})
    assert get_adapter().get_client_ip(request) == "203.0.113.9"


@pytest.mark.parametrize(
    ("said", "counted"),
    [("2001:db8:1:2:3::4", "2001:db8:1:2::"), ("::ffff:203.0.113.9", "203.0.113.9"), ("203.0.113.9",) * 2],
)
def test_a_household_is_the_part_of_an_address_that_its_owner_cannot_choose(rf, settings, said, counted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address.household(rf.post("/", headers={"x-forwarded-for": said})) == counted


def test_the_web_server_itself_believes_no_forwarded_address():
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from webapp.machine.web import config

    loaded = config()
    loaded.load()
    assert not isinstance(loaded.loaded_app, ProxyHeadersMiddleware)


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_all_counted():
    cast.gather()
    answers = at_once([partial(sign_in, Client(), password="a wrong password")] * 12)
    # Whoever waits too long for its turn to be counted is refused without being counted.
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert sum(answer.status_code == 200 and TOO_MANY not in answer.text for answer in answers) <= 5
    lock_bob_out(Client())
    assert TOO_MANY in sign_in(Client()).text


@pytest.mark.django_db(transaction=True)
def test_counting_at_once_loses_nothing():
    assert sorted(at_once([lambda: cache.count("clicks", 60)] * 20)) == list(range(1, 21))


def test_a_count_begins_anew_when_its_time_is_over(db):
    assert [cache.count("clicks", -1) for _ in range(2)] == [1, 1]
    assert [cache.count("clicks", 60) for _ in range(2)] == [1, 2]


def test_a_row_whose_time_is_over_is_as_good_as_gone(db):
    cache.set("over", [1], timeout=-1)
    assert cache.get("over") is None
    assert not cache.delete("over")
    assert cache.add("over", [2])
    assert not cache.add("over", [3])
    assert cache.get("over") == [2]


def test_only_what_is_over_is_swept(db):
    cache.set("over", 1, timeout=-1)
    cache.set("alive", 2)
    cache.set("for-ever", 3, timeout=None)
    tasks.forget_attempts()
    assert rows() == 2
    assert (cache.get("alive"), cache.get("for-ever")) == (2, 3)
