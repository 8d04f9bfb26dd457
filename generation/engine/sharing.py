"""What has been found out of each component: whether its calls may be shared, and how answers are divided."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from torch import nn

from generation.engine.division import Division
from generation.engine.grouping import form_of
from generation.engine.standins import Call

log = logging.getLogger(__name__)


class Sharing:
    """By component and form of call. Belongs to one executor."""

    def __init__(self) -> None:
        self._findings: WeakKeyDictionary[nn.Module, dict[Hashable, _Finding]] = WeakKeyDictionary()

    def division(self, calls: Sequence[Call]) -> Division | None:
        """How what such calls are answered together is divided, as far as it is known."""
        return self._of(calls).division

    def is_proven(self, calls: Sequence[Call]) -> bool:
        """Whether calls of several requests may be shared.

        A division that was not proven may strip an answer of fillers, which are a call's own rows.
        """
        return self._of(calls).is_proven

    def is_refused(self, calls: Sequence[Call]) -> bool:
        """Whether such calls are never shared, as what they are answered together cannot be divided."""
        findings = self._findings.get(calls[0].module, {})
        # Asked of every parked call at every turn: most components refuse nothing, and the form takes longer.
        return any(found.is_refused for found in findings.values()) and self._of(calls).is_refused

    def takes_fillers(self, calls: Sequence[Call]) -> bool:
        """Whether such calls may be filled up, as far as it is known."""
        return self._of(calls).takes_fillers

    def is_in_doubt(self, calls: Sequence[Call]) -> bool:
        """Whether such calls were tried together before, and answered too much alike to prove anything."""
        return self._of(calls).is_in_doubt

    def keep(self, calls: Sequence[Call], division: Division, *, is_proven: bool) -> None:
        found = replace(self._of(calls), division=division, is_proven=is_proven, is_in_doubt=False)
        self._set(calls, found)

    def refuse(self, calls: Sequence[Call]) -> None:
        """Never share such calls again. A call alone may still be filled up, and is divided anew."""
        self._refuse(calls, takes_fillers=self.takes_fillers(calls))

    def refuse_fillers(self, calls: Sequence[Call]) -> None:
        """Never share such calls again, nor fill one up."""
        self._refuse(calls, takes_fillers=False)

    def _refuse(self, calls: Sequence[Call], *, takes_fillers: bool) -> None:
        # Without this line nobody would know why a machine makes its pictures one by one.
        log.warning("Calls of %s.%s cannot be shared and run one by one", calls[0].component, calls[0].method)
        self._set(calls, _Finding(is_refused=True, takes_fillers=takes_fillers))

    def doubt(self, calls: Sequence[Call]) -> None:
        self._set(calls, replace(self._of(calls), is_proven=False, is_in_doubt=True))

    def _of(self, calls: Sequence[Call]) -> _Finding:
        return self._findings.get(calls[0].module, {}).get(form_of(calls), _UNKNOWN)

    def _set(self, calls: Sequence[Call], finding: _Finding) -> None:
        self._findings.setdefault(calls[0].module, {})[form_of(calls)] = finding


@dataclass(frozen=True, slots=True)
class _Finding:
    division: Division | None = None
    is_proven: bool = False
    is_refused: bool = False
    takes_fillers: bool = True
    is_in_doubt: bool = False


_UNKNOWN = _Finding()
