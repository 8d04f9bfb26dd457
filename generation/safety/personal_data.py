"""Personal data in a text: what most people would not have written into a prompt on purpose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """kind: "e-mail address", "phone number", "card number" or "bank account". words: as they stand."""

    kind: str
    words: str


def found_in(text: str, region: str | None = None) -> tuple[PersonalData, ...]:
    """In the order of kinds, a number as one kind only.

    region: of ISO 3166, whose phone numbers may lack the country's code.
    """
    found: list[PersonalData] = []
    for kind, words in _candidates(text, region):
        if not any(words in known.words for known in found):
            found.append(PersonalData(kind, words))
    return tuple(found)


def _candidates(text: str, region: str | None) -> Iterator[tuple[str, str]]:
    for words in MAIL.findall(text):
        yield "e-mail address", words
    for words in filter(is_iban, IBAN.findall(text)):
        yield "bank account", words
    for words in filter(is_card, CARD.findall(text)):
        yield "card number", words
    for words in _phones(text, region):
        yield "phone number", words


def _phones(text: str, region: str | None) -> Iterator[str]:
    if sum(map(str.isdigit, text)) < 7:
        return
    import phonenumbers  # its rules of all countries are read when a text has digits enough

    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield match.raw_string


def is_iban(words: str) -> bool:
    """By ISO 13616: the first four moved to the end, letters as numbers from 10, the rest of 97 is 1."""
    compact = words.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def is_card(words: str) -> bool:
    """By ISO/IEC 7812: every second digit from the right doubled, the sum of all digits ends in 0."""
    digits = [int(char) for char in words if char.isdigit()][::-1]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
