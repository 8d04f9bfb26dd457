"""Every page as people meet it: readable by everybody, in both themes, on a desk and on a phone."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import expect

from accounts import notices, operators
from generation.jobs import heartbeat
from generation.models import MAY_BE_SHOWN, Output
from tests.webapp import brand_samples, stage, steps
from tests.webapp.test_access_matrix import TABLE
from webapp.models import Report
from webapp.reports import decisions, reports

from .conftest import PHONE, Look

TABLET = Look("light", {"width": 768, "height": 1024})

SIGNED_OUT = ("home", "account_login", "account_signup", "account_reset_password")
NO_PAGES = ("health", "usage_csv")


@pytest.fixture
def house(people, media):
    """A business with something on every page: pictures, an unfinished job, a failed one."""
    heartbeat.attend("a worker of the tests", "cpu")
    steps.general_model()
    stage.finished_job(people.campaign, people.alice, count=3)
    stage.waiting_job(people.campaign, people.alice)
    brand_samples.kit(people.bakery, people.alice, voice=["warm", "honest"], banned_words=["cheap"])
    operators.appoint(people.alice)
    for picture, reason in zip(Output.objects.exclude(file=""), Report.Reason, strict=False):
        reports.report(picture, reason=reason, words="It is ugly.", by=people.carol)
    decisions.keep(Report.objects.earliest("at"), answer="It is not.", by=people.alice)
    notices.tell_operator(
        "The stored file 1/ab/abc.png is damaged and was put aside: put it back from a backup."
    )
    return people


def addresses_of_an_owner() -> Iterator[str]:
    """Of all pages that take nothing, by the table that no address may be missing from."""
    for name, (get, _) in TABLE.items():
        if get.endswith("200") and name not in NO_PAGES:
            with suppress(NoReverseMatch):
                yield reverse(name)


def test_every_page_is_readable_by_everybody(visit, house):
    picture = Output.objects.filter(MAY_BE_SHOWN).first()
    rooms = [
        reverse("project", args=[house.project.pk]),
        reverse("campaign", args=[house.campaign.pk]),
        reverse("campaign_guest_links", args=[house.campaign.pk]),
        reverse("output", args=[picture.pk]),
        reverse("output_report", args=[picture.pk]),
        reverse("operator"),
        reverse("brand_kit", args=[house.bakery.brand_kits.get().pk]),
    ]
    doors, alice = visit(), visit(house.alice)
    paths = [(doors, reverse(name)) for name in SIGNED_OUT]
    paths += [(alice, path) for path in [*addresses_of_an_owner(), *rooms]]
    faults = {}
    for person, path in paths:
        person.open(path)
        person.picture(f"page{path.replace('/', '-')[:40]}")
        if wrong := person.faults():
            faults[path] = wrong
    assert faults == {}


def test_the_masthead_works_by_key_and_the_chosen_theme_stays_with_the_browser(visit, people):
    page = visit(people.alice).open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    menu = page.locator("details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    menu.locator("summary").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = page.get_by_role("button", name="Dark", include_hidden=True)
    assert dark.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("look", [PHONE, TABLET], ids=str)
def test_the_whole_menu_is_in_sight_while_a_report_waits(visit, house, look):
    alice = visit(house.alice, look=look)
    page = alice.open("/")
    links = page.get_by_role("navigation", name="Handbill").get_by_role("link")
    expect(links.filter(has_text="Reports")).to_contain_text("2 open")
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
    assert alice.faults([look]) == []


def test_a_page_that_is_not_there_says_so(visit, people):
    somebody = visit(people.alice)
    somebody.expected = "404"
    page = somebody.open(reverse("campaign", args=[people.foreign_campaign.pk]))
    expect(page.get_by_role("heading", name="Nothing hangs here")).to_be_visible()
    assert somebody.faults() == []
