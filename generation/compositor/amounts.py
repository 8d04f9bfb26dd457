"""Prices and other amounts in people's words: found, kept on one line, and read from left to right.

Nothing is rewritten: a space becomes one that does not break, and marks that nothing is drawn for are added.
"""

import re
from typing import Any

NO_BREAK = "\u00a0"
JOIN = "\u2060"  # word joiner: no line breaks at it
ISOLATE, RELEASE = "\u2066", "\u2069"  # what stands between them is read from left to right
MARKS = re.compile("[\u200b\u200e\u200f\u061c\u2060\u2066-\u2069]")

SPACE = "[ \u00a0\u2009\u202f]"
SYMBOL = "[$¢-¥֏؋৲৳૱௹฿៛₠-⃀﷼﹩＄￠￡￥￦]"
CODES = (
    "EUR|USD|GBP|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|ILS|NIS|AED|SAR|QAR|KWD|BHD|OMR|JOD|EGP|MAD|TND|"
    "DZD|INR|PKR|LKR|JPY|CNY|RMB|KRW|THB|VND|IDR|PHP|MYR|SGD|HKD|TWD|BRL|MXN|ARS|CLP|COP|PEN|CAD|AUD|NZD|ZAR|"
    "NGN|KES|UAH|RUB|KZT|GEL|RSD|MKD"
)
# As they are written where they are paid with.
WORDS = (
    r"kr\.?|Kč|zł|Ft|lei|лв\.?|руб\.?|грн\.?|р\.|сом|дин\.?|KM|TL|Rs\.?|RM|Rp\.?|S/\.?|Fr\.?|SFr\.?|Euros?|"
    r"Dollars?|Pounds?|ct\.?|Cents?|zl|đ|"
    r"ש[\"״]?ח|שקלים|שקל|د\.[إتجعكم]\.?|ر\.[سقع]\.?|ج\.م\.?|ل\.[لس]\.?|درهم|دراهم|دينار|ريال|جنيه|ليرة|يورو|دولار|تومان|ریال|"
    "円|元|块|원|บาท"
)
PREFIXED = rf"(?:[A-Z]{{1,3}})?{SYMBOL}"  # R$, US$ and the like
SPELT = rf"(?<![^\W\d])(?:{CODES}|{WORDS})(?![^\W\d])"
MONEY = rf"(?:{PREFIXED}|{SPELT})"
UNITS = r"(?<![^\W\d])(?:kg|g|l|cl|ml|km|cm|mm|m|am|pm|a\.m\.|p\.m\.|Uhr|uur|h|min|°C)(?![^\W\d])|[%٪‰]|°"
GROUPED = rf"\d{{1,3}}(?:{SPACE}\d{{3}})+(?!\d)"
NUMBER = rf"(?:{GROUPED}|\d+)(?:[.,'’:٫٬]\d+)*(?:[.,][-–—]+)?"
SIGN = "[-+−–±]"
FIGURE = rf"(?:{SIGN}{SPACE}?)?(?:{PREFIXED}{SIGN}?)?{NUMBER}(?:{SYMBOL}|[%٪‰])?"
MORE = rf"{SPACE}?[-–—/]{SPACE}?(?:{PREFIXED})?{NUMBER}(?:{SYMBOL}|[%٪])?"  # of a range, a date, a telephone
AMOUNT = re.compile(
    rf"(?:{MONEY}{SPACE}|{SPELT}|(?<!\w))(?P<figure>{FIGURE})(?P<more>(?:{MORE})*)"
    rf"(?:{SPACE}?(?:{MONEY}|{UNITS}))?(?:{SPACE}?/{SPACE}?\w+(?![\w/]))?",
    re.IGNORECASE,
)
# Groups of digits that only spaces part: among words from right to left they would change places.
SPACED = re.compile(rf"(?<![\w.,])[+(]?\d[\d()]{{0,15}}(?:{SPACE}\(?\d[\d()-]*)+(?![\w.,])")
CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
# Where a line might break in an amount though there is no space; between digits no hyphen or slash lets it.
JOINTS = re.compile(
    rf"(?<=[–—])(?=.)|(?<=.)(?=—)|(?<=-)(?=\D)|(?<=/)(?=[^\d\s])|(?<=\d)(?=[{CJK}])|(?<=[¥￥])(?=\d)"
)
RAISED = re.compile(
    rf"(?P<before>\D*?)(?P<sign_before>{SYMBOL}?)(?P<whole>[0-9]{{1,6}})[.,](?P<cents>[0-9]{{2}})(?!\d)"
    rf"(?P<sign_after>{SYMBOL}?)(?P<after>\D*)"
)


def kept_whole(text: str, rtl: bool = False) -> str:
    """`text` with every amount in it on one line. rtl: it stands among words that go from right to left."""
    if rtl:
        text = SPACED.sub(_telephone, text)
    return AMOUNT.sub(lambda found: _whole(found, rtl), text)


def _telephone(found: re.Match[str]) -> str:
    """Digits in groups, set apart as one where they are a telephone number and neither an amount nor two."""
    digits = found[0]
    is_one = digits[0] in "+(0" or len(re.findall(SPACE, digits)) > 1
    return f"{ISOLATE}{digits}{RELEASE}" if is_one and not re.fullmatch(GROUPED, digits) else digits


def _whole(found: re.Match[str], rtl: bool) -> str:
    """One amount. Its digits are set apart from the words around it where those would turn them about.

    A range of two is not: who reads from right to left reads that so too. Dates and telephones are.
    """
    amount = found[0]
    if rtl and len(re.findall("[-–—/]", found["more"])) != 1:
        begin, end = found.start("figure") - found.start(), found.end("more") - found.start()
        amount = f"{amount[:begin]}{ISOLATE}{amount[begin:end]}{RELEASE}{amount[end:]}"
    # Hebrew ties a word to the figure that follows it.
    tied = JOIN if found.string[found.start() - 1 : found.start()] in ("-", "־") else ""
    return tied + JOINTS.sub(JOIN, re.sub("[ \u2009]", NO_BREAK, amount))


def price_parts(price: str) -> dict[str, Any] | None:
    """A price with cents in its parts, so that a layout can raise them; None where it has none.

    Numbers in other digits than 0 to 9 are not raised: nobody writes them so.
    """
    found = RAISED.fullmatch(MARKS.sub("", price))
    if found is None:
        return None
    touches = found["before"] == found["before"].rstrip()
    return {name: part.strip() for name, part in found.groupdict().items()} | {"touches": touches}
