"""What a person should know about a rendering before it goes out, as sentences."""

from . import pictures
from .copytext import script_name
from .layout_data import LayoutData
from .render_spec import FIELDS, LayoutWarning
from .typesetting import Report, picture_frame

SHOWN_LETTERS = 8
SHARP_PPI = 150  # pixels an inch below which a print looks soft to whoever holds it


def warnings_of(data: LayoutData, reports: list[Report]) -> tuple[LayoutWarning, ...]:
    """Everything there is to say about the page that was set from `data` and gave `reports`."""
    return (*_glyphs(data), *_shortened(reports), *_left_out(data, reports), *_soft(data, reports))


def _glyphs(data: LayoutData) -> list[LayoutWarning]:
    found = []
    for name in FIELDS[:-1]:
        letters = [letter for letter in data.missing if letter in data.ad_copy[name]]
        if letters:
            scripts = " and ".join(dict.fromkeys(script_name(letter) for letter in letters))
            shown = "".join(letters[:SHOWN_LETTERS]) + ("…" if len(letters) > SHOWN_LETTERS else "")
            found.append(
                LayoutWarning(
                    "no_glyphs",
                    name,
                    f"No font here can draw the {scripts} letters {shown} of the {name}. "
                    "Add a font that has them to the brand kit.",
                )
            )
    return found


def _shortened(reports: list[Report]) -> list[LayoutWarning]:
    return [
        LayoutWarning(
            "does_not_fit",
            report["field"],
            f"The {report['field']} does not fit: {report['shown']} of its {report['of']} letters are shown. "
            "Shorten it.",
        )
        for report in reports
        if report["kind"] == "shortened"
    ]


def _left_out(data: LayoutData, reports: list[Report]) -> list[LayoutWarning]:
    shown = {report.get("field") for report in reports}
    name = data.format.name
    return [
        LayoutWarning(
            "left_out",
            field,
            f"The {'QR code' if field == 'qr' else field} has no room in “{name}” and is left out.",
        )
        for field in FIELDS
        if data.drawn[field] and field not in shown
    ]


def _soft(data: LayoutData, reports: list[Report]) -> list[LayoutWarning]:
    frame = picture_frame(reports)
    if frame is None or data.spec.picture is None or not data.format.is_print:
        return []
    ppi = _pixels_an_inch(data, frame)
    if ppi >= SHARP_PPI:
        return []
    return [
        LayoutWarning(
            "soft",
            "picture",
            f"In “{data.format.name}” the picture prints at {ppi:.0f} pixels an inch and looks soft from"
            f" near. {SHARP_PPI} and more look sharp: make a larger picture, show more of it, or print it"
            " smaller.",
        )
    ]


def _pixels_an_inch(data: LayoutData, frame: Report) -> float:
    """Of the whole picture, as its frame shows it."""
    spec = data.spec
    assert spec.picture is not None, "whoever asks has seen one"
    size = pictures.opened(spec.picture).size
    aspect = frame["width"] / frame["height"]
    left, _, right, _ = pictures.crop(size, aspect, spec.focal_point, spec.zoom)
    larger = (spec.picture_width or size[0]) / size[0]
    return float((right - left) * larger / (frame["width"] / 72))
