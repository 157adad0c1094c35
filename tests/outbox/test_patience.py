"""Patience: how long the messenger waits, and what needs a person in the end."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kiosk.agent.core import Agent
from kiosk.agent.messages import HubState
from kiosk.audit.journal import AuditKind, entries
from kiosk.clock import ManualClock
from kiosk.court.contract import AssistanceReason, Receipt
from kiosk.outbox import delivery
from kiosk.outbox.backoff import FIRST_SECONDS, LONGEST_SECONDS, Backoff
from kiosk.outbox.states import State
from tests.outbox.filings import hand_in
from tests.outbox.messenger import beat, drain, state
from tests.outbox.stub_hub import Fault, StubHub


def test_retry_after_is_honoured(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """F12."""
    hand_in(agent)
    hub.faults = [Fault.BUSY]
    agent._worker.step()
    assert agent._worker.step() >= 7.0


@given(st.integers(0, 2**32), st.lists(st.none() | st.floats(0, 3600), min_size=1, max_size=30))
def test_back_off_stays_within_its_bounds(seed: int, asked: list[float | None]) -> None:
    backoff = Backoff(random.Random(seed))
    for number, retry_after in enumerate(asked):
        backoff.failed(100.0, retry_after)
        wait = backoff.due - 100.0 - (retry_after or 0.0)
        assert 0.0 <= wait <= min(LONGEST_SECONDS, FIRST_SECONDS * 2**number) + 1e-6
    backoff.succeeded()
    assert backoff.due == 0.0


def test_a_filing_the_hub_refuses_needs_a_person_and_holds_up_nobody(
    agent: Agent, hub: StubHub, clock: ManualClock
) -> None:
    """F22: another content under the same id is an alarm; the terminal keeps its own and goes on."""
    refused, other = hand_in(agent), hand_in(agent)
    agent._worker.step()
    with hub.lock:
        receipt_of_another = Receipt(
            submission_id=refused.submission_id,
            manifest_sha256="cd" * 32,
            receipt_no=refused.receipt_no,
            epoch="epoch-1",
            server_time=clock.now(),
            signature="",
        )
        hub.stored.receipts[refused.submission_id] = receipt_of_another
    assert drain(agent, clock, 60) == 1
    assert state(agent, refused.submission_id) is State.ATTENTION
    assert state(agent, other.submission_id) is State.RECEIPTED
    assert agent.outbox.counts().attention == 1
    journal = agent.outbox.run(lambda c: [entry.kind for entry in entries(c)])
    assert journal.count(AuditKind.ATTENTION) == 1
    del hub.stored.receipts[refused.submission_id]
    clock.advance(LONGEST_SECONDS)
    assert drain(agent, clock) == 0


def test_a_document_that_cannot_be_read_holds_up_nobody(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """F8: attention for the one, delivery for the others."""
    broken, other = hand_in(agent), hand_in(agent)
    manifest, _ = agent.outbox.run(lambda c: delivery.begin_upload(c, broken.submission_id))
    agent.outbox.blobs.path(manifest.blobs[0].sha256).unlink()
    assert drain(agent, clock, 60) == 1
    assert state(agent, broken.submission_id) is State.ATTENTION
    assert state(agent, other.submission_id) is State.RECEIPTED


def test_what_waits_for_a_week_needs_a_person_and_is_offered_all_the_same(
    agent: Agent, hub: StubHub, clock: ManualClock
) -> None:
    committed = hand_in(agent)
    agent._worker.step()
    hub.fault_for = lambda method, _path: Fault.ERROR_BEFORE if method == "PUT" else None
    clock.advance(8 * 86400)
    assert drain(agent, clock, 60) == 1
    assert state(agent, committed.submission_id) is State.ATTENTION
    hub.fault_for = lambda _method, _path: None
    assert drain(agent, clock) == 0


def test_a_terminal_the_hub_no_longer_knows_keeps_everything(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """F19."""
    hand_in(agent)
    known, hub.keys = hub.keys, {}
    assert drain(agent, clock, 40) == 1
    assert agent.status().hub is HubState.ONLINE
    hub.keys = known
    assert drain(agent, clock) == 0


def test_a_call_for_staff_waits_for_the_hub_but_not_for_ever(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """S0-24: queued while the hub is off; a quarter of an hour later nobody stands there any more."""
    assert agent.call_staff(AssistanceReason.HELP, "home")
    hub.stop()
    assert not agent.call_staff(AssistanceReason.DEVICE, "scan")
    hub.start()
    beat(agent, clock)
    assert [call.step for call in hub.calls] == ["home", "scan"]
    hub.stop()
    assert not agent.call_staff(AssistanceReason.HELP, "review")
    clock.advance(3600)
    hub.start()
    beat(agent, clock)
    assert len(hub.calls) == 2
