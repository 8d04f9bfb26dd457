"""A progress bar in a terminal; a line now and then where nobody can redraw one."""

import time

from django.core.management.base import OutputWrapper

WIDTH = 24
QUIET_SECONDS = 5.0


class ProgressBar:
    """Shows how much of `title` is done on `stream`."""

    def __init__(self, title: str, stream: OutputWrapper) -> None:
        self.title = title
        self._stream = stream
        self._redraws = stream.isatty()
        self._shown = ""
        self._shown_at = float("-inf")

    def show(self, share: float, words: str) -> None:
        """share: 0 to 1. In a log, a line only when the words change or some seconds have passed."""
        done = round(share * WIDTH)
        line = f"{self.title} [{'#' * done}{'.' * (WIDTH - done)}] {round(share * 100):3}% {words}"
        if self._redraws:
            self._stream.write(f"\r{line}\x1b[K", ending="")
        elif line != self._shown and (
            self._says_new(words) or time.monotonic() > self._shown_at + QUIET_SECONDS
        ):
            self._stream.write(line)
            self._shown_at = time.monotonic()
            self._shown = line
        self._stream.flush()

    def end(self) -> None:
        if self._redraws:
            self._stream.write("\r\x1b[K", ending="")

    def _says_new(self, words: str) -> bool:
        return not self._shown.endswith(words)
