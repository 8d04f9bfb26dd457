"""SVGs that ask for much, or for what is not theirs."""

import base64
import gzip
import random
from collections.abc import Callable

from .pictures import GREY_ALPHA, png

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BEGIN = f'<svg {NAMES} viewBox="0 0 200 100">'
BLOCK = '<rect width="200" height="100" fill="#0f766e"/>'


def _svg(inside: str, before: str = "") -> bytes:
    return f"{before}{BEGIN}{inside}</svg>".encode()


def laughs(chance: random.Random) -> bytes:
    times = chance.choice((2, 10))
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * times}">' for n in range(1, 30))
    return _svg("<text>&a29;</text>", f'<!DOCTYPE svg [<!ENTITY a0 "ha">{entities}]>')


def other_files(chance: random.Random) -> bytes:
    address = chance.choice(
        ("file:///etc/passwd", "/etc/passwd", "secret_key", "http://127.0.0.1:5432/", "//x/y")
    )
    inside = chance.choice(
        (
            f'<image xlink:href="{address}" width="200" height="100"/>',
            f'<use xlink:href="{address}#a"/>',
            f'<style>@import url("{address}");</style>{BLOCK}',
            f'<filter id="f"><feImage href="{address}"/></filter><rect filter="url(#f)"/>',
        )
    )
    return _svg(inside, f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{address}">]>' if chance.random() < 0.3 else "")


def uses(chance: random.Random) -> bytes:
    times, deep = chance.choice(((10, 9), (2, 30), (50, 4)))
    groups = "".join(
        f'<g id="a{n}">' + f'<use href="#a{n - 1}" x="1"/>' * times + "</g>" for n in range(1, deep)
    )
    block = BLOCK.replace("<rect", '<rect id="a0"')
    return _svg(f'<defs>{block}{groups}</defs><use href="#a{deep - 1}"/>')


def circle(chance: random.Random) -> bytes:
    """What refers to itself, over one or two corners."""
    inside = chance.choice(
        (
            '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
            '<pattern id="a" width="1" height="1" fill="url(#a)"><rect fill="url(#a)" width="9" height="9"/>'
            '</pattern><rect fill="url(#a)" width="99" height="99"/>',
            '<mask id="a" mask="url(#a)"><rect mask="url(#a)" width="9" height="9"/></mask>'
            '<rect mask="url(#a)" width="99" height="99"/>',
        )
    )
    return _svg(inside)


def filters(chance: random.Random) -> bytes:
    kind = chance.choice(
        (
            '<feTurbulence baseFrequency="0.9" numOctaves="900000"/>',
            '<feGaussianBlur stdDeviation="9000"/>' * 200,
            '<feMorphology operator="dilate" radius="900"/>' * 50,
            '<feConvolveMatrix order="300" kernelMatrix="' + "1 " * 90_000 + '"/>',
        )
    )
    area = chance.choice(("", 'x="-100" y="-100" width="10000" height="10000"'))
    return _svg(f'<filter id="f" {area}>{kind}</filter><rect filter="url(#f)" width="200" height="100"/>')


def deep(chance: random.Random) -> bytes:
    depth = chance.choice((500, 20_000, 300_000))
    tag = chance.choice(
        ("g", "svg", 'g opacity="0.5"', 'g style="isolation:isolate;mix-blend-mode:multiply"')
    )
    return _svg(f"<{tag}>" * depth + BLOCK + f"</{tag.split()[0]}>" * depth)


def view_box(chance: random.Random) -> bytes:
    box = chance.choice(("0 0 1e30 1e30", "0 0 1e-30 1e-30", "0 0 0 0", "-1e9 0 2e9 1", "0 0 nan inf"))
    return f'<svg {NAMES} viewBox="{box}" width="1e9" height="1e9">{BLOCK}</svg>'.encode()


def many_shapes(chance: random.Random) -> bytes:
    shape = chance.choice(
        (
            '<circle r="90" cx="100" cy="50" fill="red" opacity="0.01"/>',
            '<path d="M0 0' + "L200 100L0 100" * 200 + '" stroke="red" stroke-dasharray="0.001"/>',
            '<text font-size="90">Sale</text>',
        )
    )
    return _svg(shape * (chance.choice((300_000, 3_000_000)) // len(shape)))


def long_path(chance: random.Random) -> bytes:
    points = "".join(
        f"L{chance.randrange(200)} {chance.randrange(100)}" for _ in range(chance.choice((9_000, 90_000)))
    )
    dashes = chance.choice(("", 'stroke="red" stroke-width="0.1" stroke-dasharray="0.01 0.01"'))
    return _svg(f'<path d="M0 0{points}" fill-rule="evenodd" {dashes}/>')


def embedded(chance: random.Random) -> bytes:
    """A picture of many pixels inside, once or a hundred times."""
    side = chance.choice((4000, 12_000))
    picture = base64.b64encode(png(side, side, GREY_ALPHA)).decode()
    image = f'<image xlink:href="data:image/png;base64,{picture}" width="200" height="100"/>'
    return _svg(image * min(100, 9_000_000 // len(image)))


def drawing_inside(chance: random.Random) -> bytes:
    """An SVG inside an SVG inside an SVG."""
    inner = _svg(BLOCK)
    for _ in range(chance.choice((3, 12))):
        inner = _svg(
            f'<image xlink:href="data:image/svg+xml;base64,{base64.b64encode(inner).decode()}"/>' * 2
        )
        if len(inner) > 6_000_000:
            break
    return inner


def packed(chance: random.Random) -> bytes:
    return gzip.compress(_svg("<!--" + " " * chance.choice((1_000_000, 20_000_000)) + "-->"), 1)


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "SVG that laughs": laughs,
    "SVG of other files": other_files,
    "SVG of uses": uses,
    "SVG in circles": circle,
    "SVG of filters": filters,
    "SVG of depth": deep,
    "SVG of a view box": view_box,
    "SVG of shapes": many_shapes,
    "SVG of one path": long_path,
    "SVG with pictures": embedded,
    "SVG in an SVG": drawing_inside,
    "packed SVG": packed,
}
