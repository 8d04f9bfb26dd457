"""The values that cross: what a creative is made of, and what comes back when it is rendered."""

import re
from dataclasses import dataclass, field
from typing import Literal

FIELDS = ("headline", "offer", "details", "button", "price", "date", "contact", "qr")
HEX = re.compile(r"#[0-9a-fA-F]{6}")
Kind = Literal["svg", "png", "pdf"]
Fault = Literal["does_not_fit", "left_out", "no_glyphs", "soft"]


@dataclass(frozen=True, kw_only=True)
class AdCopy:
    """The words, as a person typed them; empty where there is none. `qr` is the link a QR code holds."""

    headline: str = ""
    offer: str = ""
    details: str = ""
    button: str = ""
    price: str = ""
    date: str = ""
    contact: str = ""
    qr: str = ""


@dataclass(frozen=True, kw_only=True)
class Palette:
    """A brand's colours by role, each `#rrggbb`. Text is drawn in pairs of them that can be read."""

    primary: str = "#1f3a5f"
    accent: str = "#e4572e"
    surface: str = "#faf7f2"
    text: str = "#1c1b1a"

    def __post_init__(self) -> None:
        for role in ("primary", "accent", "surface", "text"):
            if not HEX.fullmatch(getattr(self, role)):
                raise ValueError(f"{role} is no #rrggbb colour")


@dataclass(frozen=True, kw_only=True)
class RenderSpec:
    """Everything one rendering needs. Pictures and fonts are the bytes of their files."""

    layout: str
    format: str
    ad_copy: AdCopy = field(default_factory=AdCopy)
    palette: Palette = field(default_factory=Palette)
    heading_family: str = "Bricolage Grotesque"
    text_family: str = "Figtree"
    font_files: tuple[bytes, ...] = field(default=(), repr=False)  # a brand's own TTF or OTF files
    logo_on_light: bytes | None = field(default=None, repr=False)  # PNG, drawn on light grounds
    logo_on_dark: bytes | None = field(default=None, repr=False)  # PNG, drawn on dark grounds
    picture: bytes | None = field(default=None, repr=False)  # anything that Pillow opens
    picture_width: int = 0  # pixels of the picture that `picture` is a small one of; 0: it is the whole one
    focal_point: tuple[float, float] = (0.5, 0.5)  # from the left and the top, 0..1
    zoom: float = 1.0  # 1 shows as much of the picture as the frame can
    ai_label: bool = False

    def __post_init__(self) -> None:
        if not all(0.0 <= part <= 1.0 for part in self.focal_point):
            raise ValueError("the focal point lies outside the picture")
        if not 1.0 <= self.zoom <= 8.0:
            raise ValueError("zoom goes from 1 to 8")


@dataclass(frozen=True)
class LayoutWarning:
    """What the person should know before this goes out. `text` is a sentence for them."""

    fault: Fault
    field: str
    text: str


@dataclass(frozen=True)
class Box:
    """Where words or a logo stand, in the format's points from the trimmed page's top left."""

    field: str
    x: float
    y: float
    width: float
    height: float
    size: float  # of the type, in points
    bold: bool
    ink: str  # #rrggbb
    ground: str  # the name of what lies behind: "picture", "surface", "primary" ...

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, with room for what hangs below the baseline or stands above capitals."""
        reach = 0.15 * self.size
        return (self.x, self.y - reach, self.x + self.width, self.y + self.height + reach)


@dataclass(frozen=True)
class Rendering:
    """The file, what to know about it, and where its words stand."""

    data: bytes = field(repr=False)
    warnings: tuple[LayoutWarning, ...]
    boxes: tuple[Box, ...] = ()
