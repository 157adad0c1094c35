"""`court-kiosk simulate` as scripts of load and fault tests see it: lines, exit codes, and what the hub then holds."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.outbox.stub_hub import Fault, StubHub

DEADLINE = 90.0


@pytest.fixture
def hub() -> Iterator[StubHub]:
    with StubHub() as hub:
        yield hub


@dataclass(frozen=True)
class Told:
    """What a run said."""

    code: int
    receipts: list[dict[str, str]]
    errors: list[str]


def command(hub: str, data: Path, count: int | str, *more: str) -> list[str]:
    """The command line."""
    words = ["simulate", "--hub", hub, "--data", str(data), "--count", str(count), *more]
    return [sys.executable, "-c", "import sys; from kiosk.cli import main; sys.exit(main())", *words]


def simulate(hub: str, data: Path, count: int | str, *more: str) -> Told:
    """One run to its end."""
    run = subprocess.run(
        command(hub, data, count, *more), capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    receipts = [json.loads(line) for line in run.stdout.splitlines()]
    return Told(run.returncode, receipts, run.stderr.splitlines())


def at(hub: StubHub) -> dict[str, tuple[str, str]]:
    """What the hub holds, by submission id."""
    return {str(key): (one.receipt_no, one.manifest_sha256) for key, one in hub.stored.receipts.items()}


def lines(told: Told) -> dict[str, tuple[str, str]]:
    """What was printed, in the same form."""
    return {one["submission_id"]: (one["receipt_no"], one["sha256"]) for one in told.receipts}


def test_every_line_is_at_the_hub(hub: StubHub, tmp_path: Path) -> None:
    told = simulate(hub.url, tmp_path, 3, "--seed", "5")
    assert (told.code, told.errors) == (0, [])
    assert len(told.receipts) == 3
    assert lines(told) == at(hub)


def test_without_a_hub_journeys_are_durable_and_delivered_first_by_the_next_run(hub: StubHub, tmp_path: Path) -> None:
    """N3: the hub is off after the first start; what was filed meanwhile goes before anything new."""
    assert simulate(hub.url, tmp_path, 0).code == 0
    hub.stop()
    alone = simulate(hub.url, tmp_path, 2, "--deliver-seconds", "0.5")
    assert alone.code == 0
    assert len(alone.receipts) == 2
    assert alone.errors == ["court-kiosk simulate: 2 submissions wait for the hub"]
    assert simulate(hub.url, tmp_path, 0, "--deliver-seconds", "0.5").code == 1
    hub.start()
    again = simulate(hub.url, tmp_path, 1)
    assert (again.code, again.errors) == (0, [])
    assert list(at(hub)) == [*lines(alone), *lines(again)]


def test_a_hub_that_answers_late_is_still_found(hub: StubHub, tmp_path: Path) -> None:
    """`--count 0` only delivers, and waits for it."""
    assert simulate(hub.url, tmp_path, 0).code == 0
    hub.stop()
    filed = simulate(hub.url, tmp_path, 1, "--deliver-seconds", "0")
    with subprocess.Popen(command(hub.url, tmp_path, 0), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
        assert waiting.stdout is not None
        with socket.create_server(("127.0.0.1", hub.port)) as nobody:
            nobody.settimeout(DEADLINE)
            nobody.accept()[0].close()  # it has asked, and was hung up on
        hub.start()
        assert waiting.wait(DEADLINE) == 0
        assert waiting.stdout.read() == b""
    assert at(hub) == lines(filed)


def test_a_hub_that_fails_every_request_does_not_stop_journeys(hub: StubHub, tmp_path: Path) -> None:
    """F12: it answers, but with 500 each time."""
    assert simulate(hub.url, tmp_path, 0).code == 0
    hub.fault_for = lambda _method, _path: Fault.ERROR_BEFORE
    told = simulate(hub.url, tmp_path, 2, "--deliver-seconds", "1")
    assert told.code == 0
    assert len(told.receipts) == 2
    assert at(hub) == {}
    hub.fault_for = lambda _method, _path: None
    assert simulate(hub.url, tmp_path, 0).code == 0
    assert at(hub) == lines(told)


def test_the_first_start_needs_the_hub(tmp_path: Path) -> None:
    """Its keys are learned there once; the refusal says so in one line."""
    told = simulate("http://127.0.0.1:9", tmp_path, 1)
    assert (told.code, told.receipts) == (1, [])
    (line,) = told.errors
    assert "http://127.0.0.1:9" in line
    assert "first start" in line


def test_a_folder_in_use_is_refused(hub: StubHub, tmp_path: Path) -> None:
    """Two processes on one outbox would be two writers."""
    with subprocess.Popen(command(hub.url, tmp_path, 1000), stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        first.stdout.readline()
        told = simulate(hub.url, tmp_path, 1)
        first.kill()
    assert (told.code, told.receipts) == (1, [])
    (line,) = told.errors
    assert str(tmp_path) in line
    assert "another process" in line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(hub: StubHub, tmp_path: Path, number: signal.Signals) -> None:
    """The journey under way is finished and told; the exit code is the shell's for that signal."""
    with subprocess.Popen(command(hub.url, tmp_path, 1000), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        first = run.stdout.readline()
        run.send_signal(number)
        assert run.wait(DEADLINE) == 128 + number
        told = [json.loads(line) for line in [first, *run.stdout.read().splitlines()]]
        errors = run.stderr.read().decode().splitlines()
    assert len(errors) <= 1
    assert "Traceback" not in "".join(errors)
    assert simulate(hub.url, tmp_path, 0).code == 0
    assert {one["submission_id"] for one in told} == set(at(hub))


def test_a_signal_ends_the_wait_for_the_hub(hub: StubHub, tmp_path: Path) -> None:
    """Nobody has to wait for the end of --deliver-seconds."""
    assert simulate(hub.url, tmp_path, 0).code == 0
    hub.stop()
    with subprocess.Popen(command(hub.url, tmp_path, 1, "--deliver-seconds", "600"), stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.send_signal(signal.SIGTERM)
        assert run.wait(30) == 128 + signal.SIGTERM


def test_a_reader_that_leaves_ends_it(hub: StubHub, tmp_path: Path) -> None:
    """As in `simulate … | head -1`: one line on stderr, no traceback, and the filings stand."""
    reading, writing = os.pipe()
    with subprocess.Popen(command(hub.url, tmp_path, 50), stdout=writing, stderr=subprocess.PIPE) as run:
        os.close(writing)
        with os.fdopen(reading, "rb", buffering=0) as lines_read:
            assert lines_read.read(1)
        assert run.wait(DEADLINE) == 1
        assert run.stderr is not None
        errors = run.stderr.read().decode().splitlines()
    assert len(errors) == 1
    assert simulate(hub.url, tmp_path, 0).code == 0
    assert len(at(hub)) >= 1


@pytest.mark.parametrize(
    ("hub_address", "count"),
    [("http://127.0.0.1:9", "-1"), ("http://127.0.0.1:9", "many"), ("hub.example", "1"), ("ftp://hub.example", "1")],
)
def test_wrong_use_is_one_line(tmp_path: Path, hub_address: str, count: str) -> None:
    told = simulate(hub_address, tmp_path, count)
    assert (told.code, told.receipts, len(told.errors)) == (2, [], 1)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_used_is_refused(hub: StubHub, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    told = simulate(hub.url, file, 1)
    assert (told.code, len(told.errors)) == (1, 1)


def test_the_same_seed_gives_the_same_people(hub: StubHub, tmp_path: Path) -> None:
    """A failing run of a campaign can be repeated."""
    for folder in ("one", "two"):
        simulate(hub.url, tmp_path / folder, 2, "--seed", "77")
    causes: dict[str, list[str]] = {}
    for manifest in sorted(hub.stored.manifests.values(), key=lambda one: one.sequence):
        causes.setdefault(manifest.terminal, []).append(manifest.cause_code)
    one, two = causes.values()
    assert one == two
