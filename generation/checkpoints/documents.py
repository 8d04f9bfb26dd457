"""The text files of a checkpoint: JSON without remote code, plain text that is text, SentencePiece
vocabularies.
"""

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from generation.files.refusal import CheckpointRefused

LARGEST_JSON = 128 * 1024 * 1024  # the largest tokenizer.json in use is about 35 MB
# Each of these makes a loader fetch or run code that is not in diffusers or transformers.
REMOTE_CODE_KEYS = {
    "auto_map",
    "custom_pipeline",
    "custom_pipelines",
    "custom_generate",
    "custom_object",
    "custom_objects",
    "trust_remote_code",
    "code_revision",
    "_attn_implementation_internal",  # CVE-2026-4372
    "_experts_implementation_internal",
    "kernel_config",
    "use_kernels",
}
# These may choose between the loader's own implementations, by a plain word; "owner/name" fetches code from a
# hub.
IMPLEMENTATION_KEYS = {
    "attn_implementation",
    "_attn_implementation",
    "experts_implementation",
    "_experts_implementation",
    "attention_backend",
}


def read_json(path: str, file: BinaryIO) -> object:
    """The parsed document. Raises CheckpointRefused when it is not UTF-8 JSON, or asks for remote code at any
    depth.
    """
    file.seek(0)
    data = file.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise CheckpointRefused(path, "is too large for a configuration file")
    try:
        # The loaders read the same text with the same parser, so of a key given twice both see the last.
        document = json.loads(data.decode("utf-8"))
        _check_keys(path, document)
    except (ValueError, RecursionError) as error:
        raise CheckpointRefused(path, "is not a JSON document") from error
    return document


def _check_keys(path: str, document: object) -> None:
    for key, value in _settings(path.rpartition("/")[2], document):
        if key in REMOTE_CODE_KEYS:
            raise CheckpointRefused(
                path, f"has the key {key!r}, which asks the loader to run code from elsewhere"
            )
        if key in IMPLEMENTATION_KEYS and any("/" in word for word in _words(value)):
            raise CheckpointRefused(
                path, f"has the key {key!r} with a hub address, which would fetch code from there"
            )


def _settings(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every key with its value, at every depth, but for vocabularies, where any word may be a key."""
    if isinstance(value, list):
        for item in value:
            yield from _settings("", item)
    elif isinstance(value, dict) and not (name in ("vocab.json", "vocab") and _is_vocabulary(value)):
        for key, item in value.items():
            yield key, item
            yield from _settings(key, item)


def _is_vocabulary(value: dict[str, object]) -> bool:
    return len(value) > 100 and all(type(number) is int for number in value.values())


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _words(item)


def check_text(path: str, file: BinaryIO) -> None:
    """Raises CheckpointRefused unless the file is UTF-8 text without NUL."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in iter(lambda: file.read(1 << 20), b""):
            if "\0" in decoder.decode(piece):
                raise CheckpointRefused(path, "is not a text file")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise CheckpointRefused(path, "is not a text file") from error


def check_sentencepiece(path: str, file: BinaryIO) -> None:
    """Raises CheckpointRefused unless the file is a SentencePiece model: a protocol buffer whose first field
    is a piece.
    """
    from sentencepiece import SentencePieceProcessor

    file.seek(0)
    data = file.read(LARGEST_JSON + 1)
    try:
        if len(data) > LARGEST_JSON or not data.startswith(b"\x0a"):
            raise RuntimeError
        SentencePieceProcessor().LoadFromSerializedProto(data)
    except RuntimeError as error:
        raise CheckpointRefused(path, "is not a SentencePiece vocabulary, as .model files are") from error
