"""What every answer says about itself, and what the site refuses before a view is asked."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from generation import pictures
from tests.webapp import stage, steps
from webapp.http.log_redaction import HideTokens, hidden

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize(
    "path", ["/account/login/", "/team/", "/no/such/page/", "/invitations/x/", "/health/"]
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_is_strict_and_private(people, as_, path, signed_in):
    client = as_(people.alice) if signed_in else Client()
    response = client.get(path)
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_no_other_site_loads_a_glimpse_of_a_picture_that_is_not_done(people, as_):
    job = stage.running_job(people.campaign, people.bob, count=1)
    pictures.show(job, [pictures.FrameProgress(0, step=2, preview=b"RIFF a small picture WEBP")])
    glimpse = as_(people.bob).get(steps.url("output_preview", job.outputs.get()))
    assert (glimpse.status_code, glimpse["Content-Type"]) == (200, "image/webp")
    assert glimpse["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_host_that_is_not_ours_is_refused(people):
    assert Client().get("/health/", headers={"host": "evil.example"}).status_code == 400


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(people):
    client = Client()
    client.post(
        reverse("account_login"), {"login": "bob@example.com", "password": "correct horse battery staple"}
    )
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "path",
    [
        "/g/s3cret-token_x/",
        "/g/s3cret-token_x/outputs/1/file/",
        "/invitations/s3cret-token_x/",
        "/sign-in/s3cret-token_x/",
        "/reports/s3cret-token_x/",
        "/account/password/reset/key/1-s3cret-token_x/",
        "/account/confirm-email/s3cret-token_x:1/",
    ],
)
def test_the_secrets_of_links_stay_out_of_the_log(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", path), None)
    assert HideTokens().filter(record)
    assert "s3cret" not in record.getMessage()
    assert "s3cret" not in hidden(f'"GET {path}?x=1 HTTP/1.1" 200')


def test_the_logs_handler_hides_them(settings):
    assert "no_tokens" in settings.LOGGING["handlers"]["stderr"]["filters"]


def test_an_ordinary_path_is_logged_whole():
    assert hidden("Not Found: /team/members/7/role/") == "Not Found: /team/members/7/role/"
