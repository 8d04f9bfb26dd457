"""A campaign for guests: to look at, while the link lasts, and every opening on the record."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AuditEvent, Membership, Role, User
from tests.webapp import stage
from webapp.business import guest_links, team
from webapp.campaigns import campaigns, projects
from webapp.models import GuestLink


@pytest.fixture
def pictures(people, media):
    return list(stage.finished_job(people.campaign, people.bob, count=3).outputs.order_by("index"))


@pytest.fixture
def token(people, pictures) -> str:
    return guest_links.create(people.campaign, days=7, note="The printer", by=people.bob)[1]


def page_of(token: str):
    return Client().get(reverse("guest_campaign", args=[token]))


def file_of(token: str, picture):
    return Client().get(reverse("guest_output_file", args=[token, picture.pk]))


def shown(token: str) -> int:
    return page_of(token).text.count("<img")


def test_an_editor_makes_a_link_which_is_shown_once(people, as_):
    client, url = as_(people.bob), reverse("campaign_guest_links", args=[people.campaign.pk])
    page = client.post(url, {"days": "7", "note": "The printer"})
    assert page.status_code == 201
    address = re.search(r"http://testserver/g/[\w-]{32}/", page.text)[0]
    again = client.get(url).text
    assert address not in again
    assert "The printer" in again
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("wrong", [{"days": "2"}, {"days": ""}, {"days": "7", "note": "a\nb"}])
def test_what_is_wrong_is_said_and_no_link_is_made(people, as_, wrong):
    page = as_(people.bob).post(reverse("campaign_guest_links", args=[people.campaign.pk]), wrong)
    assert page.status_code == 422
    assert not GuestLink.objects.exists()


def test_the_page_shows_what_was_wrong_without_loading_anew(people, as_):
    """Without this script htmx throws a refusal away, and the button seems to do nothing."""
    page = as_(people.bob).get(reverse("campaign_guest_links", args=[people.campaign.pk]))
    assert "js/answers.js" in page.text


@pytest.mark.parametrize(("who", "status"), [("carol", 403), ("mallory", 404)])
def test_viewers_and_strangers_neither_share_nor_revoke(people, as_, token, who, status):
    client = as_(getattr(people, who))
    url = reverse("campaign_guest_links", args=[people.campaign.pk])
    assert client.get(url).status_code == status
    assert client.post(url, {"days": "7"}).status_code == status
    revocation = reverse("guest_link_revocation", args=[GuestLink.objects.get().pk])
    assert client.post(revocation).status_code == status
    assert page_of(token).status_code == 200


def test_a_guest_sees_the_campaign_and_its_pictures_and_no_prompt_or_name(people, token):
    page = page_of(token)
    assert "Pumpkin week" in page.text
    assert "Corner Bakery" in page.text
    assert shown(token) == 3
    for secret in (stage.PROMPT, "Bob", "Alice", "The printer", "Autumn menu"):
        assert secret not in page.text


def test_a_guest_gets_the_files_and_nothing_but(people, token, pictures, media):
    response = file_of(token, pictures[0])
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    elsewhere = stage.picture(people.foreign_campaign, people.mallory)
    assert file_of(token, elsewhere).status_code == 404
    assert Client().get(reverse("guest_campaign", args=[token]) + "outputs/").status_code == 404


def test_once_pictures_are_kept_guests_see_those_alone(people, token, pictures):
    pictures[0].keep(by=people.bob)
    assert shown(token) == 1
    assert file_of(token, pictures[0]).status_code == 200
    assert file_of(token, pictures[1]).status_code == 404


def test_guests_never_see_a_discarded_picture(people, token, pictures):
    pictures[0].discard(by=people.bob)
    assert shown(token) == 2
    assert file_of(token, pictures[0]).status_code == 404


def test_a_campaign_without_pictures_says_so(people):
    _, token = guest_links.create(people.campaign, days=1, by=people.bob)
    page = page_of(token)
    assert page.status_code == 200
    assert "No pictures" in page.text


def close_by_revoking(people):
    guest_links.revoke(GuestLink.objects.get(), by=people.bob)


def close_by_expiring(people):
    GuestLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def close_by_putting_the_campaign_away(people):
    campaigns.archive(people.campaign, by=people.bob)


def close_by_putting_the_project_away(people):
    projects.archive(people.project, by=people.bob)


def close_by_removing_its_maker(people):
    team.remove(Membership.objects.get(user=people.bob), by=people.alice)


def close_by_its_makers_leaving(people):
    team.remove(Membership.objects.get(user=people.bob), by=people.bob)


def close_by_making_its_maker_a_viewer(people):
    team.change_role(Membership.objects.get(user=people.bob), Role.VIEWER, by=people.alice)


def close_at_the_door_once_its_maker_is_no_member(people):
    Membership.objects.filter(user=people.bob).delete()


def close_at_the_door_once_its_maker_may_only_look(people):
    Membership.objects.filter(user=people.bob).update(role=Role.VIEWER)


def close_at_the_door_once_its_maker_may_not_sign_in(people):
    User.objects.filter(pk=people.bob.pk).update(is_active=False)


WAYS_TO_CLOSE = [way for name, way in list(globals().items()) if name.startswith("close_")]


@pytest.mark.parametrize("close", WAYS_TO_CLOSE)
def test_a_link_that_is_closed_shows_nothing_any_more(close, people, token, pictures):
    close(people)
    page = page_of(token)
    assert page.status_code == 410
    assert "Pumpkin week" not in page.text
    assert file_of(token, pictures[0]).status_code == 404


@pytest.mark.parametrize("end", [close_by_removing_its_maker, close_by_making_its_maker_a_viewer])
def test_whoever_comes_back_finds_their_old_links_closed(end, people, token):
    others = guest_links.create(people.campaign, days=7, by=people.alice)[1]
    end(people)
    Membership.objects.update_or_create(
        user=people.bob, business=people.bakery, defaults={"role": Role.EDITOR}
    )
    assert (page_of(token).status_code, page_of(others).status_code) == (410, 200)
    assert AuditEvent.objects.get(verb="guest_link.revoked").actor == people.alice


def test_an_editor_who_becomes_an_owner_goes_on_sharing(people, token):
    team.change_role(Membership.objects.get(user=people.bob), Role.OWNER, by=people.alice)
    assert page_of(token).status_code == 200


def test_a_link_that_only_the_door_closes_is_not_listed_as_open(people, token):
    close_at_the_door_once_its_maker_is_no_member(people)
    assert not guest_links.links_of(people.campaign)


def test_an_unknown_link_is_a_kind_404(people):
    page = page_of("x" * 32)
    assert page.status_code == 404
    assert "link" in page.text


def test_the_team_sees_when_a_link_was_opened_last(people, as_, token):
    bob, url = as_(people.bob), reverse("campaign_guest_links", args=[people.campaign.pk])
    assert "opened 0 times, until" in " ".join(bob.get(url).text.split())
    page_of(token)
    last = date_format(timezone.localtime(GuestLink.objects.get().last_opened_at), "j F Y, H:i")
    assert f"opened 1 time, last {last}, until" in " ".join(bob.get(url).text.split())


def test_each_opening_is_recorded_without_who_or_from_where(people, token):
    page_of(token)
    page_of(token)
    Client().head(reverse("guest_campaign", args=[token]))
    link = GuestLink.objects.get()
    assert link.opened_count == 2
    events = AuditEvent.objects.filter(verb="guest_link.opened")
    assert [(event.actor, event.business, event.detail) for event in events] == [
        (None, people.bakery, {})
    ] * 2


def test_an_opening_that_cannot_be_recorded_shows_nothing(people, token, db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent ADD CONSTRAINT broken CHECK (id < 0) NOT VALID")
    client = Client(raise_request_exception=False)
    assert client.get(reverse("guest_campaign", args=[token])).status_code == 500


def test_no_search_engine_cache_or_next_site_learns_of_it(people, token, pictures):
    for response in (page_of(token), file_of(token, pictures[0]), page_of("x" * 32)):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Cache-Control"] == "private, no-store"


def test_the_page_has_no_form_since_its_referrer_policy_would_break_one(people, as_, token):
    page = as_(people.alice).get(reverse("guest_campaign", args=[token]))
    assert "<form" not in page.text


def test_only_its_hash_is_kept(people, token):
    assert token not in str(GuestLink.objects.values())
    assert token not in str(list(AuditEvent.objects.values()))
