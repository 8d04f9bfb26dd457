"""The formats a creative comes in, read from formats.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

POINTS_PER_MM = 72 / 25.4
SCREEN_PPI = 72  # so that one of Typst's points is one pixel


@dataclass(frozen=True, kw_only=True)
class Format:
    """One size of one channel. Lengths are pixels for screens and millimetres after trimming for print."""

    key: str
    name: str
    channel: str
    size: tuple[float, float]
    safe: tuple[float, float, float, float]  # top, right, bottom, left
    smallest: float  # type, in pixels (screens) or points (print)
    limit_kb: int | None = None  # kilobytes of 1000 bytes
    bleed: float = 0.0
    dpi: int | None = None
    source: str
    read: date

    @property
    def is_print(self) -> bool:
        return self.dpi is not None

    @property
    def ppi(self) -> int:
        """Pixels an inch at which Typst draws this format's points."""
        return self.dpi or SCREEN_PPI

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in Typst's points; for a screen one is a pixel."""
        return (self.size[0] * self._scale, self.size[1] * self._scale)

    @property
    def safe_points(self) -> tuple[float, float, float, float]:
        top, right, bottom, left = (inset * self._scale for inset in self.safe)
        return (top, right, bottom, left)

    @property
    def bleed_points(self) -> float:
        return self.bleed * self._scale

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the exported pictures; a print format's are of the trimmed page."""
        width, height = (round(side * self.ppi / 72) for side in self.points)
        return (width, height)

    @property
    def _scale(self) -> float:
        return POINTS_PER_MM if self.is_print else 1.0


def _read(path: Path) -> Mapping[str, Format]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            key: Format(key=key, **{**row, "size": tuple(row["size"]), "safe": tuple(row["safe"])})
            for key, row in rows.items()
        }
    )


FORMATS = _read(Path(__file__).with_name("formats.toml"))
