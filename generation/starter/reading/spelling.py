"""A prompt as words that can be compared: without case, accents, and second ways to write a letter."""

import re
import unicodedata
from dataclasses import dataclass

# Marks stand by their ranges, as `re` has no class for them: accents, and the vowel signs of Arabic, of South
# Asian scripts and of Thai.
MARKS = (
    r"\u0300-\u036f\u0640\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    r"\u0981-\u0983\u09bc-\u09cd\u0b82-\u0bcd\u0e31-\u0e4e"
)
WORD = re.compile(rf"#(?:[0-9a-fA-F]{{6}}|[0-9a-fA-F]{{3}})\b|[^\W\d_](?:[^\W\d_]|[{MARKS}])*|\d+|[&+]")
GAP = re.compile(r"[-‐‑\s'’‘ʼ`´\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*")
SAME = str.maketrans({
    "œ": "oe", "æ": "ae", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ة": "ه", "ى": "ي", "ٱ": "ا", "ـ": None,
    "ک": "ك", "ی": "ي",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """text: folded; start, end: where it stands in the prompt; is_joined: only blanks, apostrophes or a
    hyphen separate it from the word before; script: "latin", "arabic" or "other"; is_accented: as English
    writes no word of its own.
    """

    text: str
    start: int
    end: int
    is_joined: bool
    script: str
    is_accented: bool


def words_of(text: str) -> list[Word]:
    """Words, numbers, hex colours, "&" and "+", in order: "t-shirt" is two words, "l'eau" as well."""
    found: list[Word] = []
    for match in WORD.finditer(text):
        between = text[found[-1].end : match.start()] if found else ","
        found.append(
            Word(
                text=folded(match.group()),
                start=match.start(),
                end=match.end(),
                is_joined=bool(GAP.fullmatch(between)),
                script=_script(match.group()),
                is_accented=not match.group().isascii(),
            )
        )
    return found


def folded(text: str) -> str:
    """For comparing: "Café" and "cafe", "weiß" and "weiss", "أحمر" and "احمر" are one."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(SAME)


def phrase_of(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(folded(text)))


def _script(text: str) -> str:
    if text.isascii():
        return "latin"
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()}
    if names <= {"LATIN", "FULLWIDTH", "FEMININE", "MASCULINE"}:
        return "latin"
    return "arabic" if names == {"ARABIC"} else "other"
