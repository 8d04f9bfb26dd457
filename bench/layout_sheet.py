"""python -m bench.layout_sheet: docs/layouts.webp, every layout in six formats, with starter pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from bench.starter_made import picture
from generation.compositor import FORMATS, AdCopy, RenderSpec, pictures, render
from generation.compositor.render_spec import Palette
from generation.starter import load
from generation.starter.pipeline import StarterPipeline

ROWS = Path(__file__).with_suffix(".json")
SHEET = Path(__file__).parent.parent / "docs" / "layouts.webp"
# Left and top of each format's place in a cell, and its height, in pixels.
PLACES = {
    "instagram-portrait": (0, 0, 190),
    "instagram-story": (160, 0, 190),
    "facebook-post": (275, 0, 190),
    "display-skyscraper": (645, 0, 190),
    "display-leaderboard": (0, 198, 60),
    "facebook-cover": (502, 198, 60),
}
CELL, GAP, COLUMNS = (700, 258), 28, 2
PAPER, SHADE = "#e9e8e4", "#d5d4cf"
SIDE = 1024


def main() -> None:
    pipeline = load()
    pipeline.set_progress_bar_config(disable=True)
    rows = json.loads(ROWS.read_text("utf-8"))
    cells = [_cell(row, pipeline) for row in rows]
    wide, high = (length + GAP for length in CELL)
    whole = Image.new("RGB", (GAP + COLUMNS * wide, GAP + -(-len(cells) // COLUMNS) * high), PAPER)
    for number, cell in enumerate(cells):
        whole.paste(cell, (GAP + number % COLUMNS * wide, GAP + number // COLUMNS * high))
    whole.save(SHEET, quality=84, method=6)


def _cell(row: dict[str, Any], pipeline: StarterPipeline) -> Image.Image:
    stream = io.BytesIO()
    picture(pipeline, row["prompt"], row["seed"], SIDE).save(stream, "PNG")
    palette = Palette(**row["palette"])
    cell = Image.new("RGB", CELL, PAPER)
    for key, (left, top, height) in PLACES.items():
        spec = RenderSpec(
            layout=row["layout"],
            format=key,
            ad_copy=AdCopy(**row["words"]),
            palette=palette,
            heading_family=row["heading"],
            logo_on_light=_logo(palette.text),
            logo_on_dark=_logo("#ffffff"),
            picture=stream.getvalue(),
            focal_point=pictures.focal_point(stream.getvalue()),
        )
        width, whole_height = FORMATS[key].pixels
        page = Image.open(io.BytesIO(render(spec, "png").data)).convert("RGB")
        page = page.resize((round(width * height / whole_height), height), Image.Resampling.LANCZOS)
        cell.paste(page, (left, top))
        ImageDraw.Draw(cell).rectangle((left, top, left + page.width - 1, top + height - 1), outline=SHADE)
    return cell


def _logo(ink: str) -> bytes:
    """Of no shop that there is: a ring and a bar."""
    image = Image.new("RGBA", (360, 120))
    pen = ImageDraw.Draw(image)
    pen.ellipse((6, 6, 114, 114), outline=ink, width=12)
    pen.rectangle((140, 42, 350, 78), fill=ink)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


if __name__ == "__main__":
    main()
