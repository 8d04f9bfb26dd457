"""Lists of words that nobody should come upon by chance: each line stands in base64, comments as they are.

python -m generation.safety < plain.txt > list.txt
python -m generation.safety --plain < list.txt
"""

from base64 import b64decode, b64encode
from binascii import a2b_base64
from collections.abc import Iterable, Iterator
from pathlib import Path


def read(path: Path) -> list[str]:
    """The lines of a list, in plain text, without comments and empty lines."""
    lines = path.read_text(encoding="ascii").splitlines()
    return [a2b_base64(line).decode() for line in lines if is_entry(line)]


def plain(lines: Iterable[str]) -> Iterator[str]:
    return (b64decode(line, validate=True).decode() if is_entry(line) else line for line in lines)


def encoded(lines: Iterable[str]) -> Iterator[str]:
    return (b64encode(line.encode()).decode() if is_entry(line) else line for line in lines)


def is_entry(line: str) -> bool:
    return line[:1] not in ("", "#")
