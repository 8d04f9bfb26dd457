"""From a creative to a file: words measured, the picture cropped and veiled, the page set."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from PIL import Image

from . import pictures, scratch
from .formats import FORMATS, Format
from .layout_data import LayoutData
from .layout_warnings import warnings_of
from .layouts import LAYOUTS, Layout
from .pictures import Ink, Words
from .print_boxes import with_bleed_box
from .render_spec import Box, Kind, Rendering, RenderSpec
from .typesetting import Report, picture_frame, typeset

PREVIEW_SIDE = 900  # pixels of the longer side of a preview's picture
PRINT_PPI = 300
THIN = 0.25  # a light veil over this share washes a picture out
LOGO_RATIO = 2.2  # WCAG asks nothing of logotypes; this much is seen
QUALITY = {"svg": 80, "pdf": 95, "png": 95}


def render(spec: RenderSpec, kind: Kind) -> Rendering:
    """`creative` as one file of `kind`, in its format's exact size, with what the person should know.

    SVG is the preview (a smaller picture inside); PDF is for print, with bleed and crop marks where the
    format has them; PNG has the format's pixels. The same creative gives the same bytes. Raises
    KeyError for a layout or format that there is not, and BrokenPicture.
    """
    return PageRender(spec).render(kind)


@dataclass(frozen=True)
class PageRender:
    """One creative on its way to a page: nothing is set before it is asked for."""

    spec: RenderSpec

    @cached_property
    def format(self) -> Format:
        return FORMATS[self.spec.format]

    @cached_property
    def layout(self) -> Layout:
        return LAYOUTS[self.spec.layout]

    @cached_property
    def layout_data(self) -> LayoutData:
        return LayoutData(self.spec, self.format)

    def render(self, kind: Kind) -> Rendering:
        page, reports = self._set(kind)
        boxes = tuple(_box(report) for report in reports if "ink" in report)
        if kind == "pdf" and self.format.bleed:
            page = with_bleed_box(page, self.format.bleed_points)
        return Rendering(page, warnings_of(self.layout_data, reports), boxes)

    def grounds(self) -> bytes:
        """The same page as PNG without its words: what they stand on, for measuring their contrast."""
        return self._set("png", wordless=True)[0]

    def _set(self, kind: Kind, wordless: bool = False) -> tuple[bytes, list[Report]]:
        """The page and what stands where; set twice over a picture, to learn first where its words are."""
        values = self.layout_data.values(bleed=self.format.bleed_points if kind == "pdf" else 0.0)
        font_set = self.layout_data.font_set
        if self.spec.picture is not None:
            _, reports = typeset(self.layout.path, values, font_set, "svg")
            frame = picture_frame(reports)
            values |= self._picture(frame, reports, kind) if frame else {}
        return typeset(self.layout.path, values | {"wordless": wordless}, font_set, kind, self.format.ppi)

    def _picture(self, frame: Report, reports: list[Report], kind: Kind) -> dict[str, Any]:
        """The picture's file as its frame shows it, and the grounds that go with its tone."""
        assert self.spec.picture is not None
        scale = self._pixels_a_point(frame, kind)
        size = (max(round(frame["width"] * scale), 1), max(round(frame["height"] * scale), 1))
        aim = (frame["aim"][0], frame["aim"][1])
        focal, zoom = self.spec.focal_point, self.spec.zoom
        frame_it = pictures.framed_for_preview if kind == "svg" else pictures.framed
        image = frame_it(self.spec.picture, size, focal, zoom, aim)
        words = self._words_on(frame, reports, scale)
        grounds, shares = self._tone(image, words)
        veiled = pictures.veiled(image, words, shares, grounds["picture"]["fill"], frame["veil"])
        file = scratch.keep(pictures.jpeg(veiled, QUALITY[kind]), ".jpg")
        return {"picture": str(file), "grounds": grounds, "logos": self.layout_data.logos(grounds)}

    def _tone(self, image: Image.Image, words: list[Words]) -> tuple[dict[str, dict[str, str]], list[float]]:
        """Light words on a dark veil; dark words where the picture is so bright that they hardly need one."""
        tones = [self.layout_data.grounds(picture_is_dark=dark) for dark in (True, False)]
        inks = [Ink(tone["picture"]["text"], tone["picture"]["fill"]) for tone in tones]
        for_light, for_dark = pictures.strengths(image, words, inks)
        bright = max(for_dark, default=1.0) <= min(THIN, max(for_light, default=0.0))
        return (tones[1], for_dark) if bright else (tones[0], for_light)

    def _pixels_a_point(self, frame: Report, kind: Kind) -> float:
        if kind == "svg":
            return min(1.0, PREVIEW_SIDE / float(max(frame["width"], frame["height"])))
        exact = self.format.ppi / 72
        return max(exact, min(PRINT_PPI / 72, 2.0)) if kind == "pdf" else exact

    def _words_on(self, frame: Report, reports: list[Report], scale: float) -> list[Words]:
        boxes = (_box(report) for report in reports if report.get("ground") == "picture")
        found = []
        for box in boxes:
            left, top, right, bottom = box.area
            area = (left - frame["x"], top - frame["y"], right - frame["x"], bottom - frame["y"])
            ratio = pictures.ratio_for(box.size, box.bold, self.format.smallest)
            ratio = LOGO_RATIO if box.field == "logo" else ratio
            found.append(Words((area[0] * scale, area[1] * scale, area[2] * scale, area[3] * scale), ratio))
        return found


def _box(report: Report) -> Box:
    return Box(**{name: report[name] for name in Box.__dataclass_fields__})
