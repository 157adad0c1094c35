"""A disk that something else fills while a person files: a real one, of 24 MB."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow.events import CommitProblem
from kiosk.flow.stage import Stage
from kiosk.outbox import disk, store
from tests.journeys.bad_input.terminal import Litigant, Terminal, in_all_languages
from tests.outbox.stub_hub import StubHub

MEGABYTE = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own; skipped where the tests may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def terminal(hub: StubHub, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal on that disk, its limits as much smaller as the disk is."""
    for module in (disk, store):
        monkeypatch.setattr(module, "START_LIMIT", 8 * MEGABYTE)
    monkeypatch.setattr(disk, "RESERVE", 4 * MEGABYTE)
    running = Terminal(small_disk, hub.url)
    yield running
    running.close()


def fill(folder: Path) -> Path:
    """Take the last byte."""
    path = folder / "somebody-elses.log"
    with path.open("ab", buffering=0) as file:
        for size in (MEGABYTE, 4096):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    assert os.statvfs(folder).f_bavail == 0
    return path


def test_who_has_begun_finishes_and_who_comes_then_is_told(terminal: Terminal, hub: StubHub, small_disk: Path) -> None:
    """F5: the home screen stops offering, the reserve finishes who is here; after that the screen says that the disk is
    full, everything entered stays, and the same touch files it once there is room."""
    assert terminal.agent.status().accepting
    terminal.walk(Litigant(), Stage.SIGNATURE)
    log = fill(small_disk)
    assert not terminal.agent.status().accepting
    in_all_languages("lobby.trouble.not_accepting")  # what the home screen says then
    first = terminal.receipt()

    terminal.next_person()
    terminal.walk(Litigant(), Stage.SIGNATURE)
    terminal.sign()
    fill(small_disk)
    before = terminal.journey.require_draft()
    journey = terminal.hand_in()
    assert (journey.stage, journey.notice) == (Stage.SUBMITTING, CommitProblem.NO_SPACE)
    in_all_languages(f"lobby.submitting.problem.{CommitProblem.NO_SPACE.value}")
    assert journey.draft == before
    assert before.signature is not None
    assert terminal.session.scratch.get(before.signature)
    assert not terminal.agent.outbox.out_of_service

    log.unlink()
    second = terminal.receipt()
    terminal.deliver()
    assert set(hub.stored.receipts) == {first, second}


def test_nearly_full_is_no_reason_to_turn_away_who_has_filled_in_everything(
    terminal: Terminal, hub: StubHub, small_disk: Path
) -> None:
    """F5: below the limit for beginning, above what one complaint needs."""
    terminal.walk(Litigant(), Stage.SIGNATURE)
    (small_disk / "somebody-elses.log").write_bytes(bytes(12 * MEGABYTE))
    terminal.until(lambda: not terminal.agent.status().accepting)
    submission = terminal.receipt()
    terminal.deliver()
    assert set(hub.stored.receipts) == {submission}
    assert (small_disk / "terminal" / "outbox" / "reserve").exists()
