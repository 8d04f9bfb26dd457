"""A worker as it ships that notes the moments of each job: `python -m bench.traced_worker FILE`.

One line of JSON a moment, wall-clock seconds, which every process of a machine shares.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

Function = Callable[..., Any]


class Diary:
    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def note(self, moment: str, at: float | None = None) -> None:
        self._file.write(json.dumps([moment, time.time() if at is None else at]) + "\n")

    def around(self, function: Function, before: str, after: str) -> Function:
        """`function`, its begin and its end noted, unless it has nothing to return."""

        @functools.wraps(function)
        def noted(*args: Any, **kwargs: Any) -> Any:
            began = time.time()
            value = function(*args, **kwargs)
            if value is not None:
                self.note(before, began)
                self.note(after)
            return value

        return noted


def watch(diary: Diary) -> None:
    from generation import jobs
    from generation.engine import Engine, Ticket
    from generation.jobs import ending
    from generation.pictures import finish_picture

    jobs.claim = diary.around(jobs.claim, "woken", "claimed")
    ending.finish = diary.around(ending.finish, "finishing", "finished")
    finish_picture.store = diary.around(finish_picture.store, "storing", "stored")
    submit, finish = Engine.submit, Ticket.finish

    def noted_submit(engine: Engine, request: Any, on_progress: Function) -> Ticket:
        def tell(progress: Any) -> None:
            diary.note(f"step {progress.step}")
            on_progress(progress)

        diary.note("submitted")
        return submit(engine, request, tell)

    def noted_finish(ticket: Ticket, outcome: Any) -> None:
        diary.note("drawn")
        finish(ticket, outcome)

    # What is noted goes in the place of what it calls.
    Engine.submit = noted_submit  # type: ignore[method-assign, assignment]
    Ticket.finish = noted_finish  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    django.setup()
    watch(Diary(Path(sys.argv[1])))

    from webapp.machine import worker

    worker.main("gpu")
