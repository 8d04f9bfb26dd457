"""An SVG drawn as pixels. Only inside `generation.sandbox`: the renderer (resvg, in Typst) knows no scripts
and reads no other file, but takes as much memory and time as the drawing asks for.
"""

import binascii

import typst

from generation.compositor.fonts import TYPEFACES
from generation.sandbox import FileRefused

from .svg_cleaning import prepared

SIDE = 2048  # pixels of the square that it is fitted into
PAGE = """
#set page(width: {side}pt, height: {side}pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "contain")
"""
SENTENCES = {
    "linked image": "This SVG shows a picture from another file. Embed it, or export the logo as a PNG.",
    "": "This SVG cannot be read. Export it again, or as a PNG.",
}


def drawn(data: bytes) -> bytes:
    """`data` as PNG, with what nothing is drawn on transparent. Raises FileRefused."""
    try:
        text = prepared(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileRefused("This SVG is not written in UTF-8. Export it again, or as a PNG.") from error
    except (RecursionError, binascii.Error) as error:  # nested deeper than anybody draws, or no base64
        raise FileRefused(SENTENCES[""]) from error
    try:
        # Its types want page and root alike, as bytes or as text; it takes a page in bytes and a path.
        return typst.compile(  # type: ignore[call-overload]
            PAGE.format(side=SIDE).encode(),
            root=str(TYPEFACES),  # all that can be read here
            font_paths=[str(TYPEFACES)],
            ignore_system_fonts=True,
            format="png",
            ppi=72,
            sys_inputs={"svg": text},
        )
    except typst.TypstError as error:
        words = next(words for words in SENTENCES if words in str(error))
        raise FileRefused(SENTENCES[words]) from error
