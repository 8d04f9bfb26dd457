"""Doing things at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from webapp.postgres.process import wait_until


def at_once(acts: Sequence[Callable[[], object]]) -> list[Any]:
    """The answers of `acts`, all begun together, in their order. An exception is an answer too."""
    answers: list[Any] = [None] * len(acts)
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


def begun_before_the_end_of(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What `second` answers that begins, on a connection of its own, when `first` is done and not committed
    yet; that is committed when the second waits for it, or is through. An exception is an answer too.
    """

    def act() -> object:
        try:
            with transaction.atomic():
                return second()
        except Exception as error:  # It is the answer.
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            answer = pool.submit(act)
            assert wait_until(lambda: answer.done() or _somebody_waits_for_a_lock(), 10)
        return answer.result()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
