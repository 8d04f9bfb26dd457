"""Typst, one compiler a thread: a layout and a creative's values become a file and what stands where."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import typst

from .fonts import FontSet, opened
from .render_spec import Kind

EPOCH = 0  # a PDF carries no time of making, so that the same creative is the same bytes
_threads = threading.local()


Report = dict[str, Any]


def picture_frame(reports: Sequence[Report]) -> Report | None:
    """Where the page has its picture, if it has one."""
    return next((report for report in reports if report["kind"] == "picture"), None)


def typeset(
    layout: Path, values: dict[str, Any], font_set: FontSet, kind: Kind, ppi: float = 72
) -> tuple[bytes, list[Report]]:
    """The one page of `layout` filled with `values`, and what it reports of what it placed."""
    compiler = _compiler(font_set)
    page = compiler.compile(
        input=str(layout),
        format=kind,
        ppi=ppi,
        sys_inputs={"creative": json.dumps(values)},
        timestamp=EPOCH,
    )
    return cast(bytes, page), cast(list[Report], json.loads(compiler.query("<handbill>", field="value")))


def _compiler(font_set: FontSet) -> typst.Compiler:
    compilers: dict[tuple[str, ...], typst.Compiler] = _threads.__dict__.setdefault("compilers", {})
    if font_set.key not in compilers:
        while len(compilers) >= 4:
            del compilers[next(iter(compilers))]
        # Layouts lie in this package and pictures in the scratch folder: the root holds both. Only layouts
        # read files, and only those that Python named; people's words are never source.
        compilers[font_set.key] = typst.Compiler(
            root="/", font_paths=opened(font_set), ignore_system_fonts=not font_set.with_system
        )
    return compilers[font_set.key]
