"""Logos, fonts and kits for tests, made on the spot."""

import io
from functools import cache

from PIL import Image, ImageDraw

from generation.compositor.fonts import TYPEFACES
from webapp.brand import kits, logo

TEAL, GOLD = "#0f766e", "#d4a017"
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<rect width="120" height="100" fill="{TEAL}"/><circle cx="160" cy="50" r="36" fill="{GOLD}"/></svg>"""
FONT = (TYPEFACES / "lora" / "Lora_400Regular.ttf").read_bytes()


def picture(
    size=(120, 60), colours=(TEAL, TEAL, GOLD), form: str = "PNG", ground="#00000000", **options
) -> bytes:
    """A file with a block of each colour on a ground."""
    image = Image.new("RGBA", size, ground)
    draw, width = ImageDraw.Draw(image), size[0] // len(colours)
    for place, colour in enumerate(colours):
        draw.rectangle((place * width + 4, 4, (place + 1) * width - 4, size[1] - 4), fill=colour)
    data = io.BytesIO()
    (image.convert("RGB") if form == "JPEG" else image).save(data, form, **options)
    return data.getvalue()


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def logo_of(file: bytes) -> logo.Logo:
    """What becomes of a file; in this process, where files of ours do no harm, since it is quicker."""
    return logo.encoded(logo.pixels(file))


@cache
def usual_logo() -> logo.Logo:
    return logo_of(picture())


def kit(business, by, **changes):
    """A kit of `business` with a logo in teal and gold, and `changes`."""
    made = kits.create(business, "Corner Bakery", logo=usual_logo(), by=by)
    return kits.change(made, changes, by=by) if changes else made
