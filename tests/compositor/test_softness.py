"""What a person is told of a picture that has too few pixels for the size it is printed at."""

import io

import pytest
from PIL import Image

from generation.compositor import render
from generation.compositor.render_spec import LayoutWarning

from .specimens import SHORT, creative


def picture(side: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (side, side), "#8a5a3c").save(stream, "PNG")
    return stream.getvalue()


def softness(format_key: str, side: int, **more: object) -> list[LayoutWarning]:
    specimen = creative("full_bleed", format_key, SHORT, picture=picture(side), **more)
    return [warning for warning in render(specimen, "svg").warnings if warning.fault == "soft"]


def test_a_picture_of_1024_pixels_on_a_poster_is_told_with_its_resolution():
    [warning] = softness("poster-a4", 1024)
    assert warning.field == "picture"
    assert "88 pixels an inch" in warning.text  # 1024 over 297 mm
    assert "A4 poster" in warning.text


@pytest.mark.parametrize(("format_key", "side"), [("business-card", 1024), ("poster-a4", 2048)])
def test_nothing_is_told_where_there_are_enough(format_key: str, side: int):
    assert softness(format_key, side) == []


def test_nothing_is_told_of_a_screen():
    assert softness("instagram-story", 256) == []


def test_a_picture_of_which_less_is_shown_has_fewer():
    assert "88 pixels an inch" in softness("poster-a4", 2048, zoom=2.0)[0].text


def test_of_a_small_picture_in_a_preview_the_whole_one_counts():
    assert softness("poster-a4", 256, picture_width=2048) == []
    assert "88 pixels an inch" in softness("poster-a4", 256, picture_width=1024)[0].text
