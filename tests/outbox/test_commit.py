"""The commit: everything of a filing is durable together or not at all, once, and nothing of it is readable here."""

from __future__ import annotations

import errno
import os
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from drivers.api.records import JobState
from kiosk.agent.assembly import Filing, IncompleteFilingError, Part
from kiosk.agent.core import Agent
from kiosk.audit.journal import AuditKind, check_chain, entries
from kiosk.clock import ManualClock
from kiosk.court import receipt_numbers
from kiosk.court.canonical import manifest_sha256
from kiosk.court.contract import BlobRole
from kiosk.court.envelope import Envelope
from kiosk.court.sealing import unseal
from kiosk.outbox import delivery, disk, slips, store
from kiosk.outbox.delivery import begin_upload
from kiosk.outbox.errors import NotReservedError, OutboxFullError, OutOfServiceError
from kiosk.outbox.filing import Committed
from tests.outbox.filings import NAME, NUMBER, SLIP, SLIP_COPY, envelope, filing, fresh_id, hand_in
from tests.outbox.stub_hub import StubHub


def kinds(agent: Agent) -> list[str]:
    return agent.outbox.run(lambda c: [entry.kind for entry in entries(c)])


def test_a_committed_filing_is_whole(agent: Agent, hub: StubHub) -> None:
    """N3: submission, blobs, journal entry and print job are all there, and the court can open the blobs."""
    committed = hand_in(agent)
    manifest, digest = agent.outbox.run(lambda c: begin_upload(c, committed.submission_id))
    assert manifest_sha256(manifest) == digest == committed.sha256
    opened = {
        blob.role: unseal(agent.outbox.blobs.path(blob.sha256).read_bytes(), hub.sealing) for blob in manifest.blobs
    }
    inside = Envelope.model_validate_json(opened[BlobRole.ENVELOPE])
    assert (inside.submission_id, inside.receipt_no) == (committed.submission_id, committed.receipt_no)
    assert NUMBER.encode() in opened[BlobRole.VOLUME]
    (job,) = agent.outbox.run(slips.unsettled)
    assert (job.image, job.state, job.copy) == (SLIP, JobState.QUEUED, False)
    assert kinds(agent)[-1] == AuditKind.COMMITTED
    assert not committed.already


def test_manifests_form_a_chain_without_gaps(agent: Agent) -> None:
    found = [agent.outbox.run(partial(begin_upload, submission_id=hand_in(agent).submission_id)) for _ in range(4)]
    assert [manifest.sequence for manifest, _ in found] == [1, 2, 3, 4]
    assert [manifest.previous for manifest, _ in found] == [None, *(digest for _, digest in found[:3])]


def test_a_second_commit_of_the_same_filing_changes_nothing(agent: Agent) -> None:
    """F36: a double touch on "submit" files once."""
    one = filing(agent, fresh_id())
    first, second = agent.commit(one), agent.commit(one)
    assert second.already
    assert (second.receipt_no, second.sha256) == (first.receipt_no, first.sha256)
    assert agent.outbox.counts().undelivered == 1
    assert len(list((agent.outbox.directory / "blobs").iterdir())) == 3


def test_twenty_touches_at_once_file_once(agent: Agent) -> None:
    """F36."""
    one = filing(agent, fresh_id())
    results: list[Committed] = []
    threads = [threading.Thread(target=lambda: results.append(agent.commit(one))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 20
    assert sum(not result.already for result in results) == 1
    assert agent.outbox.counts().undelivered == 1
    assert len(list((agent.outbox.directory / "blobs").iterdir())) == 3


def test_no_filing_without_its_own_number(agent: Agent) -> None:
    one, other = filing(agent, fresh_id()), filing(agent, fresh_id())
    agent.outbox.drop_reservation(one.submission_id)
    with pytest.raises(NotReservedError):
        agent.commit(one)
    stolen = envelope(one.submission_id, agent.reserve_receipt(other.submission_id).receipt_no, agent._clock.now())
    with pytest.raises(NotReservedError):
        agent.commit(
            Filing(one.submission_id, (Part(BlobRole.ENVELOPE, "application/json", stolen.model_dump_json().encode()),))
        )
    assert agent.outbox.counts().undelivered == 0


def test_an_envelope_of_another_filing_is_refused_without_repeating_it(agent: Agent) -> None:
    one = filing(agent, fresh_id())
    with pytest.raises(IncompleteFilingError):
        agent.commit(Filing(fresh_id(), one.parts))
    with pytest.raises(IncompleteFilingError):
        agent.commit(Filing(one.submission_id, one.parts[1:]))
    broken = Part(BlobRole.ENVELOPE, "application/json", b'{"identity_number": "' + NUMBER.encode() + b'"}')
    with pytest.raises(IncompleteFilingError) as refused:
        agent.commit(Filing(one.submission_id, (broken, *one.parts[1:])))
    assert NUMBER not in str(refused.value)
    assert refused.value.__cause__ is None


def test_receipt_numbers_count_by_the_day(agent: Agent, clock: ManualClock) -> None:
    first = agent.reserve_receipt(fresh_id())
    second = agent.reserve_receipt(fresh_id())
    clock.advance(86400)
    third = agent.reserve_receipt(fresh_id())
    code = agent.terminal.code
    day = first.received_at.date()
    assert first.receipt_no == receipt_numbers.make(code, day, 1)
    assert second.receipt_no == receipt_numbers.make(code, day, 2)
    assert third.receipt_no == receipt_numbers.make(code, day + timedelta(days=1), 1)


def test_asking_again_gives_the_same_number_until_midnight(agent: Agent, clock: ManualClock) -> None:
    submission_id = fresh_id()
    first = agent.reserve_receipt(submission_id)
    clock.advance(60)
    again = agent.reserve_receipt(submission_id)
    assert again.receipt_no == first.receipt_no
    assert again.received_at == clock.now()
    clock.advance(86400)
    assert agent.reserve_receipt(submission_id).receipt_no != first.receipt_no
    assert kinds(agent)[-1] == AuditKind.NUMBER_UNUSED


def test_numbers_stay_unique_when_the_clock_is_set_back(agent: Agent, clock: ManualClock) -> None:
    """F11: order and uniqueness never come from the clock."""
    numbers = []
    for days in (0, 3, -3, -365, 365):
        clock.advance(days * 86400)
        numbers += [hand_in(agent).receipt_no for _ in range(3)]
    assert len(set(numbers)) == len(numbers)
    chain = [row.submission_id for row in agent.outbox.run(lambda c: delivery.waiting(c, 100))]
    assert len(chain) == 15


def test_a_number_that_was_not_used_is_a_gap_with_a_reason(hub: StubHub, clock: ManualClock, tmp_path: Path) -> None:
    agent = Agent.open(tmp_path / "data", hub.url, clock)
    lost = agent.reserve_receipt(fresh_id()).receipt_no
    agent.close()
    again = Agent.open(tmp_path / "data", hub.url, clock)
    journal = again.outbox.run(lambda c: [(entry.kind, entry.detail) for entry in entries(c)])
    assert any(kind == AuditKind.NUMBER_UNUSED and lost in detail for kind, detail in journal)
    assert hand_in(again).receipt_no != lost
    again.close()


def test_no_plain_identity_anywhere_on_the_disk(hub: StubHub, clock: ManualClock, tmp_path: Path) -> None:
    """N4: a scan of every file finds neither number nor name nor slip, while open and after closing."""
    agent = Agent.open(tmp_path / "data", hub.url, clock)
    for _ in range(3):
        hand_in(agent)
    needles = [NUMBER.encode(), NAME.encode(), NAME.encode("utf-16-le"), SLIP, SLIP_COPY]

    def hits() -> list[str]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) > 10
        return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]

    assert hits() == []
    agent.close()
    assert hits() == []
    open_modes = [
        p.name for p in tmp_path.rglob("*") if p.is_file() and p.parent.name == "blobs" and p.stat().st_mode & 0o077
    ]
    assert open_modes == []


def test_the_journal_holds_and_refuses_changes(agent: Agent) -> None:
    """N2."""
    hand_in(agent)
    agent.outbox.run(lambda c: check_chain(entries(c)))
    for statement in ("UPDATE audit_entry SET detail = '{}'", "DELETE FROM audit_entry"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            agent.outbox.run(partial(sa.Connection.exec_driver_sql, statement=statement))
    assert not agent.outbox.out_of_service


def test_a_full_disk_gives_up_the_reserve_and_finishes(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """F5: never stop finishing."""
    reserve = agent.outbox.directory / "reserve"
    assert reserve.stat().st_size == disk.RESERVE
    real = os.fsync

    def full(descriptor: int) -> None:
        if reserve.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    one = filing(agent, fresh_id())
    monkeypatch.setattr(os, "fsync", full)
    assert not agent.commit(one).already
    assert not reserve.exists()


def test_a_disk_that_stays_full_acknowledges_nothing_and_recovers(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F5: refused cleanly, nothing half done, and the same filing goes through when there is room again."""

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    one = filing(agent, fresh_id())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        patch.setattr(disk.Reserve, "release", lambda _self: False)
        with pytest.raises(OutboxFullError):
            agent.commit(one)
    assert agent.outbox.counts().undelivered == 0
    assert not agent.commit(one).already


def test_a_failed_fsync_puts_the_store_out_of_service(
    hub: StubHub, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F6: no retry-and-hope; after a restart everything acknowledged before is there."""
    agent = Agent.open(tmp_path / "data", hub.url, clock)
    good = hand_in(agent)
    one = filing(agent, fresh_id())

    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(OutOfServiceError):
            agent.commit(one)
    with pytest.raises(OutOfServiceError):
        agent.commit(one)
    assert not agent.outbox.accepting
    agent.close()
    again = Agent.open(tmp_path / "data", hub.url, clock)
    assert again.outbox.find(good.submission_id) is not None
    assert again.outbox.find(one.submission_id) is None
    again.close()


def test_a_nearly_full_disk_stops_beginning_not_finishing(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    assert agent.outbox.accepting
    one = filing(agent, fresh_id())
    monkeypatch.setattr(store, "free_bytes", lambda _directory: disk.START_LIMIT - 1)
    assert not agent.outbox.accepting
    assert not agent.commit(one).already
