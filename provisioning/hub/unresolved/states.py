"""Where a report may stand, and where it may go from there.

    received ──┬─ answered at once (当即解答)
               └─ promised (说明原因，承诺解决时限) ⟲ ── done (办结)

A report is *overdue* when its deadline has passed: first the one for an answer or a promise, then the promised day. It
is then too late for "at once", but never too late to say why and to promise, or to get it done.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ReportState(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    ANSWERED_AT_ONCE = "answered_at_once"
    PROMISED = "promised"
    DONE = "done"


_S = ReportState
OPEN = frozenset({_S.RECEIVED, _S.PROMISED})
"""States in which the court still owes something."""

_NEXT: Mapping[ReportState, frozenset[ReportState]] = MappingProxyType(
    {
        _S.RECEIVED: frozenset({_S.ANSWERED_AT_ONCE, _S.PROMISED}),
        _S.PROMISED: frozenset({_S.PROMISED, _S.DONE}),
        _S.ANSWERED_AT_ONCE: frozenset(),
        _S.DONE: frozenset(),
    }
)


def next_states(state: ReportState, *, overdue: bool) -> frozenset[ReportState]:
    """Where `state` may lead."""
    return _NEXT[state] - {_S.ANSWERED_AT_ONCE} if overdue else _NEXT[state]


class ReportRefusal(StrEnum):
    """Why a step was not taken; the console has the words."""

    CONFLICT = "conflict"  # a colleague was faster
    STEP = "step"  # this state does not lead there
    NOTE = "note"  # answer, reason or result is missing
    DATE_MISSING = "date_missing"
    DATE_PAST = "date_past"
    DATE_FAR = "date_far"


class ReportRefusedError(Exception):
    """A step that was not taken. Nothing was changed."""

    def __init__(self, refusal: ReportRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
