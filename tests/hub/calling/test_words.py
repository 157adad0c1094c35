"""Everything the calling pages can name has its words in both languages."""

from __future__ import annotations

from enum import StrEnum

import pytest

from kiosk.court.queueing import TicketClass, TicketStatus
from provisioning.hub.console.calling_press import Done
from provisioning.hub.console.calling_view import FORMS, KEYS, Act
from provisioning.hub.console.pad import PadState
from provisioning.hub.console.pause_messages import READY, ReadyMessage
from provisioning.hub.console.words import words
from provisioning.hub.queue.appointments import AppointmentStatus
from provisioning.hub.queue.calling import SkipReason
from provisioning.hub.queue.days import DAY_ENDED
from provisioning.hub.queue.formulas import Formula
from provisioning.hub.queue.problems import QueueProblem
from provisioning.hub.queue.visits import Outcome


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("act", Act),
        ("done_at_window", Done),
        ("pad", PadState),
        ("ticket_class", TicketClass),
        ("ticket_status", TicketStatus),
        ("visit_outcome", Outcome),
        ("skip_reason", SkipReason),
        ("queue_problem", QueueProblem),
        ("formula", Formula),
        ("appointment_status", AppointmentStatus),
    ],
)
def test_every_value_has_words(section: str, kind: type[StrEnum]) -> None:
    assert [value for value in kind if f"{section}.{value.value}" not in words()] == []


def test_what_has_no_enumeration() -> None:
    assert {"queue_problem.changed", f"visit_outcome.{DAY_ENDED}"} <= set(words())
    assert set(READY) == set(ReadyMessage)


def test_no_key_stands_for_two_presses() -> None:
    """Pause and reopen share one, for only one of them is ever possible; a form page has a key too."""
    taken = [key for act, key in KEYS.items() if act is not Act.REOPEN]
    assert len(taken) == len(set(taken))
    assert set(KEYS) >= FORMS - {Act.SKIP}
