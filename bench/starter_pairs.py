"""python -m bench.starter_pairs FOLDER: pairs of pictures to be judged blindly, by looking.

Of each prompt of the panel one picture is the starter's; in the other, what the prompt leaves open was filled
in from the prior. `pairs-1.webp` and so on show them side by side in an order drawn at random; `key.json`
tells which is which, for afterwards.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from bench.starter_made import SEED, picture
from bench.starter_panel import font_of, panel
from bench.starter_prior import stated
from generation.starter import colours, load, prior
from generation.starter.drawing import draw
from generation.starter.held import held
from generation.starter.legibility import made_legible
from generation.starter.natural import made_natural
from generation.starter.scene import COLOURS, Scene
from generation.starter.understanding import understood

SIDE, GAP, LINE = 448, 12, 30  # pixels
ROWS = 4  # of a sheet
KEY = "key.json"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pipeline = load()
    pipeline.set_progress_bar_config(disable=True)
    order, shown, key = Random(SEED), [], []
    for number, asked in enumerate(panel(), 1):
        seed = SEED + number
        pair = [picture(pipeline, asked.prompt, seed, SIDE), draw(filled(asked.prompt, seed), SIDE, SIDE)]
        is_swapped = order.random() < 0.5
        shown.append(_beside(f"{number} · {asked.prompt}", *(pair[::-1] if is_swapped else pair)))
        key.append({"pair": number, "diffusion": "right" if is_swapped else "left"})
    for start in range(0, len(shown), ROWS):
        _sheet(shown[start : start + ROWS]).save(folder / f"pairs-{start // ROWS + 1}.webp", quality=85)
    (folder / KEY).write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


def filled(prompt: str, seed: int) -> Scene:
    """A scene with what a prompt says, all else of it from the prior."""
    said = held(understood(prompt), Random(seed))
    scene = prior.sample(Random(seed), stated(said.choices))
    scene.colours |= said.colours
    whole: dict[str, colours.OKLab | None] = {
        slot: scene.colours[slot] or colours.MEAN["beige"] for slot in COLOURS
    }
    return made_legible(made_natural(replace(scene, colours=whole), said.colours), said.colours)


def _beside(caption: str, left: Image.Image, right: Image.Image) -> Image.Image:
    row = Image.new("RGB", (2 * SIDE + GAP, SIDE + LINE), "white")
    row.paste(left, (0, LINE))
    row.paste(right, (SIDE + GAP, LINE))
    ImageDraw.Draw(row).text((0, LINE // 2), caption, "black", font_of(caption), anchor="lm")
    return row


def _sheet(rows: Sequence[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (rows[0].width, sum(row.height + GAP for row in rows)), "white")
    for number, row in enumerate(rows):
        whole.paste(row, (0, number * (row.height + GAP)))
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]))
