"""What a business used in a range of days, from the one ledger: by day, by member and by model.

One query, grouped by the database; all totals are sums of its rows, so that they cannot disagree.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import Count, Q, Sum

from . import audit, locales, roles
from .models import Business, Outcome, Role, User

# What parts two cells or lines, in whichever language a spreadsheet is set to; what is passed over before a
# cell's first sign; and the signs, also as East Asian keyboards write them.
SEPARATORS = r";,|\t\r\n\v\f\x1c-\x1f\x85\u2028\u2029"
PASSED_OVER = rf"""(?:[^\S{SEPARATORS}]|["'\u200b-\u200f\u2060\ufeff])*"""
SIGNS = r"=+\-@\uff1d\uff0b\uff0d\ufe63\u2212\uff20"
FORMULA = re.compile(f"(^|[{SEPARATORS}])({PASSED_OVER}[{SIGNS}])")
NOBODY = "The machine"  # Made by a command, or by somebody whose account is gone.


@dataclass(slots=True)
class Total:
    """Sums of lines of the ledger. seconds: of the device that ran the model, graphics card or processor;
    unmade_seconds: those of them that went into jobs that failed or were cancelled.
    """

    jobs: int = 0
    failed: int = 0
    cancelled: int = 0
    pictures: int = 0
    seconds: float = 0.0
    unmade_seconds: float = 0.0

    def add(self, line: "Line") -> None:
        self.jobs += line.jobs
        self.failed += line.failed
        self.cancelled += line.cancelled
        self.pictures += line.pictures
        self.seconds += line.seconds
        self.unmade_seconds += line.unmade_seconds


@dataclass(frozen=True, slots=True)
class Line:
    """The ledger of one day, member and model."""

    day: date
    member_id: int | None
    member: str
    model: str
    jobs: int
    failed: int
    cancelled: int
    pictures: int
    seconds: float
    unmade_seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """first and last: the range, both included."""

    first: date
    last: date
    lines: list[Line]
    total: Total = field(default_factory=Total)

    @property
    def by_day(self) -> dict[date, Total]:
        """Every day of the range, also those on which nothing was made."""
        days = {self.first + timedelta(days=n): Total() for n in range((self.last - self.first).days + 1)}
        return _sums(self.lines, lambda line: line.day, days)

    @property
    def by_member(self) -> list[tuple[str, Total]]:
        """Names with their totals, most pictures first. Two people of one name are two rows."""
        names = {line.member_id: line.member for line in self.lines}
        sums = _sums(self.lines, lambda line: line.member_id)
        return _most_first((names[key], total) for key, total in sums.items())

    @property
    def by_model(self) -> list[tuple[str, Total]]:
        return _most_first(_sums(self.lines, lambda line: line.model).items())


def report(business: Business, first: date, last: date) -> Report:
    """The usage of `business` from `first` to `last`, both included."""
    whole = Report(first, last, _lines(business, first, last))
    for line in whole.lines:
        whole.total.add(line)
    return whole


@transaction.atomic
def export(business: Business, first: date, last: date, *, by: User) -> str:
    """The lines as CSV for a spreadsheet, recorded in the audit log."""
    roles.require(by, business, Role.OWNER)
    lines = _lines(business, first, last)
    audit.record(by, "usage.exported", business, first=str(first), last=str(last))
    return as_csv(lines, business.locale)


def as_csv(lines: Iterable[Line], locale: str = locales.DEFAULT) -> str:
    """Begins with a byte order mark, without which Excel takes UTF-8 for something else."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=locales.list_separator(locale))
    writer.writerow(["Day", "Member", "Model", "Jobs", "Failed", "Cancelled", "Pictures", "Device seconds"])
    for line in lines:
        writer.writerow(
            [
                line.day.isoformat(),
                _inert(line.member),
                _inert(line.model),
                line.jobs,
                line.failed,
                line.cancelled,
                line.pictures,
                f"{line.seconds:.2f}".replace(".", locales.decimal_sign(locale)),
            ]
        )
    return "\ufeff" + sheet.getvalue()


def _inert(text: str) -> str:
    """A spreadsheet would run a cell that begins so as a formula (OWASP, CSV injection)."""
    inert = FORMULA.sub(r"\1'\2", text)
    return f"'{inert}" if inert.startswith(("\t", "\r", "\n")) else inert


def _lines(business: Business, first: date, last: date) -> list[Line]:
    entries = business.usage_entries.filter(day__range=(first, last))
    grouped = entries.values("day", "model", "user_id", "user__name").annotate(
        jobs=Count("pk"),
        failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
        cancelled=Count("pk", filter=Q(outcome=Outcome.CANCELLED)),
        made=Sum("pictures"),
        seconds=Sum("gpu_seconds", output_field=models.FloatField()),
        unmade_seconds=Sum("gpu_seconds", filter=~Q(outcome=Outcome.DONE), default=0.0),
    )
    return [
        Line(
            day=row["day"],
            member_id=row["user_id"],
            member=_member(row["user_id"], row["user__name"]),
            model=row["model"],
            jobs=row["jobs"],
            failed=row["failed"],
            cancelled=row["cancelled"],
            pictures=row["made"],
            seconds=row["seconds"],
            unmade_seconds=row["unmade_seconds"],
        )
        for row in grouped.order_by("day", "user__name", "user_id", "model")
    ]


def _member(key: int | None, name: str | None) -> str:
    return NOBODY if key is None else name or f"person {key}"


def _sums(lines: Iterable[Line], key: Callable[[Line], object], sums: dict | None = None) -> dict:
    sums = defaultdict(Total, sums or {})
    for line in lines:
        sums[key(line)].add(line)
    return dict(sums)


def _most_first(totals: Iterable[tuple[str, Total]]) -> list[tuple[str, Total]]:
    return sorted(totals, key=lambda item: (-item[1].pictures, item[0]))
