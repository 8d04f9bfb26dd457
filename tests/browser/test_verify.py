"""A stranger with a file asks whether it was made here."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image

from generation.provenance import Facts, mark_picture
from tests.provenance.pictures import noise, poster, saved

from .conftest import DESK, PHONE

FACTS = Facts("starter", "StarterPipeline", "ab" * 32)


@pytest.fixture(scope="module")
def marked() -> bytes:
    return mark_picture(poster(480, 480), "image/png", FACTS)


@pytest.fixture
def give(tmp_path):
    def give(page, data: bytes, name: str = "summer-lemonade.png") -> None:
        (tmp_path / name).write_bytes(data)
        page.get_by_label("Choose a file").set_input_files(tmp_path / name)

    cache.clear()
    return give


@pytest.mark.parametrize(
    ("theme", "screen"), [("light", DESK), ("dark", PHONE), ("dark", DESK), ("light", PHONE)]
)
def test_a_stranger_learns_whether_a_picture_was_made_here(visit, people, give, marked, theme, screen):
    stranger = visit(theme=theme, screen=screen)
    page = stranger.open("/")
    page.get_by_role("link", name="Was a picture made here?").click()
    assert stranger.faults() == []
    stranger.picture(f"verify-empty-{theme}-{screen['width']}")
    jpeg = saved(Image.open(io.BytesIO(marked)), "JPEG", quality=75)
    shown = {
        "Made here, and unchanged": marked,
        "Carries a mark that could": jpeg,
        "Not the file that was signed": marked + b"more",
        "No marks": saved(noise(64, 64)),
    }
    for number, (title, data) in enumerate(shown.items()):
        give(page, data)
        page.get_by_role("heading", name=title).wait_for()
        assert page.evaluate("document.activeElement.hasAttribute('data-verdict')")
        assert stranger.faults() == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        stranger.picture(f"verify-{number}-{theme}-{screen['width']}")


def test_a_file_may_be_dropped(visit, people, give, marked):
    page = visit().open(reverse("verify"))
    drop = """([bytes, zone]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop, [list(marked), page.query_selector(".verify__form .field")])
    page.get_by_role("heading", name="Made here, and unchanged").wait_for()


def test_it_works_without_scripts(browser, live_server, people, give, marked, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("verify"))
    give(page, marked)
    page.get_by_role("button", name="Look at the file").click()
    assert page.get_by_role("heading", name="Made here, and unchanged").is_visible()
    context.close()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visit, people, give):
    page = visit().open(reverse("verify"))
    page.get_by_label("Choose a file").evaluate("input => (input.dataset.largest = '10')")
    give(page, b"\x89PNG and more")
    assert "larger than 32 MB" in page.get_by_label("Choose a file").evaluate(
        "input => input.validationMessage"
    )
    assert page.get_by_role("heading", name="three marks").is_visible()
