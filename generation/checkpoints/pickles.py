"""Is it a pickle? By name and by content: whatever opens one runs the code in it.

This is a tripwire with a clear message, not the wall. The wall is that only files of a few known kinds are
ever copied, each proved to be of its kind, and that nothing here or in the loader opens a pickle.
"""

import io
import pickletools
import re
import zipfile
from typing import BinaryIO

# fmt: off
PICKLE_SUFFIXES = {
    ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".pck", ".pcl", ".p", ".th", ".joblib", ".dill",
    ".cloudpickle", ".pt2", ".ptc", ".pte", ".mar", ".nemo", ".npy", ".npz", ".distcp",
}
CODE_SUFFIXES = {
    ".py", ".pyc", ".pyo", ".pyi", ".pyd", ".pyw", ".pyx", ".pyz", ".ipynb", ".so", ".dll", ".dylib", ".exe",
    ".sh", ".bat", ".cmd", ".ps1", ".whl", ".egg", ".jar",
}
# fmt: on
# A pickle must name what it calls by one of these before it can call it.
NAMING = {"GLOBAL", "INST", "STACK_GLOBAL", "EXT1", "EXT2", "EXT4"}
LOOKED_AT = 1 << 20


def kind_by_name(name: str) -> str | None:
    """ "a pickle" or "program code" when the name's ending says so."""
    ending = "." + name.lower().rstrip(". ").rpartition(".")[2]
    if ending in PICKLE_SUFFIXES:
        return "a pickle"
    return "program code" if ending in CODE_SUFFIXES else None


def kind_by_content(file: BinaryIO) -> str | None:
    """What kind of code-carrying container the bytes are, whatever the file is called; None when they are
    none.
    """
    file.seek(0)
    head = file.read(LOOKED_AT)
    if head.startswith(b"PK\x03\x04") or zipfile.is_zipfile(file):
        return "a zip archive, as torch's pickles are"
    if head[257:262] == b"ustar":
        return "a tar archive, as old torch pickles are"
    if head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")) or _is_old_pickle(head):
        return "a pickle"
    if head.startswith((b"\x7fELF", b"MZ\x90", b"#!")):
        return "a program"
    return None


def _is_old_pickle(head: bytes) -> bool:
    """Protocols 0 and 1 have no magic number: read opcodes, and see whether they name something or make up
    the file.
    """
    stream = io.BytesIO(head)
    names = False
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            names = names or (opcode.name in NAMING and _is_dotted_name(argument))
    except (ValueError, UnicodeDecodeError, OverflowError):
        # Nonsense is text; sense that goes on past what was looked at is a pickle.
        return names and stream.tell() == len(head)
    whole = not head[stream.tell() :].strip()
    return names or (whole and stream.tell() > 2)


def _is_dotted_name(argument: object) -> bool:
    """GLOBAL and INST carry "module name"; the others take theirs from the stack."""
    return not isinstance(argument, str) or re.fullmatch(r"[\w.]+ [\w.]+", argument) is not None
