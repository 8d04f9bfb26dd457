"""What can be seen of the PostgreSQL server of a folder: its pid file, its process and its helpers."""

from pathlib import Path

from .process import all_pids, command_line, is_alive, works_in


class Postmaster:
    """The server of `folder`, whoever started it. Its processes carry `label` in their command lines."""

    def __init__(self, folder: Path, label: str) -> None:
        self._folder = folder
        self._label = label

    def pid_file(self) -> tuple[int, str]:
        """The server's process id and status, as in its postmaster.pid; (0, "") when it has none."""
        try:
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (OSError, ValueError, IndexError):
            return 0, ""

    def is_ready(self) -> bool:
        """Whether the server runs and is open to clients."""
        pid, status = self.pid_file()
        return status == "ready" and self.is_ours(pid)

    def is_ours(self, pid: int) -> bool:
        """Whether `pid` is this folder's server: after a reboot another program may have its number.

        One that was started by another path to the folder, or by hand, has another label or none.
        """
        line = command_line(pid)
        known = self._is_labelled(line) or ("postgres" in line and works_in(pid, self._folder))
        return pid > 0 and is_alive(pid) and known

    def processes(self) -> list[int]:
        """The server and its helpers."""
        return [pid for pid in all_pids() if self._is_labelled(command_line(pid))]

    def is_headless(self) -> bool:
        """Whether helpers are all that is left: the server itself does not call itself `postgres: ...`."""
        return all(command_line(pid).startswith("postgres:") for pid in self.processes())

    def _is_labelled(self, line: str) -> bool:
        return self._label in line and "postgres" in line.split("\0")[0]
