"""The page of a project: its campaigns, its name, putting it away."""

import pytest

from tests.webapp import stage, steps
from webapp.campaigns import campaigns
from webapp.models import Campaign


def test_it_lists_the_campaigns_with_their_counts(people, as_, media):
    steps.general_model()
    stage.picture(people.campaign, people.bob).keep(by=people.bob)
    stage.picture(people.campaign, people.bob)
    page = as_(people.carol).get(steps.url("project", people.project))
    assert "2 pictures · 1 kept" in " ".join(page.text.split())
    assert steps.url("campaign", people.campaign) in page.text


def test_an_empty_project_says_what_to_do_next(people, as_):
    campaigns.archive(people.campaign, by=people.bob)
    url = steps.url("project", people.project)
    assert "Name one above" in as_(people.bob).get(url).text
    viewers_page = as_(people.carol).get(url).text
    assert "No campaigns yet" in viewers_page
    assert "<form" not in viewers_page.partition("<main")[2]


def test_an_editor_starts_a_campaign_and_lands_on_it(people, as_):
    page = as_(people.bob).post(steps.url("campaigns", people.project), {"name": "Harvest"}, follow=True)
    campaign = Campaign.objects.get(name="Harvest")
    assert page.redirect_chain == [(steps.url("campaign", campaign), 302)]


def test_a_campaign_without_a_name_is_answered_in_its_form_alone(people, as_):
    page = as_(people.bob).post(steps.url("campaigns", people.project), {"name": " "})
    assert page.status_code == 422
    assert page.context["campaign_form"].errors
    assert not page.context["name_form"].errors


def test_renaming_keeps_the_old_name_where_the_new_one_is_none(people, as_):
    client, url = as_(people.bob), steps.url("project_name", people.project)
    assert client.post(url, {"name": "Winter menu"}, follow=True).context["project"].name == "Winter menu"
    refused = client.post(url, {"name": "x" * 81})
    assert refused.status_code == 422
    assert "x" * 81 in refused.text
    people.project.refresh_from_db()
    assert people.project.name == "Winter menu"


def test_archiving_can_be_undone_from_the_project_itself(people, as_):
    client, url = as_(people.bob), steps.url("project_archival", people.project)
    client.post(url, {"archived": "1"})
    page = client.get(steps.url("project", people.project))
    assert "This project is archived" in page.text
    assert steps.url("campaigns", people.project) not in page.text
    client.post(url, {"archived": "0"})
    people.project.refresh_from_db()
    assert people.project.archived_at is None


@pytest.mark.parametrize("name", ["project_name", "project_archival", "campaigns"])
def test_a_viewer_changes_nothing_and_a_stranger_finds_nothing(people, as_, name):
    url = steps.url(name, people.project)
    assert as_(people.carol).post(url, {"name": "Mine", "archived": "1"}).status_code == 403
    assert as_(people.mallory).post(url, {"name": "Mine", "archived": "1"}).status_code == 404
    people.project.refresh_from_db()
    assert (people.project.name, people.project.archived_at) == ("Autumn menu", None)


def test_twenty_campaigns_cost_as_many_queries_as_one(people, as_):
    client, url = as_(people.bob), steps.url("project", people.project)
    of_one = steps.queries_of(client, url)
    for number in range(19):
        campaigns.create(people.project, f"Campaign {number}", by=people.bob)
    assert steps.queries_of(client, url) == of_one
