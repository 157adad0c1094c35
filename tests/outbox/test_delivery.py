"""Delivery: whatever hub and line do, every filing arrives exactly once (N3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.agent import core
from kiosk.agent.core import Agent
from kiosk.agent.messages import HubState, LocalState
from kiosk.clock import ManualClock, SystemClock
from kiosk.outbox import delivery, upload
from kiosk.outbox.states import State
from tests.outbox.filings import Documents, hand_in
from tests.outbox.messenger import beat, drain, once_and_whole, state
from tests.outbox.stub_hub import Fault, StubHub


def test_the_ordinary_course(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    heard: list[UUID] = []
    agent.on_receipt(heard.append)
    committed = [hand_in(agent) for _ in range(3)]
    assert agent.status().queue_depth == 3
    assert drain(agent, clock) == 0
    assert heard == [one.submission_id for one in committed]
    assert [hub.stored.receipts[one.submission_id].manifest_sha256 for one in committed] == [
        one.sha256 for one in committed
    ]
    assert agent.status().hub is HubState.ONLINE
    once_and_whole(hub, agent)


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.DRIP])
@pytest.mark.parametrize("where", ["/v1/heartbeat", "/v1/blobs/missing", "/v1/blobs/", "/v1/submissions/"])
def test_no_fault_loses_or_doubles(agent: Agent, hub: StubHub, clock: ManualClock, fault: Fault, where: str) -> None:
    """F12 to F15: each fault, at each kind of request, five times in a row; then everything drains."""
    left = [5]

    def strike(_method: str, path: str) -> Fault | None:
        if path.startswith(where) and not (where == "/v1/blobs/" and path.endswith("missing")) and left[0]:
            left[0] -= 1
            return fault
        return None

    committed = [hand_in(agent) for _ in range(2)]
    hub.fault_for = strike
    assert drain(agent, clock) == 0
    assert left[0] == 0 or where == "/v1/heartbeat"  # a hub that fails at heartbeats only still gets the filings
    assert set(hub.stored.receipts) == {one.submission_id for one in committed}
    assert all(state(agent, one.submission_id) is State.RECEIPTED for one in committed)
    once_and_whole(hub, agent)


def test_a_hub_that_drips_is_given_up_and_then_found_again(hub: StubHub, tmp_path: Path) -> None:
    """F16: one byte now and then never trips an ordinary timeout; the request's own deadline does."""
    hub.now = SystemClock().now
    agent = Agent.open(tmp_path / "data", hub.url)
    agent._client.query_seconds = 0.3
    hand_in(agent)
    hub.faults = [Fault.DRIP]
    begin = SystemClock().monotonic()
    agent._worker.step()
    assert 0.2 < SystemClock().monotonic() - begin < 5.0
    assert agent.status().hub is HubState.OFFLINE
    assert agent.deliver(20.0) == 0
    agent.close()


def test_an_interrupted_upload_goes_on_where_it_was(
    agent: Agent, hub: StubHub, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F20: at most one chunk is sent again."""
    monkeypatch.setattr(upload, "LARGEST_CHUNK", 64 * 1024)
    monkeypatch.setattr(upload, "_FIRST_CHUNK", 64 * 1024)
    agent._worker._uploader.chunk = upload.ChunkSize()
    hand_in(agent, Documents(volume=1024 * 1024))
    patches = [0]

    def strike(method: str, _path: str) -> Fault | None:
        patches[0] += method == "PATCH"
        return Fault.RESET_AFTER if method == "PATCH" and patches[0] % 5 == 0 else None

    hub.fault_for = strike
    assert drain(agent, clock) == 0
    needed = 2 + 17  # envelope, complaint, and 1 MiB and a little in pieces of 64 KiB
    assert patches[0] <= needed + patches[0] // 5
    once_and_whole(hub, agent)


def test_a_complete_upload_that_was_not_finalised_is_finalised(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """F21: the hub has every byte but was killed before putting the blob in place."""
    committed = hand_in(agent)
    manifest, _ = agent.outbox.run(lambda c: delivery.begin_upload(c, committed.submission_id))
    for blob in manifest.blobs:
        hub.stored.parts[blob.sha256] = agent.outbox.blobs.path(blob.sha256).read_bytes()
    assert drain(agent, clock) == 0
    once_and_whole(hub, agent)


def test_bytes_damaged_at_the_hub_are_sent_again(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    committed = hand_in(agent)
    manifest, _ = agent.outbox.run(lambda c: delivery.begin_upload(c, committed.submission_id))
    hub.stored.parts[manifest.blobs[1].sha256] = b"not what was sent"
    assert drain(agent, clock) == 0
    once_and_whole(hub, agent)


def test_days_without_a_hub(agent: Agent, hub: StubHub, clock: ManualClock) -> None:
    """N3: the hub is off for days, filings go on; afterwards they arrive in the order they were handed in."""
    hub.stop()
    committed = []
    for _ in range(5):
        committed.append(hand_in(agent))
        clock.advance(86400)
        agent._worker.step()
    assert agent.status().hub is HubState.OFFLINE
    found = agent.find_cases(receipt_no=committed[0].receipt_no.lower().replace("-", " "))
    assert found.offline
    assert [case.state for case in found.cases] == [LocalState.WAITING_TO_BE_SENT]
    hub.start()
    assert drain(agent, clock) == 0
    puts = [line.rsplit("/", 1)[1] for line in hub.requests if line.startswith("PUT")]
    assert puts == [str(one.submission_id) for one in committed]


@pytest.mark.parametrize("days", [-3650, 3650])
def test_a_wrong_clock_delays_nothing(agent: Agent, hub: StubHub, clock: ManualClock, days: int) -> None:
    """F11: a dead battery; the hub tells its time, signatures take it, receipts keep the terminal's own."""
    right = clock.now()
    hub.now = lambda: right
    clock.advance(days * 86400)
    hand_in(agent)
    assert drain(agent, clock) == 0


def test_delivering_in_the_background_finds_a_hub_that_comes_back(hub: StubHub, tmp_path: Path) -> None:
    """What `simulate` relies on: a delivery somebody waits for does not sit out the patience of earlier failures."""
    hub.now = SystemClock().now
    agent = Agent.open(tmp_path / "data", hub.url)
    agent.start()
    assert agent.deliver(10.0) == 0
    hub.stop()
    hand_in(agent)
    assert agent.deliver(0.5) == 1
    agent._worker._hub.due = SystemClock().monotonic() + 300.0
    hub.start()
    assert agent.deliver(10.0) == 0
    backup = hub.backup()
    hub.restore(backup, "epoch-2")
    hub.stored.receipts.clear()
    assert agent.deliver(10.0) == 0
    assert len(hub.stored.receipts) == 1
    agent.close()


def test_closing_does_not_wait_for_a_hub_that_drips(
    hub: StubHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "STOP_SECONDS", 0.1)
    hub.now = SystemClock().now
    agent = Agent.open(tmp_path / "data", hub.url)
    hub.fault_for = lambda _method, _path: Fault.DRIP
    agent.start()
    assert agent.deliver(0.3) == 0
    begin = SystemClock().monotonic()
    agent.close()
    assert SystemClock().monotonic() - begin < 5.0


STRIKES = st.lists(st.sampled_from([fault for fault in Fault if fault is not Fault.DRIP]), max_size=12)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("file"), st.just(())),
        st.tuples(st.just("faults"), STRIKES),
        st.tuples(st.just("step"), st.integers(1, 12)),
        st.tuples(st.just("crash"), st.just(())),
        st.tuples(st.just("backup"), st.just(())),
        st.tuples(st.just("restore"), st.just(())),
        st.tuples(st.just("clock"), st.integers(-(10**6), 10**6)),
    ),
    min_size=4,
    max_size=25,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_any_history_ends_with_everything_there_once(
    actions: list[tuple[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """N3, F14, F23: filings, faults, crashes of the terminal, restores of the hub, jumps of the clock, in any order."""
    clock, data, acknowledged = ManualClock(SystemClock().now()), tmp_path_factory.mktemp("data"), []
    with StubHub() as hub:
        hub.now = clock.now
        agent = Agent.open(data, hub.url, clock)
        backup, safe_in_backup, epochs = hub.backup(), set(hub.safe), 1
        for name, detail in actions:
            match name, detail:
                case "file", _:
                    acknowledged.append(hand_in(agent).submission_id)
                case "faults", list():
                    hub.faults = list(detail)
                case "step", int():
                    for _ in range(detail):
                        clock.advance(agent._worker.step())
                case "crash", _:
                    agent.close()
                    agent = Agent.open(data, hub.url, clock)
                case "backup", _:
                    backup = hub.backup()
                    hub.safe = safe_in_backup = set(backup.receipts)
                case "restore", _:
                    epochs += 1
                    hub.restore(backup, f"epoch-{epochs}")
                    hub.safe = set(safe_in_backup)
                case "clock", int():
                    clock._now += timedelta(seconds=detail)
        hub.faults = []
        beat(agent, clock)
        assert drain(agent, clock) == 0
        assert set(hub.stored.receipts) == set(acknowledged)
        once_and_whole(hub, agent)
        agent.close()
