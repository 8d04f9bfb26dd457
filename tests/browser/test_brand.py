"""A brand kit from a logo in a minute, as somebody does it who has never seen the page."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import cast
from tests.webapp import brand_samples
from webapp.models import BrandKit

from .conftest import PHONE


def test_a_logo_becomes_a_kit(visit, people):
    alice = visit(people.alice)
    page = alice.open(reverse("brand_kits"))
    alice.picture("brand-empty")
    expect(page.get_by_label("Name of the kit")).to_have_value("Corner Bakery")
    page.get_by_label("Logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": brand_samples.SVG.encode()}
    )
    page.get_by_role("button", name="Make the kit").click()
    page.get_by_role("heading", name="Corner Bakery").wait_for()
    kit = BrandKit.objects.get()
    assert (kit.primary, kit.accent) == (brand_samples.TEAL, brand_samples.GOLD)
    expect(page.get_by_text("“teal and gold”")).to_be_visible()
    alice.picture("brand-kit")
    assert alice.faults() == []

    before = page.locator("#specimen").get_attribute("src")
    page.get_by_role("button", name="Fraunces with DM Sans").click()
    page.wait_for_function("before => document.querySelector('#specimen').src !== before", arg=before)
    expect(page.get_by_label("Headings")).to_have_value("Fraunces")
    page.get_by_label("Text", exact=True).first.fill("#d8e8e6")  # on a surface that is as pale
    page.get_by_text("can hardly be read").wait_for()
    alice.picture("brand-kit-pale")
    assert alice.faults() == []
    page.get_by_role("button", name="for text").click()
    page.get_by_text("Saved.").wait_for()
    kit.refresh_from_db()
    assert kit.heading_family == "Fraunces"
    expect(page.get_by_text("reads well")).to_be_visible()

    page = alice.open(reverse("brand_kits"))
    alice.picture("brand-kits")
    assert alice.faults() == []
    page = alice.open(reverse("campaign", args=[people.campaign.pk]))
    expect(page.get_by_label("Brand colours")).to_be_checked()
    alice.picture("brand-brief")


def test_a_campaigns_settings_fit_a_phone_with_the_choice_of_a_kit(visit, people, media):
    brand_samples.kit(people.bakery, people.alice)
    page = visit(people.alice, look=PHONE).open(reverse("campaign", args=[people.campaign.pk]))
    page.get_by_text("Settings").click()
    box = page.locator(".settings__panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE.screen["width"]
    page.get_by_label("Brand kit").select_option(label="Corner Bakery")
    with page.expect_navigation():
        page.get_by_role("button", name="Use this kit").click()
    people.campaign.refresh_from_db()
    assert people.campaign.brand_kit.name == "Corner Bakery"


def test_what_is_typed_in_any_form_outlives_an_ended_session(visit, people):
    kit = brand_samples.kit(people.bakery, people.alice)
    alice = visit(people.alice)
    page = alice.open(reverse("brand_kit", args=[kit.pk]))
    page.get_by_label("Contact line").fill("5 Mill Lane")
    alice.context.clear_cookies(name="sessionid")
    alice.expected = "401"  # the preview
    page.get_by_role("button", name="Save the kit").first.click()
    page.get_by_label("Email").fill(people.alice.email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Contact line")).to_have_value("5 Mill Lane")
    page.get_by_role("button", name="Save the kit").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page = alice.open(reverse("home"))
    page.get_by_label("Name of the project").fill("Winter menu")
    page.get_by_role("link", name="Team").click()
    page.wait_for_url(f"**{reverse('team')}")
    page.go_back()
    expect(page.get_by_label("Name of the project")).to_have_value("Winter menu")
    page.get_by_role("button", name="Start project").click()
    expect(page.get_by_role("heading", name="Winter menu")).to_be_visible()
    alice.open(reverse("home"))
    expect(page.get_by_label("Name of the project")).to_have_value("")
