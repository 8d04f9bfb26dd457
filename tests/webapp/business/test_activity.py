"""The activity page: what happened, in words, for owners."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, members
from accounts.models import AuditEvent, Membership, Role
from generation.jobs import kinds
from tests import cast
from tests.webapp import brand_samples, stage
from webapp.brand import kits
from webapp.business import guest_links
from webapp.business.views.activity import PAGE
from webapp.campaigns import campaigns, projects
from webapp.creatives import exports, versions
from webapp.models import FileKind


def acts(page) -> list[tuple[str, str]]:
    return [(act.who, act.words) for act in page.context["acts"]]


@pytest.fixture
def history(people):
    campaigns.rename(people.campaign, "Pumpkin days", by=people.bob)
    members.change_role(Membership.objects.get(user=people.carol), Role.EDITOR, by=people.alice)
    link, _ = guest_links.create(people.campaign, days=7, by=people.bob)
    guest_links.record_opening(link)


def order_files(people) -> None:
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob
    )
    exports.order(creative, FileKind.PNG, by=people.bob)


ASKED_FOR: dict[str, Callable[[cast.Cast], object]] = {
    "pictures": lambda people: stage.waiting_job(people.campaign, people.bob, count=1),
    "export": order_files,
}


def test_every_kind_of_job_has_a_name_in_the_log(people, as_, media):
    assert {kind.name for kind in kinds.registered()} == ASKED_FOR.keys()
    for kind in kinds.registered():
        ASKED_FOR[kind.name](people)
        act = as_(people.alice).get(reverse("activity")).context["acts"][0]
        assert act.words == audit.VERBS[f"{kind.noun}.submitted"]
        assert act.subject.name
        assert act.subject.url
        assert kind.unit.removesuffix("s") in act.detail


def test_it_names_the_creative_and_leads_to_it(people, as_, media):
    picture = stage.picture(people.campaign, people.bob)
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    stage.design(creative, headline="Pumpkin soup", by=people.bob)
    page = as_(people.alice).get(reverse("activity"))
    assert f'<a href="{reverse("creative", args=[creative.pk])}">Pumpkin soup</a>' in page.text


def test_it_knows_a_creative_by_its_former_name(people, as_, media):
    """The log of an older Handbill says asset, and is never rewritten."""
    picture = stage.picture(people.campaign, people.bob)
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    AuditEvent.objects.create(
        business=people.bakery,
        actor=people.bob,
        verb="asset.undone",
        subject_type="asset",
        subject_id=creative.pk,
    )
    page = as_(people.alice).get(reverse("activity"), {"verb": "creative.undone"})
    assert acts(page) == [("Bob", audit.VERBS["creative.undone"])]
    assert reverse("creative", args=[creative.pk]) in page.text


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_it_is_for_owners(people, as_, who):
    assert as_(getattr(people, who)).get(reverse("activity")).status_code == 403


def test_an_owner_elsewhere_sees_their_own(people, as_, history):
    assert acts(as_(people.mallory).get(reverse("activity"))) == []


def test_it_tells_who_did_what_newest_first(people, as_, history):
    page = as_(people.alice).get(reverse("activity"))
    assert acts(page) == [
        ("A guest", "opened the campaign"),
        ("Bob", "shared a campaign by guest link"),
        ("Alice", "changed a member's role"),
        ("Bob", "renamed a campaign"),
    ]
    assert [act.detail for act in page.context["acts"]] == [
        "",
        "7 days",
        "viewer → editor",
        "Pumpkin week → Pumpkin days",
    ]


def test_it_says_what_of_a_brand_was_changed_and_links_the_kit(people, as_, media):
    kit = brand_samples.kit(people.bakery, people.bob, voice=["warm"], banned_words=["a secret"])
    kits.choose(people.campaign, kit, by=people.bob)
    page = as_(people.alice).get(reverse("activity"))
    assert [act.detail for act in page.context["acts"]] == ["Corner Bakery", "voice, banned words", ""]
    assert reverse("brand_kit", args=[kit.pk]) in page.text
    assert "a secret" not in page.text


def test_what_still_exists_is_linked(people, as_, history):
    client = as_(people.alice)
    url = reverse("campaign", args=[people.campaign.pk])
    assert f'href="{url}"' in client.get(reverse("activity")).text
    people.campaign.delete()
    page = client.get(reverse("activity"))
    assert f'href="{url}"' not in page.text
    assert len(acts(page)) == 4


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"verb": "campaign.renamed"}, 1),
        ({"person": "nobody"}, 1),
        ({"person": "nobody", "verb": "campaign.renamed"}, 0),
        ({"verb": "no.such"}, 4),
        ({"person": "x"}, 4),
        ({"day": "yesterday"}, 4),
        ({"day": "9999-12-31"}, 4),
        ({"day": "1999-12-31"}, 4),
        ({"before": "9" * 40}, 4),
        ({"before": "x"}, 4),
    ],
)
def test_filters_narrow_and_nonsense_does_not(people, as_, history, query, count):
    assert len(acts(as_(people.alice).get(reverse("activity"), query))) == count


def test_the_person_filter_knows_those_who_did_something(people, as_, history):
    page = as_(people.alice).get(reverse("activity"), {"person": people.bob.pk})
    assert {who for who, _ in acts(page)} == {"Bob"}
    names = [label for _, label in page.context["form"].fields["person"].choices]
    assert names == ["Everybody", "Alice", "Bob", "Guests and the machine"]


def test_the_day_filter_is_a_day_of_the_servers_time_zone(people, as_, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    midnight = timezone.make_aware(timezone.datetime(2026, 11, 22))
    for at in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23)):
        AuditEvent.objects.create(business=people.bakery, actor=people.bob, verb="campaign.created", at=at)
    with timezone.override("Europe/Berlin"):
        page = as_(people.alice).get(reverse("activity"), {"day": "2026-11-22"})
    timezone.get_default_timezone.cache_clear()
    assert len(acts(page)) == 2


def test_pages_follow_each_other_without_gap_or_repeat_while_new_acts_arrive(people, as_):
    with transaction.atomic():
        for _ in range(2 * PAGE + 3):
            audit.record(people.bob, "campaign.created", people.campaign)
    client, url, seen = as_(people.alice), "", []
    while True:
        page = client.get(reverse("activity") + url)
        seen += [act.key for act in page.context["acts"]]
        with transaction.atomic():
            audit.record(people.bob, "campaign.renamed", people.campaign)
        if not (url := page.context["older"]):
            break
    assert len(seen) == len(set(seen)) == 2 * PAGE + 3


def test_the_next_page_keeps_the_filter(people, as_):
    with transaction.atomic():
        for _ in range(PAGE + 1):
            audit.record(people.bob, "campaign.created", people.campaign)
    page = as_(people.alice).get(reverse("activity"), {"verb": "campaign.created"})
    assert "verb=campaign.created" in page.context["older"]


def test_a_person_who_is_gone_leaves_their_acts(people, as_, history):
    people.bob.delete()
    assert ("Somebody who has left", "renamed a campaign") in acts(as_(people.alice).get(reverse("activity")))


def test_it_never_holds_a_prompt_or_an_address(people, as_, history, media):
    stage.finished_job(people.campaign, people.bob)
    members.remove(Membership.objects.get(user=people.carol), by=people.alice)
    page = as_(people.alice).get(reverse("activity"))
    assert "received pictures" in page.text
    assert stage.PROMPT not in page.text
    assert "bob@example.com" not in page.text  # Alice's own is in her menu
    assert "carol@example.com" not in page.text
    assert "@example.com" not in str(list(AuditEvent.objects.values()))


def test_names_that_look_like_markup_are_only_text(people, as_):
    projects.rename(people.project, "<script>alert(1)</script>", by=people.bob)
    page = as_(people.alice).get(reverse("activity"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_the_page_costs_the_same_queries_however_long_the_log(
    people, as_, django_assert_max_num_queries, media
):
    for number in range(4):
        editor = cast.person(f"P{number}")
        Membership.objects.create(business=people.bakery, user=editor, role=Role.EDITOR)
        campaign = campaigns.create(people.project, f"Campaign {number}", by=editor)
        stage.picture(campaign, people.bob).keep(by=people.bob)
        guest_links.create(campaign, days=1, by=people.bob)
    client = as_(people.alice)
    with django_assert_max_num_queries(14):
        client.get(reverse("activity"))
