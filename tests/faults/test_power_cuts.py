"""A power cut at any system call of a filing: what was acknowledged is there, the rest is there whole or not at all.

The system calls are recorded from a real terminal with strace; tests/faults/power_cut.py says what a disk may hold.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from kiosk.agent.core import Agent
from kiosk.audit.journal import check_chain, entries
from kiosk.clock import SystemClock
from kiosk.court.contract import Manifest
from kiosk.outbox.errors import OutboxError
from kiosk.outbox.schema import print_job, submission
from kiosk.outbox.store import Outbox
from tests.faults.power_cut import TRACED, Disk, Op, State, read_trace
from tests.outbox.stub_hub import StubHub

FILINGS = 2
RANDOM_STATES = int(os.environ.get("POWER_CUT_RANDOM_STATES", "2"))
SEED = int(os.environ.get("POWER_CUT_SEED", "1"))
_NOT_MODELLED = ("outbox.db-shm", "reserve", "lock", ".fsync-probe")
"""The WAL index is rebuilt at every start; the others hold nothing."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


@dataclass(frozen=True)
class Recording:
    """A folder before, what was done to it, and where it was."""

    before: dict[str, bytes]
    ops: list[Op]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    data = tmp_path_factory.mktemp("data")
    with StubHub() as hub:
        Agent.open(data, hub.url).close()
        url = hub.url
    folder = data / "outbox"
    before = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _NOT_MODELLED
    }
    trace = data / "trace"
    subprocess.run(
        [
            *("strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={TRACED}", "-o", str(trace)),
            *(sys.executable, "-m", "tests.faults.committer", str(data), url, str(FILINGS)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=100,
    )
    ops = [op for op in read_trace(trace.read_bytes(), folder) if op.file not in _NOT_MODELLED]
    assert sum(op.kind == "ack" for op in ops) == FILINGS
    return Recording(before, ops)


def distinct(recording: Recording, ignored: Callable[[Op], bool]) -> Iterator[State]:
    """The states of a recording, each folder once for each amount acknowledged."""
    seen = set()
    disk = Disk(recording.before, ignored)
    for state in disk.states(recording.ops, random.Random(SEED), RANDOM_STATES):
        folder = [(name, hashlib.sha256(data).digest()) for name, data in sorted(state.files.items())]
        key = (repr(folder), state.acknowledged)
        if key not in seen:
            seen.add(key)
            yield state


def violation(state: State) -> str:
    """What is wrong after a restart on this folder; empty where all is well."""
    memory = Path("/dev/shm")  # noqa: S108 - many small folders, each for a moment
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name) / "outbox"
        (folder / "blobs").mkdir(parents=True)
        for file, data in state.files.items():
            (folder / file).write_bytes(data)
            (folder / file).chmod(0o600)
        try:
            outbox = Outbox.open(folder, SystemClock())
        except OutboxError as error:
            return f"does not open: {error}"
        try:
            return _missing(outbox, state)
        finally:
            outbox.close()


def _missing(outbox: Outbox, state: State) -> str:
    rows = {row.submission_id: row for row in outbox.run(lambda c: c.execute(submission.select()).all())}
    for line in state.acknowledged.decode().splitlines():
        key, number, digest = line.split()
        row = rows.get(str(UUID(key)))
        if row is None or (row.receipt_no, row.manifest_sha256) != (number, digest):
            return "an acknowledged filing is gone"
    jobs = {row.submission_id for row in outbox.run(lambda c: c.execute(print_job.select()).all())}
    for key, row in rows.items():
        if key not in jobs:
            return "a filing without its print job"
        for blob in Manifest.model_validate_json(row.manifest).blobs:
            path = outbox.blobs.path(blob.sha256)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != blob.sha256:
                return "a filing without its documents"
    outbox.run(lambda c: check_chain(entries(c)))
    return ""


def test_every_cut_leaves_what_was_acknowledged(recording: Recording) -> None:
    """F1: hundreds of states, not one with a loss or half a filing."""
    states = 0
    for state in distinct(recording, lambda _op: False):
        states += 1
        assert violation(state) == "", f"after operation {state.at} of {len(recording.ops)}, seed {SEED}"
    assert states > 200


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("documents not synced", lambda op: op.file.startswith("blobs/")),
        ("folder of documents not synced", lambda op: op.file == "blobs"),
        ("log of the database not synced", lambda op: op.file == "outbox.db-wal"),
        ("folder of the database not synced", lambda op: op.file == ""),
    ],
)
def test_the_check_notices_a_missing_sync(recording: Recording, name: str, ignored: Callable[[Op], bool]) -> None:
    """The test is worth something: without any one of the syncs, a cut is found that loses something."""
    assert any(violation(state) for state in distinct(recording, ignored)), name
