"""The usage page: for owners, the same totals everywhere, and a sheet to take along."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import usage
from accounts.models import AuditEvent, Outcome, UsageEntry
from webapp.business.charts import bar_chart, nice_top


@pytest.fixture
def ledger(people):
    for days, by in ((0, people.alice), (0, people.bob), (40, people.bob)):
        entry = usage.settle(
            people.bakery, uuid4(), by=by, model="starter", outcome=Outcome.DONE, pictures=3, gpu_seconds=4.5
        )
        day = timezone.localdate() - timedelta(days=days)
        UsageEntry.objects.filter(pk=entry.pk).update(day=day)


def test_what_cancelled_work_cost_the_device_is_said_in_words(people, as_, ledger):
    page = as_(people.alice).get(reverse("usage"))
    assert "cancelled or failed" not in page.text
    for outcome, seconds in ((Outcome.CANCELLED, 12.25), (Outcome.FAILED, 1.0)):
        usage.settle(
            people.bakery,
            uuid4(),
            by=people.bob,
            model="starter",
            outcome=outcome,
            pictures=0,
            gpu_seconds=seconds,
        )
    page = as_(people.alice).get(reverse("usage"))
    assert "13.3 of the device seconds went into jobs that were cancelled or" in page.text
    total = page.context["report"].total
    assert (total.pictures, total.seconds) == (6, 22.25)


@pytest.mark.parametrize("name", ["usage", "usage_csv"])
@pytest.mark.parametrize("who", ["bob", "carol"])
def test_it_is_for_owners(people, as_, name, who):
    assert as_(getattr(people, who)).get(reverse(name)).status_code == 403


def test_an_owner_elsewhere_sees_their_own(people, as_, ledger):
    page = as_(people.mallory).get(reverse("usage"))
    assert page.context["report"].total.pictures == 0
    assert "Alice" not in page.text


@pytest.mark.parametrize(
    ("asked", "pictures"), [("7", 6), ("30", 6), ("90", 9), ("", 6), ("1000", 6), ("x", 6), ("-7", 6)]
)
def test_a_range_of_days_is_chosen_from_three(people, as_, ledger, asked, pictures):
    page = as_(people.alice).get(reverse("usage"), {"days": asked})
    assert page.context["report"].total.pictures == pictures


def test_the_chart_has_a_bar_a_day_and_words_for_who_cannot_see_it(people, as_, ledger):
    page = as_(people.alice).get(reverse("usage"), {"days": "7"})
    assert page.text.count('class="chart__bar"') == 7
    assert "<title" in page.text
    assert "<desc" in page.text
    assert "style=" not in page.text


def test_the_page_costs_the_same_queries_however_long_the_ledger(people, as_, django_assert_max_num_queries):
    for _ in range(30):
        usage.settle(
            people.bakery,
            uuid4(),
            by=people.bob,
            model=str(uuid4()),
            outcome=Outcome.DONE,
            pictures=1,
            gpu_seconds=1,
        )
    client = as_(people.alice)
    with django_assert_max_num_queries(11):
        client.get(reverse("usage"))


def test_the_sheet_has_the_range_on_the_page(people, as_, ledger):
    response = as_(people.alice).get(reverse("usage_csv"), {"days": "90"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="handbill-usage-corner-bakery-')
    assert response.content.startswith(b"\xef\xbb\xbfDay,")
    assert len(response.text.splitlines()) == 4
    assert AuditEvent.objects.get(verb="usage.exported").actor == people.alice


def test_an_owner_lowers_the_limit(people, as_):
    as_(people.alice).post(reverse("usage_limit"), {"pictures": "20"})
    people.bakery.refresh_from_db()
    assert people.bakery.daily_pictures == 20


@pytest.mark.parametrize("wrong", ["", "-1", "201", "many", "9" * 30])
def test_a_limit_that_cannot_be_is_refused_in_words_and_what_was_typed_is_kept(people, as_, wrong):
    page = as_(people.alice).post(reverse("usage_limit"), {"pictures": wrong})
    assert page.status_code == 422
    assert page.context["form"].errors["pictures"]
    assert page.context["form"]["pictures"].value() == wrong
    people.bakery.refresh_from_db()
    assert people.bakery.daily_pictures == 200


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_nobody_else_changes_the_limit(people, as_, who):
    assert as_(getattr(people, who)).post(reverse("usage_limit"), {"pictures": "1"}).status_code == 403


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (9, 10), (10, 10), (11, 20), (99, 100), (101, 200)]
)
def test_the_charts_top_is_a_round_number_with_a_whole_half(largest, top):
    assert nice_top(largest) == top
    assert top % 2 == 0


def test_bars_are_as_high_as_their_share_of_the_top():
    chart = bar_chart([("Monday", 5), ("Tuesday", 0), ("Wednesday", 10)])
    assert [bar.height for bar in chart.bars] == [50, 0, 100]
    assert all(bar.y + bar.height == chart.height for bar in chart.bars)
    assert bar_chart([]).width > 0
