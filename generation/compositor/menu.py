"""A line of a menu told from its price. Hours, pages and telephone numbers are no prices."""

import re

from .amounts import GROUPED, PREFIXED, SPACE, SPELT, UNITS

LONGEST_PRICE = 40  # letters at a line's end among which one is looked for, so that no line takes long
LEADERS = " \t\u00a0\u2009\u202f.…·‧․•_–—:"  # what leads the eye from a dish to its price
TURNS = "\u200e\u200f\u061c"  # marks of direction
# Three letters in front of a number are a currency in capitals only (Pen 2), a Fr. has cents (Friday has
# none), and behind a number km and ft are lengths.
FRONT = (
    rf"(?:(?i:{PREFIXED})|(?![A-Za-z][a-z]{{2}}(?![^\W\d]))"
    rf"(?!Fr\.?{SPACE}?\d+(?![.,'’\d]))(?i:{SPELT})){SPACE}?"
)
BACK = rf"{SPACE}?(?:(?i:{PREFIXED})|(?!km|ft)(?i:{SPELT}))"
SIGN = "[-+−±]?"
THOUSANDS = rf"(?:{GROUPED}|\d+)(?:[.,'’٬]\d{{3}}(?!\d))*"
WHOLE = rf"{THOUSANDS}(?![.,:'’٫]\d)"
CENTS = rf"{THOUSANDS}(?:[.,٫]\d{{2}}(?!\d|[.,:]\d)|[.,][-–—]+)"
TO = rf"{SPACE}?[-–—/]{SPACE}?"
ROUND_PRICE = (
    rf"(?:{FRONT}{SIGN}{WHOLE}(?:{BACK})?(?:{TO}(?:{FRONT})?{WHOLE}(?:{BACK})?)*"
    rf"|{SIGN}(?:{WHOLE}(?:{BACK})?{TO})*{WHOLE}{BACK})"
)
WITH_CENTS = rf"(?:{FRONT})?{SIGN}{CENTS}(?:{BACK})?(?:{TO}(?:{FRONT})?{CENTS}(?:{BACK})?)*"
PER = rf"{SPACE}?/{SPACE}?\w+(?:{SPACE}\w+)?"
PRICE = re.compile(
    rf"(?<=[{LEADERS}])[{TURNS}]?(?<!\d[.:])(?!(?<=[^\W\d][–—])[^\W\d])(?:{ROUND_PRICE}|{WITH_CENTS})"
    rf"(?:{PER}|(?!{SPACE}?(?i:{UNITS})))\s?(?!\.$)\D{{0,3}}$"
)
# A whole number to which a line of dots leads.
LED_TO = re.compile(r"(?:[.·‧․•_]{2,}|…|\t)[.…·‧․•_\s]*\d{1,4}$")
CLOCK = r"(?<!\d)(?:[01]?\d|2[0-4])[.:][0-5]\d"
CURRENCY = re.compile(rf"{PREFIXED}|(?!Fr\b){SPELT}", re.IGNORECASE)
HOURS = re.compile(
    rf"(?:{CLOCK}\s?(?:[-–—]|bis|to|till?|until|à|as|às|al?|do|tot|до)\s?|\b(?:klo?|um)\.?\s){CLOCK}\D{{0,4}}$",
    re.IGNORECASE,
)


def parted(line: str) -> tuple[str, str]:
    """A dish and its price; the line as it is and nothing where it does not end in a price.

    A price is money: it has a currency or cents, and nothing but a currency stands in front of its number. A
    whole number alone is one where a leader was drawn to it.
    """
    last = max(0, len(line) - LONGEST_PRICE)
    if led_to := LED_TO.search(line, last):
        label, price = line[: led_to.start()].rstrip(LEADERS), led_to[0].lstrip(LEADERS)
        return (label, price) if label else (line, "")
    found = PRICE.search(line, last)
    if found is None or (HOURS.search(line, last) and not CURRENCY.search(found[0])):
        return line, ""
    label = line[: found.start()].rstrip().removesuffix(" -").rstrip(LEADERS)
    return (label, found[0].strip()) if label else (line, "")
