"""Letters that stand for others: of another script, as digits and signs, turned over."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import islice, product

MOST_FORMS = 12  # of one word
SHORTEST_DOUBLED = 6  # letters of a word that has each of them twice
LETTER_OF_LATIN = re.compile(r".*(?:LATIN .*LETTER|SYMBOL LETTER) (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?")
# Capitals that look like others than their small letters do, and what Unicode folds into another letter.
CAPITALS = str.maketrans("ΝΗΥΜΡΧΒϲϹҮΙΖ", "NHYMPXBcCYIZ")
LOOKALIKES = str.maketrans({
    # Cyrillic
    "а": "a", "в": "b", "е": "e", "ѕ": "s", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o",
    "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ҽ": "e",
    "ӏ": "l", "п": "n", "г": "r", "ь": "b", "ѵ": "v", "и": "u", "я": "r", "з": "3", "б": "6", "ү": "y",
    # Greek
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "δ": "d", "ζ": "z", "λ": "l",
    # Armenian, Cherokee in lower case, and Latin letters with names of their own
    "ա": "w", "ց": "g", "հ": "h", "ո": "n", "օ": "o", "ս": "u", "յ": "j", "ք": "p", "ռ": "n", "լ": "l",
    "ꭺ": "a", "ꮯ": "c", "ꭼ": "e", "ꮋ": "h", "ꮶ": "k", "ꮮ": "l", "ꮪ": "s", "ꭲ": "i", "ꮃ": "w", "ꮓ": "z",
    "ɑ": "a", "ɡ": "g", "ı": "i", "ɩ": "i", "ʟ": "l", "ꞵ": "b", "ƅ": "b", "ß": "ss", "æ": "ae", "œ": "oe",
    "þ": "th", "ﬀ": "ff", "ʼ": "'", "’": "'",
    # Arabic: of Persian, of Urdu, without dots
    "ـ": "", "ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه", "ٱ": "ا", "ٮ": "ب", "ۃ": "ه", "ں": "ن", "ھ": "ه",
    "ہ": "ه", "ە": "ه", "ې": "ي", "ڪ": "ك", "ۀ": "ه", "ۂ": "ه",
})  # fmt: skip
# Pictures that are written for the letters they look like; a plain text has them as pictures.
PICTURED = str.maketrans({
    "🔺": "a", "🔼": "a", "☪": "c", "©": "c", "↩": "d", "📧": "e", "🎏": "f", "♓": "h", "ℹ": "i",
    "🗾": "j", "🎷": "j", "🎋": "k", "👢": "l", "♏": "m", "Ⓜ": "m", "♑": "n", "⭕": "o", "🔴": "o",
    "⚪": "o", "🌀": "o", "🕒": "o", "®": "r", "💲": "s", "⚡": "s", "✝": "t", "☦": "t", "⛎": "u",
    "♈": "y", "〰": "w", "❌": "x", "✖": "x", "💹": "y", "💤": "z",
})  # fmt: skip
SOUNDS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "і": "i", "ј": "j",
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "u", "φ": "f", "χ": "h", "ψ": "ps", "ω": "o",
    "א": "ا", "ב": "ب", "ג": "ج", "ד": "د", "ה": "ه", "ו": "و", "ז": "ز", "ח": "ح", "ט": "ط", "י": "ي",
    "כ": "ك", "ך": "ك", "ל": "ل", "מ": "م", "ם": "م", "נ": "ن", "ן": "ن", "ס": "س", "ע": "ع", "פ": "ف",
    "ף": "ف", "צ": "ص", "ץ": "ص", "ק": "ق", "ר": "ر", "ש": "ش", "ת": "ت",
})  # fmt: skip
# Digits and signs for letters; those that are used for several have them all.
LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "gp",
    "@": "a", "$": "s", "!": "il", "|": "li", "€": "e", "£": "l", "+": "t", "(": "c", "¡": "i", "¢": "c",
}  # fmt: skip
ARABIC_LEET = str.maketrans("3756912", "عحخطصاا")
TURNED = str.maketrans("ɐɔǝɟƃɓɥᴉıɾʞlɯɹʇʌʍʎ", "acefgghiijklmrtvwy")
IS_TURNED = re.compile(r"[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ].*[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]", re.DOTALL)
OVER = str.maketrans("bdpqnu", "qpdbun")  # of those that are a letter when turned
LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
ARABIC = re.compile(r"[\u0621-\u064a]")


@cache
def latin(char: str) -> str:
    """The letter of Latin that another is a form of, or the same."""
    if char.isascii():
        return char
    letter = LETTER_OF_LATIN.fullmatch(unicodedata.name(char, ""))
    return letter[1].lower() if letter and char not in "ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ" else char


def turned_back(text: str) -> str:
    """A text that was turned over, from its end."""
    return text[::-1].translate(OVER).translate(TURNED)


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[str, ...]:
    """What a word may be without odd letters, digits and signs; the first is the word as it looks."""
    if len(word) >= SHORTEST_DOUBLED and word[::2] == word[1::2]:
        word = word[::2]
    if word.isascii() and word.isalpha() and not LONG_RUN.search(word):
        return (word,)
    bare = dict.fromkeys((word.translate(LOOKALIKES), word.translate(SOUNDS).translate(LOOKALIKES)))
    if not word.isdigit():
        bare = dict.fromkeys(form for each in bare for form in _unleet(each))
    return tuple(dict.fromkeys(form for each in bare for form in _short(each)))


def _unleet(word: str) -> tuple[str, ...]:
    """With a letter for each digit and sign."""
    if word.isalpha():
        return (word,)
    if ARABIC.search(word):
        return (word.translate(ARABIC_LEET),)
    every = product(*(LEET.get(char, char) for char in word))
    return tuple("".join(letters) for letters in islice(every, MOST_FORMS))


def _short(word: str) -> tuple[str, ...]:
    """With letters once or twice that are written many times."""
    runs = LONG_RUN.split(word)  # text, letter, text, letter, text
    if len(runs) == 1:
        return (word,)
    every = product(*((part, part * 2) if at % 2 else (part,) for at, part in enumerate(runs)))
    return (word, *("".join(parts) for parts in islice(every, MOST_FORMS)))
