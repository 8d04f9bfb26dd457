"""A set of creatives on one sheet, small, each with its name: to look over and to send for approval."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

CELL, GAP, LINE = 420, 40, 26  # pixels
PAPER, INK = "#f4f4f1", "#1b1f27"


def draw(pictures: Sequence[tuple[str, Image.Image]]) -> bytes:
    """A PNG of all `pictures`, each with its caption; as near to a square as their number allows."""
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    size = (GAP + columns * (CELL + GAP), GAP + rows * (CELL + LINE + GAP))
    sheet = Image.new("RGB", size, PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(LINE * 0.7)
    for place, (caption, picture) in enumerate(pictures):
        row, column = divmod(place, columns)
        left, top = GAP + column * (CELL + GAP), GAP + row * (CELL + LINE + GAP)
        sheet.paste(picture, (left + (CELL - picture.width) // 2, top + (CELL - picture.height) // 2))
        pen.text((left + CELL / 2, top + CELL + LINE / 2), caption, INK, font, anchor="mm")
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def small(page: bytes) -> Image.Image:
    """A creative's PNG, small enough for its cell."""
    with Image.open(io.BytesIO(page)) as image:
        picture = image.convert("RGB")
    picture.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
    return picture
