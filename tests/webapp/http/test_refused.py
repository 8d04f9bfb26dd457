"""Who was refused is on the record where it belongs, without noise, and strangers learn nothing by it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Role
from webapp.campaigns import projects


def refusals(business) -> list[tuple]:
    events = AuditEvent.objects.filter(business=business, verb__startswith="access.").order_by("pk")
    return [(event.actor, event.verb, event.detail["times"]) for event in events]


def lines(as_, user) -> str:
    """The lines of the activity page, without its filter."""
    return as_(user).get(reverse("activity")).text.partition('<ol class="acts">')[2]


def test_a_member_whose_role_does_not_reach_is_named(people, as_):
    assert as_(people.carol).get(reverse("usage")).status_code == 403
    assert refusals(people.bakery) == [(people.carol, "access.refused", 1)]
    assert "stranger" not in AuditEvent.objects.get(verb="access.refused").detail
    line = lines(as_, people.alice)
    assert "<strong>Carol</strong> was refused what their role does not allow" in line
    assert "usage" in line


def test_a_stranger_is_recorded_where_they_tried_without_a_name(people, as_):
    client = as_(people.mallory)
    assert client.get(reverse("campaign", args=[people.campaign.pk])).status_code == 404
    assert refusals(people.bakery) == [(None, "access.refused_outside", 1)]
    event = AuditEvent.objects.get(verb="access.refused_outside")
    assert event.detail["stranger"] == people.mallory.pk
    line = lines(as_, people.alice)
    assert "<strong>Somebody from outside</strong> was refused" in line
    assert "Mallory" not in line


def test_the_strangers_own_business_learns_of_nothing(people, as_):
    as_(people.mallory).get(reverse("campaign", args=[people.campaign.pk]))
    assert refusals(people.garage) == []
    assert "refused" not in lines(as_, people.mallory)


def test_what_there_is_not_is_nobodys_refusal(people, as_):
    as_(people.mallory).get(reverse("campaign", args=[uuid4()]))
    as_(people.mallory).get("/no/such/page/")
    assert not AuditEvent.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("who", "name"), [("mallory", "campaign"), ("carol", "campaign_guest_links")])
def test_a_hundred_tries_are_three_lines_and_push_nothing_out(people, as_, who, name):
    client = as_(getattr(people, who))
    for _ in range(101):
        client.get(reverse(name, args=[people.campaign.pk]))
    assert [times for _, _, times in refusals(people.bakery)] == [1, 10, 100]
    assert "100 times within a day" in lines(as_, people.alice)


def test_another_person_is_counted_for_themselves(people, as_):
    for user in (people.bob, people.carol, people.bob):
        as_(user).get(reverse("usage"))
    assert refusals(people.bakery) == [
        (people.bob, "access.refused", 1),
        (people.carol, "access.refused", 1),
    ]


@pytest.mark.parametrize(
    ("who", "name"), [("mallory", "business_selection"), ("mallory", "member_role"), ("carol", "invitations")]
)
def test_doors_that_take_no_object_of_the_studio_are_watched_too(people, as_, who, name):
    member = people.bakery.memberships.first()
    arguments = {"business_selection": [people.bakery.slug], "member_role": [member.pk]}.get(name, [])
    as_(getattr(people, who)).post(reverse(name, args=arguments))
    assert len(refusals(people.bakery)) == 1


@pytest.mark.parametrize("loss", ["demoted", "removed"])
def test_who_loses_the_role_between_the_door_and_the_act_is_shown_the_same_page(
    people, as_, monkeypatch, loss
):
    rename, bobs = projects.rename, Membership.objects.filter(user=people.bob)

    def rename_too_late(*arguments, **named):
        bobs.update(role=Role.VIEWER) if loss == "demoted" else bobs.delete()
        rename(*arguments, **named)

    monkeypatch.setattr(projects, "rename", rename_too_late)
    answer = as_(people.bob).post(reverse("project_name", args=[people.project.pk]), {"name": "New"})
    assert answer.status_code == 403
    assert "This is not for you to change" in answer.text
    people.project.refresh_from_db()
    assert people.project.name == "Autumn menu"
