"""Codes within a text, read in their place: base64, hexadecimal, escapes, Morse and the like."""

import binascii
import html
import re
from base64 import b32decode, b64decode
from collections.abc import Callable
from functools import partial
from urllib.parse import unquote

LAYERS = 3  # of codes within codes
ESCAPE = re.compile(
    r"\\U([0-9a-fA-F]{8})|\\u\{?([0-9a-fA-F]{2,6})\}?|\\x\{?([0-9a-fA-F]{2})\}?|[uU]\+([0-9a-fA-F]{4,6})"
    r"|%u([0-9a-fA-F]{4})|\\([0-3][0-7]{2})"
)
MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,40}>|<!--.{0,40}?-->|/\*.{0,40}?\*/")
LETTERS_IN_MARKUP = re.compile(r"(?:<[^\W\d_]>){3,}")
OVERRIDE = re.compile("\u202e([^\u202c\n]*)\u202c?")  # of the direction: what is seen runs from its end
# As prompts of many programs make a word count for more: "(a cake:1.3)".
WEIGHT = re.compile(r"\(([^()]*?):\s*[+-]?\d*\.?\d+\s*\)")
HEXADECIMAL = re.compile(r"(?:(?:0x)?[0-9a-fA-F]{2}[ :,]?){4,}")
BINARY = re.compile(r"(?:[01]{7,8}[ ,]*){3,}")
DECIMAL = re.compile(r"(?:\b(?:3[2-9]|[4-9]\d|1\d\d|2[0-4]\d)\b[ ,;]*){4,}")
BASE64 = re.compile(
    r"[A-Za-z0-9+/_-]{8,}={0,2}|(?<!\S)(?=\S*[A-Z0-9])(?=\S+[a-z])[A-Za-z0-9]{6,7}={0,2}(?!\S)"
)
BASE32 = re.compile(r"\b[A-Z2-7]{12,}={0,6}")
MORSE = re.compile(r"(?:[.\-·•–—−]{1,5}(?:[ /|]+|$)){3,}")
MORSE_LETTERS = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h",
    "..": "i",
    ".---": "j", "-.-": "k", ".-..": "l", "--": "m", "-.": "n", "---": "o", ".--.": "p", "--.-": "q",
    ".-.": "r", "...": "s", "-": "t", "..-": "u", "...-": "v", ".--": "w", "-..-": "x", "-.--": "y",
    "--..": "z",
    "-----": "0", ".----": "1", "..---": "2", "...--": "3", "....-": "4", ".....": "5", "-....": "6",
    "--...": "7", "---..": "8", "----.": "9",
}  # fmt: skip
DOTS_AND_DASHES = str.maketrans("·•–—−", "..---")


def decoded(text: str) -> str:
    """The text with what stands in codes in it, or the same."""
    for _ in range(LAYERS):
        before = text
        text = WEIGHT.sub(r"\1", text)
        text = LETTERS_IN_MARKUP.sub(lambda run: run[0][1::3], html.unescape(text))
        text = OVERRIDE.sub(lambda run: run[1][::-1], text)
        text = MARKUP.sub("", ESCAPE.sub(_of_escape, text))
        text = unquote(text, errors="ignore") if "%" in text else text
        for code, decode in CODES:
            text = code.sub(partial(_in_place, decode), text)
        if text == before:
            break
    return text


def _in_place(decode: Callable[[str], bytes | str], whole: re.Match[str]) -> str:
    """The text that a code holds, or the code."""
    code = whole[0]
    try:
        found = decode(code)
        text = found.decode() if isinstance(found, bytes) else found
    except (binascii.Error, ValueError):
        return code
    letters = sum(char.isalpha() or char.isspace() for char in text)
    return f" {text} " if letters > 0.7 * len(text) and len(text) > 2 else code


def _of_escape(found: re.Match[str]) -> str:
    *sixteens, eights = found.groups()
    number = int(eights, 8) if eights else int(next(filter(None, sixteens)), 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]


def _of_base64(code: str) -> bytes:
    code = code.rstrip("=").replace("-", "+").replace("_", "/")
    return b64decode(code + "=" * (-len(code) % 4), validate=True)


def _of_base32(code: str) -> bytes:
    code = code.rstrip("=")
    return b32decode(code + "=" * (-len(code) % 8))


def _of_hexadecimal(code: str) -> bytes:
    return bytes.fromhex(re.sub(r"0x|[:,]", " ", code))


def _of_binary(code: str) -> bytes:
    digits = code.replace(",", " ").split()
    every = digits if len(digits) > 1 else re.findall(r"[01]{8}", code)
    return bytes(int(digit, 2) for digit in every)


def _of_decimal(code: str) -> bytes:
    return bytes(int(number) for number in re.findall(r"\d+", code))


def _of_morse(code: str) -> str:
    words = re.split(r"[/|]| {2,}", code.translate(DOTS_AND_DASHES))
    return " ".join("".join(MORSE_LETTERS.get(sign, "?") for sign in word.split()) for word in words)


CODES: tuple[tuple[re.Pattern[str], Callable[[str], bytes | str]], ...] = (
    (BINARY, _of_binary),
    (HEXADECIMAL, _of_hexadecimal),
    (DECIMAL, _of_decimal),
    (BASE64, _of_base64),
    (BASE32, _of_base32),
    (MORSE, _of_morse),
)
