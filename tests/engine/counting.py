"""The engine's calls of components, counted where it makes them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from generation.engine import executor
from generation.engine.arguments import layout_of
from generation.engine.forward import Answer, forward
from generation.engine.standins import Call

Calls = dict[str, list[int]]


def count_calls(patch: pytest.MonkeyPatch) -> Calls:
    """The rows of every call that any engine makes on its own thread from now on, by stage."""
    calls: Calls = defaultdict(list)

    def counted(asked: Sequence[Call], *args: Any, **kwargs: Any) -> list[Answer]:
        answers = forward(asked, *args, **kwargs)
        calls[asked[0].stage].append(sum(layout_of(call).rows for call in asked))
        return answers

    patch.setattr(executor, "forward", counted)
    return calls
