import io

import pytest
from PIL import Image
from pypdf import PdfReader

from generation.compositor import FORMATS, render

from .specimens import MISSING, creative

# Written down again, so that a slip in the table is seen. Print: trimmed, at 300 dots an inch.
PIXELS = {
    "instagram-portrait": (1080, 1350),
    "instagram-square": (1080, 1080),
    "instagram-story": (1080, 1920),
    "instagram-reel": (1080, 1920),
    "facebook-post": (1200, 630),
    "facebook-cover": (851, 315),
    "facebook-event": (1920, 1005),
    "linkedin-post": (1200, 627),
    "linkedin-cover": (1128, 191),
    "x-post": (1600, 900),
    "pinterest-pin": (1000, 1500),
    "youtube-thumbnail": (1280, 720),
    "tiktok": (1080, 1920),
    "google-business": (1200, 900),
    "display-rectangle": (300, 250),
    "display-leaderboard": (728, 90),
    "display-skyscraper": (160, 600),
    "display-mobile": (320, 50),
    "email-header": (1200, 400),
    "flyer-a5": (1748, 2480),
    "poster-a4": (2480, 3508),
    "flyer-dl": (1169, 2480),
    "business-card": (1004, 650),
    "table-tent": (1240, 1748),
}
PRINT_MM = {
    "flyer-a5": (148, 210),
    "poster-a4": (210, 297),
    "flyer-dl": (99, 210),
    "business-card": (85, 55),
    "table-tent": (105, 148),
}


def test_there_are_the_formats_that_a_shop_needs():
    assert set(FORMATS) == set(PIXELS)
    assert len(FORMATS) >= 20


@pytest.mark.parametrize("key", PIXELS)
def test_a_picture_has_the_formats_pixels_to_the_last(key):
    rendering = render(creative("minimal", key, MISSING, picture=None), "png")
    assert FORMATS[key].pixels == PIXELS[key]
    assert Image.open(io.BytesIO(rendering.data)).size == PIXELS[key]


@pytest.mark.parametrize("key", PIXELS)
def test_every_format_says_where_its_size_stands_and_when_that_was_read(key):
    place = FORMATS[key]
    assert place.source
    assert place.read.year >= 2026
    top, right, bottom, left = place.safe
    assert min(place.safe) > 0
    assert left + right < place.size[0] * 0.5
    assert top + bottom < place.size[1] * 0.6


def test_names_are_told_apart():
    assert len({place.name for place in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("key", PRINT_MM)
def test_a_pdf_for_print_is_trimmed_where_it_should_be_and_has_room_for_bleed_and_marks(key):
    page = render(creative("band", key), "pdf").data
    media, trim = _box(page, "/MediaBox"), _box(page, "/TrimBox")
    width, height = (side / 72 * 25.4 for side in (trim[2] - trim[0], trim[3] - trim[1]))
    assert (width, height) == pytest.approx(PRINT_MM[key], abs=0.01)
    bleed = [abs(one - other) / 72 * 25.4 for one, other in zip(trim, _box(page, "/BleedBox"), strict=True)]
    assert bleed == pytest.approx([3, 3, 3, 3], abs=0.01)
    for edge in range(4):
        assert abs(trim[edge] - media[edge]) / 72 * 25.4 >= FORMATS[key].bleed + 5


def test_a_pdf_for_a_screen_is_the_page_and_nothing_around_it():
    page = render(creative("band", "instagram-square"), "pdf").data
    assert _box(page, "/MediaBox") == [0, 0, 1080, 1080]


def _box(page: bytes, name: str) -> list[float]:
    [only] = PdfReader(io.BytesIO(page), strict=True).pages
    return [float(edge) for edge in only[name]]
