"""What a text may be read as by somebody who knows how words are hidden from a list.

Each way of hiding is undone by a function of its own, and the rules look at all readings together.
"""

import binascii
import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import unquote

MOST_READ = 20_000  # characters of a text; no field takes so many
LAYERS = 3  # of codes within codes
CODE = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){6,}")
ENDS_INSIDE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")  # theWordsOfATag
LETTER_OF_LATIN = re.compile(r".*(?:LATIN .*LETTER|SYMBOL LETTER) (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?")
LOOKALIKES = str.maketrans({
    # Cyrillic
    "а": "a", "в": "b", "е": "e", "ѕ": "s", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o",
    "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ҽ": "e",
    "ӏ": "l", "п": "n", "г": "r", "ь": "b", "ѵ": "v", "и": "u", "я": "r", "з": "3", "б": "6",
    # Greek
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "δ": "d", "ζ": "z",
    # Armenian, Cherokee in lower case, and Latin letters with names of their own
    "ա": "w", "ց": "g", "հ": "h", "ո": "n", "օ": "o", "ս": "u", "յ": "j", "ք": "p", "ռ": "n", "լ": "l",
    "ꭺ": "a", "ꮯ": "c", "ꭼ": "e", "ꮋ": "h", "ꮶ": "k", "ꮮ": "l", "ꮪ": "s", "ꭲ": "i", "ꮃ": "w", "ꮓ": "z",
    "ɑ": "a", "ɡ": "g", "ı": "i", "ɩ": "i", "ʟ": "l", "ꞵ": "b", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
    "ﬀ": "ff", "ʼ": "'", "’": "'", "ـ": "", "ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه",
})  # fmt: skip
# Digits and signs for letters. Some are used for two.
LEET = tuple(
    str.maketrans("0134567890@$!|€£+(", letters) for letters in ("oieasgtbpoasileltc", "olzasbtbgoasiieltc")
)
IN_LEET = re.compile(r"[^\W\d_][0-9@$|€£]|[0-9@$|€£][^\W\d_]|[^\W\d_][!+(]+[^\W\d_]")
SPELT = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){2,}")
LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Readings:
    """plain: the words as they stand. disguised: what they are without a disguise that somebody put on.
    doubtful: every word backwards, and every two neighbours as one, which plain texts have as well. glued:
    runs of letters whose words have no ends. In lower case, without accents, one blank between two words.
    """

    plain: str
    disguised: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()


def readings(text: str) -> Readings:
    """All that `text` may be read as."""
    text = text[:MOST_READ]
    clean = folded(text)
    plain = words(clean)
    disguised: dict[str, None] = {}
    glued: dict[str, None] = {}
    for layer in (clean, *(folded(found) for found in decoded(text))):
        spelt = [run.replace(" ", "") for run in map(words, SPELT.findall(layer))]
        for form in (layer, SPELT.sub(_joined, layer)):
            for undone in _undisguised(form):
                disguised[words(undone)] = None
        for run in spelt:
            glued |= dict.fromkeys(words(undone).replace(" ", "") for undone in _undisguised(run))
    disguised.pop(plain, None)
    backwards = " ".join(word[::-1] for word in plain.split())
    return Readings(plain, tuple(disguised), (backwards, _pairs(plain)), tuple(glued))


def folded(text: str) -> str:
    """In lower case, in letters that a keyboard has, without accents and what cannot be seen."""
    text = ENDS_INSIDE.sub(" ", html.unescape(text))
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = (
        char for char in text if unicodedata.category(char) not in ("Cf", "Mn", "Me", "Cc") or char in "\n\t"
    )
    return "".join(_latin(char) for char in "".join(seen).translate(LOOKALIKES))


def words(clean: str) -> str:
    """The words of a folded text, and its numbers, with one blank between."""
    return " ".join(WORD.findall(clean))


def decoded(text: str, layers: int = LAYERS) -> Iterator[str]:
    """What stands in codes in `text`: base64, hexadecimal, percent signs."""
    if layers == 0:
        return
    found = [unquote(text)] if "%" in text else []
    found += filter(None, map(_uncoded, CODE.findall(text)))
    for inner in found:
        if inner != text:
            yield inner
            yield from decoded(inner, layers - 1)


@cache
def _latin(char: str) -> str:
    if char.isascii():
        return char
    letter = LETTER_OF_LATIN.fullmatch(unicodedata.name(char, ""))
    return letter[1].lower() if letter else char


def _uncoded(code: str) -> str:
    """The text that a code holds, or nothing."""
    for decode in (_of_base64, _of_hexadecimal):
        try:
            text = decode(code).decode()
        except (binascii.Error, ValueError):
            continue
        letters = sum(char.isalpha() or char.isspace() for char in text)
        if letters > 0.7 * len(text) and len(text) > 3:
            return text
    return ""


def _of_base64(code: str) -> bytes:
    code = code.rstrip("=").replace("-", "+").replace("_", "/")
    return b64decode(code + "=" * (-len(code) % 4), validate=True)


def _of_hexadecimal(code: str) -> bytes:
    return bytes.fromhex(code.replace(":", " "))


def _undisguised(form: str) -> Iterator[str]:
    """A folded text, with letters for digits and signs, and with letters once that are written many times."""
    yield form
    forms = [form]
    if IN_LEET.search(form):
        forms += (form.translate(table) for table in LEET)
        yield from forms[1:]
    for each in forms:
        if LONG_RUN.search(each):
            yield LONG_RUN.sub(r"\1", each)
            yield LONG_RUN.sub(r"\1\1", each)


def _joined(run: re.Match[str]) -> str:
    """Letters that stand apart, together; a wider gap than the usual one parts two words."""
    gaps = re.findall(r"[\W_]+", run[0])
    usual = min(map(len, gaps))
    parts = re.split(rf"[\W_]{{{usual + 1},}}", run[0])
    return " ".join(re.sub(r"[\W_]", "", part) for part in parts)


def _pairs(plain: str) -> str:
    """Every two neighbours as one word: who parts a word in the middle has written two."""
    return " ".join(one + other for one, other in pairwise(plain.split()))
