"""Addresses and numbers of people in prompts: told from prices, dates, sizes and hours."""

import pytest

from generation.safety.personal_data import found_in
from tests.safety import plain

NUMBERS = {
    "+44 20 7946 0958": "phone number",
    "(0664) 123 45 67": "phone number",
    "bob.baker+orders@bread.example": "e-mail address",
    "DE89 3704 0044 0532 0130 00": "bank account",
    "GB82WEST12345698765432": "bank account",
    "4111 1111 1111 1111": "card number",
    "5500-0000-0000-0004": "card number",
}
NONE = (
    "12 x 330 ml for 9.99",
    "24.12.2026, 10-18 h",
    "2026-12-24",
    "1920 x 1080 px, 300 dpi",
    "50 % off, code SPRING26",
    "1,000,000 thanks",
    "ISBN 978-3-16-148410-0",
    "follow us @cornerbakery",
    "4111 1111 1111 1112",
    "DE89 3704 0044 0532 0130 01",
    "0000 0000 0000 0000",
)


@pytest.mark.parametrize("words", NUMBERS)
def test_each_kind_is_found_in_a_sentence_and_once(words: str) -> None:
    (found,) = found_in(f"A poster for the bakery, ask {words} for more.", "AT")
    assert (found.kind, found.words) == (NUMBERS[words], words)


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found_in(text, "AT") == ()


def test_of_what_shops_write_only_phone_numbers_are_personal() -> None:
    found = [one for prompt in plain() for text in prompt.texts.values() for one in found_in(text, "DE")]
    assert {one.kind for one in found} <= {"phone number"}


def test_several_kinds_are_all_told() -> None:
    found = found_in("bob@bread.example or 0664 1234567", "AT")
    assert [one.kind for one in found] == ["e-mail address", "phone number"]
