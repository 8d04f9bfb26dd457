"""What a caller is told of an error: its kind and place, as its own text may quote the prompt."""

from __future__ import annotations

import traceback
from pathlib import Path

from generation.engine.forward import is_out_of_memory
from generation.engine.request import GenerationError


def failure_of(error: Exception) -> GenerationError:
    if isinstance(error, GenerationError):
        return error
    if is_out_of_memory(error):
        return GenerationError("out_of_memory", "The picture does not fit into memory.")
    return GenerationError("internal", f"The picture failed: {place_of(error)}.")


def place_of(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
