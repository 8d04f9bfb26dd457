"""Starts worker processes in a moment: torch, Celery and the site are imported here once, and each worker
is a fork of this process.

Run by `tests.faults.processes`: a line of JSON on standard input starts a worker, a line with its number
answers.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

django.setup()

import celery.bin.celery  # noqa: E402, F401
import diffusers  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.checks import run_checks  # noqa: E402

from generation.jobs import heartbeat, wake_notify  # noqa: E402
from generation.safety import pictures as safety  # noqa: E402
from generation.worker import worker as resident  # noqa: E402
from webapp.celery import app  # noqa: E402
from webapp.conf import broker  # noqa: E402
from webapp.creatives import exports  # noqa: E402
from webapp.machine import worker  # noqa: E402
from webapp.postgres.process import ends_with_parent  # noqa: E402

# What the tiny pipeline will want, so that the children need not look for it.
PARTS = (diffusers.StableDiffusionPipeline, diffusers.AutoPipelineForText2Image, transformers.CLIPTextModel)
# Whoever was lost is missed at the next tick.
resident.SWEEP_EVERY = 0.0
# And what Celery imports at each start of a worker: the tasks and, by Django's checks, all pages.
app.loader.import_default_modules()
run_checks()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Who ends is gone at once.
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        tie = ends_with_parent(signal.SIGKILL)
        child = os.fork()
        if child == 0:
            tie()
            work(**order)
        print(child, flush=True)


def work(
    log: str,
    broker_url: str = "",
    tick: float | None = None,
    lease: float | None = None,
    device_lasts: int | None = None,
    deaf: bool = False,
    queue: str = "gpu",
    file_seconds: float = 0,
    look_seconds: float = 0,
) -> None:
    """Be a worker of a queue.

    tick: seconds between its own looks at the queue; lease: in seconds; device_lasts: forward calls of the
    UNet after which the device is lost; deaf: to the database's bell, so that the broker's must be heard;
    file_seconds: that each file of an export takes beside its own; look_seconds: that each look at a picture
    takes, after it is told.
    """
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if broker_url:
        app.conf.broker_transport = None
        for name, value in broker.settings(broker_url, None).items():
            setattr(app.conf, name.removeprefix("CELERY_").lower(), value)
    if tick is not None:
        heartbeat.EVERY = tick
    if deaf:
        wake_notify.listen = hear_nothing
    if lease is not None:
        settings.LEASE = timedelta(seconds=lease)
    if device_lasts is not None:
        lose_device(after=device_lasts)
    if file_seconds:
        slow_files_down(file_seconds)
    if look_seconds:
        slow_looks_down(look_seconds)
    try:
        worker.main(queue)
    finally:
        os._exit(0)


def hear_nothing(queue: str, until: threading.Event) -> Iterator[None]:
    """Nor what waits when the ear is opened, which may be long after the worker says that it is ready."""
    until.wait()
    yield from ()


def slow_files_down(seconds: float) -> None:
    make = exports._file

    def make_slowly(*order: Any, **named: Any) -> Any:
        time.sleep(seconds)
        return make(*order, **named)

    exports._file = make_slowly


def slow_looks_down(seconds: float) -> None:
    look = safety.look

    def look_slowly(picture: Any) -> Any:
        print("looks at a picture", flush=True)
        time.sleep(seconds)
        return look(picture)

    safety.look = look_slowly


def lose_device(after: int) -> None:
    """What a device-side assert looks like from Python: from one call on, all raise this."""
    calls = itertools.count()

    def forward(module: torch.nn.Module, *args: object) -> None:
        if isinstance(module, diffusers.UNet2DConditionModel) and next(calls) >= after:
            raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    torch.nn.modules.module.register_module_forward_pre_hook(forward)


if __name__ == "__main__":
    main()
