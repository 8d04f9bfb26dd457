"""What a result was measured on: the machine, the versions of what ran, and the commit."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import subprocess
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("torch", "diffusers", "transformers", "greenlet", "Django", "celery", "kombu", "psycopg")
CLOCKS = "name,driver_version,clocks.sm,clocks.mem,power.limit"


def facts() -> dict[str, object]:
    """Facts as plain values for JSON."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "gpu": _answer("nvidia-smi", f"--query-gpu={CLOCKS}", "--format=csv,noheader"),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := _version(name))},
        "commit": os.environ.get("HANDBILL_BENCH_COMMIT") or commit(),
    }


def commit() -> str:
    """The commit that ran, with a plus when files were changed since; empty where git does not know."""
    known = _answer("git", "rev-parse", "--short=12", "HEAD")
    changed = _answer("git", "status", "--porcelain", "--untracked-files=no")
    return known + "+" if known and changed else known


def processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


@functools.cache
def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


@functools.cache  # results are saved cell by cell, within minutes
def _answer(*command: str) -> str:
    """What a program prints, or nothing where there is no such program."""
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.strip()
