"""What a business is called and how it writes, as its owner chooses."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts import businesses, usage_report
from accounts.models import AuditEvent, Business
from tests.webapp import stage

STORED = {"name": "Corner Bakery", "locale": "en-GB", "currency": "GBP"}


def save(client, **typed: str):
    sent = {**STORED, **typed, "began_from": json.dumps(STORED)}
    return client.post(reverse("business_settings"), sent, follow=True)


def writes(people) -> tuple[str, str, str]:
    people.bakery.refresh_from_db()
    return people.bakery.name, people.bakery.locale, people.bakery.currency


def test_an_owner_changes_all_three_and_each_is_on_the_record(people, as_):
    page = save(as_(people.alice), name="Bäckerei am Eck", locale="de-AT", currency="EUR")
    assert "Saved." in page.text
    assert writes(people) == ("Bäckerei am Eck", "de-AT", "EUR")
    assert people.bakery.slug == "corner-bakery"
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "detail")) == [
        ("business.renamed", {"before": "Corner Bakery", "after": "Bäckerei am Eck"}),
        ("business.locale_changed", {"before": "en-GB", "after": "de-AT"}),
        ("business.currency_changed", {"before": "GBP", "after": "EUR"}),
    ]


def test_saving_what_there_is_changes_nothing(people, as_):
    save(as_(people.alice))
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x\u202ey"}, {"locale": "tlh-KX"}, {"currency": "DEM"}]
)
def test_what_is_none_is_refused_at_its_field_and_the_rest_is_kept(people, as_, wrong):
    page = save(as_(people.alice), **{"name": "Typed here", **wrong})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    assert "name" in wrong or "Typed here" in page.text
    assert writes(people) == tuple(STORED.values())


def test_what_another_window_changed_is_kept_unless_it_is_the_same_field(people, as_):
    businesses.change(people.bakery, {"name": "Corner Cakes", "currency": "EUR"}, by=people.alice)
    page = save(as_(people.alice), name="Corner Pies", locale="de-AT")
    assert writes(people) == ("Corner Pies", "de-AT", "EUR")
    assert "It was changed to “Corner Cakes” while this page was open" in page.text


def test_a_refusal_does_not_forget_what_the_page_began_from(people, as_):
    client = as_(people.alice)
    businesses.change(people.bakery, {"locale": "de-AT"}, by=people.alice)
    refused = save(client, name=" ")
    assert json.loads(refused.context["began_from"]) == STORED
    save(client, name="Mended")
    assert writes(people) == ("Mended", "de-AT", "GBP")


@pytest.mark.parametrize("who", ["bob", "carol", "mallory"])
def test_only_an_owner_changes_them(people, as_, who):
    with pytest.raises(PermissionDenied):
        businesses.change(people.bakery, {"currency": "EUR"}, by=getattr(people, who))
    assert writes(people) == tuple(STORED.values())


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("locale", "de"), ("currency", "eur")])
def test_nothing_else_is_stored_by_whatever_way_it_comes(people, field, value):
    with pytest.raises(ValidationError):
        businesses.change(people.bakery, {field: value}, by=people.alice)


def test_a_business_opened_from_an_austrian_browser_writes_as_austrians_do(people, as_, settings):
    settings.OPEN_SIGN_UP = True
    austrian = {"Accept-Language": "de-AT,de;q=0.9"}
    as_(people.bob).post(reverse("businesses"), {"name": "Würstelstand"}, headers=austrian)
    opened = Business.objects.get(name="Würstelstand")
    assert (opened.locale, opened.currency) == ("de-AT", "EUR")


def test_the_usage_for_a_spreadsheet_is_in_its_numbers(people, media):
    stage.finished_job(people.campaign, people.bob, count=1)
    today = people.bakery.usage_entries.get().day
    assert ",1.50\r\n" in usage_report.export(people.bakery, today, today, by=people.alice)
    people.bakery.locale = "de-AT"
    sheet = usage_report.export(people.bakery, today, today, by=people.alice)
    assert sheet.splitlines()[1].endswith(";1;0;0;1;1,50")
    assert "," not in sheet.splitlines()[0]
