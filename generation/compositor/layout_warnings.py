"""What a person should know about a rendering before it goes out, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .copytext import script_name
from .render_spec import FIELDS, LayoutWarning

if TYPE_CHECKING:
    from .rendering import PageRender

SHOWN_LETTERS = 8


def warnings_of(sheet: PageRender, reports: list[dict[str, Any]]) -> tuple[LayoutWarning, ...]:
    """Everything there is to say about the sheet once it is set."""
    return (*_glyphs(sheet), *_shortened(reports), *_left_out(sheet, reports))


def _glyphs(sheet: PageRender) -> list[LayoutWarning]:
    missing = sheet.layout_data.missing
    found = []
    for name in FIELDS[:-1]:
        letters = [letter for letter in missing if letter in sheet.layout_data.copy[name]]
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


def _shortened(reports: list[dict[str, Any]]) -> list[LayoutWarning]:
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


def _left_out(sheet: PageRender, reports: list[dict[str, Any]]) -> list[LayoutWarning]:
    shown = {report.get("field") for report in reports}
    name = sheet.format.name
    return [
        LayoutWarning(
            "left_out",
            field,
            f"The {'QR code' if field == 'qr' else field} has no room in “{name}” and is left out.",
        )
        for field in FIELDS
        if sheet.layout_data.drawn[field] and field not in shown
    ]
