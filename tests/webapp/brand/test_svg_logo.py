"""A logo as design programs write it is drawn in its colours, or refused with words that say what to do."""

import base64
import io
from urllib.parse import quote

import pytest
from PIL import Image

from generation.sandbox import FileRefused
from webapp.brand import logo, svg_rendering
from webapp.brand.svg_cleaning import prepared
from webapp.brand.svg_colours import plain

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {} 1">'
)
FIGMA = (
    HEAD.format(2) + '<rect width="2" height="1" fill="#e5392b" '
    'style="fill:#e5392b;fill:color(display-p3 0.85 0.27 0.2);fill-opacity:1"/></svg>'
)
RED, GREEN = (229, 57, 43, 255), (0, 255, 0, 255)


def drawn(*bodies: str, before: str = "") -> list[tuple[int, ...]]:
    """The pixel in the middle of each body, which is a square of side 1; all in one drawing."""
    places = "".join(f'<g transform="translate({place})">{body}</g>' for place, body in enumerate(bodies))
    png = svg_rendering.drawn((HEAD.format(len(bodies)) + before + places + "</svg>").encode())
    image, width = Image.open(io.BytesIO(png)).convert("RGBA"), svg_rendering.SIDE
    side = width / len(bodies)
    return [image.getpixel((int((place + 0.5) * side), width // 2)) for place in range(len(bodies))]


def square(attributes: str) -> str:
    return f'<rect width="1" height="1" {attributes}/>'


def test_figmas_way_to_write_a_colour_is_that_colour():
    image = Image.open(io.BytesIO(logo.read(FIGMA.encode()).png))
    assert image.convert("RGBA").getpixel((50, 50)) == RED


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("color(display-p3 1 0 0)", "#ff0000"),
        ("color(display-p3 0.85 0.27 0.2)", "#eb3325"),
        ("color(srgb 1 0.5 0 / 50%)", "#ff800080"),
        ("color(rec2020 0.5 0.5 0.5)", "#8b8b8b"),
        ("color(xyz-d50 0.9643 1 0.8251)", "#ffffff"),
        ("oklch(62.8% 0.2577 29.23deg)", "#ff0000"),
        ("oklab(0.628 0.225 0.126)", "#ff0000"),
        ("lab(54.29 80.80 69.89)", "#ff0000"),
        ("lch(54.29 106.84 40.85 / .5)", "#ff000080"),
        ("hwb(120 20% 30%)", "#33b233"),
        ("hsl(0.5turn 100 50)", "#00ffff"),
        ("rgb(255 0 0 / 50%)", "#ff000080"),
        ("rgba(255, 0, 0, 0.5)", "#ff000080"),
        ("RebeccaPurple", "#663399"),
        ("rebeccapurple", "#663399"),  # once more: Pillow keeps another form of what was asked before
        ("transparent", "#00000000"),
        ("#E5392B icc-color(cmyk, 0, 1, 1, 0)", "#e5392b"),
        ("currentcolor", "currentColor"),
        ("url(#a) red", "url(#a) #ff0000"),
        ("color-mix(in srgb, red, blue)", None),
        ("rgb(from red r g b)", None),
        ("nonsense", None),
    ],
)
def test_every_way_of_css_to_write_a_colour_is_read(written, right):
    assert plain(written) == right


def test_colours_in_attributes_styles_and_variables_are_drawn():
    assert drawn(
        square('fill="oklch(86.64% 0.2948 142.5)"'),
        square('style="fill:#e5392b;fill:color(display-p3 0.85 0.27 0.2)"'),
        square('fill="#e5392b" style="fill:color-mix(in srgb, red, blue)"'),
        square('fill="var(--fill-0, #E5392B)"'),
        square('style="--own:lime;fill:var(--own)"'),
        square('style="color:rgb(0 255 0);fill:CURRENTCOLOR"'),
    ) == [GREEN, RED, RED, RED, GREEN, GREEN]


def test_colours_in_style_blocks_and_gradients_are_drawn():
    before = (
        "<style><![CDATA[ :root{--brand:#e5392b} @media (prefers-color-scheme:dark){.a{fill:blue}}"
        " .a{fill:var(--brand)} /* } */ .b{fill:#0f0;fill:color(display-p3 0 1 0)}"
        " @supports (color:lab(0 0 0)){.b{fill:lab(50 80 20)}}"
        " @media screen{.c{fill:hsl(120 100 50)}} ]]></style>"
        '<linearGradient id="g"><stop style="stop-color:color(srgb 0 1 0)"/></linearGradient>'
    )
    classes = (square(f'class="{name}"') for name in "abc")
    assert drawn(*classes, square('fill="url(#g)"'), before=before) == [RED, GREEN, GREEN, GREEN]


def test_a_picture_that_is_called_what_it_is_not_is_drawn():
    data = io.BytesIO()
    Image.new("RGB", (4, 4), "lime").save(data, "PNG")
    encoded = base64.b64encode(data.getvalue()).decode()
    assert drawn(f'<image width="1" height="1" href="data:image/jpg;base64,{encoded}"/>') == [GREEN]


def test_parts_that_css_moves_are_where_it_moves_them():
    green = square('fill="lime" style="transform:translate(1px, 0px)"')
    assert drawn(green + square('fill="#e5392b"'), "") == [RED, GREEN]


def test_a_drawing_in_the_drawing_is_drawn_in_its_colours():
    inner = HEAD.format(1) + square('fill="color(srgb 0 1 0)"') + "</svg>"
    encoded = (f"utf8,{quote(inner)}", f"base64,{base64.b64encode(inner.encode()).decode()}")
    images = (f'<image width="1" height="1" href="data:image/svg+xml;{data}"/>' for data in encoded)
    assert drawn(*images) == [GREEN, GREEN]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (square('fill="color-mix(in srgb, red, blue)"'), "color-mix.*export the logo as a PNG"),
        (square('style="fill:CanvasText"'), "CanvasText"),
        ("<style>.a{fill:light-dark(red, blue)}</style>" + square('class="a"'), "light-dark"),
        ("<style>.a{&amp;:hover{fill:red}}</style>" + square(""), "rules inside of style rules"),
        ('<style>@import "brand.css";</style>' + square(""), "in another file"),
        ("<style>@keyframes in{from{opacity:0}}</style>" + square(""), "moves"),
        ('<rect><animate attributeName="opacity" to="1"/></rect>', "moves"),
        ("<script>draw()</script>", "drawn by a script"),
        ('<use href="symbols.svg#a"/>', "part of another file"),
        (square('fill="url(gradients.svg#a)"'), "from another file"),
        ("<style>.a{fill:url(gradients.svg#a)}</style>" + square('class="a"'), "from another file"),
        (
            '<text font-family="MyriadPro-Bold, Inter">ACME</text>',
            "“ACME” in the typeface “MyriadPro-Bold”.*outlines",
        ),
        ("<text style=\"font:700 60px/1 'Myriad Pro'\">ACME</text>", "“Myriad Pro”.*outlines"),
        ("<style>.n{font-family:Gotham}</style><text class='n'><tspan>ACME</tspan></text>", "“Gotham”"),
        ("<text>ACME</text>", "names no typeface.*outlines"),
        (
            '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">ACME</div></foreignObject>',
            "foreignObject.*“ACME”.*outlines",
        ),
        ('<foreignObject><img src="acme.png"/></foreignObject>', "foreignObject.*outlines"),
        (square('style="transform:rotate(0.5turn)"'), "places its parts by style"),
        ("<style>.a{clip-path:circle(2px)}</style>" + square('class="a"'), "clip-path: circle"),
        (f'<image href="data:image/avif;base64,{base64.b64encode(b"....ftypavif").decode()}"/>', "of a kind"),
        ("<rect></svg>", "cannot be read"),
    ],
)
def test_what_could_not_be_drawn_is_told_with_what_to_do(body, sentence):
    with pytest.raises(FileRefused, match=sentence):
        prepared(HEAD.format(1) + body + "</svg>")


@pytest.mark.parametrize(
    "body",
    [
        '<text font-family="Inter, sans-serif">ACME</text>',
        '<text style="font:700 60px Inter">ACME</text>',
        '<text font-family="Arial"> </text>',
        '<switch><foreignObject requiredExtensions="x"><i>for Illustrator</i></foreignObject><g/></switch>',
        '<foreignObject><div style="backdrop-filter:blur(5px)"></div></foreignObject>',
        "<style>@font-face{font-family:x;src:url(data:font/woff2;base64,AAAA)}</style>",
        "<metadata><who xmlns='urn:x'>ACME</who></metadata>",
    ],
)
def test_what_harms_no_drawing_is_no_reason_to_refuse_it(body):
    assert "svg" in prepared(HEAD.format(1) + body + "</svg>")


def test_an_svg_without_its_namespace_is_read_like_any_other():
    with pytest.raises(FileRefused, match="names no typeface"):
        prepared("<svg><text>ACME</text></svg>")


def test_a_style_sheet_beside_the_file_is_missed_aloud():
    with pytest.raises(FileRefused, match="from another file"):
        prepared('<?xml-stylesheet href="brand.css"?>' + HEAD.format(1) + "</svg>")
