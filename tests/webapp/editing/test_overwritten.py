"""A name or limit that came in meanwhile is not replaced in silence: both are told."""

import html

import pytest
from django.urls import reverse

from tests.webapp import steps


@pytest.mark.parametrize(
    ("page", "address", "field", "values"),
    [
        ("project", "project_name", "name", ("Winter menu", "Spring menu")),
        ("campaign", "campaign_name", "name", ("Soup week", "Bread week")),
        ("usage", "usage_limit", "pictures", ("50", "80")),
    ],
)
def test_the_second_of_two_windows_is_told(people, as_, page, address, field, values):
    alice, row = as_(people.alice), getattr(people, page, None)
    page, url = (steps.url(name, row) if row else reverse(name) for name in (page, address))
    (before,) = steps.values_of(alice.get(page), "before")
    first, second = values
    alone = alice.post(url, {field: first, "before": html.unescape(before)}, follow=True)
    assert "while this page was open" not in alone.text
    told = alice.post(url, {field: second, "before": html.unescape(before)}, follow=True)
    assert f"It was changed to “{first}” while this page was open; now it is “{second}”." in told.text
