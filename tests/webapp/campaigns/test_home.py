"""The first page: a landing for strangers, the business's projects for its people."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from tests import cast
from tests.webapp import stage, steps
from webapp.campaigns import overview, projects
from webapp.models import Campaign, Project

HOME = reverse("home")


def test_a_stranger_sees_what_handbill_is_and_how_to_get_in(client, db):
    page = client.get(HOME)
    assert page.status_code == 200
    assert reverse("account_login") in page.text
    assert reverse("account_signup") in page.text


def test_everybody_of_a_business_sees_its_projects_and_no_others(people, as_):
    for who in (people.alice, people.bob, people.carol):
        page = as_(who).get(HOME)
        assert "Autumn menu" in page.text
        assert "Winter tyres" not in page.text


def test_whoever_has_no_business_is_shown_how_to_open_one(people, as_):
    page = as_(cast.person("Nora")).get(HOME)
    assert page.url == reverse("businesses")


def test_an_editor_starts_a_project_and_lands_on_it(people, as_):
    page = as_(people.bob).post(reverse("projects"), {"name": " Spring  fair "}, follow=True)
    project = Project.objects.get(name="Spring fair")
    assert page.redirect_chain == [(steps.url("project", project), 302)]
    assert AuditEvent.objects.get().verb == "project.created"


def test_a_viewer_is_not_offered_what_they_may_not_do(people, as_):
    client = as_(people.carol)
    assert 'action="/projects/"' not in client.get(HOME).text
    assert client.post(reverse("projects"), {"name": "Mine"}).status_code == 403
    assert not Project.objects.filter(name="Mine").exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines"])
def test_a_name_that_is_none_is_answered_in_the_form_with_what_was_typed(people, as_, name):
    page = as_(people.bob).post(reverse("projects"), {"name": name})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert name.strip() in page.text
    assert "Autumn menu" in page.text


def test_an_archived_project_leaves_the_list_but_can_be_found(people, as_):
    client = as_(people.bob)
    client.post(steps.url("project_archival", people.project), {"archived": "1"})
    page = client.get(HOME)
    assert [project.name for project in page.context["projects"]] == []
    assert [project.name for project in page.context["archived"]] == ["Autumn menu"]


def test_a_card_counts_campaigns_and_pictures_and_shows_the_one_kept_last(people, as_, media):
    steps.general_model()
    first, second = stage.finished_job(people.campaign, people.bob, count=2).outputs.order_by("index")
    third = stage.picture(people.campaign, people.bob)
    third.discard(by=people.bob)
    first.keep(by=people.bob)
    page = as_(people.carol).get(HOME)
    card = page.context["projects"][0]
    assert (card.campaign_count, card.picture_count, card.cover) == (1, 2, first.pk)
    assert steps.url("output_thumbnail", first) in page.text
    assert steps.url("output_thumbnail", second) not in page.text


def test_twenty_projects_cost_as_many_queries_as_one(people, as_):
    client = as_(people.bob)
    of_one = steps.queries_of(client, HOME)
    for number in range(19):
        projects.create(people.bakery, f"Project {number}", by=people.bob)
    assert steps.queries_of(client, HOME) == of_one


def test_signing_out_leaves_nothing_of_the_business_on_the_first_page(people, as_):
    client = as_(people.bob)
    client.logout()
    assert "Autumn menu" not in client.get(HOME).text


def test_a_projects_cover_is_of_its_newest_campaign_with_pictures(people, as_, media):
    steps.general_model()
    stage.picture(people.campaign, people.bob).keep(by=people.bob)
    newer = Campaign.objects.create(project=people.project, name="Snow", slug="snow", created_by=people.alice)
    picture = stage.picture(newer, people.bob)
    Campaign.objects.create(project=people.project, name="Spring", slug="spring", created_by=people.alice)
    card = as_(people.carol).get(HOME).context["projects"][0]
    assert (card.campaign_count, card.picture_count, card.cover) == (3, 2, picture.pk)


def test_pictures_beyond_a_number_are_not_counted(people, as_, media, monkeypatch):
    monkeypatch.setattr(overview, "COUNTED", 1)
    stage.finished_job(people.campaign, people.bob, count=3)
    assert overview.projects_of(people.bakery).get().picture_count == 2
