"""Kombu's transport by files, made safe against half of a message, against what is no message, and against a
folder that somebody takes away: kombu's own ends the worker at the first of them.

A message gets its name when it is complete. What cannot be read is put aside and named in the log, and the
next one is read: a message is a doorbell, which may be lost.
"""

import logging
import os
import stat
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.exceptions import ChannelError
from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

LARGEST = 1024**2
UNFINISHED, TAKEN, ASIDE = ".part", ".taken", ".unreadable"  # None of them is the end of a message's name.

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """A file with the name of a message that holds none."""


class Channel(filesystem.Channel):
    """Every use of a folder makes sure that it is there.

    Every program declares the queues it rings and hears, so they are kept in its memory and not in files that
    could be spoiled.
    """

    supports_fanout = False
    get_table = virtual.Channel.get_table
    _delete = virtual.Channel._delete

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._immovable: set[str] = set()

    @property
    def data_folder_in(self) -> str:
        return str(self._made("data_folder_in"))

    @property
    def data_folder_out(self) -> str:
        return str(self._made("data_folder_out"))

    def _made(self, name: str) -> Path:
        folder = Path(self.transport_options[name])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _put(self, queue: str, payload: object, **_: object) -> None:
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        target = Path(self.data_folder_out, name)
        draft = target.with_name(name + UNFINISHED)
        try:
            draft.write_bytes(dumps(payload).encode())
            draft.rename(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError(f"The message could not be written: {error.strerror}") from error

    def _get(self, queue: str) -> object:
        folder = Path(self.data_folder_in)
        for name in sorted(set(os.listdir(folder)) - self._immovable):
            if name.partition(".")[2] == f"{queue}.msg" and (taken := self._take(folder / name)):
                try:
                    payload = self._read(taken)
                except Unreadable as error:
                    taken.rename(taken.with_suffix(ASIDE))
                    log.warning("put aside %r, which is no message (%s)", name, error)
                    continue
                taken.unlink(missing_ok=True)
                return payload
        raise Empty

    def _take(self, file: Path) -> Path | None:
        """`file` under a name that no other worker reads; None when another was quicker, or nobody may."""
        try:
            return file.rename(file.with_name(f"{uuid.uuid4()}{TAKEN}"))
        except FileNotFoundError:
            return None
        except OSError as error:
            self._immovable.add(file.name)
            log.warning("leave %r, which cannot be moved (%s)", file.name, error.strerror)
            return None

    def _read(self, file: Path) -> object:
        """The message in `file`. Raises Unreadable."""
        try:
            payload = loads(_content(file).decode())
            headers = self.Message(payload, channel=self).headers
            if not {type(headers["task"]), type(headers["id"])} <= {str}:
                raise Unreadable("no task")
        except Exception as error:  # Kombu makes what types the message names: anything may fail.
            raise Unreadable(type(error).__name__) from error
        return payload


class Transport(filesystem.Transport):
    Channel = Channel
    implements = virtual.Transport.implements
    # A folder that vanished between the making and the use: begin again, as after a lost connection.
    connection_errors = (*filesystem.Transport.connection_errors, OSError)


def _content(file: Path) -> bytes:
    """Without waiting for the writer of a pipe, and without following a link."""
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise Unreadable("no file of a message's size")
        return stream.read(LARGEST)
