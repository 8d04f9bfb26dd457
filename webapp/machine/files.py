"""Kombu's transport by files, except that it puts its folders back when somebody takes them away.

Kombu's own never makes them, and ends the worker when they are missing.
"""

from pathlib import Path

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Every use of a folder makes sure that it is there."""

    @property
    def data_folder_in(self) -> str:
        return str(self._made("data_folder_in"))

    @property
    def data_folder_out(self) -> str:
        return str(self._made("data_folder_out"))

    @property
    def control_folder(self) -> Path:
        return self._made("control_folder")

    def _made(self, name: str) -> Path:
        folder = Path(self.transport_options[name])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


class Transport(filesystem.Transport):
    Channel = Channel
    # A folder that vanished between the making and the use: begin again, as after a lost connection.
    connection_errors = (*filesystem.Transport.connection_errors, OSError)
