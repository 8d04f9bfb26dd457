import io
import struct
import zlib

import pytest
from PIL import Image

from generation.compositor import AdCopy, BrokenPicture, focal_point, render
from generation.compositor.colours import contrast
from generation.compositor.pictures import Ink, Words, crop, ratio_for, strengths, veiled

from .measures import pixels
from .specimens import creative, plain_picture

HEADLINE = AdCopy(headline="Fresh bread")
DARK = Ink("#ffffff", "#101010")


def test_a_crop_shows_as_much_as_fits_around_the_focal_point():
    assert crop((1000, 500), 1.0, (0.5, 0.5), 1.0) == (250, 0, 750, 500)
    assert crop((1000, 500), 1.0, (0.9, 0.5), 1.0) == (500, 0, 1000, 500)
    assert crop((1000, 500), 1.0, (0.0, 0.5), 1.0) == (0, 0, 500, 500)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("centre", [(0.2, 0.3), (0.8, 0.75), (0.5, 0.9)])
def test_a_picture_is_about_what_stands_out_of_its_ground(centre):
    image = Image.linear_gradient("L").resize((400, 400)).convert("RGB").point(lambda part: 200 + part // 8)
    left, top = (round(400 * part) - 40 for part in centre)
    image.paste("#a03020", (left, top, left + 80, top + 80))
    assert focal_point(png(image)) == pytest.approx(centre, abs=0.04)


def test_a_picture_of_nothing_is_about_its_middle():
    assert focal_point(png(Image.new("RGB", (300, 200), "#336699"))) == (0.5, 0.5)


def test_zoom_shows_less_and_keeps_the_focal_point_in_the_middle():
    left, top, right, bottom = crop((1000, 1000), 1.0, (0.4, 0.6), 2.0)
    assert (right - left, bottom - top) == (500, 500)
    assert ((left + right) / 2, (top + bottom) / 2) == (400, 600)


def test_a_focal_point_can_be_brought_to_where_a_layout_has_room():
    left, _, right, _ = crop((1000, 500), 1.0, (0.5, 0.5), 1.0, aim=(0.75, 0.5))
    assert (500 - left) / (right - left) == 0.75


def test_moving_the_focal_point_moves_the_picture_and_nothing_else():
    one, other = (
        render(creative("framed", "facebook-post", HEADLINE, focal_point=point), "png")
        for point in ((0.2, 0.5), (0.8, 0.5))
    )
    assert one.boxes == other.boxes
    assert (pixels(one.data) != pixels(other.data)).any()


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#808080", "#f5c518", "#e4572e"])
def test_a_veil_is_just_thick_enough(colour):
    image = Image.new("RGB", (100, 100), colour)
    words = [Words((10, 10, 90, 90), 4.5)]
    [[share]] = strengths(image, words, [DARK])
    reached = veiled(image, words, [share], DARK.veil, "all").getpixel((50, 50))
    assert contrast("#ffffff", "#{:02x}{:02x}{:02x}".format(*reached)) >= 4.5
    if share > 0:
        thinner = Image.blend(image, Image.new("RGB", (100, 100), DARK.veil), share - 1 / 32).getpixel(
            (50, 50)
        )
        assert contrast("#ffffff", "#{:02x}{:02x}{:02x}".format(*thinner)) < 4.8


def test_one_bright_corner_under_the_words_is_enough_for_a_veil():
    image = Image.new("RGB", (100, 100), "#101010")
    assert strengths(image, [Words((0, 0, 100, 100), 4.5)], [DARK]) == [[0.0]]
    image.paste("#ffffff", (80, 80, 90, 90))
    [[share]] = strengths(image, [Words((0, 0, 100, 100), 4.5)], [DARK])
    assert share > 0.4
    assert strengths(image, [Words((0, 0, 50, 50), 4.5)], [DARK]) == [[0.0]]


def test_a_veil_from_below_leaves_what_is_above():
    image = Image.new("RGB", (100, 100), "#ffffff")
    under = veiled(image, [Words((10, 80, 90, 95), 4.5)], [0.6], DARK.veil, "bottom")
    assert under.getpixel((50, 0)) == (255, 255, 255)
    assert under.getpixel((50, 88)) == under.getpixel((50, 99))
    assert under.getpixel((50, 60))[0] > under.getpixel((50, 75))[0] > under.getpixel((50, 88))[0]


def test_words_on_a_bright_picture_are_dark_and_on_a_dark_one_light():
    for colour, light in (("#fdfcf8", False), ("#101020", True)):
        boxes = render(
            creative("full_bleed", "instagram-square", HEADLINE, picture=plain_picture(colour)), "svg"
        ).boxes
        [ink] = {box.ink for box in boxes if box.field == "headline"}
        assert (ink == "#ffffff") is light


def test_large_type_needs_less_contrast():
    assert ratio_for(24, False, 9) == 3.0
    assert ratio_for(19, True, 9) == 3.0
    assert ratio_for(19, False, 9) == 4.5


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(8)])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BrokenPicture):
        render(creative("split", "instagram-square", picture=data), "svg")
    with pytest.raises(BrokenPicture):
        render(creative("split", "instagram-square", logo_on_dark=data or b"-"), "svg")


def test_a_picture_cut_short_is_refused():
    whole = plain_picture("#123456")
    with pytest.raises(BrokenPicture):
        render(creative("split", "instagram-square", picture=whole[: len(whole) // 2]), "svg")


def test_81_megapixels_in_a_few_kilobytes_are_refused_before_they_are_unpacked():
    header = b"IHDR" + struct.pack(">IIBBBBB", 9000, 9001, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    body = b"IDAT" + zlib.compress(bytes(1000))
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk
        + struct.pack(">I", len(body) - 4)
        + body
        + struct.pack(">I", zlib.crc32(body))
    )
    with pytest.raises(BrokenPicture, match="too many"):
        render(creative("split", "instagram-square", picture=data), "svg")


def test_what_a_pictures_file_says_about_its_taking_does_not_come_along():
    stream = io.BytesIO()
    facts = Image.Exif()
    facts[0x010E] = "my kitchen"
    facts.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (300, 300), "#aa5533").save(stream, "JPEG", exif=facts)
    for kind in ("png", "pdf", "svg"):
        data = render(creative("split", "display-rectangle", picture=stream.getvalue()), kind).data
        assert b"my kitchen" not in data


def test_a_focal_point_outside_or_an_endless_zoom_is_refused():
    with pytest.raises(ValueError, match="focal point"):
        creative("split", "instagram-square", focal_point=(1.2, 0.5))
    with pytest.raises(ValueError, match="zoom"):
        creative("split", "instagram-square", zoom=0.5)
