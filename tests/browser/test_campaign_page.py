"""What moves on the campaign page: the poll, the prompt, the viewer, and what is said when one is away."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from generation import jobs
from generation.jobs import heartbeat
from generation.models import Job
from tests.webapp import stage, steps

from .conftest import PHONE, first_held


@pytest.fixture
def campaign(people, media):
    steps.general_model()
    heartbeat.attend("a worker of the tests", "cpu")
    return people.campaign


def at(campaign) -> str:
    return reverse("campaign", args=[campaign.pk])


def test_frames_change_by_themselves_and_the_poll_ends(visit, people, campaign):
    stage.waiting_job(campaign, people.alice)
    page = visit(people.alice).open(at(campaign))
    expect(page.locator(".frame--waiting")).to_have_count(2)
    job = jobs.claim("a worker of the tests")
    expect(page.locator(".frame--running")).to_have_count(2)
    jobs.fail(job, "out_of_memory")
    expect(page.locator(".frame--failed")).to_have_count(2)
    expect(page.locator("#gallery-poll[hx-get]")).to_have_count(0)


def test_an_ended_session_is_told_where_one_looks(visit, people, campaign):
    stage.waiting_job(campaign, people.alice)
    somebody = visit(people.alice)
    somebody.expected = "401"
    page = somebody.open(at(campaign))
    page.get_by_label("What should the picture show?").fill("a cake for my sister")
    Session.objects.all().delete()
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    expect(page.get_by_label("What should the picture show?")).to_have_value("a cake for my sister")


def test_two_clicks_are_one_job(visit, people, campaign):
    page = visit(people.alice).open(at(campaign))
    page.get_by_label("What should the picture show?").fill("a cake")
    page.locator(".brief__submit").dblclick()
    expect(page.locator(".frame")).to_have_count(4)
    assert Job.objects.count() == 1


def test_a_refused_brief_says_why_and_stays_until_it_is_taken(visit, people, campaign):
    somebody = visit(people.alice)
    somebody.expected = "422"
    page = somebody.open(at(campaign))
    page.get_by_label("What should the picture show?").fill("a cake")
    page.get_by_label("How many?").fill("99")
    page.locator(".brief__submit").click()
    expect(page.locator(".brief__count .errorlist")).to_be_visible()
    expect(page.get_by_label("What should the picture show?")).to_have_value("a cake")
    page = somebody.open(reverse("home"))
    page = somebody.open(at(campaign))
    expect(page.get_by_label("How many?")).to_have_value("99")
    page.get_by_label("How many?").fill("1")
    page.locator(".brief__submit").click()
    expect(page.locator(".frame")).to_have_count(1)
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft '))") == []


def test_the_seed_of_a_picture_comes_over_a_brief_that_waits(visit, people, campaign):
    picture = stage.picture(campaign, people.alice)
    somebody = visit(people.alice)
    page = somebody.open(at(campaign))
    subject = page.get_by_label("What should the picture show?")
    before = subject.input_value()
    subject.fill("something else")
    page = somebody.open(f"{at(campaign)}?again={picture.pk}")
    expect(subject).to_have_value(before)
    with page.expect_request("**/prompt/"):  # the preflight follows
        somebody.open(at(campaign))
    expect(subject).to_have_value("something else")
    expect(page.get_by_text("Not saved yet: what you typed before.")).to_be_visible()
    somebody.picture("brief-restored")
    page.get_by_role("button", name="Discard", exact=True).first.click()
    expect(subject).to_have_value(before)
    page.reload()
    expect(subject).to_have_value(before)


def test_what_a_server_that_is_away_did_not_take_is_there_on_the_way_back(visit, people):
    somebody = visit(people.alice)
    somebody.expected = "Failed to load|ViewTransition"  # a page of a proxy has none
    page = somebody.open(reverse("home"))
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(status=502, body="Bad Gateway")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.get_by_label("Name of the project").fill("Winter menu")
    page.get_by_role("button", name="Start project").click()
    expect(page.get_by_text("Bad Gateway")).to_be_visible()
    page = somebody.open(reverse("home"))  # an address typed over the error
    expect(page.get_by_label("Name of the project")).to_have_value("Winter menu")
    page.get_by_role("button", name="Start project").click()
    expect(page.get_by_text("Bad Gateway")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Team").click()
    page.wait_for_url(f"**{reverse('team')}")
    page = somebody.open(reverse("home"))
    expect(page.get_by_label("Name of the project")).to_have_value("Winter menu")


def test_a_prompt_changed_by_hand_is_left_alone(visit, people, campaign):
    page = visit(people.alice).open(at(campaign))
    page.get_by_text("Advanced").click()
    page.get_by_label("Prompt", exact=True).fill("my very own words")
    page.get_by_label("Cosy", exact=True).check()
    expect(page.locator("#preflight q")).to_have_text("my very own words")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("my very own words")


def test_the_viewer_turns_pages_by_arrow_and_gives_the_focus_back(visit, people, campaign):
    stage.finished_job(campaign, people.alice, count=2)
    page = visit(people.alice).open(at(campaign))
    first = page.locator("a.frame__picture").first
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Picture")
    expect(viewer).to_be_visible()
    address = viewer.locator("figure img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("figure img")).not_to_have_attribute("src", address)
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == first.get_attribute("id")


def test_back_closes_the_viewer_where_one_was(visit, people, campaign):
    for _ in range(3):
        stage.finished_job(campaign, people.alice, count=8)
    page = visit(people.alice).open(at(campaign))
    page.locator("a.frame__picture").last.click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    place, first = page.evaluate("() => scrollY"), page.url
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(first)
    page.go_back()
    expect(page.get_by_role("dialog", name="Picture")).to_have_count(0)
    expect(page).to_have_url(re.compile(at(campaign)))
    assert abs(page.evaluate("() => scrollY") - place) < 200 < place  # the focus comes back, too
    page.locator("a.frame__picture").last.click()
    page.get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile(at(campaign)))


def test_a_link_of_the_viewer_works_as_soon_as_it_is_there(visit, people, campaign):
    stage.finished_job(campaign, people.alice, count=2)
    page = visit(people.alice).open(at(campaign))
    page.evaluate("""() => {
        window.isTheSame = true;
        const press = () => setTimeout(() => document.getElementById("viewer-prev").click());
        addEventListener("htmx:afterSwap", press, { once: true });
    }""")
    page.locator("a.frame__picture").last.click()
    expect(page.locator("#viewer-next")).to_be_visible()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    assert page.evaluate("window.isTheSame")


def test_a_picture_that_comes_after_back_opens_nothing(visit, people, campaign):
    stage.finished_job(campaign, people.alice, count=2)
    page = visit(people.alice).open(at(campaign))
    page.locator("a.frame__picture").last.click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    waiting = []
    page.route(re.compile("/outputs/[^/]+/$"), lambda route: waiting.append(route))
    with page.expect_request(re.compile("/outputs/[^/]+/$")):
        page.keyboard.press("ArrowLeft")
    page.go_back()
    expect(page.get_by_role("dialog", name="Picture")).to_have_count(0)
    page.evaluate("addEventListener('htmx:beforeSwap', () => setTimeout(() => (window.isAnswered = true)))")
    first_held(waiting, page).continue_()
    page.wait_for_function("() => window.isAnswered")
    expect(page).to_have_url(re.compile(at(campaign)))
    expect(page.get_by_role("dialog", name="Picture")).to_have_count(0)


def test_discarding_can_be_undone_and_after_keep_the_next_step_is_a_creative(visit, people, campaign):
    stage.picture(campaign, people.alice)
    page = visit(people.alice).open(at(campaign))
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Undo discard").click()
    expect(page.get_by_role("button", name="Discard", exact=True)).to_be_visible()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Make a creative").click()
    expect(page.get_by_label("Headline")).to_be_visible()
    expect(page.get_by_role("link", name="Projects", exact=True)).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_frames_are_in_view_after_make_pictures(visit, people, campaign):
    page = visit(people.alice, look=PHONE).open(at(campaign))
    page.get_by_label("What should the picture show?").fill("a cake")
    page.locator(".brief__submit").click()
    expect(page.locator(".frame").first).to_be_in_viewport()
