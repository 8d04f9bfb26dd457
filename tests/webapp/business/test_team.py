"""The team page: everybody sees who belongs, owners change it."""

import pytest
from django.urls import reverse

from accounts import members
from accounts.models import AuditEvent, Business, Membership, Role
from generation import jobs
from generation.jobs import HeartbeatReply
from generation.models import Status
from tests.webapp import stage


def membership_of(user) -> Membership:
    return Membership.objects.get(user=user)


@pytest.mark.parametrize("who", ["alice", "bob", "carol"])
def test_everybody_of_the_business_sees_who_belongs(who, people, as_):
    page = as_(getattr(people, who)).get(reverse("team"))
    for name in ("Alice", "Bob", "Carol"):
        assert name in page.text
    assert "Mallory" not in page.text


def test_a_stranger_sees_their_own_team_alone(people, as_):
    page = as_(people.mallory).get(reverse("team"))
    assert "Mallory" in page.text
    assert "Alice" not in page.text


def test_only_owners_see_addresses_and_the_means_to_change_anything(people, as_):
    owners_page = as_(people.alice).get(reverse("team")).text
    editors_page = as_(people.bob).get(reverse("team")).text
    assert "carol@example.com" in owners_page
    assert "carol@example.com" not in editors_page
    for action in (reverse("invitations"), reverse("member_role", args=[membership_of(people.carol).pk])):
        assert f'action="{action}"' in owners_page
        assert f'action="{action}"' not in editors_page


def test_an_owner_changes_a_role(people, as_):
    url = reverse("member_role", args=[membership_of(people.carol).pk])
    page = as_(people.alice).post(url, {"role": "editor"}, follow=True)
    assert "Carol is now editor." in page.text
    assert membership_of(people.carol).role == Role.EDITOR


@pytest.mark.parametrize("role", ["", "king", "OWNER"])
def test_a_role_that_there_is_not_changes_nothing(people, as_, role):
    as_(people.alice).post(reverse("member_role", args=[membership_of(people.carol).pk]), {"role": role})
    assert membership_of(people.carol).role == Role.VIEWER


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("carol", 403), ("mallory", 404)])
def test_nobody_raises_themselves(people, as_, who, status):
    client = as_(getattr(people, who))
    url = reverse("member_role", args=[membership_of(people.bob).pk])
    assert client.post(url, {"role": "owner"}).status_code == status
    assert membership_of(people.bob).role == Role.EDITOR


def test_the_last_owner_is_told_why_they_cannot_step_down_or_leave(people, as_):
    client, key = as_(people.alice), membership_of(people.alice).pk
    for url, data in (
        (reverse("member_role", args=[key]), {"role": "viewer"}),
        (reverse("member_removal", args=[key]), {}),
    ):
        assert "A business needs an owner." in client.post(url, data, follow=True).text
    assert membership_of(people.alice).role == Role.OWNER


def test_a_member_who_is_removed_is_out_with_their_next_click(people, as_):
    bob = as_(people.bob)
    assert bob.get(reverse("campaign_guest_links", args=[people.campaign.pk])).status_code == 200
    as_(people.alice).post(reverse("member_removal", args=[membership_of(people.bob).pk]))
    assert bob.get(reverse("campaign_guest_links", args=[people.campaign.pk])).status_code == 404
    assert bob.get(reverse("team")).status_code == 404


def test_a_viewer_leaves_by_themselves_but_removes_nobody(people, as_):
    client = as_(people.carol)
    assert client.post(reverse("member_removal", args=[membership_of(people.bob).pk])).status_code == 403
    assert client.post(reverse("member_removal", args=[membership_of(people.carol).pk])).status_code == 302
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "access.refused",
        "member.left",
    ]
    assert not Membership.objects.filter(user=people.carol).exists()


def test_a_stranger_removes_nobody(people, as_):
    url = reverse("member_removal", args=[membership_of(people.bob).pk])
    assert as_(people.mallory).post(url).status_code == 404
    assert membership_of(people.bob)


def test_the_page_costs_the_same_queries_however_large_the_team(people, as_, django_assert_max_num_queries):
    from tests import cast

    for number in range(20):
        Membership.objects.create(
            business=people.bakery, user=cast.person(f"Baker{number}"), role=Role.VIEWER
        )
    client = as_(people.alice)
    with django_assert_max_num_queries(8):
        client.get(reverse("team"))


def test_somebody_of_two_businesses_chooses_which_one_to_see(people, as_):
    Membership.objects.create(business=people.garage, user=people.alice, role=Role.VIEWER)
    client = as_(people.alice)
    assert "Bob" in client.get(reverse("team")).text
    client.post(reverse("business_selection", args=[people.garage.slug]))
    page = client.get(reverse("team")).text
    assert "Mallory" in page
    assert "Bob" not in page


def test_nobody_chooses_a_business_of_others(people, as_):
    client = as_(people.bob)
    assert client.post(reverse("business_selection", args=[people.garage.slug])).status_code == 404
    assert "Alice" in client.get(reverse("team")).text


def test_a_page_of_the_other_business_is_open_without_choosing_first_and_says_whose_it_is(people, as_):
    Membership.objects.create(business=people.garage, user=people.alice, role=Role.EDITOR)
    url = reverse("campaign_guest_links", args=[people.foreign_campaign.pk])
    answer = as_(people.alice).get(url)
    assert answer.status_code == 200
    assert (answer.context["membership"].business, answer.context["is_owner"]) == (people.garage, False)


def test_somebody_without_a_business_opens_one(people, as_):
    members.remove(membership_of(people.bob), by=people.bob)
    client = as_(people.bob)
    assert client.get(reverse("businesses")).status_code == 200
    assert client.post(reverse("businesses"), {"name": "  "}).status_code == 422
    client.post(reverse("businesses"), {"name": "Bob's Bread"})
    assert membership_of(people.bob).business == Business.objects.get(slug="bobs-bread")
    assert membership_of(people.bob).role == Role.OWNER


@pytest.mark.parametrize(("door", "change"), [("member_removal", {}), ("member_role", {"role": "viewer"})])
def test_what_somebody_waits_for_stops_when_they_may_no_longer_ask(people, as_, media, door, change):
    running = stage.running_job(people.campaign, people.bob)
    waiting = stage.waiting_job(people.campaign, people.bob)
    others = stage.waiting_job(people.campaign, people.alice)
    as_(people.alice).post(reverse(door, args=[membership_of(people.bob).pk]), change)
    for job in (waiting, others):
        job.refresh_from_db()
    assert (waiting.status, others.status) == (Status.CANCELLED, Status.QUEUED)
    assert jobs.beat(running) is HeartbeatReply.CANCELLED


def test_what_somebody_waits_for_stops_also_when_they_leave_by_themselves(people, as_, media):
    """They are no member any more when it is cancelled, and it is still they who did it."""
    waiting = stage.waiting_job(people.campaign, people.bob)
    as_(people.bob).post(reverse("member_removal", args=[membership_of(people.bob).pk]))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.cancel_requested_by) == (Status.CANCELLED, people.bob)


def test_an_editor_who_becomes_an_owner_goes_on_waiting(people, as_, media):
    waiting = stage.waiting_job(people.campaign, people.bob)
    as_(people.alice).post(reverse("member_role", args=[membership_of(people.bob).pk]), {"role": "owner"})
    waiting.refresh_from_db()
    assert waiting.status == Status.QUEUED
