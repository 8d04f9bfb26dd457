"""Where a letter is promised and this machine sends none, the page says where the letter is."""

import pytest
from django.test import Client
from django.urls import reverse

PAGES = (
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
    "account_email_verification_sent",
)


@pytest.mark.parametrize("smtp_url", ["", "smtp://mail.example"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_promises_a_letter_says_so(db, settings, name, smtp_url):
    settings.SMTP_URL = smtp_url
    page = Client().get(reverse(name))
    assert ("This machine sends no mail" in page.text) == (not smtp_url)


@pytest.mark.parametrize("smtp_url", ["", "smtp://mail.example"])
def test_so_does_the_change_of_ones_address(people, as_, settings, smtp_url):
    settings.SMTP_URL = smtp_url
    page = as_(people.alice).get(reverse("account_email"))
    assert ("This machine sends no mail" in page.text) == (not smtp_url)
