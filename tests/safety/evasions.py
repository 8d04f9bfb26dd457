"""Ways to write a text that a reader still reads, and a list of words does not: text -> text, by chance.

Every one of them changes a text that has a word of three letters, in Latin or in Arabic letters.
"""

import re
import unicodedata
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

Evasion = Callable[[str, Random], str]
WORD = re.compile(r"\w+")


def table(rows: str) -> dict[str, str]:
    """Each row is a letter and all that may stand for it."""
    return {row[0]: row[1:] for row in rows.split()}


LOOK_ALIKES = table(
    "aаɑα bƄ cсϲ dԁ eеҽ gɡց hһ iіι jј kκк lӏ mм nոп oоοօ pрρ qԛ rг sѕ tτт uսυ vѵν wԝ xхχ yуγ zᴢ "
    "AАΑ BВΒ CС EЕΕ HНΗ IІΙ KКΚ MМΜ NΝ OОΟ PРΡ SЅ TТΤ XХΧ YΥҮ ZΖ "
    "اٱ بٮ ةۃ كکڪ نں هہھە يیې ىی"
)
# Of the Arabic letters, as people type them on a Latin keyboard.
LEET = table("a4@ b8 e3 g9 i1! l1| o0 s5$ t7+ z2 ع3 ح7 خ5 ط6 ص9 ا1 أ2")
# Letters with the same sound; those that could be read as two others stay as they are.
OTHER_SCRIPTS = table(
    "aаα bбβ dдδ eеε fфφ gгγ iиι kкκ lлλ mмμ nнν oоο pпπ rрρ sсσ tтτ uу zзζ "
    "اא بב جג دד رר زז سס شש عע فפ قק لל مמ نנ هה وו يי تת"
)
# What Unicode does not take apart, and what people leave out of Arabic.
UNACCENTED = str.maketrans("łŁأإآةى", "lLاااهي") | str.maketrans({"ß": "ss", "œ": "oe"})
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
MARKS = {"latin": "\u0301\u0308\u0323\u0332\u0336\u0338", "arabic": "\u064b\u064e\u064f\u0650\u0651\u0652"}
TATWEEL = "\u0640"
SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢ", strict=True))
STYLES = ("BOLD", "BOLD ITALIC", "BOLD SCRIPT", "BOLD FRAKTUR", "DOUBLE-STRUCK", "SANS-SERIF", "MONOSPACE")


def swapped(text: str, table: Mapping[str, Sequence[str]], chance: Random, share: float) -> str:
    """A share of the letters that the table has, one at least, each by one of its others."""
    places = [place for place, letter in enumerate(text) if letter in table]
    letters = list(text)
    for place in chance.sample(places, min(len(places), max(1, round(share * len(places))))):
        letters[place] = chance.choice(table[letters[place]])
    return "".join(letters)


def each_word(text: str, change: Callable[[str], str]) -> str:
    return WORD.sub(lambda found: change(found.group()), text)


def is_arabic(letter: str) -> bool:
    return "\u0600" <= letter <= "\u06ff"


def homoglyphs(text: str, chance: Random) -> str:
    return swapped(text, LOOK_ALIKES, chance, chance.choice((0.3, 0.6, 1)))


def leetspeak(text: str, chance: Random) -> str:
    return swapped(text.lower(), LEET, chance, chance.choice((0.5, 1)))


def mixed_scripts(text: str, chance: Random) -> str:
    return swapped(text.lower(), OTHER_SCRIPTS, chance, 0.5)


def zero_width(text: str, chance: Random) -> str:
    signs = chance.choice((INVISIBLE[0], INVISIBLE))
    return each_word(text, lambda word: "".join(letter + chance.choice(signs) for letter in word))


def spaced(text: str, chance: Random) -> str:
    space = chance.choice((" ", " ", "\u00a0", "\u2009"))
    return "   ".join(space.join(word) for word in text.split())


def dotted(text: str, chance: Random) -> str:
    between = chance.choice((".", "-", "_", "*", "/", "|", "·"))
    return each_word(text, between.join)


def base64(text: str, chance: Random) -> str:
    turned = chance.choice((b64encode, urlsafe_b64encode))(text.encode()).decode()
    return turned.rstrip("=") if chance.random() < 0.3 else turned


def reversed_words(text: str, chance: Random) -> str:
    if chance.random() < 0.5:
        return text[::-1]
    return each_word(text, lambda word: word if word.isdigit() else word[::-1])  # an age stays what it is


def full_width(text: str, chance: Random) -> str:
    """As wide as a Chinese character; of Arabic, the forms that a letter has by itself."""
    return "".join(wide_forms().get(letter, letter) for letter in unicodedata.normalize("NFC", text))


@cache
def wide_forms() -> dict[str, str]:
    forms = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
    for code in range(0xFE80, 0xFEF5):
        kind, *letters = unicodedata.decomposition(chr(code)).split()
        if kind == "<isolated>":
            forms[chr(int(letters[0], 16))] = chr(code)
    return forms


def combining_marks(text: str, chance: Random) -> str:
    most = chance.choice((1, 1, 3))

    def marked(letter: str) -> str:
        marks = MARKS["arabic" if is_arabic(letter) else "latin"]
        return letter + "".join(chance.choice(marks) for _ in range(chance.randint(1, most)))

    return each_word(text, lambda word: "".join(map(marked, word)))


def repeated_letters(text: str, chance: Random) -> str:
    def long(word: str) -> str:
        places = [place for place, letter in enumerate(word) if letter.isalpha()]
        if not places:
            return word
        place = chance.choice(places)
        again = TATWEEL if is_arabic(word[place]) and chance.random() < 0.5 else word[place]
        return word[: place + 1] + again * chance.randint(2, 4) + word[place + 1 :]

    return each_word(text, long)


def styled_letters(text: str, chance: Random) -> str:
    """In the letters of formulas, in circles, or in small capitals."""
    style = chance.choice((*STYLES, "circled", "small capitals"))
    forms = arabic_formula() | (SMALL_CAPITALS if style == "small capitals" else styled(style))
    return "".join(forms.get(letter, letter) for letter in unaccented(text).lower())


@cache
def styled(style: str) -> dict[str, str]:
    name = "CIRCLED LATIN SMALL LETTER" if style == "circled" else f"MATHEMATICAL {style} SMALL"
    return {letter: unicodedata.lookup(f"{name} {letter}") for letter in "abcdefghijklmnopqrstuvwxyz"}


@cache
def arabic_formula() -> dict[str, str]:
    forms = {chr(code): unicodedata.decomposition(chr(code)) for code in range(0x1EE00, 0x1EE1C)}
    return {chr(int(form.split()[1], 16)): sign for sign, form in forms.items() if form}


def unaccented(text: str) -> str:
    """Without accents and short vowels, as in haste, or on a keyboard that lacks them."""
    apart = "".join(letter if is_arabic(letter) else unicodedata.normalize("NFD", letter) for letter in text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(UNACCENTED)


def joined_words(text: str, chance: Random) -> str:
    """A hashtag, or a word as of a file's name."""
    words = WORD.findall(text)
    if chance.random() < 0.5:
        return "#" + "".join(word.capitalize() for word in words)
    return chance.choice(("", "_")).join(words) + chance.choice((".png", ".jpg", "_final"))


def masked_letters(text: str, chance: Random) -> str:
    """One letter of each longer word is hidden, never the first or the last."""
    sign = chance.choice(("*", "*", "_", "#", "?"))

    def masked(word: str) -> str:
        places = [place for place, letter in enumerate(word[:-1]) if place and letter.isalpha()]
        if not places:
            return word
        place = chance.choice(places)
        return word[:place] + sign + word[place + 1 :]

    return each_word(text, masked)


def escapes(text: str, chance: Random) -> str:
    """As a page, an address or a program would write it."""
    way = chance.choice(("&#{};", "&#x{:x};", "\\u{:04x}", "%"))
    if way == "%":
        return "".join(f"%{byte:02X}" for byte in text.encode())
    return each_word(text, lambda word: "".join(way.format(ord(letter)) for letter in word))


def halves(text: str, chance: Random) -> tuple[str, str]:
    """For two fields: cut between two words, or in the middle of the longest."""
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    if spaces and chance.random() < 0.5:
        place = chance.choice(spaces)
    else:
        longest = max(WORD.finditer(text), key=lambda found: len(found.group()))
        place = longest.start() + max(1, len(longest.group()) // 2)
    return text[:place].rstrip(), text[place:].lstrip()


EVASIONS: dict[str, Evasion] = {
    "homoglyphs": homoglyphs,
    "leetspeak": leetspeak,
    "zero width": zero_width,
    "spaced": spaced,
    "dotted": dotted,
    "base64": base64,
    "reversed": reversed_words,
    "full width": full_width,
    "combining marks": combining_marks,
    "repeated letters": repeated_letters,
    "mixed scripts": mixed_scripts,
    "styled letters": styled_letters,
    "joined words": joined_words,
    "masked letters": masked_letters,
    "escapes": escapes,
}
# Not text -> text: `halves` in two fields.
SPLIT = "split over two fields"
# What loses its sense when only a word of the text is written so.
OF_THE_WHOLE = ("joined words",)
