"""The browser of the tests: Chromium or Chrome on this machine, or one installed where that is possible.

`python -m tests.chromium` looks, and installs; the tests themselves only look.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# No sandbox: root has none, and containers often forbid it. No background traffic: the tests' pages are all
# it may load.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> str | None:
    """The path of a Chromium, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None) or _playwrights_own()


def install() -> None:
    """Ask the system's packages as root, else Playwright's download.

    Failing is no error: the tests then skip, loudly.
    """
    print("--- no Chromium on this machine: trying to install one")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quietly: dict[str, Any] = {
            "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            "stdout": subprocess.DEVNULL,
        }
        subprocess.run(["apt-get", "update", "-q"], check=False, **quietly)
        subprocess.run(
            ["apt-get", "install", "-qy", "--no-install-recommends", "chromium"], check=False, **quietly
        )
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    if find() is None:
        install()
