"""Where this installation keeps what code without Django needs. Named once, when a program starts; imports
nothing, so that naming costs nothing.
"""

from pathlib import Path

_named: dict[str, Path | None] = {}


def keep_marks_in(folder: Path | None) -> None:
    """Let the secrets that files are marked with be those in `folder`; None for none."""
    _named["marks"] = folder


def marks() -> Path | None:
    """The folder of the secrets that files are marked with; None when nobody named it."""
    return _named.get("marks")


def take_turns_by(file: Path | None) -> None:
    """Let all programs of this installation take turns by locks on `file`; None for one of this user's."""
    _named["turns"] = file


def turns() -> Path | None:
    """The file by whose locks turns are taken; None when nobody named it."""
    return _named.get("turns")
