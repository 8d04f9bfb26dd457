"""What a shop owner may upload as a logo, and what becomes of everything that is not one."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms
from PIL.PngImagePlugin import PngInfo

from generation.sandbox import FileRefused
from tests.webapp import brand_samples
from webapp.brand import logo

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg {NAMES} viewBox="0 0 200 100">'
BLOCK = '<rect width="200" height="100" fill="#0f766e"/>'
TEAL = (15, 118, 110)


def read(file: bytes | str) -> Image.Image:
    made = brand_samples.logo_of(file if isinstance(file, bytes) else file.encode())
    image = brand_samples.pixels(made.png)
    assert (image.format, image.size) == ("PNG", (made.width, made.height))
    return image.convert("RGBA")


def png_of(width: int, height: int) -> bytes:
    """A grey PNG of any size, as small a file as there can be."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(width // 8 + 1)) for _ in range(height)) + rows.flush()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", data),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def test_it_is_decoded_in_the_sandbox_alone(monkeypatch):
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("opened here"))
    assert logo.read(brand_samples.picture()).width == 113
    assert logo.read(f"{SVG}{BLOCK}</svg>".encode()).width == 2048


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_every_kind_of_picture_becomes_a_png(form):
    options = {"quality": 95} if form != "PNG" else {}
    image = read(brand_samples.picture(form=form, ground="#ffffffff", **options))
    red, green, blue, alpha = image.getpixel((30, 30))
    assert max(abs(red - 15), abs(green - 118), abs(blue - 110)) < 12
    assert alpha == 255


def test_transparency_is_kept_and_an_empty_margin_is_cut_off():
    image = read(brand_samples.picture((200, 100), colours=("#0f766e",)))
    assert image.size == (193, 93)
    holed = Image.new("RGBA", (60, 60), "#0f766e")
    holed.paste((0, 0, 0, 0), (20, 20, 40, 40))
    assert read(_png(holed)).getpixel((30, 30))[3] == 0


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left():
    assert read(_png(Image.new("RGB", (4000, 1000), "teal"))).size == (2048, 512)
    assert read(_png(Image.new("RGB", (64, 48), "teal"))).size == (64, 48)


def test_the_first_frame_of_an_animation_is_the_logo():
    first, second = Image.new("RGB", (64, 64), "teal"), Image.new("RGB", (64, 64), "gold")
    for form in ("WEBP", "PNG"):
        data = io.BytesIO()
        first.save(data, form, save_all=True, append_images=[second], duration=100, lossless=True)
        assert read(data.getvalue()).getpixel((5, 5))[:3] == (0, 128, 128)


def test_where_a_photograph_was_taken_is_gone_and_it_stands_upright():
    image = Image.new("RGB", (80, 40), "teal")
    image.paste("gold", (0, 0, 80, 10))
    exif = image.getexif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010E] = "Mill Lane 12"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 14.0)
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif, comment=b"Mill Lane 12", quality=95)
    assert b"Mill Lane" in data.getvalue()

    made = brand_samples.logo_of(data.getvalue())
    clean = brand_samples.pixels(made.png)
    assert clean.size == (40, 80)
    assert not clean.getexif()
    assert b"Mill Lane" not in made.png
    assert set(clean.info) <= {"transparency"}


def test_a_picture_that_is_a_web_page_too_is_only_a_picture_afterwards():
    hidden = b"<html><script>alert(1)</script></html>"
    for file in (brand_samples.picture() + hidden, _png(Image.new("RGB", (64, 64), "teal"), comment=hidden)):
        assert hidden in file
        assert b"script" not in brand_samples.logo_of(file).png


def test_a_picture_with_a_palette_grey_or_sixteen_bits_is_read():
    for mode in ("P", "L", "LA", "I;16", "1", "PA"):
        source = Image.new("L", (64, 48), 90)
        image = source.convert(mode) if mode != "I;16" else Image.new("I;16", (64, 48), 30000)
        assert read(_png(image) if mode != "PA" else _png(source.convert("P"))).size == (64, 48)


def test_sixteen_bits_of_grey_keep_their_lightness():
    assert read(_png(Image.new("I;16", (64, 48), 30000))).getpixel((5, 5))[0] in range(114, 120)


def display_p3() -> bytes:
    """A profile that is not sRGB, as telephones and drawing programs write it."""
    return (Path(__file__).with_name("display_p3.icc")).read_bytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_are_converted_by_their_profile_with_transparency_kept(mode):
    """The raw numbers (230, 90, 40) are another orange in sRGB, whatever else the file has."""
    image = Image.new("RGBA", (64, 64), (230, 90, 40, 255))
    image.paste((230, 90, 40, 128), (0, 0, 32, 64))
    made = read(_png(image.convert(mode), icc_profile=display_p3()))
    red, green, blue, alpha = made.getpixel((40, 40))
    assert max(abs(red - 249), abs(green - 77), abs(blue - 0)) <= 3
    assert alpha == 255
    assert made.getpixel((4, 4))[3] == (255 if mode == "RGB" else 128)


def test_grey_with_transparency_follows_a_profile_of_grey():
    """Its numbers are of another curve: a profile for RGB would not fit, and was passed over."""
    image = Image.new("LA", (64, 64), (128, 255))
    profile = ImageCms.createProfile("sRGB")
    plain = read(_png(image))
    assert read(_png(image, icc_profile=ImageCms.ImageCmsProfile(profile).tobytes())).size == plain.size


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_a_large_one_is_made_smaller_in_strips_like_a_small_one(mode):
    image = Image.radial_gradient("L").resize((512, 512)).convert(mode)
    large = image.resize((3072, 3072), Image.Resampling.NEAREST)
    difference = ImageChops.difference(
        read(_png(large)).resize((512, 512)), read(_png(image)).resize((512, 512))
    )
    assert max(high for _, high in difference.getextrema()) <= 6


def test_a_broken_colour_profile_does_no_harm():
    assert (
        read(_png(Image.new("RGB", (64, 48), "#0f766e"), icc_profile=b"nonsense")).getpixel((5, 5))[:3]
        == TEAL
    )


def test_a_picture_of_81_megapixels_in_9_kilobytes_is_refused_before_it_is_decoded(monkeypatch):
    bomb = png_of(9000, 9000)
    assert len(bomb) < 12_000
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda image: pytest.fail("decoded"))
    with pytest.raises(FileRefused, match="9000 × 9000 pixels, too many"):
        logo.pixels(bomb)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "is empty"),
        (b"hello", "no picture that can be read here"),
        (b"GIF89a" + bytes(100), "no picture that can be read here"),
        (b"%PDF-1.7", "no picture that can be read here"),
        (b"\x1f\x8b" + bytes(20), "compressed file"),
        (b"<html><body>hello</body></html>", "not a logo"),
        (b"x" * (logo.MOST_BYTES + 1), "10 MB are the most"),
        (brand_samples.picture()[:60], "damaged"),
        (brand_samples.picture()[:-30], "damaged"),
        (png_of(1, 4000), "too few for a logo"),
        (png_of(8, 8), "too few for a logo"),
    ],
)
def test_what_is_no_logo_is_refused_in_a_sentence(file, sentence):
    with pytest.raises(FileRefused, match=sentence):
        logo.read(file) if len(file) > logo.MOST_BYTES or not file else logo.pixels(file)


def test_nothing_to_see_is_no_logo():
    with pytest.raises(FileRefused, match="all of it is transparent"):
        logo.pixels(brand_samples.picture(colours=("#00000000",)))


def test_an_svg_is_drawn_large_with_its_ground_transparent():
    image = read(f'{SVG}<rect x="20" y="10" width="120" height="60" fill="#0f766e"/></svg>')
    assert max(image.size) > 1200
    assert image.getpixel((600, 300))[:3] == TEAL
    assert read("\ufeff<?xml version='1.0'?>" + SVG + BLOCK + "</svg>").getpixel((5, 5))[:3] == TEAL


def test_the_script_of_an_svg_is_neither_run_nor_kept():
    image = (
        SVG + "<script>document.write(1)</script>" + BLOCK.replace("/>", ' onload="alert(1)"/>') + "</svg>"
    )
    made = brand_samples.logo_of(image.encode())
    assert b"script" not in made.png
    assert b"alert" not in made.png


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "/etc/hostname", "http://127.0.0.1:9/x.png", "README.md", "x.png"]
)
def test_an_svg_reads_no_other_file_and_asks_nobody(address):
    with pytest.raises(FileRefused, match="a picture from another file"):
        logo.read(f'{SVG}{BLOCK}<image xlink:href="{address}" width="9" height="9"/></svg>'.encode())


def laughs() -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE svg [<!ENTITY a0 "ha">{entities}]>{SVG}<text>&a11;</text></svg>'


def uses() -> str:
    groups = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 10))
    return f'{SVG}<defs><rect id="a0" width="1" height="1"/>{groups}</defs><use href="#a9"/></svg>'


HUGE_FILTER = (
    '<filter id="f" x="-100" y="-100" width="10000" height="10000"><feTurbulence baseFrequency="1"/></filter>'
    '<rect filter="url(#f)" width="100" height="100"/>'
)
SLOW_FILTER = (
    '<filter id="f"><feTurbulence baseFrequency="0.9" numOctaves="900000"/></filter>'
    '<rect filter="url(#f)" width="200" height="100"/>'
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (laughs(), "cannot be read"),
        (uses(), "cannot be read"),
        (
            f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>{SVG}<text>&x;</text></svg>',
            "cannot be read",
        ),
        (SVG + "<g>" * 20000 + "</g>" * 20000 + "</svg>", "cannot be read"),
        (SVG, "cannot be read"),
        (SVG + HUGE_FILTER + "</svg>", "too intricate"),
        (SVG + SLOW_FILTER + "</svg>", "too intricate"),
        (SVG + "</svg>", "all of it is transparent"),
    ],
    ids=["laughs", "uses", "other file", "deep", "unfinished", "huge", "slow", "empty"],
)
def test_an_svg_that_means_harm_or_nothing_is_refused(file, sentence, monkeypatch):
    if sentence == "too intricate":  # It would not end, however long one waits.
        monkeypatch.setattr(logo.sandbox, "SECONDS", 2.5)
    with pytest.raises(FileRefused, match=sentence):
        logo.read(file.encode())


def test_an_svg_in_another_encoding_is_refused_with_a_way_out():
    with pytest.raises(FileRefused, match="UTF-8"):
        logo.pixels(f"{SVG}<title>Bäcker</title></svg>".encode("latin-1"))


def _png(image: Image.Image, **options) -> bytes:
    info = PngInfo()
    if comment := options.pop("comment", None):
        info.add_text("Comment", comment.decode())
    data = io.BytesIO()
    image.save(data, "PNG", pnginfo=info, **options)
    return data.getvalue()
