"""From the first page to a picture on disk, with the real worker, engine and starter model."""

import io
from collections.abc import Iterator

import pytest
from django.db import connections
from PIL import Image
from playwright.sync_api import expect

from generation import attendance, registry
from generation.models import Output
from tests import cast


@pytest.fixture
def worker(transactional_db, media, monkeypatch) -> Iterator[None]:
    """A worker with the starter model, in a thread of this process."""
    import torch

    from generation.worker import Worker, load_installed

    torch.set_num_threads(1)
    monkeypatch.setattr(attendance, "EVERY", 0.25)
    registry.install_starter()
    worker = Worker(load_installed)
    worker.start()
    yield
    worker.stop()
    connections.close_all()


def test_a_shop_owner_gets_her_first_pictures(worker, visit):
    owner = visit()
    page = owner.open("/")
    owner.picture("journey-1-landing")
    page.get_by_role("main").get_by_role("link", name="Open your studio").click()
    page.get_by_label("Your name").fill("Ann Baker")
    page.get_by_label("Your business").fill("Ann's Bakery")
    page.get_by_label("Email").fill("ann@example.com")
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Open your studio").click()

    page.get_by_label("Name of the project").fill("Autumn menu")
    page.get_by_role("button", name="Start project").click()
    page.get_by_label("Name of the campaign").fill("Pumpkin week")
    page.get_by_role("button", name="Start campaign").click()
    expect(page.get_by_text("No pictures yet")).to_be_visible()
    owner.picture("journey-2-empty-campaign")

    page.get_by_label("What should the picture show?").fill("a cup of coffee")
    page.get_by_label("Cosy", exact=True).check()
    page.get_by_label("Right", exact=True).check()
    expect(page.locator("#forecast q")).to_have_text("a cup of coffee, cosy mood, room for text on the right")
    page.get_by_label("How many?").fill("2")
    page.get_by_role("button", name="Make pictures").last.click()

    expect(page.locator(".frame")).to_have_count(2)
    owner.picture("journey-3-frames-at-once")
    expect(page.locator(".frame--stored img")).to_have_count(2, timeout=60_000)
    expect(page.locator("#gallery-poll[hx-get]")).to_have_count(0)
    owner.picture("journey-4-pictures")

    page.get_by_role("button", name="Keep").first.click()
    expect(page.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    page.locator("a.frame__picture").first.click()
    viewer = page.get_by_role("dialog", name="Picture")
    expect(viewer.get_by_text("Kept by Ann Baker")).to_be_visible()
    owner.picture("journey-5-viewer")
    seed = viewer.locator(".recipe dd").nth(1).inner_text()
    page.keyboard.press("ArrowRight")
    expect(viewer.locator(".recipe dd").nth(1)).not_to_have_text(seed)

    with page.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.size == (Output.objects.first().width, Output.objects.first().height)
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
