"""People's words made ready for typesetting: cleaned, told by script, cut into what must stay together."""

import re
import unicodedata
from collections import Counter

from . import amounts, menu
from .amounts import CJK, ISOLATE, JOIN, RELEASE

LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
NO_BREAKS = "\u00a0\u202f"
# What is not seen and yet means something: joiners of Persian and emoji, places to break or not to, marks of
# direction. Overrides and embeddings of direction, with which words are made to deceive, are not among them.
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060"
HIDDEN = frozenset({"Cf", "Cs", "Co", "Cn"})
SELECTORS = range(0xFE00, 0xFE10)  # of a glyph's variant: nothing is drawn for them
TAGS = range(0xE0020, 0xE0080)
SCRIPTS = {
    "Arabic": "arabic",
    "Hebrew": "hebrew",
    "CJK": "cjk",
    "HIRAGANA": "cjk",
    "KATAKANA": "cjk",
    "HANGUL": "cjk",
}
HELD = f"{JOIN}{NO_BREAKS}{ISOLATE}{RELEASE}"  # no line begins with one
BREAKS = re.compile(
    rf"[ \n\u200b]+|(?<=[-/])(?![{HELD}\d])|(?<=[–—{CJK}])(?![{HELD}])|(?<![{HELD}])(?=[{CJK}])"
)
LONGEST_FIGURE = 12  # digits that are never broken, however narrow the column


def clean(text: str) -> str:
    """`text` as all words come in: in composed form, its spaces single, its lines kept.

    Whatever ends a line ends one, any other control character is a space; what hides or turns words is gone.
    Spaces that do not break are kept as they were typed.
    """
    composed = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    drawn = "".join(_kept(letter) for letter in composed)
    lines = (re.sub(r"[^\S\n]+", _one_space, line).strip() for line in drawn.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """`text` as it comes in, its lines joined: for names, titles and descriptions."""
    return re.sub(r"\n+", " ", clean(text))


def _kept(letter: str) -> str:
    if letter == "\n" or letter in UNSEEN:
        return letter
    kind = unicodedata.category(letter)
    return " " if kind == "Cc" else "" if kind in HIDDEN else letter


def _one_space(run: re.Match[str]) -> str:
    return run[0][0] if set(run[0]) <= set(NO_BREAKS) else " "


def bound(text: str, rtl: bool = False) -> str:
    """`text` with its amounts in one piece each, and its last word not alone where it is short.

    rtl: the page goes from right to left, and the digits of an amount are kept from doing so.
    """
    whole = amounts.kept_whole(text, rtl)
    return re.sub(r"(?<=\w{3}) (?=\S{1,7}$)", amounts.NO_BREAK, whole) if whole.count(" ") > 4 else whole


def is_drawn(letter: str) -> bool:
    """Whether a font must have a glyph for it."""
    hidden = letter in UNSEEN or ord(letter) in SELECTORS or ord(letter) in TAGS
    return not hidden and not letter.isspace()


def script(text: str) -> str:
    """What most letters of `text` are: latin (Greek and Cyrillic are set as it is), arabic, hebrew or cjk."""
    found = Counter(_script(letter) for letter in text if letter.isalpha())
    return found.most_common(1)[0][0] if found else "latin"


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "LATIN")
    return next((known for word, known in SCRIPTS.items() if name.startswith(word.upper())), "latin")


def script_name(letter: str) -> str:
    """A name that a person knows for the writing that `letter` is of, as Unicode has it."""
    name = unicodedata.name(letter, "UNKNOWN").split()[0]
    return {
        "CJK": "Chinese or Japanese",
        "HANGUL": "Korean",
        "HIRAGANA": "Japanese",
        "KATAKANA": "Japanese",
    }.get(name, name.capitalize())


def is_right_to_left(text: str, otherwise: bool = False) -> bool:
    """Whether the first letter that has a direction goes from right to left (Unicode's rule P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((way in ("R", "AL") for way in directions if way in ("L", "R", "AL")), otherwise)


def longest_parts(text: str, most: int = 4) -> list[str]:
    """The longest pieces that a line cannot break inside of."""
    return sorted(dict.fromkeys(filter(None, BREAKS.split(text))), key=len, reverse=True)[:most]


def breakable(text: str) -> str:
    """`text` with a place to break after every letter, for a word that is wider than its column."""
    letters = re.sub(r"(?<=[^\W\d])(?=\w)|(?<=\w)(?=[^\W\d])", "\u200b", text)
    return re.sub(rf"\d{{{LONGEST_FIGURE + 1},}}", lambda run: "\u200b".join(run[0]), letters)


def rows(details: str, rtl: bool = False) -> list[dict[str, str]]:
    """Lines of a menu, each with its price where it ends in one."""
    pairs = (menu.parted(line) for line in details.split("\n") if line)
    return [{"label": bound(label, rtl), "price": bound(price, rtl)} for label, price in pairs]
