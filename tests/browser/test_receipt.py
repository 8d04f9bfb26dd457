"""Whoever reports a picture takes the address of the receipt away."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.webapp import stage
from webapp.reports import reports

from .conftest import ALL_LOOKS


def test_a_guest_copies_the_address_of_the_receipt(visit, people):
    token = reports.report_as_guest(stage.picture(people.campaign, people.bob), reason="hateful")
    guest = visit()
    guest.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = guest.open(reverse("report_receipt", args=[token]))
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert guest.faults(ALL_LOOKS) == []
