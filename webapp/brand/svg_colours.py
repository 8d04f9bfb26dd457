"""Colours as CSS writes them, made into what the SVG renderer reads: #rrggbb, #rrggbbaa, a few keywords.

After CSS Color 4 (https://www.w3.org/TR/css-color-4/, sections 8 to 18). Outside sRGB they are clipped.
"""

import colorsys
import math
import re
from collections.abc import Callable

import numpy as np
from PIL import ImageColor

from generation.compositor.srgb import encoded, hexed, linear

KEYWORDS = {
    word.lower(): word for word in ("none", "inherit", "currentColor", "context-fill", "context-stroke")
}
# Browsers draw these; here they would be black.
NOT_READ = re.compile(
    r"(?:color-mix|light-dark|device-cmyk|color|rgba?|hsla?|hwb|(?:ok)?l(?:ab|ch)|color-contrast|env|attr)\(|"
    r"(?:canvas|canvastext|linktext|visitedtext|activetext|buttonface|buttontext|buttonborder|field|fieldtext|"
    r"highlight|highlighttext|selecteditem|selecteditemtext|mark|marktext|graytext|accentcolor|accentcolortext)$",
    re.IGNORECASE,
)
HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
CALL = re.compile(r"([a-z-]+)\(([^()]*)\)", re.IGNORECASE)
NUMBER = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)(%|deg|grad|rad|turn)?", re.IGNORECASE)
TURNS = {"deg": 1.0, "": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
# fmt: off
# Linear red, green and blue to XYZ under D65, by colour space; from D50 by the Bradford adaptation.
TO_XYZ = {
    "srgb": [
        [0.41239080, 0.35758434, 0.18048079], [0.21263901, 0.71516868, 0.07219232],
        [0.01933082, 0.11919478, 0.95053215],
    ],
    "display-p3": [
        [0.48657095, 0.26566769, 0.19821729], [0.22897456, 0.69173852, 0.07928691],
        [0.0, 0.04511338, 1.04394437],
    ],
    "a98-rgb": [
        [0.57666904, 0.18555824, 0.18822865], [0.29734498, 0.62736357, 0.07529146],
        [0.02703136, 0.07068885, 0.99133754],
    ],
    "rec2020": [
        [0.63695805, 0.14461690, 0.16888098], [0.26270021, 0.67799807, 0.05930172],
        [0.0, 0.02807269, 1.06098506],
    ],
    "prophoto-rgb": [
        [0.79776664, 0.13518130, 0.03134773], [0.28807483, 0.71183523, 0.00008994], [0.0, 0.0, 0.82510460],
    ],
}
D50_TO_D65 = np.array([
    [0.95547342, -0.02309845, 0.06325924], [-0.02836971, 1.00999540, 0.02104144],
    [0.01231401, -0.02050765, 1.33036594],
])
D50 = np.array([0.96429568, 1.0, 0.82510460])
OKLAB_TO_LMS = np.array([
    [1.0, 0.39633778, 0.21580376], [1.0, -0.10556135, -0.06385417], [1.0, -0.08948418, -1.29148555],
])
LMS_TO_XYZ = np.array([
    [1.22687988, -0.55781500, 0.28139105], [-0.04057575, 1.11228680, -0.07171106],
    [-0.07637294, -0.42149333, 1.58692402],
])
# fmt: on


def plain(value: str) -> str | None:
    """One colour or paint as the renderer reads it; None for what is not read here or is no colour."""
    value = " ".join(value.split())
    low = value.lower()
    if low in KEYWORDS:
        return KEYWORDS[low]
    if low.startswith("url("):
        address, _, fallback = value.partition(")")
        other = plain(fallback) if fallback.strip() else ""
        return f"{address}) {other}".rstrip() if other is not None else f"{address})"
    if (
        " icc-color(" in low or " device-cmyk(" in low
    ):  # SVG 1.1: the colour in sRGB, then the same for a printer
        return plain(re.split(" (?:icc-color|device-cmyk)", value, flags=re.IGNORECASE)[0])
    if HEX.fullmatch(low):
        return low
    if low == "transparent":
        return "#00000000"
    if low in ImageColor.colormap:
        return "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(low))
    return _called(low)


def _called(value: str) -> str | None:
    found = CALL.fullmatch(value)
    read = READERS.get(found[1]) if found else None
    if found is None or read is None:
        return None
    try:
        values, alpha = _arguments(found[2])
        return _hex(read(values), alpha)
    except (ValueError, KeyError, IndexError, OverflowError):
        return None


def _arguments(inside: str) -> tuple[list[str], float]:
    """The words of a function's argument, and its alpha: behind a slash, or as the fourth behind commas."""
    before, slash, after = inside.partition("/")
    values = before.replace(",", " ").split()
    if not slash and "," in before and len(values) == 4:
        *values, after = values
    return values, _number(after.strip(), 1.0) if after.strip() else 1.0


def _number(word: str, whole: float) -> float:
    """A number, or that share of `whole`."""
    if word == "none":
        return 0.0
    found = NUMBER.fullmatch(word)
    if found is None or (found[2] or "%") != "%":
        raise ValueError(word)
    return float(found[1]) * (whole / 100 if found[2] else 1.0)


def _angle(word: str) -> float:
    found = NUMBER.fullmatch("0" if word == "none" else word)
    if found is None:
        raise ValueError(word)
    return float(found[1]) * TURNS[found[2] or ""]


def _rgb(values: list[str]) -> np.ndarray:
    red, green, blue = (_number(word, 255) / 255 for word in values)
    return np.array([red, green, blue])


def _hsl(values: list[str]) -> np.ndarray:
    hue, saturation, light = _angle(values[0]), *(_number(word, 100) / 100 for word in values[1:])
    return np.array(colorsys.hls_to_rgb(hue / 360 % 1, min(max(light, 0), 1), min(max(saturation, 0), 1)))


def _hwb(values: list[str]) -> np.ndarray:
    hue, white, black = _angle(values[0]), *(_number(word, 100) / 100 for word in values[1:])
    if white + black >= 1:
        return np.full(3, white / (white + black))
    return np.array(colorsys.hls_to_rgb(hue / 360 % 1, 0.5, 1)) * (1 - white - black) + white


def _lab(values: list[str]) -> np.ndarray:
    return _from_lab(_number(values[0], 100), _number(values[1], 125), _number(values[2], 125))


def _lch(values: list[str]) -> np.ndarray:
    return _from_lab(_number(values[0], 100), *_polar(_number(values[1], 150), _angle(values[2])))


def _oklab(values: list[str]) -> np.ndarray:
    return _from_oklab(_number(values[0], 1), _number(values[1], 0.4), _number(values[2], 0.4))


def _oklch(values: list[str]) -> np.ndarray:
    return _from_oklab(_number(values[0], 1), *_polar(_number(values[1], 0.4), _angle(values[2])))


def _polar(chroma: float, hue: float) -> tuple[float, float]:
    return chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))


def _from_lab(light: float, a: float, b: float) -> np.ndarray:
    middle = (light + 16) / 116
    cubes = np.array([middle + a / 500, middle, middle - b / 200])
    share = np.where(cubes**3 > 216 / 24389, cubes**3, (116 * cubes - 16) * 27 / 24389)
    return _from_xyz(D50_TO_D65 @ (share * D50))


def _from_oklab(light: float, a: float, b: float) -> np.ndarray:
    return _from_xyz(LMS_TO_XYZ @ (OKLAB_TO_LMS @ np.array([light, a, b])) ** 3)


def _color(values: list[str]) -> np.ndarray:
    space, *parts = values
    numbers = np.array([_number(word, 1) for word in parts])
    if len(numbers) != 3:
        raise ValueError(values)
    if space in ("xyz", "xyz-d65", "xyz-d50"):
        return _from_xyz(D50_TO_D65 @ numbers if space == "xyz-d50" else numbers)
    if space == "srgb-linear":
        return _from_xyz(np.array(TO_XYZ["srgb"]) @ numbers)
    xyz = np.array(TO_XYZ[space]) @ (np.sign(numbers) * LINEAR[space](np.abs(numbers)))
    return _from_xyz(D50_TO_D65 @ xyz if space == "prophoto-rgb" else xyz)


def _from_xyz(xyz: np.ndarray) -> np.ndarray:
    return encoded(np.linalg.solve(np.array(TO_XYZ["srgb"]), xyz).clip(0, 1))


def _linear_rec2020(part: np.ndarray) -> np.ndarray:
    return np.where(part < 0.08124286, part / 4.5, ((part + 0.09929683) / 1.09929683) ** (1 / 0.45))


def _hex(rgb: np.ndarray, alpha: float) -> str:
    return hexed((*rgb, alpha) if alpha < 1 else rgb)


LINEAR: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "srgb": linear,
    "display-p3": linear,
    "a98-rgb": lambda part: part ** (563 / 256),
    "rec2020": _linear_rec2020,
    "prophoto-rgb": lambda part: np.where(part > 16 / 512, part**1.8, part / 16),
}
READERS: dict[str, Callable[[list[str]], np.ndarray]] = {
    "rgb": _rgb,
    "rgba": _rgb,
    "hsl": _hsl,
    "hsla": _hsl,
    "hwb": _hwb,
    "lab": _lab,
    "lch": _lch,
    "oklab": _oklab,
    "oklch": _oklch,
    "color": _color,
}
