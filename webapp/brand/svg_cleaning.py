"""An SVG document made ready for its renderer; what could not be drawn is refused in a sentence that says so.

The renderer passes over in silence what it does not know, and a logo without its name is worse than none.
"""

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

from generation.compositor.fonts import FALLBACKS, FAMILIES
from generation.sandbox import FileRefused

from . import svg_styles
from .svg_colours import plain
from .svg_styles import MOVES, PAINTS

SVG = "{http://www.w3.org/2000/svg}"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
MOVING = {f"{SVG}{name}" for name in ("animate", "animateColor", "animateMotion", "animateTransform", "set")}
DRAWING = {
    f"{SVG}{name}"
    for name in (
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use", "text"),
        "foreignObject",
    )
}
EMBEDDING = {"img", "picture", "svg", "canvas", "video", "iframe", "object", "embed", "input"}
HERE = {name.lower() for name in (*FAMILIES, *FALLBACKS)}
EMBEDDED = re.compile(
    r"data:(?P<kind>[^;,]*)(?:;(?!base64)[^;,]*)*(?P<base64>;base64)?,(?P<data>.*)", re.IGNORECASE | re.DOTALL
)
PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
DEEPEST = 3  # drawings in drawings
FONT = re.compile(
    r"\d[\d.]{0,20}(?:[a-z]+|%)(?:\s*/\s*[\w.%]+)?\s+(?P<families>.+)"
)  # of the short form: after the size
OUTLINES = (
    "In the design program turn the text into outlines (“Create outlines”, “Convert to path”, “Flatten”) and "
    "export again, or export the logo as a PNG."
)


def prepared(text: str, depth: int = 0) -> str:
    """`text` with its colours and nested drawings as the renderer reads them. Raises FileRefused."""
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise FileRefused("This SVG cannot be read. Export it again, or as a PNG.") from error
    for element in root.iter():  # the renderer takes an SVG that does not say that it is one
        element.tag = element.tag if element.tag.startswith("{") else SVG + element.tag
    if "<?xml-stylesheet" in text:
        raise FileRefused("This SVG takes its colours from another file. Export it with its styles inside.")
    _refuse_moving(root)
    _refuse_web_page(root)
    _refuse_elsewhere(root)
    _make_plain(root)
    _refuse_missing_type(root)
    for image in root.iter(f"{SVG}image"):
        _prepare_nested(image, depth)
    ET.register_namespace("", SVG[1:-1])
    ET.register_namespace("xlink", HREFS[1][1:-5])
    return ET.tostring(root, encoding="unicode")


def _refuse_moving(root: ET.Element) -> None:
    if any(element.tag in MOVING for element in root.iter()):
        raise FileRefused(MOVES)
    drawn = any(element.tag in DRAWING for element in root.iter())
    if not drawn and any(element.tag == f"{SVG}script" for element in root.iter()):
        raise FileRefused("This SVG is drawn by a script, and none is run here. Export the logo as a PNG.")


def _refuse_web_page(root: ET.Element) -> None:
    """Words that a browser would lay out; not those that a drawing has for programs that cannot."""
    for parent in root.iter():
        for element in parent.findall(f"{SVG}foreignObject"):
            stands_in = parent.tag == f"{SVG}switch" and len(parent) > 1
            if not stands_in and _shows_something(element):
                raise FileRefused(
                    f"This SVG has a piece of a web page in it (foreignObject){_quoted(element)}, which "
                    f"cannot be drawn here. {OUTLINES}"
                )


def _shows_something(page: ET.Element) -> bool:
    """Not so an empty box, such as Figma lays over what a blur lies behind."""
    tags = (element.tag.rpartition("}")[2].lower() for element in page.iter())
    return bool("".join(page.itertext()).strip()) or not EMBEDDING.isdisjoint(tags)


def _quoted(element: ET.Element) -> str:
    words = " ".join("".join(element.itertext()).split())
    return f" with the words “{words[:40]}”" if words else ""


def _refuse_elsewhere(root: ET.Element) -> None:
    for element in root.iter():
        address = next((value for name in HREFS if (value := element.get(name))), "").strip()
        if element.tag == f"{SVG}use" and address and not address.startswith("#"):
            raise FileRefused("This SVG shows a part of another file. Export it with everything inside.")
        for value in element.attrib.values():
            _refuse_address(value)


def _refuse_address(value: str) -> None:
    if re.search(r"""url\(\s*["']?(?!\s*["']?(?:#|data:))""", value):
        raise FileRefused("This SVG takes a colour from another file. Export it with everything inside.")


def _make_plain(root: ET.Element) -> None:
    """Every colour, in attributes, in styles and in style sheets."""
    sheets = [element for element in root.iter(f"{SVG}style") if element.text]
    variables = {
        name: value for sheet in sheets for name, value in svg_styles.variables_of(sheet.text or "").items()
    }
    _plain_element(root, variables)
    painted = {name for element in root.iter() for name in PAINTS if element.get(name)}
    for sheet in sheets:
        sheet.text = svg_styles.plain_sheet(sheet.text or "", variables, painted.__contains__)
        _refuse_address(sheet.text)


def _plain_element(element: ET.Element, variables: dict[str, str]) -> None:
    style = element.get("style", "")
    own = {name: value for name, value, _ in svg_styles.declarations(style) if name.startswith("--")}
    variables = {**variables, **own}
    for name in PAINTS.intersection(element.keys()):
        filled = svg_styles.fill_in(element.attrib[name], variables.get)
        made = plain(filled)
        if made is None:
            del element.attrib[name]
            if name not in style:
                svg_styles.refuse_unknown(filled)
        else:
            element.set(name, made)
    if style:
        element.set("style", svg_styles.plain_block(style, variables.get, element.keys().__contains__))
    for child in element:
        _plain_element(child, variables)


def _refuse_missing_type(root: ET.Element) -> None:
    """Letters are outlines only with a typeface that is here; the families named first must all be."""
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).split()
    if not words:
        return
    named = [families.split(",")[0].strip(" \"'") for families in _families(root)]
    missing = sorted({name for name in named if name.lower() not in HERE})
    if missing or not named:
        shown = (
            f"in the typeface “{missing[0][:60]}”, which is not here" if missing else "and names no typeface"
        )
        raise FileRefused(
            f"This SVG writes “{' '.join(words)[:40]}” {shown}: it would be missing. {OUTLINES}"
        )


def _families(root: ET.Element) -> Iterator[str]:
    """Every list of families that some type is set in, in attributes and styles."""
    blocks = [element.get("style", "") for element in root.iter()]
    for sheet in root.iter(f"{SVG}style"):
        blocks += [block for _, block in svg_styles.RULE.findall(sheet.text or "")]
    for element in root.iter():
        if family := element.get("font-family"):
            yield family
    for block in blocks:
        for name, value, _ in svg_styles.declarations(block):
            if name == "font-family":
                yield value
            elif name == "font" and (found := FONT.search(value)):
                yield found["families"]


def _prepare_nested(image: ET.Element, depth: int) -> None:
    """A drawing that is a picture in this one is made ready like it, a photograph called what it is."""
    for name in HREFS:
        if found := EMBEDDED.match(image.get(name, "").strip()):
            data = unquote_to_bytes(found["data"])
            data = base64.b64decode(data) if found["base64"] else data
            if found["kind"].lower() == "image/svg+xml":
                if depth >= DEEPEST:
                    raise FileRefused(
                        "This SVG has drawings in drawings in drawings. Flatten it, or export a PNG."
                    )
                image.set(name, f"data:image/svg+xml,{quote(prepared(data.decode(), depth + 1))}")
            else:
                image.set(name, f"data:{_kind(data)};base64,{base64.b64encode(data).decode()}")


def _kind(data: bytes) -> str:
    """By its first bytes: many programs name it wrongly, and then nothing would be drawn."""
    for start, kind in PICTURES.items():
        if data.startswith(start) and (kind != "image/webp" or data[8:12] == b"WEBP"):
            return kind
    raise FileRefused("This SVG holds a picture of a kind that is not drawn here. Export the logo as a PNG.")
