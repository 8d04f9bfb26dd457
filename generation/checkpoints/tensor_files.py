"""Headers of safetensors files and of their shard lists, checked before anything is handed to a loader.

The format (https://github.com/huggingface/safetensors#format): eight bytes, little-endian, the header's
length; the header, JSON; then the tensors' bytes without holes. Loaders check much of this too; we check all
of it ourselves, so that what is refused does not depend on which loader comes later.
"""

import json
import math
import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from generation.files.refusal import CheckpointRefused, printable

from . import pickles

LOOKED_AT = 512
LONGEST_HEADER = 32 * 1024 * 1024
MOST_ELEMENTS = 1 << 48
# fmt: off
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64,
    "F64": 64, "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of a header."""

    dtype: str
    elements: int
    begin: int
    end: int


def read_header(path: str, file: BinaryIO) -> dict[str, Tensor]:
    """The tensors that `file` holds, by name; `path` is what a refusal calls it.

    Raises CheckpointRefused for a header that lies: too long, not JSON, names given twice, unknown types,
    byte ranges that overlap, leave holes, do not fit the shape or leave the file.
    """
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    start = file.read(8)
    if len(start) < 8:
        raise CheckpointRefused(path, "is empty or too short to be a safetensors file: download it again")
    (length,) = struct.unpack("<Q", start)
    if length == 0 or length > min(size - 8, LONGEST_HEADER):
        _refuse_other(path, file)
    if length > size - 8:
        raise CheckpointRefused(
            path, f"says its header is {length:,} bytes long, which is more than the file: download it again"
        )
    if length > LONGEST_HEADER:
        raise CheckpointRefused(path, f"has a header of {length:,} bytes, which no model needs")
    tensors = _tensors(path, _parse(path, file.read(length)))
    _check_ranges(path, tensors, size - 8 - length)
    return tensors


def _refuse_other(path: str, file: BinaryIO) -> None:
    """Raises CheckpointRefused for a pickle, and for what downloads leave in the place of weights."""
    if kind := pickles.kind_by_content(file):
        raise CheckpointRefused(path, f"is {kind}, whatever its name says")
    file.seek(0)
    head = file.read(LOOKED_AT)
    if not head.strip(b"\0"):
        raise CheckpointRefused(
            path, "begins with nothing but zeros, as a download that was broken off: download it again"
        )
    if head.lstrip()[:1] == b"<":
        raise CheckpointRefused(
            path, "is a web page, such as a hub answers with when it refuses: download it again, signed in"
        )
    if head.startswith(b"GGUF"):
        raise CheckpointRefused(path, "is GGUF, whatever its name says: get the model in safetensors form")
    if head.isascii() and head.decode().replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise CheckpointRefused(path, "is text and holds no weights: download it again")


def _parse(path: str, header: bytes) -> dict[str, object]:
    if not header.startswith(b"{"):
        raise CheckpointRefused(path, "has a header that is not a JSON object")
    try:
        # Depth and repeated names are where two readers of the same bytes would disagree.
        parsed = json.loads(header.decode("utf-8"), object_pairs_hook=lambda pairs: _once(path, pairs))
    except (ValueError, RecursionError) as error:
        raise CheckpointRefused(path, "has a header that is not JSON") from error
    metadata = parsed.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise CheckpointRefused(path, "has metadata in its header that is not text")
    return parsed


def _once(path: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CheckpointRefused(path, "names the same tensor twice in its header")
    return found


def _tensors(path: str, header: dict[str, object]) -> dict[str, Tensor]:
    if not header:
        raise CheckpointRefused(path, "holds no tensors")
    return {name: _tensor(path, name, entry) for name, entry in header.items()}


def _tensor(path: str, name: str, entry: object) -> Tensor:
    called = f"tensor {printable(name, 60)!r}"
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise CheckpointRefused(path, f"describes {called} in an unknown way")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise CheckpointRefused(path, f"gives {called} an unknown type")
    if not _are_counts(shape) or not _are_counts(offsets) or len(offsets) != 2:
        raise CheckpointRefused(path, f"gives {called} a shape or a place that is not made of whole numbers")
    elements = math.prod(shape)
    if elements > MOST_ELEMENTS:
        raise CheckpointRefused(path, f"gives {called} an impossible size")
    return Tensor(dtype, elements, *offsets)


def _are_counts(values: object) -> bool:
    return (
        isinstance(values, list)
        and len(values) <= 16
        and all(type(value) is int and 0 <= value < 1 << 63 for value in values)
    )


def _check_ranges(path: str, tensors: dict[str, Tensor], room: int) -> None:
    """The tensors, in the order of their places, fill the rest of the file exactly."""
    at = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
        called = f"tensor {printable(name, 60)!r}"
        if tensor.begin != at:
            raise CheckpointRefused(path, f"places {called} over another tensor or leaves a hole before it")
        if (tensor.end - tensor.begin) * 8 != tensor.elements * BITS[tensor.dtype]:
            raise CheckpointRefused(path, f"gives {called} a number of bytes that does not fit its shape")
        at = tensor.end
    if room < at:
        raise CheckpointRefused(
            path, f"is cut short: {room:,} of its {at:,} bytes of tensors are there. Download it again"
        )
    if at != room:
        raise CheckpointRefused(path, f"should hold {at:,} bytes of tensors and holds {room:,}")


def check_shards(path: str, index: object, headers: dict[str, dict[str, Tensor]]) -> set[str]:
    """The file names a shard list (`*.safetensors.index.json`) joins, each beside it, present and holding
    what it says.

    `headers`: file name -> its tensors, of every safetensors file in the same folder.
    """
    weight_map = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(weight_map, dict) or not weight_map:
        raise CheckpointRefused(path, "lists no shards")
    for tensor, name in weight_map.items():
        if not isinstance(name, str) or "/" in name or "\\" in name or name in ("", ".", ".."):
            raise CheckpointRefused(
                path, f"names {printable(str(name), 60)!r}, which is not a file beside it"
            )
        if name not in headers:
            raise CheckpointRefused(path, f"names {printable(name, 60)!r}, which is not there")
        if tensor not in headers[name]:
            raise CheckpointRefused(
                path, f"looks for tensor {printable(tensor, 60)!r} in {name}, which does not hold it"
            )
    return set(weight_map.values())
