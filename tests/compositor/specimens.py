"""Creatives for the tests: their words short, long, right to left, hardly there; their picture drawn here."""

import io
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from generation.compositor import AdCopy, RenderSpec

LINK = "https://marlow.example/order"
SHORT = AdCopy(
    headline="Slow bread, early mornings",
    offer="New this week",
    details="Sourdough from our own starter.",
    button="Order ahead",
    price="€4.90",
    date="Sat 12 December",
    contact="12 Mill Lane",
    qr=LINK,
)
LONG = AdCopy(
    headline="Everything our bakers learned about rye, spelt and patience in forty winters, on one counter",
    offer="From the first of December until the flour runs out",
    details="Sourdough from our own starter, folded by hand, proved overnight and baked at four. "
    "On the counter by seven, gone by ten; whoever orders ahead finds a loaf with their name on it. "
    "We bake without additives and with grain from three farms that we can see from the roof.",
    button="Order ahead for Saturday",
    price="from €1,234.90 a dozen",
    date="Saturday and Sunday, 12 and 13 December 2026, from seven in the morning",
    contact="Marlow Bakehouse · 12 Mill Lane, Great Missenden · 01632 960 960 · marlow.example/christmas",
    qr=LINK,
)
RIGHT_TO_LEFT = AdCopy(
    headline="خبز طازج كل صباح",
    offer="جديد هذا الأسبوع",
    details="نخبز في الرابعة صباحا ونفتح في السابعة.",
    button="اطلب الآن",
    price="٤٫٩٠ د.إ",
    date="السبت ١٢ ديسمبر",
    contact="شارع الطاحونة ١٢",
    qr=LINK,
)
MISSING = AdCopy(headline="Fresh", price="€3")
MENU = AdCopy(headline="Lunch", details="Soup 4.20\nPie with peas 7.90\nCheese on toast 5.50", button="Book")
COPIES = {"short": SHORT, "long": LONG, "rtl": RIGHT_TO_LEFT, "missing": MISSING, "menu": MENU}


@cache
def picture(width: int = 900, height: int = 700) -> bytes:
    """Noise, bright and dark parts and hard edges: words over it need help."""
    rng = np.random.default_rng(4)
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 0.5 + 0.5 * np.sin(9 * across + 5 * down)
    pixels = np.stack([light, 0.3 + 0.6 * down, 0.9 - 0.7 * across], axis=-1)
    pixels += rng.normal(0, 0.04, pixels.shape)
    image = Image.fromarray((pixels.clip(0, 1) * 255).astype(np.uint8))
    ImageDraw.Draw(image).ellipse((width * 0.55, height * 0.2, width * 0.9, height * 0.7), fill="#fffdf5")
    return _saved(image, "JPEG")


@cache
def plain_picture(colour: str, size: tuple[int, int] = (600, 600)) -> bytes:
    return _saved(Image.new("RGB", size, colour), "PNG")


@cache
def logo(ink: str) -> bytes:
    image = Image.new("RGBA", (360, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((6, 6, 114, 114), outline=ink, width=12)
    draw.rectangle((140, 40, 350, 80), fill=ink)
    return _saved(image, "PNG")


def creative(layout: str, format: str, ad_copy: AdCopy = SHORT, **more: Any) -> RenderSpec:
    facts: dict[str, Any] = {
        "picture": picture(),
        "logo_on_light": logo("#22110a"),
        "logo_on_dark": logo("#fff8ee"),
    }
    return RenderSpec(layout=layout, format=format, ad_copy=ad_copy, **{**facts, **more})


def _saved(image: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form)
    return stream.getvalue()
