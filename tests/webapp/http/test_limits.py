"""What one person or network may do in a day, in whatever businesses; and a machine that is closed."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import invitations, usage
from accounts.models import AuditEvent, Business, Invitation, Membership, Role, User
from tests.cast import PASSWORD
from tests.webapp import stage, steps
from webapp.models import GuestLink

OPEN = reverse("businesses")


@pytest.fixture
def closed(settings):
    settings.OPEN_SIGN_UP = False


@pytest.fixture
def once(settings):
    """Everything that is limited may be done once."""
    settings.ACCOUNT_RATE_LIMITS = {
        name: ",".join(f"1/h/{rate.rsplit('/', 1)[1]}" for rate in rates.split(","))
        for name, rates in settings.ACCOUNT_RATE_LIMITS.items()
        if name in ("open_business", "person_opens", "make_pictures", "make_files", "invite", "share")
    }


@pytest.mark.parametrize("who", ["alice", "carol", "newcomer"])
def test_a_closed_machine_opens_no_further_business(people, as_, closed, who):
    user = User.objects.create_user("n@example.com", PASSWORD) if who == "newcomer" else getattr(people, who)
    client = as_(user)
    page = client.get(OPEN)
    assert (page.status_code, 'action="/businesses/"' in page.text) == (200, False)
    assert client.post(OPEN, {"name": "Another"}).status_code == 403
    assert f'href="{OPEN}"' not in client.get(OPEN).text
    assert Business.objects.count() == 2


def test_a_closed_machine_invites_nobody_to_sign_up(client, db, closed):
    assert reverse("account_signup") not in client.get(reverse("home")).text


def test_neither_does_an_invitation_that_was_never_accepted(client, people, closed):
    _, token = invitations.create(people.bakery, role=Role.VIEWER, days=7, by=people.alice)
    client.get(reverse("invitation", args=[token]))
    form = {"name": "Erin", "email": "erin@example.com", "password1": PASSWORD, "business": "Erin's"}
    client.post(reverse("account_signup"), form)
    assert client.post(OPEN, {"name": "Erin's"}).status_code == 403
    assert Business.objects.count() == 2


def test_whoever_runs_a_closed_machine_opens_the_first_one(db, closed, capsys):
    call_command("open_business", "Corner Bakery", "Alice@example.com")
    link = re.search(r"http://127.0.0.1:8000(\S+)", capsys.readouterr().out)[1]
    client = Client()
    client.post(link)
    alice = Membership.objects.get(business__name="Corner Bakery", role=Role.OWNER).user
    assert alice.email == "alice@example.com"
    assert client.get(reverse("team")).status_code == 200
    assert "Whoever runs this machine</strong> created the business" in client.get(reverse("activity")).text


def test_and_another_for_somebody_who_is_there(people, closed):
    call_command("open_business", "Bob's Bread", "BOB@example.com")
    assert people.bob.memberships.count() == 2


@pytest.mark.parametrize(
    ("name", "email"), [("", "bob@example.com"), ("Bread", "no address"), ("a\nb", "x@y.example")]
)
def test_what_is_wrong_is_said_and_nobody_is_added(people, name, email):
    with pytest.raises(CommandError):
        call_command("open_business", name, email)
    assert (Business.objects.count(), User.objects.count()) == (2, 4)


def test_one_person_opens_three_businesses_a_day(people, as_):
    client = as_(people.bob)
    answers = [client.post(OPEN, {"name": f"Shop {number}"}) for number in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Go on tomorrow" in answers[-1].text
    assert 'value="Shop 3"' in answers[-1].text


def test_people_of_one_network_open_few_by_signing_up(people, as_, once):
    as_(people.bob).post(OPEN, {"name": "Shop"})
    form = {"name": "Erin", "email": "erin@example.com", "password1": PASSWORD, "business": "Erin's"}
    page = Client().post(reverse("account_signup"), form)
    assert "from your network" in page.text
    assert 'value="erin@example.com"' in page.text
    assert not User.objects.filter(email="erin@example.com").exists()


def test_links_have_a_limit_that_is_said_and_keeps_what_was_typed(people, as_, once):
    client = as_(people.alice)
    for url, form in (
        (reverse("invitations"), {"role": "viewer", "days": "7", "note": "Erin"}),
        (reverse("campaign_guest_links", args=[people.campaign.pk]), {"days": "7", "note": "Erin"}),
    ):
        first, second = client.post(url, form), client.post(url, form)
        assert (first.status_code, second.status_code) == (201, 429)
        assert "many links" in second.text
        assert 'value="Erin"' in second.text
    assert (Invitation.objects.count(), GuestLink.objects.count()) == (1, 1)


def test_pictures_of_one_person_are_counted_over_their_businesses(people, as_, media):
    Membership.objects.create(business=people.garage, user=people.bob, role=Role.EDITOR)
    steps.general_model()
    usage.reserve(people.garage, stage.uuid4(), 200, by=people.bob)
    page = steps.ask(as_(people.bob), people.campaign)
    assert page.status_code == 422
    assert "200 pictures a day in all your businesses; 0 are left" in page.text
    assert steps.ask(as_(people.alice), people.campaign).status_code == 200


@pytest.mark.parametrize(("elsewhere", "said"), [(150, "make 50 of them"), (200, "make no more"), (0, "")])
def test_what_is_left_of_ones_own_is_said_beside_what_is_left_of_the_business(people, as_, elsewhere, said):
    steps.general_model()
    Membership.objects.create(business=people.garage, user=people.alice, role=Role.EDITOR)
    if elsewhere:
        usage.reserve(people.garage, stage.uuid4(), elsewhere, by=people.alice)
    client = as_(people.alice)
    brief, report = client.get(steps.url("campaign", people.campaign)), client.get(reverse("usage"))
    typed = steps.compose(client, people.campaign)
    assert "200 of 200 pictures left today." in brief.text
    assert ": 200 left." in report.text
    for page in (brief, typed, report):
        assert page.text.count("You yourself may ") == bool(said)
        assert said in page.text


def test_so_are_those_of_one_network(people, as_, media, once):
    steps.general_model()
    assert steps.ask(as_(people.bob), people.campaign).status_code == 200
    refused = steps.ask(as_(people.alice), people.campaign)
    assert refused.status_code == 422
    assert "from your network" in refused.text
    assert AuditEvent.objects.filter(verb="job.submitted").count() == 1
