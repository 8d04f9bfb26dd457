"""Doing things at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """The answers of `acts`, all begun together, in their order. An exception is an answer too."""
    answers: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def act(place: int) -> None:
        try:
            gate.wait()
            answers[place] = acts[place]()
        except Exception as error:  # It is the answer.
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
