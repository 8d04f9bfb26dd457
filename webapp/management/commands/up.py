"""`up`: all of Handbill on this machine, with a demonstration business, until Ctrl-C."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from urllib.parse import urljoin

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections
from django.urls import reverse

from accounts import sign_in_links
from accounts.models import User
from generation.jobs import eta
from generation.models import Job, Status
from generation.pictures import wanted_again
from webapp.machine import demo, local_server
from webapp.machine.progress import ProgressBar
from webapp.postgres import logs
from webapp.postgres.server import PostgresError

TICK = 0.2
WEB_SECONDS = 60


class Command(BaseCommand):
    help = "Start Handbill on this machine and serve until Ctrl-C."
    is_serving = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exit", action="store_true", help="Stop when the first pictures are stored.")
        parser.add_argument(
            "--port",
            type=int,
            default=8000,
            help="Port of this machine to serve on; 0 takes one that is free.",
        )
        parser.add_argument("--data", help="Folder of everything Handbill keeps (default: data).")

    def handle(self, *, port: int, exit: bool, **options: object) -> None:
        os.umask(0o077)
        try:
            with signals_interrupt():
                self._up(port, exit)
        except (local_server.StartupError, PostgresError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
            if not self.is_serving:
                sys.exit(130)

    def _up(self, port: int, exit: bool) -> None:
        with local_server.alone() as lock, local_server.listening(port) as listener:
            port = listener.getsockname()[1]
            address = f"http://127.0.0.1:{port}/"
            print(address, file=lock, flush=True)
            self._say("Starting the database ...")
            with local_server.services() as services:
                job = self._start(services, listener)
                self._watch(services, job)
                stored, folder = demo.pictures(job)
                end = [f"pictures: {stored} in {folder}", f"dashboard: {address}"]
                if not exit:
                    self._await_web(services, port)
                    self._say(f"Sign in, once, within 15 minutes: {_sign_in_link(address)}", *end)
                    self._serve(services)
                self._say("Stopping ...")
            self._say(*end)

    def _start(self, services: local_server.Services, listener: socket.socket) -> Job:
        self._say("Preparing the tables and the starter model ...")
        local_server.make_tables()
        local_server.make_marks()
        # The workers take seconds to import torch; the model is installed in the meantime.
        services.start_web(listener)
        services.start_workers()
        local_server.install_starter()
        return demo.first_pictures(demo.open_bakery())

    def _watch(self, services: local_server.Services, job: Job) -> None:
        """Wait for the first pictures, and show how far they are."""
        progress = ProgressBar("Making the first pictures", self.stdout)
        while not job.is_finished:
            self._tend(services)
            # The database may be starting again: the next look tells.
            with contextlib.suppress(OperationalError):
                job.refresh_from_db()
                progress.show(*how_far(job))
                if hindrance := eta.outlooks([job])[job.pk].hindrance:
                    raise local_server.StartupError(f"The first pictures cannot be made. {hindrance}")
            close_old_connections()
        progress.end()
        if job.status != Status.FAILED:
            return
        failed = f"The first pictures failed. {job.reason}"
        if not wanted_again(job).exists():  # All were withheld, and would be so again.
            return self._say(failed)
        if demo.may_try_again(job):
            raise local_server.StartupError(f"{failed} Start again to try again.")
        self._say(f"{failed} {demo.EMAIL} may not try again: an owner of {job.business} can, on its page.")

    def _await_web(self, services: local_server.Services, port: int) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not local_server.answers(port):
            self._tend(services)
            if time.monotonic() > deadline:
                raise local_server.StartupError(
                    f"The web server does not answer; {local_server.LOGS / 'web.log'} may say why."
                )

    def _serve(self, services: local_server.Services) -> None:
        self.is_serving = True
        while True:
            services.tend()
            time.sleep(TICK)

    def _tend(self, services: local_server.Services) -> None:
        services.tend()
        if child := services.ailing():
            end = logs.tail(child.log)
            raise local_server.StartupError(
                f"{child.name} ends again and again. The end of {child.log}:\n{end}"
            )
        time.sleep(TICK)

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


@contextlib.contextmanager
def signals_interrupt() -> Iterator[None]:
    """SIGTERM and a closed terminal end the program as Ctrl-C does; a second signal changes nothing."""

    def interrupt(*_: object) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # As nohup leaves it.
        signals.append(signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def how_far(job: Job) -> tuple[float, str]:
    """The share of the job's steps that are done, and the same in words."""
    outputs = list(job.outputs.filter(cancelled_at=None))
    stored = sum(output.is_stored for output in outputs)
    steps = sum(output.steps if output.is_stored else output.step for output in outputs)
    words = "waiting for the worker" if job.status == Status.QUEUED else f"{stored} of {len(outputs)} stored"
    return steps / max(sum(output.steps for output in outputs), 1), words


def _sign_in_link(address: str) -> str:
    token = sign_in_links.create(User.objects.get(email=demo.EMAIL))
    return urljoin(address, reverse("sign_in_link", args=[token]))
