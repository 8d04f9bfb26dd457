"""People's words made ready for typesetting: cleaned, told by script, cut into what must stay together."""

import re
import unicodedata
from collections import Counter

JOINERS = "\u200c\u200d"  # Persian and emoji mean something by them
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
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
CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
BREAKS = re.compile(rf"[ \n\u200b]+|(?<=[-–—/])|(?<=[{CJK}])|(?=[{CJK}])")
UNITS = "%|€|£|\\$|kr|kg|g|l|cl|ml|cm|mm|am|pm|Uhr|h|min"
PRICE = re.compile(r"(?P<before>\D*?)\s?(?P<whole>\d{1,6})[.,](?P<cents>\d{2})(?!\d)\s?(?P<after>\D*)")
DAY = re.compile(r"(?P<before>\D*?)(?<!\d)(?P<day>\d{1,2})(?![\d:]|\.\d)(?:st|nd|rd|th)?\b\.?(?P<after>.*)")
ROW = re.compile(r"(?P<label>.+?)[\s.…·–—:]+(?P<price>\D{0,3}\s?\d[\d.,]*\s?\D{0,3})")


def clean(text: str) -> str:
    """`text` in composed form, without control and format characters, its spaces single, its lines kept."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    drawn = "".join(
        letter
        for letter in composed
        if letter == "\n" or letter in JOINERS or unicodedata.category(letter) not in HIDDEN
    )
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in drawn.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def bound(text: str) -> str:
    """`text` with spaces that do not break between a number and its unit, and before a short last word."""
    units = re.sub(rf"(?<=\d) (?=(?:{UNITS})(?!\w))", "\u00a0", text)
    return re.sub(r"(?<=\w{3}) (?=\S{1,7}$)", "\u00a0", units) if units.count(" ") > 4 else units


def is_drawn(letter: str) -> bool:
    """Whether a font must have a glyph for it."""
    hidden = letter in JOINERS or ord(letter) in SELECTORS or ord(letter) in TAGS
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


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction goes from right to left (Unicode's rule P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((way in ("R", "AL") for way in directions if way in ("L", "R", "AL")), False)


def longest_parts(text: str, most: int = 4) -> list[str]:
    """The longest pieces that a line cannot break inside of."""
    return sorted(dict.fromkeys(filter(None, BREAKS.split(text))), key=len, reverse=True)[:most]


def breakable(text: str) -> str:
    """`text` with a place to break after every letter, for a word that is wider than its column."""
    return re.sub(r"(?<=\w)(?=\w)", "\u200b", text)


def price_parts(price: str) -> dict[str, str] | None:
    """A price with cents in its parts, so that a layout can raise them; None where it has none."""
    found = PRICE.fullmatch(price)
    return {name: part.strip() for name, part in found.groupdict().items()} if found else None


def date_parts(date: str) -> dict[str, str] | None:
    """A date around its day of the month: `Sat 12 December, 7 pm` has Sat, 12 and the rest."""
    found = DAY.fullmatch(date.replace("\n", " "))
    return {name: part.strip(" ,.") for name, part in found.groupdict().items()} if found else None


def rows(details: str) -> list[dict[str, str]]:
    """Lines of a menu, each with its price where it ends in one."""
    found = ((line, ROW.fullmatch(line)) for line in details.split("\n") if line)
    return [
        {"label": row["label"], "price": row["price"].strip()} if row else {"label": line, "price": ""}
        for line, row in found
    ]
