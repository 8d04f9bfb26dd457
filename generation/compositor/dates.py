"""A day and its month in people's words, for the layouts that show them apart. Nothing is guessed: what
cannot be read with certainty stays as it was typed.
"""

import re
from pathlib import Path

from .amounts import JOIN, MARKS, NO_BREAK

MONTHS = frozenset(Path(__file__).with_name("months.txt").read_text(encoding="utf-8").split())
DAY = r"(?<![\w.,:/'’-])(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.ºª°]|-го|-е)?"
LINK = r"[\s.,]*(?:of\s|de\s|d['’]|di\s|של\s|من\s)?"
WORD = r"[^\W\d_]+"
DAY_MONTH = re.compile(rf"{DAY}(?=(?P<link>{LINK})(?P<month>{WORD}))", re.IGNORECASE)
MONTH_DAY = re.compile(rf"(?<![^\W\d_])(?P<month>{WORD})\.?\s+{DAY}(?![\w/:'’-]|[.,]\d)", re.IGNORECASE)
# Beside the day a date may say a year and times of the day; any other number makes it something else.
BESIDE = re.compile(
    r"\b\d{4}\b|\d{1,2}[:.]\d{2}|\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|h\b|Uhr|uur|Uhr|часов|ч\b|o['’]clock)(?:\d{2})?",
    re.IGNORECASE,
)
LONE = re.compile(rf"(?<!\d)(\d{{1,4}}(?:st|nd|rd|th|[.ºª])?) (?={WORD}|\d)")
JOINTS = re.compile(r"(?<=[-/])(?=[^\W\d])|(?<=[–—])(?=\w)|(?<=\w)(?=—)|(?<=[年月])(?=\d)")


def date_parts(date: str) -> dict[str, str] | None:
    """A date around its day of the month: `Sat 12 December, 7 pm` has Sat, 12 and the rest.

    None unless it holds one day, 1 to 31, beside the name of a month, and no other number but a year or a
    time.
    """
    date = MARKS.sub("", re.sub(r"\s+", " ", date)).strip()
    found = next(filter(None, (_read(pattern, date) for pattern in (DAY_MONTH, MONTH_DAY))), None)
    if found is None:
        return None
    before, after = date[: found.start("day")], date[found.end() :]
    if any(letter.isdigit() for letter in BESIDE.sub("", before + "\n" + after)):
        return None
    return {"before": before.strip(" ,."), "day": found["day"], "after": after.strip(" ,.")}


def _read(pattern: re.Pattern[str], date: str) -> re.Match[str] | None:
    """Where `pattern` finds the one day with its month; None where it finds none, or several."""
    found = [match for match in pattern.finditer(date) if match["month"].casefold() in MONTHS]
    return found[0] if len(found) == 1 and 1 <= int(found[0]["day"]) <= 31 else None


def kept_whole(date: str) -> str:
    """`date` with no place to break inside of a figure, nor between a number and the word it goes with."""
    return JOINTS.sub(JOIN, LONE.sub(rf"\1{NO_BREAK}", date))
