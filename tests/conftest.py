"""Every run of the tests has a data folder and a PostgreSQL of its own, so that runs do not meet, nor touch
anybody's data.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before Django reads its settings: nothing of the developer's own Handbill may leak into the tests.
for name in list(os.environ):
    if name.startswith("HANDBILL_") or name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        del os.environ[name]
data = Path(tempfile.mkdtemp(prefix="handbill-tests-"))
atexit.register(shutil.rmtree, data, ignore_errors=True)
os.environ["HANDBILL_DATA"] = str(data)
# The same in every run: one key in a hundred is too faint in a picture of 320 pixels.
(data / "marks").mkdir(mode=0o700)
(data / "marks" / "watermark.key").write_text("6b" * 32)
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
# Playwright's event loop runs in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# A second thread would wait for the core on which another process of the tests is at work.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from webapp.postgres.server import EmbeddedPostgres  # noqa: E402

postgres = EmbeddedPostgres(data, for_tests=True)

import django  # noqa: E402

# Here, not in pytest's configuration: the plug-in would read the settings before this file.
django.setup()

from django.conf import settings  # noqa: E402

# A slow hash is what people's passwords need; four of them a test are a minute a run.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each new client would look for all static files, which is most of what it does. A browser gets them from
# Django's own server of the tests.
settings.SERVESTATIC_USE_FINDERS = False
settings.SERVESTATIC_USE_STATIC_ROOT = False

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from hypothesis import HealthCheck  # noqa: E402
from hypothesis import settings as examples  # noqa: E402

# No example is wrong because it took long: the machine may be busy.
examples.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")


def empty_all_tables(case: TransactionTestCase) -> None:
    """Tests with real commits clean up by TRUNCATE, which the audit log refuses to everybody: let it pass
    here alone. The counted attempts are no model's table, and would lock the next test's people out.
    Without Django's permissions, which nothing here asks for, it takes half the time.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER audit_no_truncate")
        try:
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
            cursor.execute("TRUNCATE shared_cache")
        finally:
            cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER audit_no_truncate")


TransactionTestCase._fixture_teardown = empty_all_tables


import pytest  # noqa: E402

from tests import chromium, sampling  # noqa: E402

TESTS = Path(__file__).parent
BROWSER_TESTS = TESTS / "browser"
# Tests of real processes and real clocks, which --fast leaves out.
SLOW = (
    BROWSER_TESTS,
    TESTS / "bench",
    TESTS / "faults",
    TESTS / "machine",
    TESTS / "postgres",
    TESTS / "tuning",
    TESTS / "generation/worker/test_worker.py",
)
NO_BROWSER = "no Chromium on this machine"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Before the tests' database is made, and only for tests that ask for it: the server."""
    with postgres:
        yield


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny diffusion model, only to be read."""
    from tests.engine import tiny_pipelines  # torch is for the tests that draw

    folder = tmp_path_factory.mktemp("checkpoint")
    tiny_pipelines.build("sd15", folder)
    return folder


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a screen, for all tests that need one; each opens a context of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process of a run reads the settings anew, from this file, for a data folder of its own."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="a small part: no browser and no real processes")
    parser.addoption("--full", action="store_true", help="all of the sweeps, which takes hours")
    parser.addoption("--sample-seed", type=int, default=0, help="chooses the part of each sweep")


def pytest_configure(config: pytest.Config) -> None:
    sampling.tier = "full" if config.getoption("full") else "fast" if config.getoption("fast") else "usual"
    sampling.seed = config.getoption("sample_seed")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("fast") and collection_path in SLOW else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last, and are skipped where there is no browser. What starts processes gets the time
    that it needs on a busy machine: the slowest took 196 of the usual 300 seconds at a load of 17.
    """
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in SLOW):
            item.add_marker(pytest.mark.timeout(900))
    if config.getoption("fast"):
        items[:] = sampling.one_of_each(item for item in items if not item.get_closest_marker("slow"))
    in_browser = [item for item in items if item.path.is_relative_to(BROWSER_TESTS)]
    items.sort(key=lambda item: item in in_browser)
    if in_browser and chromium.find() is None:
        for item in in_browser:
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_collection_finish() -> None:
    """What was imported stays: torch and diffusers are so many objects that looking through all of them for
    garbage, as the engine asks whenever a model goes, takes a third of a second.
    """
    gc.freeze()


def pytest_terminal_summary(terminalreporter) -> None:
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"The part of each sweep was chosen by --sample-seed={sampling.seed}.")
    skipped = terminalreporter.stats.get("skipped", [])
    without_browser = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if without_browser:
        line = f"NOT RUN: {without_browser} browser tests, because there is {NO_BROWSER}."
        terminalreporter.write_sep("!", line, red=True, bold=True)
