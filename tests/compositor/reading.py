"""What a rendering says, read back from its outlines: which letter stands where on the page."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import NamedTuple

import numpy as np

from generation.compositor import AdCopy, Box, Rendering, RenderSpec, render

HREF = "{http://www.w3.org/1999/xlink}href"
SVG = "{http://www.w3.org/2000/svg}"
Outline = tuple[str, np.ndarray]  # the path's commands, and its coordinates as shares of the largest
FIELDS = ("headline", "details", "button")  # set in the heading's and in the text's regular and bold type


class Letter(NamedTuple):
    """One letter and where its baseline begins, in the format's points."""

    letter: str
    x: float
    y: float


def read(creative: RenderSpec, field: str, alphabet: str) -> list[str]:
    """The lines of `field` from top to bottom, each from left to right; a letter outside `alphabet` is a ?.

    Raised and small letters count to the line that they stand beside.
    """
    rendering = render(creative, "svg")
    return ["".join(one.letter for one in line) for line in lines_of(letters_in(rendering, field, alphabet))]


def letters_in(rendering: Rendering, field: str, alphabet: str) -> list[Letter]:
    [box] = [box for box in rendering.boxes if box.field == field]
    return [one for one in letters_of(rendering, alphabet) if _is_in(one, box)]


def letters_of(rendering: Rendering, alphabet: str) -> list[Letter]:
    root = ET.fromstring(rendering.data)
    names = {name: _letter(outline, alphabet) for name, outline in _outlines(root).items()}
    return [Letter(names[name], x, y) for name, x, y in _uses(root, np.eye(3)) if name in names]


def lines_of(letters: list[Letter]) -> list[list[Letter]]:
    """Letters sorted into lines: a new one where the baseline jumps by more than it does within a price."""
    lines: list[list[Letter]] = []
    for one in sorted(letters, key=lambda one: one.y):
        beside = lines and abs(one.y - lines[-1][-1].y) < 0.01
        lines.append([]) if not beside else None
        lines[-1].append(one)
    return [sorted(line, key=lambda one: one.x) for line in lines]


def _is_in(one: Letter, box: Box) -> bool:
    left, top, right, bottom = box.area
    return left - 1 <= one.x <= right + 1 and top <= one.y <= bottom


def _uses(element: ET.Element, at: np.ndarray):
    at = at @ _matrix(element.get("transform", ""))
    if element.tag == f"{SVG}use":
        place = at @ (float(element.get("x", 0)), float(element.get("y", 0)), 1)
        yield element.get(HREF)[1:], float(place[0]), float(place[1])
    for child in element:
        if child.tag != f"{SVG}defs":
            yield from _uses(child, at)


def _matrix(transform: str) -> np.ndarray:
    made = np.eye(3)
    for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", transform):
        values = [float(number) for number in re.split(r"[ ,]+", numbers.strip())]
        step = np.eye(3)
        if name == "translate":
            step[:2, 2] = [*values, 0][:2]
        elif name == "matrix":
            step[:2] = np.array(values).reshape(3, 2).T
        else:
            step[0, 0], step[1, 1] = values[0], values[-1]
        made = made @ step
    return made


def _outlines(root: ET.Element) -> dict[str, Outline]:
    symbols = ((symbol.get("id"), symbol.find(f"{SVG}path")) for symbol in root.iter(f"{SVG}symbol"))
    return {name: _outline(path.get("d")) for name, path in symbols if path is not None}


def _outline(path: str) -> Outline:
    numbers = np.array([float(number) for number in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", path)])
    return re.sub(r"[^A-Za-z]", "", path), numbers / max(np.abs(numbers).max(initial=0), 1e-9)


def _letter(outline: Outline, alphabet: str) -> str:
    for letter in alphabet:
        for commands, numbers in _known(letter):
            alike = commands == outline[0] and len(numbers) == len(outline[1])
            if alike and np.allclose(numbers, outline[1], atol=0.004):
                return letter
    return "?"


@cache
def _known(letter: str) -> tuple[Outline, ...]:
    """The outlines of one letter, in each style that a layout sets."""
    found = []
    for field in FIELDS:
        words = {field: letter} | ({"headline": "."} if field != "headline" else {})
        page = RenderSpec(layout="minimal", format="instagram-square", ad_copy=AdCopy(**words))
        rendering = render(page, "svg")
        [box] = [box for box in rendering.boxes if box.field == field]
        root = ET.fromstring(rendering.data)
        inside = {name for name, x, y in _uses(root, np.eye(3)) if _is_in(Letter("", x, y), box)}
        found += [outline for name, outline in _outlines(root).items() if name in inside]
    return tuple(found)
