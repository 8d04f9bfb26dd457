"""A thing under all cameras, in its own colours, in seconds: to look at while it is made.

`python -m generation.starter.baking.preview NAME ... [--to FILE.png] [--samples N] [--height PIXELS]`
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from generation.starter.plates import rig, srgb

from .objects import made
from .thing import Thing
from .tracer import Frame, scene, trace

# Soft daylight, with a window as well in the last picture.
DAY = {"left": 0.5, "right": 0.12, "back": 0.16, "dome": 0.3}
WINDOW = {"window": 1.0, "dome": 0.45, "back": 0.2}
FLOOR = (0.72, 0.66, 0.58)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--to", type=Path, default=Path("preview.png"))
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--height", type=int, default=420)
    asked = parser.parse_args()
    rows = [_row(made(name), asked.samples, asked.height) for name in asked.names]
    Image.fromarray(np.concatenate(rows)).save(asked.to)


def _row(thing: Thing, samples: int, height: int) -> np.ndarray:
    table = np.array([srgb.of_hex(colour) for colour in thing.colours.values()])
    parts = thing.merged()
    pictures = []
    for camera, lamps in (*((camera, DAY) for camera in rig.CAMERAS), ("eye", WINDOW)):
        made_scene = scene(
            parts,
            [part.shares @ table for part in parts],
            camera=camera,
            target=thing.middle,
            frame=Frame(height * 4 // 3, height),
            floor=FLOOR,
            lamps={name: np.full(3, amount) for name, amount in lamps.items()},
        )
        pictures.append(_shown(trace(made_scene, samples)))
    return np.concatenate(pictures, axis=1)


def _shown(light: np.ndarray) -> np.ndarray:
    """In sRGB, with a soft shoulder."""
    over = np.maximum(light - 0.8, 0)
    light = np.clip(np.minimum(light, 0.8) + 0.2 * (1 - np.exp(-over / 0.2)), 0, 1)
    return (srgb.coded(light) * 255 + 0.5).astype(np.uint8)


if __name__ == "__main__":
    main()
