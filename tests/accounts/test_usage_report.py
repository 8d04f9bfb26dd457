"""What a business used: one ledger, summed by day, by member and by model."""

import csv
import io
import itertools
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts import usage, usage_report
from accounts.models import AuditEvent, Outcome, UsageEntry
from tests import cast

TODAY = date(2026, 11, 22)


@pytest.fixture
def ledger(people):
    def line(by, day, pictures, *, business=people.bakery, outcome=Outcome.DONE, model="starter"):
        entry = usage.settle(
            business, uuid4(), by=by, model=model, outcome=outcome, pictures=pictures, gpu_seconds=2.0
        )
        UsageEntry.objects.filter(pk=entry.pk).update(day=day)

    line(people.alice, TODAY, 4)
    line(people.bob, TODAY, 2, model="flux")
    line(people.bob, TODAY - timedelta(days=1), 0, outcome=Outcome.FAILED)
    line(people.bob, TODAY - timedelta(days=1), 0, outcome=Outcome.CANCELLED)
    line(None, TODAY - timedelta(days=2), 8)
    line(people.alice, TODAY - timedelta(days=7), 50)
    line(people.mallory, TODAY, 99, business=people.garage)


def week(people):
    return usage_report.report(people.bakery, TODAY - timedelta(days=6), TODAY)


def test_a_week_of_the_bakery(people, ledger):
    report = week(people)
    assert (report.total.pictures, report.total.jobs) == (14, 5)
    assert (report.total.failed, report.total.cancelled) == (1, 1)
    assert report.total.seconds == pytest.approx(10.0)
    assert [(name, total.pictures) for name, total in report.by_member] == [
        ("The machine", 8),
        ("Alice", 4),
        ("Bob", 2),
    ]
    assert [(name, total.pictures) for name, total in report.by_model] == [("starter", 12), ("flux", 2)]


def test_days_without_pictures_are_there_too(people, ledger):
    assert [total.pictures for total in week(people).by_day.values()] == [0, 0, 0, 0, 8, 0, 6]


def test_every_way_to_sum_gives_the_same(people, ledger):
    report = week(people)
    for totals in (
        list(report.by_day.values()),
        [total for _, total in report.by_member],
        [total for _, total in report.by_model],
    ):
        for name in ("jobs", "failed", "cancelled", "pictures", "seconds"):
            assert sum(getattr(total, name) for total in totals) == getattr(report.total, name)


def test_two_people_of_one_name_are_two_rows(people, ledger):
    twin = cast.User.objects.create_user("bob2@example.com", name="Bob")
    usage.settle(
        people.bakery, uuid4(), by=twin, model="starter", outcome=Outcome.DONE, pictures=1, gpu_seconds=1
    )
    UsageEntry.objects.filter(user=twin).update(day=TODAY)
    assert [name for name, _ in week(people).by_member].count("Bob") == 2


def test_it_takes_one_query_however_long_the_ledger(people, ledger, django_assert_num_queries):
    with django_assert_num_queries(1):
        report = week(people)
        assert report.by_day
        assert report.by_member
        assert report.by_model


def test_the_export_is_a_spreadsheet_and_recorded(people, ledger):
    sheet = usage_report.export(people.bakery, TODAY - timedelta(days=6), TODAY, by=people.alice)
    assert sheet.startswith("\ufeffDay,Member,Model")
    rows = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"))))
    assert sum(int(row["Pictures"]) for row in rows) == 14
    event = AuditEvent.objects.get(verb="usage.exported")
    assert event.detail == {"first": "2026-11-16", "last": "2026-11-22"}


@given(st.sampled_from(["=", "+", "-", "@", " =", "\t", "\r"]), st.text())
def test_no_cell_is_a_formula(start, rest):
    line = usage_report.Line(TODAY, 1, start + rest, start + rest, 1, 0, 0, 1, 1.0, 0.0)
    row = list(csv.reader(io.StringIO(usage_report.as_csv([line]), newline="")))[1]
    assert row[1].startswith("'")
    assert row[2].startswith("'")


SIGNS = "=+-@＝＋－＠"
PIECES = st.sampled_from([*SIGNS, *";,\t|\r\n\"' ", "\u00a0", "\u200b", "\ufeff", "1+1", "cmd", "Anna"])


@given(st.lists(PIECES, max_size=8).map("".join))
@example("Anna;=HYPERLINK(1)")
@example("\t=1")
@example('"; =1;"')
@example("＝1")
@example("Anna\n=1")
def test_no_cell_is_a_formula_whatever_parts_the_cells(name):
    """A spreadsheet in German takes the semicolon, an import dialogue what one chooses."""
    line = usage_report.Line(TODAY, 1, name, name, 1, 0, 0, 1, 1.0, 0.0)
    sheet = usage_report.as_csv([line]).removeprefix("\ufeff")
    cells = re.split(r"[;,|\t\r\n]", sheet)
    for separator in ",;\t|":
        cells += itertools.chain(*csv.reader(io.StringIO(sheet, newline=""), delimiter=separator))
    assert not [cell for cell in cells if cell.strip(' "\u00a0\u200b\ufeff').startswith(tuple(SIGNS))]


def test_an_ordinary_name_is_left_alone():
    line = usage_report.Line(TODAY, 1, "Anna = boss", "", 1, 0, 0, 1, 1.0, 0.0)
    assert "2026-11-22,Anna = boss,,1" in usage_report.as_csv([line])
