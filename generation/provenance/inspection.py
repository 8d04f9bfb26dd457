"""`verify` for files from strangers, in a process of its own: a file that is made to take all memory, to
never end or to crash a decoder ends that process, and nothing else.
"""

import json
from dataclasses import asdict
from pathlib import Path

from generation import places, sandbox

from .manifest import Statement
from .reader import Marks
from .studio import StudioError, studio
from .verdict import LARGEST_FILE, Finding, Verdict, verify

SECONDS = 10  # of computing; the largest picture takes four
MEMORY = 2 * 1024**3  # bytes of address space: the largest picture, several times over


def inspect(data: bytes) -> Verdict:
    """What `verify` says of `data`, within SECONDS and MEMORY; UNREADABLE for what takes more.

    Nothing of it is written to disk. Raises StudioError.
    """
    if len(data) > LARGEST_FILE:
        return Verdict(Finding.UNREADABLE)
    here = studio()
    here.make()
    folder = f"{here.folder}\0".encode()
    try:
        told = sandbox.read(looked_at, folder + data, seconds=SECONDS, memory=MEMORY)
    except sandbox.Exhausted:
        return Verdict(Finding.UNREADABLE)
    except sandbox.Refused as trouble:
        raise StudioError(str(trouble)) from trouble
    return _verdict(json.loads(told))


def looked_at(message: bytes) -> bytes:
    """In the sandbox: the verdict, as JSON, on what follows the folder of the studio's secrets."""
    folder, _, data = message.partition(b"\0")
    places.keep_marks_in(Path(folder.decode()))
    try:
        return json.dumps(asdict(verify(data))).encode()
    except StudioError as trouble:
        raise sandbox.Refused(str(trouble)) from trouble


def _verdict(fields: dict) -> Verdict:
    marks, statement = fields["marks"], fields["statement"]
    lists = {name: tuple(statement[name]) for name in ("source_types", "actions")}
    return Verdict(
        finding=Finding(fields["finding"]),
        media_type=fields["media_type"],
        statement=Statement(**{**statement, **lists}),
        marks=Marks(**marks) if marks else None,
        watermark=fields["watermark"],
    )
