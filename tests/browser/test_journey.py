"""From an empty machine to a campaign's files: what a shop owner does on her first day, nothing prepared.

The house is the one that `bin/up` starts: web server, workers, PostgreSQL, the starter model.
"""

import io
import secrets
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from generation.compositor import FORMATS
from tests import cast
from tests.machine.local_server import LocalServer
from tests.patience import PATIENCE
from tests.webapp import brand_samples
from webapp.machine.local_server import answers
from webapp.postgres.process import wait_until

from .conftest import PHONE, Visit

SET = ("Instagram post, portrait", "Instagram story", "LinkedIn post", "E-mail header")
WORDS = {"Headline": "Pumpkin week", "Price": "3.50 €"}
A_MINUTE = 60


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[LocalServer]:
    """One in which somebody may begin: while the demonstration's pictures are made."""
    house = LocalServer(tmp_path_factory.mktemp("a house") / "data")
    house.up()
    try:
        assert wait_until(lambda: _is_open(house), 2 * PATIENCE), house.lines()
        yield house
    finally:
        house.stop()


def _is_open(house: LocalServer) -> bool:
    return "Making the first pictures" in house.printed.read_text() and answers(house.port)


def test_a_shop_owner_makes_her_first_campaign_on_her_phone(house, visit_at, tmp_path):
    address = f"http://127.0.0.1:{house.port}"
    owner = visit_at(address, look=PHONE)
    _open_a_studio(owner)

    began = time.monotonic()
    _make_a_brand_kit(owner)
    assert time.monotonic() - began < 3 * A_MINUTE  # One, on a machine with nothing else to do.

    _start_a_campaign(owner)
    _ask_for_pictures(owner)
    _look_at_one(owner)
    _design_with_it(owner)
    archive = _take_the_set_away(owner)
    assert len(archive.namelist()) == len(SET) + 2  # with the alternative texts and the contact sheet

    story = tmp_path / "story.png"
    story.write_bytes(archive.read("Pumpkin-week-instagram-story.png"))
    with Image.open(story) as image:
        assert image.size == FORMATS["instagram-story"].pixels
    _ask_where_it_is_from(visit_at(address, look=PHONE), story)
    assert wait_until(lambda: "dashboard" in house.printed.read_text(), PATIENCE), house.lines()


def _open_a_studio(owner: Visit) -> None:
    page = owner.open("/")
    owner.picture("journey-1-landing")
    page.get_by_role("main").get_by_role("link", name="Open your studio").click()
    page.get_by_label("Your name").fill("Ann Baker")
    page.get_by_label("Your business").fill("Ann's Bakery")
    page.get_by_label("Email").fill(f"ann-{secrets.token_hex(4)}@example.com")  # another one when tried again
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Open your studio").click()
    expect(page.get_by_label("Name of the project")).to_be_visible()


def _make_a_brand_kit(owner: Visit) -> None:
    page = owner.open("/brand/")
    page.get_by_label("Logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": brand_samples.SVG.encode()}
    )
    page.get_by_role("button", name="Make the kit").click()
    expect(page.get_by_text("“teal and gold”")).to_be_visible()
    before = page.locator("#specimen").get_attribute("src")
    page.get_by_role("button", name="Fraunces with DM Sans").click()
    page.wait_for_function("before => document.querySelector('#specimen').src !== before", arg=before)
    owner.picture("journey-2-brand")
    page.get_by_role("button", name="Save the kit").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def _start_a_campaign(owner: Visit) -> None:
    page = owner.open("/")
    page.get_by_label("Name of the project").fill("Autumn menu")
    page.get_by_role("button", name="Start project").click()
    page.get_by_label("Name of the campaign").fill("Pumpkin week")
    page.get_by_role("button", name="Start campaign").click()
    expect(page.get_by_text("No pictures yet")).to_be_visible()
    owner.picture("journey-3-empty-campaign")


def _ask_for_pictures(owner: Visit) -> None:
    page = owner.page
    page.get_by_label("What should the picture show?").fill("a cup of coffee")
    page.get_by_label("Cosy", exact=True).check()
    page.get_by_label("Right", exact=True).check()
    said = page.locator("#preflight q")
    expect(said).to_contain_text("a cup of coffee, cosy mood, teal and gold")
    expect(said).to_contain_text("room for text on the right")
    page.get_by_label("How many?").fill("2")
    page.get_by_role("button", name="Make pictures").last.click()
    expect(page.locator(".frame")).to_have_count(2)
    owner.picture("journey-4-frames-at-once")
    expect(page.locator(".frame--stored img")).to_have_count(2, timeout=1000 * PATIENCE)
    expect(page.locator("#gallery-poll[hx-get]")).to_have_count(0)
    owner.picture("journey-5-pictures")


def _look_at_one(owner: Visit) -> None:
    page = owner.page
    page.get_by_role("button", name="Keep").first.click()
    expect(page.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    page.locator("a.frame__picture").first.click()
    viewer = page.get_by_role("dialog", name="Picture")
    expect(viewer.get_by_text("Kept by Ann Baker")).to_be_visible()
    owner.picture("journey-6-viewer")
    seed = viewer.locator(".generation-record dd").nth(1).inner_text()
    page.keyboard.press("ArrowRight")
    expect(viewer.locator(".generation-record dd").nth(1)).not_to_have_text(seed)
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    assert Image.open(io.BytesIO(download.value.path().read_bytes())).format == "PNG"
    page.keyboard.press("ArrowLeft")
    expect(viewer.get_by_text("Kept by Ann Baker")).to_be_visible()
    viewer.get_by_role("button", name="Make a creative").click()


def _design_with_it(owner: Visit) -> None:
    page = owner.page
    for name, words in WORDS.items():
        page.get_by_role("textbox", name=name).fill(words)
        page.get_by_role("textbox", name=name).blur()
        expect(page.locator("#saved")).to_contain_text("Saved just now")
    for label in SET:
        page.get_by_role("checkbox", name=label).first.check()
    page.get_by_role("button", name="Use these formats").click()
    expect(page.locator(".design__format")).to_have_count(len(SET))
    page.locator(".design__format", has_text="Instagram story").click()
    expect(page.locator("#preview img")).to_have_attribute("width", "1080")
    expect(page.get_by_label("Headline")).to_have_value("Pumpkin week")
    owner.picture("journey-7-design")
    assert owner.faults() == []


def _take_the_set_away(owner: Visit) -> zipfile.ZipFile:
    page: Page = owner.page
    page.get_by_role("button", name="PNG").last.click()
    with page.expect_download(timeout=1000 * PATIENCE) as download:
        page.get_by_role("link", name="Download the archive").click(timeout=1000 * PATIENCE)
    owner.picture("journey-8-files")
    return zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))


def _ask_where_it_is_from(stranger: Visit, file: Path) -> None:
    page = stranger.open("/verify/")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("heading", name="Made here, and unchanged").wait_for()
    stranger.picture("journey-9-verified")
