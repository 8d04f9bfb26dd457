"""Signing up, in and out; letters; passwords; what a stranger can learn by trying (nothing)."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse

from accounts import invitations
from accounts.models import AuditEvent, Business, Membership, Role, User
from tests.cast import PASSWORD

FORM = {"name": "Erin", "business": "Erin's Flowers", "email": "erin@example.com", "password1": PASSWORD}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), FORM | changes)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_signing_up_opens_a_business_with_the_person_as_its_owner(client, db):
    response = sign_up(client)
    assert response.status_code == 302
    erin = User.objects.get()
    assert (erin.name, erin.email) == ("Erin", "erin@example.com")
    membership = erin.memberships.get()
    assert (membership.business.name, membership.business.slug) == ("Erin's Flowers", "erins-flowers")
    assert membership.role == Role.OWNER
    assert verbs() == ["business.created", "user.signed_in"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "a\nb"),
        ("name", "x" * 81),
        ("business", ""),
        ("business", "nul\x00"),
        ("email", "no address"),
        ("password1", "short"),
        ("password1", "password123"),
        ("password1", "12345678901"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(client, db, field, typed):
    response = sign_up(client, **{field: typed})
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert not User.objects.exists()
    assert not Business.objects.exists()


def test_two_businesses_of_one_name_are_told_apart(client, people):
    sign_up(client, business="Corner Bakery")
    assert Business.objects.filter(name="Corner Bakery").count() == 2


@pytest.fixture
def invited(client, people):
    invitation, token = invitations.create(people.bakery, role=Role.EDITOR, days=7, by=people.alice)
    client.get(reverse("invitation", args=[token]))
    return invitation


def test_somebody_invited_names_no_business_and_comes_back_to_the_invitation(client, invited):
    page = client.get(reverse("account_signup"))
    assert "business" not in page.context["form"].fields
    response = sign_up(client)
    assert response.url == reverse("invitation_acceptance")
    assert not Membership.objects.filter(user__email="erin@example.com").exists()
    assert Business.objects.count() == 2


def test_an_invitation_opens_a_machine_that_is_closed_for_sign_up(client, settings, people):
    settings.OPEN_SIGN_UP = False
    assert "form" not in (client.get(reverse("account_signup")).context or {})
    assert not User.objects.filter(email="erin@example.com").exists()
    sign_up(client)
    assert not User.objects.filter(email="erin@example.com").exists()
    invitation, token = invitations.create(people.bakery, role=Role.EDITOR, days=7, by=people.alice)
    client.get(reverse("invitation", args=[token]))
    sign_up(client)
    assert User.objects.filter(email="erin@example.com").exists()
    invitations.revoke(invitation, by=people.alice)
    client.logout()
    client.get(reverse("invitation", args=[token]))
    sign_up(client, email="frank@example.com")
    assert not User.objects.filter(email="frank@example.com").exists()


def test_with_a_mail_server_nobody_learns_whether_an_address_has_an_account(client, settings, people):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known, unknown = sign_up(client, email="Bob@example.com"), sign_up(client)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.subject for letter in mail.outbox] == [
        "You have an account already",
        "Welcome to Handbill: please confirm your e-mail address",
    ]
    assert User.objects.filter(email__iexact="bob@example.com").count() == 1


def test_without_one_a_second_account_for_an_address_is_refused_in_words(client, people):
    response = sign_up(client, email="BOB@example.com")
    assert response.context["form"].errors["email"]
    assert User.objects.filter(email__iexact="bob@example.com").count() == 1


def test_the_letter_confirms_the_address(client, settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up(client)
    assert "_auth_user_id" not in client.session
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))[1]
    client.post(link)
    client.post(reverse("account_login"), {"login": FORM["email"], "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_a_new_address_takes_the_old_ones_place_once_it_is_confirmed(client, settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up(client)
    client.post(re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))[1])
    sign_in(client, FORM["email"])
    page, new = reverse("account_email"), "erin@flowers.example"
    client.post(page, {"action_add": "", "email": new})
    waiting = client.get(page).text
    assert "Changing to" in waiting
    assert "Keep the old one" in waiting
    (letter,) = (letter for letter in mail.outbox if letter.to == [new])
    client.post(re.search(r"http://testserver(\S+)", str(letter.body))[1])
    settled = client.get(page).text
    assert new in settled
    assert FORM["email"] not in settled
    assert User.objects.get().email == new


def sign_in(client, email="bob@example.com", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_and_out(client, people):
    assert sign_in(client).url == reverse("home")
    assert verbs() == ["user.signed_in"]
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session  # a link or picture cannot sign anybody out
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_session_changes_its_key_at_sign_in(client, people):
    client.get(reverse("account_signup"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_look_alike(client, people):
    wrong = sign_in(client, password="wrong password here")
    unknown = sign_in(client, email="nobody@example.com")
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_guessing_a_password_is_stopped_after_five_tries(client, people):
    for _ in range(5):
        sign_in(client, password="wrong password here")
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session
    sign_in(client, email="alice@example.com")
    assert "_auth_user_id" in client.session


def test_a_reset_letter_changes_the_password_and_ends_other_sessions(client, people, settings):
    elsewhere = type(client)()
    elsewhere.force_login(people.bob, backend=settings.AUTHENTICATION_BACKENDS[0])
    client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))[1]
    form = client.get(link, follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": "a new long password", "password2": "a new long password"}
    )
    people.bob.refresh_from_db()
    assert people.bob.check_password("a new long password")
    assert "user.password_reset" in verbs()
    assert elsewhere.get(reverse("account_change_password")).status_code == 302


def test_a_reset_for_an_unknown_address_answers_the_same(client, people):
    known = client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 2


def test_letters_are_plain_words_without_html_entities(client, people):
    client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    assert "&" not in mail.outbox[0].body
    assert "example.com" not in mail.outbox[0].subject


def test_no_address_reaches_the_log(client, people, caplog):
    caplog.set_level("DEBUG")
    sign_in(client, password="wrong password here")
    sign_up(client)
    client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in ours if "@example.com" in line]


def test_every_letter_is_written_by_us():
    import allauth

    theirs = {file.name for file in (Path(allauth.__file__).parent / "templates/account/email").iterdir()}
    codes = {name for name in theirs if "_code_" in name}
    ours = {file.name for file in (Path(__file__).parents[2] / "templates/account/email").iterdir()}
    assert theirs - codes == ours - {"email_change_asked_message.txt", "email_change_asked_subject.txt"}


@pytest.mark.parametrize("smtp", ["", "smtp://mail.example.com"])
def test_two_clicks_on_sign_up_are_one_person_and_no_error(client, db, monkeypatch, settings, smtp):
    """The second one looked before the first one's insert."""
    settings.SMTP_URL, settings.ACCOUNT_EMAIL_VERIFICATION = smtp, "mandatory" if smtp else "optional"
    sign_up(client)
    client.logout()
    monkeypatch.setattr("accounts.sign_up.SignUpForm.validate_unique_email", lambda form, email: email)
    assert sign_up(client).status_code == 302
    assert User.objects.filter(email="erin@example.com").count() == 1


def test_an_address_of_the_machine_itself_is_nobodys(client, db):
    page = sign_up(client, email="demo@handbill.localhost")
    assert "Please use an address that letters reach." in page.text
    assert not User.objects.exists()
