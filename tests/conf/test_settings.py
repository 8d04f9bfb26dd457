"""The settings as a whole: documented, refused when wrong, and safe in production."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

from webapp.conf import env

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)
DOCUMENTED = {
    name: tuple(cell.replace("`", "").strip() for cell in cells)
    for name, *cells in ROW.findall((ROOT / "docs/settings.md").read_text())
}
PRODUCTION = {
    "HANDBILL_HTTPS": "yes",
    "HANDBILL_PROXIES": "1",
    "HANDBILL_ALLOWED_HOSTS": "handbill.example",
    "HANDBILL_SMTP_URL": "smtp+tls://handbill:secret@mail.example:587",
    "DATABASE_URL": "postgresql://handbill:secret@db.example/handbill",
    "CELERY_BROKER_URL": "amqps://handbill:secret@broker.example/handbill",
}


def manage(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        env={name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_setting_is_documented_and_nothing_else():
    assert {setting.name for setting in env.declared()} == set(DOCUMENTED)


@pytest.mark.parametrize("setting", env.declared(), ids=lambda setting: setting.name)
def test_the_documented_value_default_and_words_are_the_programs(setting):
    value, default, words = DOCUMENTED[setting.name]
    assert words.startswith(setting.doc)
    if setting.default or setting.kind == "words separated by commas":
        assert default == (setting.default or "none")
    if re.search(r" or | to ", setting.kind):
        assert value == setting.kind


@pytest.mark.parametrize(
    ("name", "value"),
    [("HANDBILL_DAILY_PICTURES", "many"), ("HANDBILL_HTTPS", "perhaps"), ("HANDBILL_DALY_PICTURES", "7")],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(name, value):
    answer = manage("check", **{name: value})
    assert answer.returncode == 1
    assert name in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_production_settings_pass_the_deployment_check():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert answer.returncode == 0, answer.stderr


def test_a_proxy_that_is_not_declared_is_complained_of(settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 0
    assert "handbill.W001" in {found.id for found in run_checks(include_deployment_checks=True)}
