"""How a plate is stored: a zip of planes, each a grey WebP of eight bits with a peak and an exponent of its
own, and `facts.json`. A plane is an array (h, w) of light or of shares, 0 and above.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]

FACTS = "facts.json"
QUALITY = 80
LIGHT, SHARE = 0.5, 1.0  # exponents: light is stored finer where there is little
BRIGHTEST = 99.97  # of a hundred values, those that are below the peak


@dataclass(slots=True)
class Stored:
    """facts: whatever else is to be known; planes: by name."""

    facts: dict[str, Any] = field(default_factory=dict)
    planes: dict[str, Plane] = field(default_factory=dict)


class Writer:
    """A plate on its way to a file: `put` each plane, and then `save`."""

    def __init__(self) -> None:
        self._images: dict[str, bytes] = {}
        self._scales: dict[str, tuple[float, float]] = {}

    def put(self, name: str, plane: NDArray, *, peak: float | None = None, is_exact: bool = False) -> None:
        """peak: the value that white stands for; of light, when None, about the highest. is_exact: shares,
        without any loss but that of eight bits.
        """
        exponent = SHARE if is_exact else LIGHT
        peak = peak or max(float(np.percentile(plane, BRIGHTEST)), 1e-4)
        coded = np.clip(np.nan_to_num(plane) / peak, 0, 1) ** exponent
        image = Image.fromarray((coded * 255 + 0.5).astype(np.uint8)).convert("RGB")
        stream = io.BytesIO()
        image.save(stream, "WEBP", lossless=is_exact, quality=100 if is_exact else QUALITY, method=6)
        self._images[name] = stream.getvalue()
        self._scales[name] = (peak, exponent)

    def save(self, path: Path, facts: Mapping[str, Any]) -> None:
        """In one go: a plate that is broken off leaves nothing."""
        part = path.with_suffix(".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for name, data in self._images.items():
                archive.writestr(_entry(f"{name}.webp"), data)
            told = json.dumps({**facts, "scales": self._scales}, indent=1)
            archive.writestr(_entry(FACTS), told)
        part.replace(path)


def read(path: Path) -> Stored:
    """Of a file that this package brings, or that was baked on this machine."""
    found = Stored()
    with zipfile.ZipFile(path) as archive:
        found.facts = json.loads(archive.read(FACTS))
        for name, (peak, exponent) in found.facts["scales"].items():
            with Image.open(io.BytesIO(archive.read(f"{name}.webp"))) as image:
                values = np.asarray(image.convert("L"))
            found.planes[name] = _decoded(peak, exponent)[values]
    return found


def facts_of(path: Path) -> dict[str, Any]:
    """Without its planes."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(FACTS))


def _decoded(peak: float, exponent: float) -> Plane:
    """What each of the 256 values stands for."""
    return ((np.arange(256) / 255) ** (1 / exponent) * peak).astype(np.float32)


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same plate, whenever it was baked."""
    return zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
