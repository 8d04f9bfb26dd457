"""One real call of a component for many parked ones, with faults kept to the rows that caused them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

import torch

from generation.engine.adapters import activate
from generation.engine.arguments import layout_of, rows_of
from generation.engine.deterministic import fillers
from generation.engine.division import Undividable, split
from generation.engine.learning import learned, learned_from_fillers
from generation.engine.likeness import differ_everywhere
from generation.engine.merging import copied, merge
from generation.engine.padding import is_padded
from generation.engine.sharing import Sharing
from generation.engine.standins import Call, dtype_of
from generation.engine.standins import cast as recast


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gets: its value, or the error to raise where the fiber is parked.

    `is_forecast`: the value was told from the request's last ones, and no component ran.
    """

    value: Any = None
    error: Exception | None = None
    is_forecast: bool = False


class OutOfMemory(Exception):
    """Calls did not fit into memory, and may if run in another way."""


def forward(calls: Sequence[Call], sharing: Sharing, *, rows: int = 0, tiled: bool = False) -> list[Answer]:
    """Run calls with equal keys together, filled up to `rows` rows; one answer a call, in order.

    Calls of a form that never met before are tried first. Those that may not be shared, or fail together, run
    one by one, so that only the guilty one fails. `tiled` has a decoder work tile by tile. Raises OutOfMemory
    when there is a way to do with less: fewer calls, fewer fillers, or tiles; and torch.AcceleratorError,
    after which the device cannot be used any more.
    """
    if len(calls) > 1 and not sharing.is_refused(calls):
        try:
            run = _together if sharing.is_proven(calls) else _trial
            return run(calls, sharing, rows, tiled)
        except OutOfMemory:
            raise
        except Undividable:  # an answer of another form than those before
            sharing.refuse(calls)
        except Exception as error:  # a component may raise anything; each call meets its own error alone
            raise_if_lost(error)
    return [_alone(call, sharing, rows, tiled) for call in calls]


def run_together(calls: Sequence[Call], *, tiled: bool = False) -> Any:
    """What a component answers to calls laid together, undivided. Raises what it raises, or OutOfMemory."""
    batch = merge(calls)
    try:
        return _run(calls[0], batch.args, batch.kwargs, tiled)
    except Exception as error:
        if is_out_of_memory(error) and (len(calls) > 1 or (can_tile(calls[0]) and not tiled)):
            raise OutOfMemory from None
        raise


def _together(calls: Sequence[Call], sharing: Sharing, rows: int, tiled: bool) -> list[Answer]:
    padded = [*calls, *fillers(calls, rows)]
    whole = run_together(padded, tiled=tiled)
    layouts = [layout_of(call) for call in padded]
    division = sharing.division(calls)
    if division is None:
        division = learned_from_fillers(whole, rows_of(layouts), layouts[0].rows)
        sharing.keep(calls, division, is_proven=False)
    return [Answer(part) for part in split(whole, layouts, division)[: len(calls)]]


def _alone(call: Call, sharing: Sharing, rows: int, tiled: bool) -> Answer:
    """Filled up, whether or not such calls may be shared: its last bits depend on the number of rows.

    A component that cannot do with fillers is never given any again, alone or in company.
    """
    calls = [call]
    if not fillers(calls, rows) or not sharing.takes_fillers(calls):
        return attempt(calls, tiled)
    try:
        return _together(calls, sharing, rows, tiled)[0]
    except OutOfMemory:
        raise
    except Exception as error:  # the fillers' fault, if it goes well without them
        raise_if_lost(error)
    answer = attempt(calls, tiled)
    if answer.error is None:
        sharing.refuse_fillers(calls)
    return answer


def attempt(calls: Sequence[Call], tiled: bool) -> Answer:
    """What a component answers to calls laid together, undivided, or its error."""
    try:
        return Answer(run_together(calls, tiled=tiled))
    except OutOfMemory:
        raise
    except Exception as error:
        raise_if_lost(error)
        return Answer(error=error)


def raise_if_lost(error: Exception) -> None:
    if isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error):
        raise error


# --- calls that meet for the first time -------------------------------------------------------------------


def _trial(calls: Sequence[Call], sharing: Sharing, rows: int, tiled: bool) -> list[Answer]:
    """Calls of a form that never met: all together, and one by one until two answers can be told apart.

    Costs the calls that run alone, mostly two, once a component. Copies are run together, as a component may
    write into what it is given. Answers too much alike prove nothing (two pictures that are both harmless, to
    a safety checker): then all run alone, and the next time alone first.
    """
    copies = [copied(call) for call in (*calls, *fillers(calls, rows))]
    whole = None if sharing.is_in_doubt(calls) else attempt(copies, tiled)
    answers: list[Answer] = []
    pair: list[int] = []
    while not pair and len(answers) < len(calls):
        answers.append(_alone(calls[len(answers)], sharing, rows, tiled))
        pair = _told_apart(calls, answers)
    whole = attempt(copies, tiled) if whole is None and pair else whole
    if whole is not None and whole.error is None and pair and not sharing.is_refused(calls):
        parts = _learn(calls, copies, whole.value, {each: answers[each].value for each in pair}, sharing)
        answers += [Answer(part) for part in parts[len(answers) : len(calls)]]
    answers += [_alone(call, sharing, rows, tiled) for call in calls[len(answers) :]]
    if whole is not None and whole.error is not None and all(answer.error is None for answer in answers):
        sharing.refuse(calls)  # they fail together only
    elif not pair:
        sharing.doubt(calls)
    return answers


def _told_apart(calls: Sequence[Call], answers: Sequence[Answer]) -> list[int]:
    """The last answer and an earlier one, by number, if they show that rows do not mind each other."""
    last = len(answers) - 1
    for other in range(last):
        alike = is_padded([calls[other], calls[last]]) == is_padded(calls)
        errors = answers[other].error or answers[last].error
        if alike and errors is None and differ_everywhere(answers[other].value, answers[last].value):
            return [other, last]
    return []


def _learn(
    calls: Sequence[Call], copies: Sequence[Call], whole: Any, alone: Mapping[int, Any], sharing: Sharing
) -> list[Any]:
    """The parts of what `copies` were answered together; none if it cannot be divided."""
    layouts = [layout_of(copy) for copy in copies]
    try:
        division, parts = learned(whole, layouts, alone)
    except Undividable:
        sharing.refuse(calls)
        return []
    sharing.keep(calls, division, is_proven=True)
    return parts


def can_tile(call: Call) -> bool:
    """Whether it is a decoder's that can work tile by tile, and does not yet."""
    return call.method == "decode" and getattr(call.module, "use_tiling", None) is False


def is_out_of_memory(error: BaseException) -> bool:
    """PyTorch raises OutOfMemoryError on a GPU only; the CPU's allocator raises a plain RuntimeError."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(
        sign in text for sign in ("DefaultCPUAllocator", "not enough memory", "out of memory", "ALLOC_FAILED")
    )


def run_alone(call: Call) -> Any:
    """Run a call by itself, on any thread."""
    return _function(call)(*call.args, **call.kwargs)


@contextmanager
def _tiling(call: Call) -> Iterator[None]:
    """For this call only: other shapes fit whole, and the seams of tiles cost exactness."""
    decoder: Any = call.module
    decoder.enable_tiling()
    try:
        yield
    finally:
        decoder.disable_tiling()


def _function(call: Call) -> Callable[..., Any]:
    # A module is called itself for the sake of its hooks.
    function = call.module if call.method == "forward" else getattr(call.module, call.method)
    return cast(Callable[..., Any], function)


def _run(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any], tiled: bool) -> Any:
    module = call.module
    if call.dtype is not None and dtype_of(module) != call.dtype:
        recast(module, call.dtype)
    activate(module, call.adapters)
    with _tiling(call) if tiled and can_tile(call) else nullcontext():
        return _function(call)(*args, **kwargs)
