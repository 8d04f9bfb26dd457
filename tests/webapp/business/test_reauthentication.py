"""What decides who gets in asks for the password again, unless somebody has just shown who they are."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import sign_in_links
from accounts.models import AuditEvent, Invitation, Membership, Role, SignInLink, User
from accounts.reauthentication import ACT_KEY, LATELY, PROOF_KEY, WAITS
from tests.cast import PASSWORD, person

NEW_EMAIL, NEW_PASSWORD = "new@example.com", "a new long password"
QUESTION = reverse("account_reauthenticate")


@pytest.fixture
def later(people, as_) -> Client:
    """Alice's browser, some time after she signed in."""
    return wait(as_(people.alice))


def wait(client: Client) -> Client:
    session = client.session
    session[PROOF_KEY] = {**session[PROOF_KEY], "at": time.time() - LATELY.total_seconds()}
    session.save()
    return client


def membership_of(user) -> Membership:
    return Membership.objects.get(user=user)


def an_invitation(people):
    return reverse("invitations"), {"role": "owner", "days": "7", "note": "Erin"}


def a_role(people):
    return reverse("member_role", args=[membership_of(people.bob).pk]), {"role": "owner"}


def a_removal(people):
    return reverse("member_removal", args=[membership_of(people.bob).pk]), {}


def an_address(people):
    return reverse("account_email"), {"action_add": "", "email": NEW_EMAIL}


ACTS = {
    an_invitation: "invite Erin to Corner Bakery as owner",
    a_role: "make Bob owner of Corner Bakery",
    a_removal: "remove Bob from Corner Bakery",
    an_address: f"change your e-mail address to {NEW_EMAIL}",
}


def state(people) -> tuple:
    members = sorted(Membership.objects.filter(business=people.bakery).values_list("user", "role"))
    return members, Invitation.objects.count(), EmailAddress.objects.filter(email=NEW_EMAIL).count()


@pytest.mark.parametrize("act", ACTS)
def test_it_asks_and_then_does_what_was_asked_for(people, later, act):
    before, (url, data) = state(people), act(people)
    asked = later.post(url, data)
    assert asked.url.startswith(QUESTION)
    assert state(people) == before
    assert f"You are about to <strong>{ACTS[act]}</strong>." in later.get(asked.url).text
    wrong = later.post(asked.url, {"password": "a wrong password", "next": url})
    assert wrong.context["form"].errors
    assert ACTS[act] in wrong.text
    assert state(people) == before
    assert later.post(asked.url, {"password": PASSWORD, "next": url}).status_code in (201, 302)
    assert state(people) != before


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_that_comes_late_opens_the_page_and_does_nothing(people, later, act):
    before, (url, data) = state(people), act(people)
    asked = later.post(url, data)
    session = later.session
    session[ACT_KEY] = {**session[ACT_KEY], "at": time.time() - WAITS.total_seconds()}
    session.save()
    assert ACTS[act] not in later.get(asked.url).text
    page = later.post(asked.url, {"password": PASSWORD, "next": url}, follow=True)
    assert page.status_code == 200
    assert f"nothing was done. To {ACTS[act]}, do it again." in page.text
    assert state(people) == before
    assert NEW_EMAIL not in str(dict(later.session))
    assert later.post(url, data).status_code in (201, 302)
    assert state(people) != before


def test_a_question_names_no_other_act_than_its_own(people, later):
    later.post(*a_removal(people))
    for address in (QUESTION, f"{QUESTION}?next=/brand/"):
        assert "You are about to" not in later.get(address).text


@pytest.mark.parametrize("act", ACTS)
def test_whoever_has_just_signed_in_is_not_asked(people, act):
    client = Client()
    client.post(reverse("account_login"), {"login": "alice@example.com", "password": PASSWORD})
    before, (url, data) = state(people), act(people)
    client.post(url, data)
    assert state(people) != before


def test_nobody_is_asked_who_may_not_do_it_anyway(people, as_):
    for who, status in (("bob", 403), ("mallory", 404)):
        client = wait(as_(getattr(people, who)))
        assert client.post(*a_role(people)).status_code == status


def test_leaving_asks_for_nothing(people, as_):
    client = wait(as_(people.bob))
    client.post(reverse("member_removal", args=[membership_of(people.bob).pk]))
    assert not Membership.objects.filter(user=people.bob).exists()


def test_guesses_at_the_question_count_as_those_at_the_door(people, later):
    for _ in range(5):
        later.post(QUESTION, {"password": "a wrong password"})
    assert "Too many failed" in later.post(QUESTION, {"password": PASSWORD}).text
    assert AuditEvent.objects.get(verb="user.sign_in_failed").detail == {"times": 1}


def test_guesses_at_the_old_password_count_too(people, later):
    page, new = reverse("account_change_password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    for _ in range(5):
        later.post(page, {"oldpassword": "a wrong password", **new})
    later.post(page, {"oldpassword": PASSWORD, **new})
    people.alice.refresh_from_db()
    assert people.alice.check_password(PASSWORD)
    assert AuditEvent.objects.filter(verb="user.sign_in_failed").exists()


def came_by_link(user: User) -> Client:
    client = Client()
    client.post(reverse("sign_in_link", args=[sign_in_links.create(user)]))
    return client


def choose_password(client: Client, page: str):
    return client.post(reverse(page), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_who_forgot_the_password_and_comes_by_a_link_chooses_a_new_one(people):
    client = came_by_link(people.bob)
    assert "oldpassword" not in client.get(reverse("account_change_password")).context["form"].fields
    choose_password(client, "account_change_password")
    people.bob.refresh_from_db()
    assert people.bob.check_password(NEW_PASSWORD)


def test_later_the_link_is_no_reason_to_skip_the_old_password(people):
    client = wait(came_by_link(people.bob))
    choose_password(client, "account_change_password")
    people.bob.refresh_from_db()
    assert people.bob.check_password(PASSWORD)


def without_a_password() -> User:
    return User.objects.create_user("erin@example.com", name="Erin")


def test_who_never_had_a_password_chooses_one_right_after_the_link(people):
    erin = without_a_password()
    choose_password(came_by_link(erin), "account_set_password")
    erin.refresh_from_db()
    assert erin.check_password(NEW_PASSWORD)


def test_later_they_are_told_two_ways_and_the_letter_is_one(people):
    erin = without_a_password()
    client = wait(came_by_link(erin))
    asked = choose_password(client, "account_set_password")
    assert asked.url.startswith(QUESTION)
    page = client.get(asked.url).text
    assert "bin/manage sign_in_link" in page
    assert 'name="password"' not in page
    erin.refresh_from_db()
    assert not erin.has_usable_password()
    client.post(reverse("account_reset_password"), {"email": erin.email})
    assert "/account/password/reset/key/" in mail.outbox[-1].body


def test_they_are_asked_like_everybody_before_they_let_somebody_in(people):
    erin = without_a_password()
    Membership.objects.create(user=erin, business=people.bakery, role=Role.OWNER)
    client = wait(came_by_link(erin))
    assert client.post(*an_invitation(people)).url.startswith(QUESTION)
    assert client.post(*an_address(people)).url.startswith(QUESTION)
    assert not Invitation.objects.exists()


def test_no_new_password_is_kept_in_the_session(people):
    client = wait(came_by_link(without_a_password()))
    choose_password(client, "account_set_password")
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert NEW_PASSWORD not in str(kept)


def test_a_new_password_ends_the_sign_in_links_made_before(people):
    token = sign_in_links.create(people.bob)
    choose_password(came_by_link(people.bob), "account_change_password")
    assert not sign_in_links.is_open(token)
    assert not SignInLink.objects.filter(used_at=None).exists()


# The address


def verbs() -> list[str]:
    events = AuditEvent.objects.filter(business__slug="corner-bakery").order_by("pk")
    return list(events.values_list("verb", flat=True))


def confirmed(user: User) -> EmailAddress:
    row = EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    return row[0]


def test_the_old_address_is_told_when_it_is_asked_and_when_it_is_done(people, as_):
    confirmed(people.alice)
    as_(people.alice).post(*an_address(people))
    told = {letter.to[0]: letter for letter in mail.outbox}
    assert NEW_EMAIL in told["alice@example.com"].body
    link = re.search(r"http://testserver(\S+)", str(told[NEW_EMAIL].body))[1]
    mail.outbox.clear()
    Client().post(link)
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert verbs() == ["user.email_change_asked", "user.email_changed"]
    assert "@" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    people.alice.refresh_from_db()
    assert people.alice.email == NEW_EMAIL


def test_a_change_that_another_replaces_is_withdrawn_and_whoever_is_deleted_withdraws_nothing(people, as_):
    erin = person("Erin")
    Membership.objects.create(user=erin, business=people.bakery, role=Role.VIEWER)
    confirmed(erin)
    for email in (NEW_EMAIL, "newer@example.com"):
        as_(erin).post(reverse("account_email"), {"action_add": "", "email": email})
    erin.delete()
    assert sorted(verbs()) == ["user.email_change_asked"] * 2 + ["user.email_change_withdrawn"]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_where_nobody_could_confirm_an_address_the_new_one_is_in_use_at_once(people, as_, who):
    """The machine sends no letters. Changing left a person without an address, and the second with a 500."""
    for user in (person("Erin"), getattr(people, who)):
        as_(user).post(reverse("account_email"), {"action_add": "", "email": f"{user.pk}@example.com"})
        user.refresh_from_db()
        assert user.email == f"{user.pk}@example.com"
        assert EmailAddress.objects.get(user=user).primary
    assert "user.email_changed" in verbs()
    assert mail.outbox[-1].to == [f"{who}@example.com"]


def test_nobody_takes_an_address_that_somebody_else_signs_in_with(people, as_):
    page = as_(people.bob).post(reverse("account_email"), {"action_add": "", "email": "ALICE@example.com"})
    assert page.context["form"].errors["email"]
    confirmed(people.bob)
    as_(people.bob).post(reverse("account_email"), {"action_add": "", "email": "alice@example.com"})
    Client().post(re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))[1])
    people.bob.refresh_from_db()
    assert people.bob.email == "bob@example.com"


def test_strangers_cannot_use_up_the_tries_of_whoever_is_asked_again(people, later):
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": "alice@example.com", "password": "wrong"})
    url, data = a_removal(people)
    asked = later.post(url, data)
    later.post(asked.url, {"password": PASSWORD, "next": url})
    assert not Membership.objects.filter(user=people.bob).exists()
