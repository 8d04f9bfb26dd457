"""The design page: words, layouts and the focal point, by mouse, by keyboard and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.webapp import brand, stage
from webapp import assets

from .conftest import DESK, PHONE

WORDS = {"Headline": "Pumpkin week", "Offer": "Two cups for the price of one", "Price": "3.50 €"}


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("theme", "screen"), [("light", DESK), ("dark", PHONE)])
def test_what_is_typed_shows_at_once_and_what_the_brand_bans_is_refused(visit, people, media, theme, screen):
    brand.kit(people.bakery, people.alice, banned_words=["cheap"])
    picture = stage.picture(people.campaign, people.alice)
    alice = visit(people.alice, theme=theme, screen=screen)

    page = alice.open(reverse("output", args=[picture.pk]))
    page.get_by_role("button", name="Design with it").click()
    preview = page.locator("#preview img")
    before = preview.get_attribute("src")
    page.get_by_label("Headline").press_sequentially(WORDS["Headline"])
    page.wait_for_function("b => document.querySelector('#preview img').src !== b", arg=before)
    for label, words in WORDS.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Giant type").check()
    expect(page.locator("#saved")).to_contain_text("Saved, version")
    alice.expected = "422"  # the browser tells of a refusal, too
    page.get_by_label("Button", exact=True).fill("Cheap!")
    page.get_by_label("Button", exact=True).blur()
    expect(page.locator("#saved")).to_contain_text("“cheap”")
    page.get_by_label("Button", exact=True).fill("Come by")
    page.get_by_label("Button", exact=True).blur()
    expect(page.locator("#saved")).to_contain_text("Saved, version")
    alice.expected = ""
    assert alice.faults() == []
    assert fits(page)
    alice.picture(f"creative-{theme}-{screen['width']}")


def test_the_design_page_works_by_keyboard_and_without_a_mouse(visit, people, media):
    (asset,) = assets.create(people.campaign, [stage.picture(people.campaign, people.alice)], by=people.alice)
    page = visit(people.alice).open(reverse("asset", args=[asset.pk]))
    page.get_by_label("Headline").focus()
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("Saved, version 2")
    page.get_by_label("From left to right").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#saved")).to_contain_text("Saved, version 3")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#saved")).to_contain_text("Saved, version 4")
    page.locator("#undo-button").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("#saved")).to_contain_text("Saved, version 3")
    assert page.get_by_label("Headline").input_value() == "By hand"


def test_a_click_on_the_picture_moves_the_focal_point(visit, people, media):
    (asset,) = assets.create(people.campaign, [stage.picture(people.campaign, people.alice)], by=people.alice)
    page = visit(people.alice).open(reverse("asset", args=[asset.pk]))
    whole = page.locator("[data-focal-point]")
    whole.scroll_into_view_if_needed()
    box = whole.bounding_box()
    whole.click(position={"x": 0.25 * box["width"], "y": 0.75 * box["height"]})
    expect(page.locator("#saved")).to_contain_text("Saved, version 2")
    asset.refresh_from_db()
    assert asset.design.look.focal_point == pytest.approx((0.25, 0.75), abs=0.03)
