"""Some pages as they should look. After a change that was meant: `python -m tests.compositor.test_golden`."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.compositor import render
from generation.compositor.render_spec import RenderSpec

from .specimens import COPIES, creative

FOLDER = Path(__file__).with_name("golden")
PAGES = {
    "full_bleed": ("instagram-square", "short"),
    "split": ("facebook-post", "rtl"),
    "menu": ("display-rectangle", "menu"),
    "band": ("display-skyscraper", "long"),
    "sale": ("email-header", "short"),
    "event": ("flyer-dl", "short"),
}
SIDE = 360  # pixels that are kept and compared
MEAN, WORST = 0.012, 0.16  # of OKLab's lightness and colour; another rasteriser stays well below


@pytest.mark.parametrize("layout", PAGES)
def test_a_page_looks_as_it_did(layout):
    kept, now = _lab(Image.open(FOLDER / f"{layout}.webp")), _lab(_page(layout))
    assert kept.shape == now.shape
    difference = np.linalg.norm(kept - now, axis=-1)
    assert difference.mean() < MEAN
    assert np.percentile(difference, 99) < WORST


def test_another_page_would_not_pass():
    one, other = _lab(_page("full_bleed")), _lab(Image.open(FOLDER / "full_bleed.webp").rotate(180))
    assert np.linalg.norm(one - other, axis=-1).mean() > 3 * MEAN


def _specimen(layout: str) -> RenderSpec:
    key, words = PAGES[layout]
    return creative(layout, key, COPIES[words])


def _page(layout: str) -> Image.Image:
    image = Image.open(io.BytesIO(render(_specimen(layout), "png").data)).convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return image


def _lab(image: Image.Image) -> np.ndarray:
    """OKLab (Ottosson, 2020) of the picture at half its size, so that antialiasing counts for little."""
    small = image.convert("RGB").reduce(2)
    light = (np.asarray(small, np.float64) / 255) ** 2.2
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(light @ cones.T) @ lab.T


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in PAGES:
        _page(name).save(FOLDER / f"{name}.webp", quality=90, method=6)
