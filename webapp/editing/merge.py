"""Merging by field: what a page began from, what it says now, and what is stored by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Merge(Generic[Value]):
    """changes: what the page says and is not stored yet. taken: what is stored and only others changed.
    contested: what is stored under those of the changes where others said something else meanwhile.
    """

    changes: dict[str, Value]
    taken: dict[str, Value]
    contested: dict[str, Value]

    @property
    def is_alone(self) -> bool:
        """Whether nobody else changed anything meanwhile."""
        return not (self.taken or self.contested)


def merge(
    began_from: Mapping[str, object], typed: Mapping[str, Value], stored: Mapping[str, Value]
) -> Merge[Value]:
    """A field that is not in `began_from` began from what is stored; one that nobody typed is unchanged."""
    began = {**stored, **began_from}
    mine = {name: value for name, value in typed.items() if value != began[name]}
    theirs = {name: value for name, value in stored.items() if value != began[name]}
    changes = {name: value for name, value in mine.items() if value != stored[name]}
    return Merge(
        changes=changes,
        taken={name: value for name, value in theirs.items() if name not in mine},
        contested={name: value for name, value in theirs.items() if name in changes},
    )
