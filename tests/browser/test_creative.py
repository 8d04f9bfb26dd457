"""The design page: words, layouts and the focal point, by mouse, by keyboard and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Request, Route, expect

from generation.compositor import Rendering
from tests import cast
from tests.patience import PATIENCE
from tests.webapp import brand_samples, stage
from webapp.creatives import rendering, versions
from webapp.postgres.process import wait_until

from .conftest import first_held

BLANK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 5"/>'
WORDS = {"Headline": "Pumpkin week", "Offer": "Two cups for the price of one", "Price": "3.50 €"}


def test_what_is_typed_shows_at_once_and_what_the_brand_bans_is_refused(visit, people, media):
    brand_samples.kit(people.bakery, people.alice, banned_words=["cheap"])
    picture = stage.picture(people.campaign, people.alice)
    alice = visit(people.alice)

    page = alice.open(reverse("output", args=[picture.pk]))
    page.get_by_role("button", name="Make a creative").click()
    preview = page.locator("#preview img")
    before = preview.get_attribute("src")
    page.get_by_label("Headline").press_sequentially(WORDS["Headline"])
    page.wait_for_function("b => document.querySelector('#preview img').src !== b", arg=before)
    for label, words in WORDS.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Giant type").check()
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    alice.expected = "422"  # the browser tells of a refusal, too
    page.get_by_label("Button", exact=True).fill("Cheap!")
    page.get_by_label("Button", exact=True).blur()
    expect(page.locator("#saved")).to_contain_text("“cheap”")
    page.get_by_label("Button", exact=True).fill("Come by")
    page.get_by_label("Button", exact=True).blur()
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    alice.expected = ""
    assert alice.faults() == []
    alice.picture("creative")


@pytest.fixture
def creative(people, media, monkeypatch):
    """One whose layouts are blank, which are drawn sixteen at a time: what is looked at here is its words."""
    monkeypatch.setattr(rendering, "render", lambda creative, kind: Rendering(BLANK, ()))
    return versions.create(people.campaign, [stage.picture(people.campaign, people.alice)], by=people.alice)[
        0
    ]


def words_of(creative) -> dict[str, object]:
    creative.refresh_from_db()
    return creative.design.values(creative.design.formats[0])


def becomes(creative, **words: object) -> None:
    """That a save was shown may be another's, of a moment before."""
    assert wait_until(lambda: words_of(creative).items() >= words.items(), PATIENCE), words_of(creative)


def saved(page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved just now")


def test_the_design_page_works_by_keyboard_and_without_a_mouse(visit, people, creative):
    page = visit(people.alice).open(reverse("creative", args=[creative.pk]))
    page.get_by_label("Headline").focus()
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    expect(page.locator("#undo-button")).to_be_enabled()
    page.get_by_label("From left to right").focus()
    before = words_of(creative)["focal_x"]
    page.keyboard.press("ArrowLeft")
    saved(page)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("#undo-button").focus()
    page.keyboard.press("Enter")  # what was chosen is saved first, then undone
    expect(page.get_by_role("radio").first).to_be_checked()
    expect(page.locator("#undo-button")).to_be_focused()
    expect(page.get_by_label("Headline")).to_have_value("By hand")
    becomes(creative, focal_x=before - 0.01)


def test_words_are_saved_while_one_types_and_when_one_leaves(visit, people, creative):
    page = visit(people.alice).open(reverse("creative", args=[creative.pk]))
    page.get_by_label("Headline").press_sequentially("Pumpkin")
    saved(page)
    becomes(creative, headline="Pumpkin")
    page.keyboard.type(" week")
    page.locator(".crumbs a").last.click()  # within the pause after the last key
    expect(page.get_by_role("heading", name="Creatives")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Headline")).to_have_value("Pumpkin week")
    assert creative.versions.count() == 2


def test_words_typed_before_the_page_is_ready_are_saved(visit, people, creative):
    alice = visit(people.alice)
    page, script = alice.page, []
    page.route("**/js/autosave*.js", lambda route: script.append(route))
    page.goto(alice.address + reverse("creative", args=[creative.pk]), wait_until="commit")
    page.get_by_label("Headline").fill("Early")
    first_held(script, page).continue_()
    saved(page)
    becomes(creative, headline="Early")


def test_who_leaves_saves_once_and_as_what_nobody_hears_the_answer_to(visit, people, creative, monkeypatch):
    heard, edit = [], versions.edit

    def overheard(*given, is_heard: bool, **how):
        heard.append(is_heard)
        return edit(*given, is_heard=is_heard, **how)

    monkeypatch.setattr(versions, "edit", overheard)
    alice = visit(people.alice)
    alice.page.clock.install()  # no pause ends while the page is left
    page = alice.open(reverse("creative", args=[creative.pk]))
    page.get_by_label("Headline").fill("Pumpkin")
    page.goto("about:blank")
    assert wait_until(lambda: creative.versions.count() == 2, PATIENCE)
    alice.open(reverse("creative", args=[creative.pk]))
    expect(page.get_by_label("Headline")).to_have_value("Pumpkin")
    assert heard == [False]


def test_what_is_typed_during_a_save_goes_with_the_next(visit, people, creative):
    page = visit(people.alice).open(reverse("creative", args=[creative.pk]))
    held: list[Route] = []
    page.route("**/versions/", lambda route: route.continue_() if held else held.append(route))
    page.get_by_label("Headline").fill("One")
    with page.expect_request("**/versions/"):
        page.get_by_label("Headline").blur()
    page.get_by_label("Price", exact=True).fill("2 €")
    first_held(held, page).continue_()
    expect(page.locator("#saved")).to_contain_text("Saving …")
    saved(page)
    expect(page.get_by_label("Price", exact=True)).to_have_value("2 €")
    page.reload()
    expect(page.get_by_label("Price", exact=True)).to_have_value("2 €")
    expect(page.get_by_label("Headline")).to_have_value("One")


def test_a_save_that_fails_says_so_and_nothing_is_lost(visit, people, creative):
    alice = visit(people.alice)
    alice.page.clock.install()
    page = alice.open(reverse("creative", args=[creative.pk]))
    alice.expected = "Failed to load|401|503"
    page.route("**/versions/", lambda route: route.fulfill(status=503))
    page.get_by_label("Headline").fill("Kept")
    page.get_by_label("Headline").blur()
    expect(page.get_by_text("Handbill does not answer just now")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    page.unroute("**/versions/")
    page.clock.fast_forward("10")  # it tries again by itself
    saved(page)
    expect(page.get_by_text("Handbill does not answer just now")).to_have_count(0)
    becomes(creative, headline="Kept")

    alice.context.clear_cookies(name="sessionid")
    page.get_by_label("Headline").fill("Kept through signing in")
    page.get_by_label("Headline").blur()
    page.get_by_role("link", name="sign in again").click()
    page.get_by_label("Email").fill(people.alice.email)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Headline")).to_have_value("Kept through signing in")
    saved(page)
    becomes(creative, headline="Kept through signing in")


def test_who_signs_out_while_nothing_can_be_saved_finds_the_words_again(visit, people, creative):
    alice = visit(people.alice)
    page = alice.open(reverse("creative", args=[creative.pk]))
    alice.expected = "Failed to load"
    page.route("**/versions/", lambda route: route.fulfill(status=503))
    page.get_by_label("Headline").fill("Kept")
    page.get_by_label("Headline").blur()
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    page.get_by_text("Your menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.unroute("**/versions/")
    alice.sign_in(people.alice)
    alice.open(reverse("creative", args=[creative.pk]))
    expect(page.get_by_label("Headline")).to_have_value("Kept")
    saved(page)
    becomes(creative, headline="Kept")


def test_two_windows_both_win_and_the_later_one_in_a_field_is_told(visit, people, creative):
    alice, bob = visit(people.alice), visit(people.bob)
    hers, his = (one.open(reverse("creative", args=[creative.pk])) for one in (alice, bob))
    his.get_by_label("Headline").fill("Bob")
    his.get_by_label("Price", exact=True).fill("1 €")
    his.get_by_label("Price", exact=True).blur()
    saved(his)
    hers.get_by_label("Headline").fill("Alice")
    hers.get_by_label("Headline").blur()
    saved(hers)
    expect(hers.get_by_label("Price", exact=True)).to_have_value("1 €")
    expect(hers.locator("#meanwhile-price")).to_contain_text("Bob changed this meanwhile. It is kept.")
    alice.picture("creative-meanwhile")
    hers.get_by_label("Offer").fill("All week")
    hers.get_by_label("Offer").blur()
    hers.locator("#meanwhile-headline").get_by_role("button", name="Use theirs").click()
    expect(hers.get_by_label("Headline")).to_have_value("Bob")
    becomes(creative, headline="Bob", price="1 €", offer="All week")


def test_what_was_typed_before_is_never_saved_unasked_over_what_others_wrote_since(visit, people, creative):
    alice, bob = visit(people.alice), visit(people.bob)
    alice.page.clock.install()  # she does not try again
    hers = alice.open(reverse("creative", args=[creative.pk]))
    alice.expected = "Failed to load|Dialog"
    hers.route("**/versions/", lambda route: route.abort())
    hers.get_by_label("Headline").fill("Alice")
    hers.get_by_label("Offer").fill("All week")
    hers.get_by_label("Offer").blur()
    expect(hers.locator("#saved")).to_contain_text("Not saved yet")
    his = bob.open(reverse("creative", args=[creative.pk]))
    his.get_by_label("Headline").fill("Bob")
    his.get_by_label("Price", exact=True).fill("1 €")
    his.get_by_label("Price", exact=True).blur()
    saved(his)

    hers.goto("about:blank")
    hers.unroute("**/versions/")
    alice.open(reverse("creative", args=[creative.pk]))
    expect(hers.get_by_label("Headline")).to_have_value("Bob")
    expect(hers.get_by_text("Yours is not saved: “Alice”")).to_be_visible()
    becomes(creative, headline="Bob", offer="All week", price="1 €")  # on leaving, or by now
    alice.picture("creative-set-aside")
    hers.reload()
    hers.get_by_role("button", name="Put mine back").click()
    saved(hers)
    expect(hers.get_by_role("button", name="Put mine back")).to_have_count(0)
    becomes(creative, headline="Alice")


def test_what_is_on_its_way_when_one_leaves_is_not_saved_unasked_either(visit, people, creative):
    alice, bob = visit(people.alice), visit(people.bob)
    hers = alice.open(reverse("creative", args=[creative.pk]))
    alice.expected = "Failed to load|Dialog"
    held: list[Route] = []
    hers.route("**/versions/", lambda route: held.append(route))
    hers.get_by_label("Headline").fill("Alice")
    hers.get_by_label("Headline").blur()
    first_held(held, hers)
    broken_off: list[Request] = []
    hers.on("requestfailed", lambda request: broken_off.append(request))
    his = bob.open(reverse("creative", args=[creative.pk]))
    his.get_by_label("Headline").fill("Bob")
    his.get_by_label("Headline").blur()
    saved(his)
    hers.goto("about:blank")
    first_held(broken_off, hers)
    for route in held:
        route.abort()  # else `unroute` lets it go on, now and then in spite of all
    hers.unroute("**/versions/")
    page = alice.open(reverse("creative", args=[creative.pk]))
    expect(page.get_by_text("Yours is not saved: “Alice”")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Bob")
    becomes(creative, headline="Bob")


def test_a_draft_that_was_saved_leaves_the_page_as_it_is(visit, people, creative):
    alice, bob = visit(people.alice), visit(people.bob)
    page = alice.open(reverse("creative", args=[creative.pk]))
    page.get_by_label("Headline").fill("Pumpkin")
    page.locator(".crumbs a").last.click()  # saved on leaving, and nobody heard the answer
    expect(page.get_by_role("heading", name="Creatives")).to_be_visible()
    his = bob.open(reverse("creative", args=[creative.pk]))
    his.get_by_label("Headline").fill("Bob")
    his.get_by_label("Headline").blur()
    saved(his)
    page = alice.open(reverse("creative", args=[creative.pk]))
    expect(page.get_by_label("Headline")).to_have_value("Bob")
    page.get_by_label("Offer").fill("All week")
    page.get_by_label("Offer").blur()
    saved(page)
    becomes(creative, headline="Bob")


def test_a_long_paste_is_answered(visit, people, creative):
    alice = visit(people.alice)
    alice.expected = "422"
    page = alice.open(reverse("creative", args=[creative.pk]))
    regions = page.locator("[role=status]")
    regions.evaluate_all(
        "all => all.forEach((each) => (each.isFirst = true))"
    )  # who listens, listens to these
    page.get_by_label("Details").fill("word " * 20_000)
    page.get_by_label("Details").blur()
    expect(page.locator("#saved")).to_contain_text("2000 are the most")
    assert regions.evaluate_all("all => all.map(({ isFirst }) => isFirst)") == [True] * regions.count()


def test_a_click_on_the_picture_moves_the_focal_point(visit, people, media):
    (creative,) = versions.create(
        people.campaign, [stage.picture(people.campaign, people.alice)], by=people.alice
    )
    page = visit(people.alice).open(reverse("creative", args=[creative.pk]))
    whole = page.locator("[data-focal-point]")
    whole.scroll_into_view_if_needed()
    box = whole.bounding_box()
    whole.click(position={"x": 0.25 * box["width"], "y": 0.75 * box["height"]})
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    creative.refresh_from_db()
    assert creative.design.look.focal_point == pytest.approx((0.25, 0.75), abs=0.03)
