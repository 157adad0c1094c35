"""Keeping: what the terminal believes of what it hears, and that nothing is erased too early (N3)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from kiosk.agent.core import Agent
from kiosk.agent.messages import LocalState
from kiosk.clock import ManualClock
from kiosk.court.contract import HeartbeatReply, Receipt
from kiosk.court.keys import SigningKey
from kiosk.outbox.states import State
from tests.outbox.filings import hand_in
from tests.outbox.messenger import beat, drain, once_and_whole, state
from tests.outbox.stub_hub import StubHub


def wrong_receipts(hub: StubHub) -> list[Callable[[Receipt], Receipt]]:
    other = SigningKey.generate()
    return [
        lambda receipt: receipt.model_copy(update={"manifest_sha256": "ab" * 32}),
        lambda receipt: receipt.model_copy(update={"submission_id": UUID(int=7)}),
        lambda receipt: receipt.model_copy(update={"signature": other.verify_key.text}),
        lambda receipt: receipt.model_copy(update={"epoch": "another"}),
    ]


@pytest.mark.parametrize("kind", range(4))
def test_a_wrong_receipt_is_not_believed(agent: Agent, hub: StubHub, clock: ManualClock, kind: int) -> None:
    """F14: id, hash and signature must all fit; until then the filing stays."""
    committed = hand_in(agent)
    hub.alter_receipt = wrong_receipts(hub)[kind]
    assert drain(agent, clock, 40) == 1
    assert state(agent, committed.submission_id) is State.ATTENTION
    assert len(list((agent.outbox.directory / "blobs").iterdir())) == 3
    hub.alter_receipt = lambda receipt: receipt
    assert drain(agent, clock) == 0


def test_a_restored_hub_gets_again_what_it_forgot(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """F23: what is not safe is offered again in the new epoch; what is safe is not; nothing is doubled."""
    first = hand_in(agent)
    assert drain(agent, clock) == 0
    hub.safe = {first.submission_id}
    backup = hub.backup()
    beat(agent, clock)
    assert state(agent, first.submission_id) is State.SAFE
    later = [hand_in(agent) for _ in range(3)]
    assert drain(agent, clock) == 0
    hub.restore(backup, "epoch-2")
    assert set(hub.stored.receipts) == {first.submission_id}
    puts = len([line for line in hub.requests if line.startswith("PUT")])
    beat(agent, clock)
    assert drain(agent, clock) == 0
    assert set(hub.stored.receipts) == {first.submission_id, *(one.submission_id for one in later)}
    assert len([line for line in hub.requests if line.startswith("PUT")]) == puts + 3
    once_and_whole(hub, agent)


def forged(reply: HeartbeatReply, safe: tuple[UUID, ...]) -> HeartbeatReply:
    """What somebody on the line makes of the hub's answer."""
    return reply.model_copy(update={"safe": safe})


def test_nothing_is_erased_on_the_word_of_somebody_on_the_line(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """N3: a proxy or a line without TLS calls everything safe; the payload stays until the court says so itself."""
    committed = hand_in(agent)
    assert drain(agent, clock) == 0
    hub.alter_reply = lambda reply: forged(reply, (committed.submission_id,))
    clock.advance(30 * 24 * 3600)
    beat(agent, clock)
    assert state(agent, committed.submission_id) is State.RECEIPTED
    assert "not signed by this court" in agent.status().hub_detail
    hub.alter_reply = lambda reply: reply
    hub.safe = {committed.submission_id}
    beat(agent, clock)
    assert state(agent, committed.submission_id) is State.PURGED


def test_an_old_answer_of_the_court_counts_for_nothing(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """The court's own word from before a restore: true then, and false of what the restored hub has."""
    backup = hub.backup()
    committed = hand_in(agent)
    assert drain(agent, clock) == 0
    recorded: list[HeartbeatReply] = []

    def swallow(reply: HeartbeatReply) -> HeartbeatReply:
        recorded.append(reply)
        return forged(reply, ())

    hub.safe, hub.alter_reply = {committed.submission_id}, swallow
    beat(agent, clock)
    hub.safe, hub.alter_reply = set(), lambda _: recorded[-1]
    hub.restore(backup, "epoch-2")
    clock.advance(30 * 24 * 3600)
    beat(agent, clock)
    assert recorded[-1].safe == (committed.submission_id,)
    assert state(agent, committed.submission_id) is State.RECEIPTED
    hub.alter_reply = lambda reply: reply
    beat(agent, clock)
    assert drain(agent, clock) == 0
    assert set(hub.stored.receipts) == {committed.submission_id}
    once_and_whole(hub, agent)


def test_an_epoch_nobody_signed_is_not_entered(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """Otherwise whoever is on the line has every terminal send everything again, as often as he likes."""
    hand_in(agent)
    assert drain(agent, clock) == 0
    hub.alter_reply = lambda reply: reply.model_copy(update={"epoch": "invented"})
    sent = len(hub.requests)
    beat(agent, clock)
    assert set(hub.requests[sent:]) == {"POST /v1/heartbeat"}


def test_the_payload_goes_only_when_safe_and_old_enough(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """N4 and the epoch rule: acknowledged is not enough, safe is not enough, both and 72 hours are."""
    committed = hand_in(agent)
    blobs = agent.outbox.directory / "blobs"
    assert drain(agent, clock) == 0
    clock.advance(80 * 3600)
    beat(agent, clock)
    assert len(list(blobs.iterdir())) == 3
    hub.safe = {committed.submission_id}
    beat(agent, clock)
    beat(agent, clock)
    assert list(blobs.iterdir()) == []
    assert state(agent, committed.submission_id) is State.PURGED
    young = hand_in(agent)
    assert drain(agent, clock) == 0
    hub.safe.add(young.submission_id)
    beat(agent, clock)
    assert len(list(blobs.iterdir())) == 3
    clock.advance(72 * 3600)
    beat(agent, clock)
    assert list(blobs.iterdir()) == []
    found = agent.find_cases(receipt_no=committed.receipt_no)
    assert [case.state for case in found.cases] == [LocalState.DELIVERED]
