"""Sweeping: what nobody will finish goes, what a terminal may still finish stays, and no filing loses a paper."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA, Clock, ManualClock
from provisioning.hub import journal
from provisioning.hub.blobs import BlobStore, UploadBusyError, WrongOffsetError
from provisioning.hub.data import DataDirectory, DataError
from provisioning.hub.hub import Hub, HubOptions, open_hub, prepare_data
from provisioning.hub.receive import BlobsMissing, Received, receive
from provisioning.hub.safety import begin_epoch, current_epoch
from provisioning.hub.schema import submission_blobs
from provisioning.hub.sweep import SweepReport, sweep
from provisioning.hub.terminals import Caller
from provisioning.hub.writer import Job
from tests.hub.conftest import StartHub
from tests.hub.filings import Filing, WireTerminal, make_filing
from tests.hub.processes import hub_command, wait_for

T = TypeVar("T")

MONTH = timedelta(days=30)
BEGUN = datetime.now(CHINA) - timedelta(days=60)
OPTIONS = HubOptions(production=False, development_terminals=True, safe_after=None)
CALLER = Caller("a terminal's key", "LB01")
CONTENT = b"sealed bytes" * 100
NAME = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


@pytest.fixture
def url(database_options: tuple[str, ...]) -> str | None:
    """Where the database is; None for SQLite in the data directory."""
    return database_options[1] if database_options else None


@pytest.fixture
def hub(tmp_path: Path, url: str | None) -> Iterator[Hub]:
    """An open hub that has been in service for two months."""
    opened = open_hub(DataDirectory(tmp_path / "hub"), url, OPTIONS, ManualClock(BEGUN))
    yield opened
    opened.close()


def swept(
    hub: Hub, *, older_than: timedelta = MONTH, clock: Clock | None = None, store: BlobStore | None = None
) -> SweepReport:
    """Sweep today."""

    def transact(job: Job[T], /) -> T:
        return hub.writer.submit(job).result(60)

    clock = clock or ManualClock(datetime.now(CHINA))
    return sweep(hub.data, store or hub.store, transact, older_than=older_than, clock=clock)


def grow_old(path: Path, days: float = 40) -> None:
    """As if nobody had touched the file for `days`."""
    then = datetime.now(CHINA).timestamp() - days * 86_400
    os.utime(path, (then, then))


def part_of(hub: Hub, sha256: str) -> Path:
    """The one unfinished upload of this name."""
    return next(hub.data.parts.glob(f"*/{sha256}.part"))


def filing_for(hub: Hub, sequence: int = 1) -> Filing:
    """A complaint sealed to the hub's court."""
    with hub.database.reading.connect() as connection:
        info = hub.court_info(connection)
    return make_filing(info, terminal="LB01", sequence=sequence)


def receiving(hub: Hub, filing: Filing, store: BlobStore | None = None) -> Job[object]:
    """The job that takes a filing in."""
    return lambda connection: receive(
        connection,
        filing.manifest,
        CALLER,
        signature="",
        key=hub.keys.signing,
        store=store or hub.store,
        now=hub.clock.now(),
    )


def upload(hub: Hub, filing: Filing) -> None:
    """Send every blob that is missing, as a terminal does: from where the hub says that it stands."""
    for sha256 in hub.store.missing(list(filing.blobs)):
        content, offset = filing.blobs[sha256], 0
        while hub.store.size(sha256) is None:
            last = offset + 1000 >= len(content)
            try:
                offset = hub.store.append("t", sha256, offset, content[offset : offset + 1000], last=last).offset
            except WrongOffsetError as error:
                offset = error.offset
            except UploadBusyError:
                continue


def stored_blobs(hub: Hub) -> set[str]:
    """The blobs that submissions speak of."""
    with hub.database.reading.connect() as connection:
        return set(connection.scalars(sa.select(submission_blobs.c.sha256)))


def test_only_what_nobody_will_finish_goes(hub: Hub) -> None:
    """An old unfinished upload and an old blob of no submission go; young ones and those of a filing stay; the
    journal tells it."""
    kept = filing_for(hub)
    upload(hub, kept)
    assert isinstance(hub.writer.submit(receiving(hub, kept)).result(30), Received)
    hub.store.append("t", NAME, 0, CONTENT[:100], last=False)
    hub.store.append("u", NAME, 0, CONTENT[:70], last=False)
    hub.store.append("t", OTHER, 0, b"other", last=True)
    young = hashlib.sha256(b"young").hexdigest()
    hub.store.append("t", young, 0, b"young", last=True)
    for path in (*(hub.store.path(sha256) for sha256 in (*kept.blobs, OTHER)), part_of(hub, NAME)):
        grow_old(path)
    before = len(list(hub.data.parts.rglob("*.part")))
    report = swept(hub)
    assert (report.uploads, report.blobs, before) == (1, 1, 2)
    assert report.bytes in (105, 75)
    assert hub.store.missing([*kept.blobs, young]) == []
    assert hub.store.missing([OTHER]) == [OTHER]
    assert swept(hub) == SweepReport()
    with hub.database.reading.connect() as connection:
        assert journal.faults(connection) == []
        told = [json.loads(entry.detail) for entry in journal.entries(connection) if entry.action == "swept"]
    assert sum(line["bytes"] for line in told) == report.bytes
    assert all(line["older_than_days"] == 30 for line in told)


def test_what_was_erased_is_told_though_its_transaction_was_rolled_back(hub: Hub) -> None:
    """The writer runs a job again where another of its batch failed; the file is gone since the first time."""

    def transact(job: Job[T], /) -> T:
        def again(connection: sa.Connection) -> T:
            with connection.begin_nested() as savepoint:
                job(connection)
                savepoint.rollback()
            return job(connection)

        return hub.writer.submit(again).result(60)

    hub.store.append("t", OTHER, 0, b"other", last=True)
    grow_old(hub.store.path(OTHER))
    report = sweep(hub.data, hub.store, transact, older_than=MONTH, clock=ManualClock(datetime.now(CHINA)))
    assert report == SweepReport(blobs=1, bytes=5)
    with hub.database.reading.connect() as connection:
        told = [json.loads(entry.detail) for entry in journal.entries(connection) if entry.action == "swept"]
    assert [(line["blobs"], line["bytes"]) for line in told] == [(1, 5)]


def test_a_swept_upload_begins_again(hub: Hub) -> None:
    """A terminal that comes back after the sweep is told to begin at 0, and its blob becomes whole."""
    hub.store.append("t", NAME, 0, CONTENT[:100], last=False)
    grow_old(part_of(hub, NAME))
    assert swept(hub).uploads == 1
    assert hub.store.state("t", NAME).offset == 0
    with pytest.raises(WrongOffsetError) as told:
        hub.store.append("t", NAME, 100, CONTENT[100:], last=True)
    assert told.value.offset == 0
    assert hub.store.append("t", NAME, 0, CONTENT, last=True).complete


def test_a_blob_counts_its_age_from_when_it_became_whole(hub: Hub) -> None:
    """An upload that was resumed after forty days with its last, empty chunk is not swept before its filing comes."""
    hub.store.append("t", NAME, 0, CONTENT, last=False)
    grow_old(part_of(hub, NAME))
    assert hub.store.state("t", NAME).complete
    assert swept(hub) == SweepReport()
    assert hub.store.missing([NAME]) == []


def test_after_a_restore_terminals_have_the_same_time_again(hub: Hub) -> None:
    """A new epoch makes terminals offer again what no backup held; what they sent before may serve them still."""
    hub.store.append("t", OTHER, 0, b"other", last=True)
    grow_old(hub.store.path(OTHER))
    restored = datetime.now(CHINA) - timedelta(days=29)
    epoch = hub.writer.submit(lambda connection: begin_epoch(connection, at=restored, reason="restored")).result(30)
    hub.data.note_epoch(epoch)
    assert swept(hub) == SweepReport()
    assert swept(hub, clock=ManualClock(restored + timedelta(days=31))).blobs == 1


def test_no_sweep_with_the_wrong_database(hub: Hub, tmp_path: Path) -> None:
    """Whoever forgets --database would find no submission in the other one, and erase every paper."""
    filing = filing_for(hub)
    upload(hub, filing)
    for sha256 in filing.blobs:
        grow_old(hub.store.path(sha256))
    with hub.database.reading.connect() as connection:
        mine = current_epoch(connection)
    hub.data.note_epoch("another")
    with pytest.raises(DataError, match="another database"):
        swept(hub)
    hub.data.epoch_file.unlink()
    with pytest.raises(DataError, match="another database"):
        swept(hub)
    assert hub.store.missing(list(filing.blobs)) == []
    hub.data.note_epoch(mine)
    assert swept(hub).blobs == len(filing.blobs)


def test_nobody_sweeps_what_is_a_day_old(hub: Hub) -> None:
    """Not on the command line, not by configuration."""
    with pytest.raises(DataError, match="3 days"):
        swept(hub, older_than=timedelta(days=2))
    with pytest.raises(DataError, match="3 days"):
        HubOptions(production=True, development_terminals=False, safe_after=None, sweep_after=timedelta(days=2))


def test_an_upload_that_is_going_on_stays(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """However old the first bytes are: while the next chunk is being written and fsynced, the sweep leaves it alone,
    and afterwards it is young."""
    hub.store.append("t", NAME, 0, CONTENT[:100], last=False)
    grow_old(part_of(hub, NAME))
    inside, go_on = threading.Event(), threading.Event()
    real = os.fsync

    def slow(handle: int) -> None:
        grow_old(part_of(hub, NAME))  # the write has just made it young; only the lock protects it now
        inside.set()
        assert go_on.wait(30)
        real(handle)

    with monkeypatch.context() as paused:
        paused.setattr("provisioning.hub.blobs.os.fsync", slow)
        writing = threading.Thread(
            target=hub.store.append, args=("t", NAME, 100, CONTENT[100:200]), kwargs={"last": False}
        )
        writing.start()
        assert inside.wait(30)
        report = swept(hub)
        go_on.set()
        writing.join(30)
    assert report == SweepReport()
    assert hub.store.append("t", NAME, 200, CONTENT[200:], last=True).complete


def test_a_filing_keeps_the_blobs_it_found(hub: Hub, url: str | None) -> None:
    """Another hub process sweeps in the very moment in which a filing has found its old blobs and is being stored:
    the sweep waits and then leaves them."""
    filing = filing_for(hub)
    upload(hub, filing)
    for sha256 in filing.blobs:
        grow_old(hub.store.path(sha256))
    listed, found, erased = threading.Event(), threading.Event(), threading.Event()

    class Finding(BlobStore):
        def missing(self, hashes: Iterator[str] | list[str]) -> list[str]:
            missing = super().missing(hashes)
            found.set()
            # Long enough for a sweep that does not wait to erase what was just found; it must run out.
            assert not erased.wait(0.5)
            return missing

    class Erasing(BlobStore):
        def blobs_before(self, limit: float) -> list[str]:
            old = super().blobs_before(limit)
            listed.set()
            assert found.wait(30)
            return old

        def discard_blob(self, sha256: str, limit: float) -> int | None:
            erased.set()
            return super().discard_blob(sha256, limit)

    second = open_hub(hub.data, url, OPTIONS, ManualClock(BEGUN))
    reports: list[SweepReport] = []
    erasing = Erasing(hub.data.blobs, hub.data.parts)
    sweeping = threading.Thread(target=lambda: reports.append(swept(second, store=erasing)))
    sweeping.start()
    assert listed.wait(30)
    taken = hub.writer.submit(receiving(hub, filing, Finding(hub.data.blobs, hub.data.parts)))
    assert isinstance(taken.result(30), Received)
    sweeping.join(30)
    second.close()
    assert reports == [SweepReport()]
    assert hub.store.missing(list(filing.blobs)) == []


def test_a_filing_whose_blobs_are_gone_is_told_so(hub: Hub) -> None:
    """The sweep came first: the filing is not stored, the missing blobs are named, and sent again it is received."""
    filing = filing_for(hub)
    upload(hub, filing)
    for sha256 in filing.blobs:
        grow_old(hub.store.path(sha256))
    assert swept(hub).blobs == len(filing.blobs)
    outcome = hub.writer.submit(receiving(hub, filing)).result(30)
    assert outcome == BlobsMissing(tuple(blob.sha256 for blob in filing.manifest.blobs))
    assert stored_blobs(hub) == set()
    upload(hub, filing)
    assert isinstance(hub.writer.submit(receiving(hub, filing)).result(30), Received)


def test_sweeping_all_the_time_loses_nothing(hub: Hub, url: str | None) -> None:
    """Uploads by two terminals while another process sweeps everything again and again as if it were a year later:
    every filing arrives, and every paper of a filing that was received is there."""
    later = ManualClock(datetime.now(CHINA) + timedelta(days=365))
    second = open_hub(hub.data, url, OPTIONS, ManualClock(BEGUN))
    done = threading.Event()
    erased: list[SweepReport] = []
    failed: list[BaseException] = []

    def sweeping() -> None:
        while not done.is_set():
            erased.append(swept(second, clock=later))

    def filing(begin: int) -> None:
        try:
            for sequence in range(begin, begin + 8):
                one = filing_for(hub, sequence)
                while True:
                    upload(hub, one)
                    if isinstance(hub.writer.submit(receiving(hub, one)).result(60), Received):
                        break
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    sweeper = threading.Thread(target=sweeping)
    terminals = [threading.Thread(target=filing, args=(begin,)) for begin in (1, 101)]
    sweeper.start()
    for thread in terminals:
        thread.start()
    for thread in terminals:
        thread.join(120)
    done.set()
    sweeper.join(60)
    second.close()
    assert failed == []
    assert len(stored_blobs(hub)) == 2 * 8 * 2
    assert hub.store.missing(sorted(stored_blobs(hub))) == []
    assert sum(report.uploads + report.blobs for report in erased) > 0, "nothing was swept: the test tried nothing"


def test_the_command_and_the_terminal_that_comes_back(
    start_hub: StartHub, database_options: tuple[str, ...], tmp_path: Path, url: str | None
) -> None:
    """`court-hub sweep` while the hub serves; the terminal then sends again and has its receipt."""
    data = DataDirectory(tmp_path / "hub")
    prepare_data(data, url, ManualClock(BEGUN)).close()
    hub = start_hub(*database_options)
    command = ("sweep", "--data", str(data.root), *database_options)
    with WireTerminal(hub.url) as terminal:
        filing = make_filing(terminal.court())
        (first, content), (second, _) = filing.blobs.items()
        assert terminal.patch(first, 0, content, last=True).status_code == 204
        assert terminal.patch(second, 0, b"half", last=False).status_code == 204
        assert json.loads(hub_command(*command, "--json").stdout) == {"uploads": 0, "blobs": 0, "bytes": 0}
        for path in (data.blobs / first[:2] / first, next(data.parts.glob("*/*.part"))):
            grow_old(path, days=8)
        assert "0 blobs" in hub_command(*command).stdout
        done = hub_command(*command, "--older-than", "7", "--json")
        assert json.loads(done.stdout) == {"uploads": 1, "blobs": 1, "bytes": len(content) + 4}
        assert terminal.put(filing.manifest).status_code == 424
        assert terminal.deliver(filing).status_code == 200
    assert hub_command("journal", "--data", str(data.root), *database_options).returncode == 0
    assert hub.stop()[0] == 0


def test_a_serving_hub_sweeps_once_a_day(start_hub: StartHub, tmp_path: Path) -> None:
    """At the first look of the day, and not again at every start."""
    data = DataDirectory(tmp_path / "hub")
    prepare_data(data, None, ManualClock(BEGUN)).close()
    blob = data.blobs / NAME[:2] / NAME
    blob.parent.mkdir()
    blob.write_bytes(CONTENT)
    grow_old(blob)
    hub = start_hub("--sweep-after", "10")
    wait_for(lambda: not blob.exists())
    hub.stop()
    blob.write_bytes(CONTENT)
    grow_old(blob)
    hub.start()
    with WireTerminal(hub.url) as terminal:
        assert terminal.deliver(make_filing(terminal.court())).status_code == 200
    assert hub.stop()[0] == 0
    assert blob.exists()
