"""A stranger with a file asks whether it was made here."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from generation import signing
from generation.provenance import MarkFacts, mark_picture
from tests.provenance.pictures import noise, poster, saved

from .conftest import ALL_LOOKS, Visit

FACTS = MarkFacts("starter", "StarterPipeline", "ab" * 32)


@pytest.fixture(scope="module")
def marked() -> bytes:
    return mark_picture(poster(480, 480), "image/png", FACTS, signing.identity())


@pytest.fixture
def give(tmp_path):
    def give(page, data: bytes, name: str = "summer-lemonade.png") -> None:
        (tmp_path / name).write_bytes(data)
        page.get_by_label("Choose a file").set_input_files(tmp_path / name)

    cache.clear()
    return give


def test_a_stranger_learns_whether_a_picture_was_made_here(visit, people, give, marked):
    stranger = visit()
    page = stranger.open("/")
    page.get_by_role("link", name="Was a picture made here?").click()
    page.wait_for_url(f"**{reverse('verify')}")
    assert stranger.faults(ALL_LOOKS) == []
    stranger.picture("verify-empty")
    _drop(page, marked)
    _is_told(stranger, "Made here, and unchanged")
    give(page, saved(Image.open(io.BytesIO(marked)), "JPEG", quality=75))
    _is_told(stranger, "Carries a mark that could")
    give(page, marked + b"more")
    _is_told(stranger, "Not the file that was signed")
    give(page, saved(noise(64, 64)))
    _is_told(stranger, "No marks")


def _drop(page: Page, data: bytes) -> None:
    drop = """([bytes, zone]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop, [list(data), page.query_selector(".verify__form .field")])


def _is_told(stranger: Visit, title: str) -> None:
    expect(stranger.page.get_by_role("heading", name=title)).to_be_visible()
    expect(stranger.page.locator("[data-verdict]")).to_be_focused()
    assert stranger.faults(ALL_LOOKS) == []
    stranger.picture(f"verify-{title.lower().replace(' ', '-')}")


def test_it_works_without_scripts(browser, site, give, marked):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + reverse("verify"))
    give(page, marked)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="Made here, and unchanged")).to_be_visible()
    context.close()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visit, people, give):
    page = visit().open(reverse("verify"))
    page.get_by_label("Choose a file").evaluate("input => (input.dataset.largest = '10')")
    give(page, b"\x89PNG and more")
    assert "larger than 32 MB" in page.get_by_label("Choose a file").evaluate(
        "input => input.validationMessage"
    )
    expect(page.get_by_role("heading", name="three marks")).to_be_visible()
