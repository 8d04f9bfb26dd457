"""A second click, or the same form sent again, makes nothing more and leads to what the first one made."""

import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Invitation
from tests import cast
from tests.generation.parallel import at_once
from tests.webapp import stage, steps
from webapp.creatives import versions
from webapp.models import Creative, GuestLink, Project

BY_COMMAND = {"sign_in_link.created"}


@pytest.fixture
def creative(people, media) -> Creative:
    picture = stage.picture(people.campaign, people.bob)
    picture.keep(by=people.bob)
    return versions.create(people.campaign, [picture], by=people.bob)[0]


def a_project(people, creative):
    return reverse("home"), reverse("projects"), {"name": "Winter"}


def a_campaign(people, creative):
    return steps.url("project", people.project), steps.url("campaigns", people.project), {"name": "Snow"}


def a_creative(people, creative, page="campaign"):
    row = people.campaign if page == "campaign" else creative.output
    return (
        steps.url(page, row),
        steps.url("campaign_creatives", people.campaign),
        {"output": creative.output_id},
    )


def some_creatives(people, creative):
    page, url, form = a_creative(people, creative)
    return f"{page}?show=kept", url, form


def a_creative_of_the_picture_on_screen(people, creative):
    return a_creative(people, creative, "output")


def an_archive(people, creative):
    stage.design(creative, "display-mobile", "display-rectangle", by=people.bob)
    return steps.url("creative", creative), steps.url("creative_exports", creative), {"kind": "webp"}


def a_kit(people, creative):
    return reverse("brand_kits"), reverse("brand_kits"), {"name": "Winter"}


def a_guest_link(people, creative):
    url = steps.url("campaign_guest_links", people.campaign)
    return url, url, {"days": "7", "note": "Erin"}


def an_invitation(people, creative):
    return reverse("team"), reverse("invitations"), {"role": "viewer", "days": "7", "note": "Erin"}


def a_business(people, creative):
    return reverse("businesses"), reverse("businesses"), {"name": "Another"}


MAKERS = [
    ("project.created", a_project),
    ("campaign.created", a_campaign),
    ("creative.created", a_creative),
    ("creative.created", some_creatives),
    ("creative.created", a_creative_of_the_picture_on_screen),
    ("export.submitted", an_archive),
    ("brand_kit.created", a_kit),
    ("guest_link.created", a_guest_link),
    ("invitation.created", an_invitation),
    ("business.created", a_business),
]


def filled_in(client: Client, page: str, url: str, form: dict) -> dict:
    """What the form of the page sends when it is filled in so."""
    sheet = next(
        part
        for part in client.get(page).text.split("<form")[1:]
        if f'method="post" action="{url}"' in " ".join(part.split())
    )
    return {**form, "once": re.search(r'name="once" value="([^"]+)"', sheet.partition("</form>")[0])[1]}


def made(verb: str) -> int:
    return AuditEvent.objects.filter(verb=verb).count()


@pytest.mark.parametrize(("verb", "maker"), MAKERS)
def test_the_same_sent_twice_makes_one_thing_and_leads_to_it(
    people, as_, creative, verb, maker, django_capture_on_commit_callbacks
):
    client, before = as_(people.alice), made(verb)
    page, url, form = maker(people, creative)
    typed = filled_in(client, page, url, form)
    with django_capture_on_commit_callbacks(execute=True):
        first = client.post(url, typed)
    second = client.post(url, typed)
    assert made(verb) == before + 1
    assert (first.status_code, where(first)) == (second.status_code, where(second))
    stage.make_files()  # Or what still waits is what another click asks for.
    client.post(url, filled_in(client, page, url, form))
    assert made(verb) == before + 2


def where(answer) -> str:
    """Where an answer leads: on, or by the link that it shows."""
    return answer.headers.get("Location") or re.search(r'id="new-link"[^>]*value="([^"]+)"', answer.text)[1]


def test_whatever_people_make_is_in_the_list():
    assert {verb for verb in audit.VERBS if verb.endswith(".created")} - BY_COMMAND == {
        verb for verb, _ in MAKERS if verb.endswith(".created")
    }


def test_other_words_or_another_person_make_another(people, as_, creative):
    page, url, form = a_project(people, creative)
    typed = filled_in(as_(people.alice), page, url, form)
    before = Project.objects.count()
    for who, name in ((people.alice, "Winter"), (people.alice, "Spring"), (people.bob, "Winter")):
        as_(who).post(url, typed | {"name": name})
    assert Project.objects.count() == before + 3


def test_files_of_a_creative_that_was_changed_since_are_made_anew(people, as_, creative):
    client = as_(people.bob)
    page, url, form = an_archive(people, creative)
    typed = filled_in(client, page, url, form)
    first = client.post(url, typed)
    stage.design(Creative.objects.get(pk=creative.pk), by=people.bob, headline="Pumpkin week")
    assert client.post(url, typed).url != first.url


def test_what_was_refused_is_done_when_it_may_be(people, as_, creative, settings):
    client = as_(people.alice)
    typed = filled_in(client, *a_business(people, creative))
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"person_opens": "0/h/user"}
    assert client.post(reverse("businesses"), typed).status_code == 429
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"person_opens": "1/h/user"}
    assert client.post(reverse("businesses"), typed).status_code == 302


@pytest.mark.parametrize("maker", [a_guest_link, an_invitation])
def test_a_link_that_was_closed_since_is_not_shown_as_if_it_led_anywhere(people, as_, creative, maker):
    client = as_(people.alice)
    page, url, form = maker(people, creative)
    typed = filled_in(client, page, url, form)
    client.post(url, typed)
    for model in (GuestLink, Invitation):
        model.objects.update(revoked_at=timezone.now())
    again = client.post(url, typed)
    assert again.status_code == 422
    assert "closed or used by now" in again.text
    assert "new-link" not in again.text


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one(as_):
    people = cast.gather()
    form = {"name": "Winter", "once": "a page"}
    clicks = [partial(as_(people.bob).post, reverse("projects"), form) for _ in range(4)]
    assert len({answer.url for answer in at_once(clicks)}) == 1
    assert Project.objects.filter(name="Winter").count() == 1
