"""Keeps the programs of one machine running: starts them, starts them again when they end, ends them with
itself.

It knows nothing of what they do.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from webapp.postgres import logs
from webapp.postgres.process import ends_with_parent, wait_until

STOP_SECONDS = 8
LONGEST_PAUSE = 30
HEALTHY_AFTER = 60  # A program that ran this long has got over whatever ended it before.


@dataclass
class Child:
    """One program: its command, its log file, and how often in a row it has ended by itself."""

    name: str
    command: Sequence[str]
    log: Path
    folder: Path
    files: Sequence[int] = ()  # Descriptors it inherits.
    ends: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _not_before: float = 0.0

    def start(self) -> None:
        with logs.opened(self.log) as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.files,
                # Apart from the terminal's Ctrl-C, which is the supervisor's to handle, and with its own
                # children in one group.
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGKILL),
            )
        self._started = time.monotonic()

    def tend(self) -> None:
        """Start the program again when it has ended, after a pause that doubles with every end in a row."""
        if self._process and self._process.poll() is not None:
            self._reap(self._process)
        if self._process is None and time.monotonic() >= self._not_before:
            self.start()

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End the program and whatever it started."""
        if self._process:
            _kill_group(self._process.pid)
            self._process.wait()
            self._process = None

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        _kill_group(process.pid)
        lived = time.monotonic() - self._started
        self.ends = self.ends + 1 if lived < HEALTHY_AFTER else 1
        self._not_before = time.monotonic() + min(2 ** (self.ends - 1), LONGEST_PAUSE)
        self._process = None


@dataclass
class Supervisor:
    """The children, in the order they start.

    Use it from the main thread: children end with the thread that started them.
    """

    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def tend(self) -> None:
        for child in self.children:
            child.tend()
            logs.rotate(child.log)

    def stop(self) -> None:
        """Ask all to end, and end those that do not within a few seconds: an unfinished job is taken up at
        the next start.
        """
        for child in self.children:
            child.ask_to_stop()
        wait_until(lambda: all(child.has_ended() for child in self.children), STOP_SECONDS)
        for child in self.children:
            child.kill()


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # Nobody is left in the group.
        os.killpg(leader, signal.SIGKILL)
