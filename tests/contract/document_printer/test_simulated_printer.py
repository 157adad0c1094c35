"""The A4 driver against the simulated IPP printer, a process of its own: F30 and F31 of a document."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.api.messages import PrintJobChanged
from drivers.api.records import JobState
from drivers.api.status import Disconnected, QueueReady, QueueStopped
from drivers.dock.control import Answer, ask
from drivers.document_printer.ipp_printer import IppPrinter
from tests.contract.document_printer.rig import PDF, Rig


class Printer:
    """`python -m drivers.document_printer.sim`."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "documents"
        self._control = folder / "a4.control"
        command = [sys.executable, "-m", "drivers.document_printer.sim", "--tcp", "127.0.0.1:0", "--control"]
        command += [str(self._control), "--out", str(self.out), "--seconds-per-job", "0.3"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.uri = str(json.loads(self._process.stdout.readline())["uri"])

    def order(self, do: str, **more: object) -> Answer:
        return ask(self._control, {"do": do, **more})

    def documents(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.out.iterdir())]

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    printer = Printer(tmp_path)
    yield printer
    printer.end()


def quick(uri: str, queue_seconds: float = 20.0) -> IppPrinter:
    return IppPrinter(uri, queue_seconds=queue_seconds, look_pause=0.05, follow_pause=0.05)


@pytest.fixture
def rig(printer: Printer) -> Iterator[Rig]:
    rig = Rig(quick(printer.uri))
    rig.wait_status(QueueReady())
    yield rig
    rig.end()


def test_document_is_printed_byte_for_byte(printer: Printer, rig: Rig) -> None:
    rig.submit("job-1", PDF * 1000, copies=2)
    rig.wait_job("job-1", JobState.SENDING)
    assert printer.documents() == []
    rig.wait_job("job-1", JobState.SETTLED)
    assert printer.documents() == [PDF * 1000]
    assert printer.order("status")["jobs"] == [{"title": "民事起诉状", "state": "completed", "copies": 2}]


def test_no_paper_before(printer: Printer, rig: Rig) -> None:
    """F30: the document waits here, not in a printer that would hand it to the next person."""
    printer.order("paper", state="out")
    rig.wait_status(QueueStopped(("media-empty-report",)))
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.QUEUED, "media-empty")
    assert printer.order("status")["jobs"] == []
    printer.order("paper", state="ok")
    rig.wait_job("job-1", JobState.SETTLED)
    assert printer.documents() == [PDF]


def test_no_paper_in_the_middle(printer: Printer, rig: Rig) -> None:
    """Sending with the printer's reason; settled only when it is completed."""
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SENDING)
    printer.order("paper", state="out")
    rig.wait_job("job-1", JobState.SENDING, "media-needed")
    assert printer.documents() == []
    printer.order("paper", state="ok")
    rig.wait_job("job-1", JobState.SETTLED)
    assert printer.documents() == [PDF]


def test_nobody_comes_with_paper(printer: Printer) -> None:
    """The job is taken back from the printer: it does not come out behind the person's back."""
    rig = Rig(quick(printer.uri, queue_seconds=0.5))
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SENDING)
    printer.order("paper", state="out")
    rig.wait_job("job-1", JobState.UNKNOWN, "given up")
    printer.order("paper", state="ok")
    rig.submit("job-2", PDF + b"2")
    rig.wait_job("job-2", JobState.SETTLED)
    rig.end()
    assert printer.documents() == [PDF + b"2"]


def test_busy_printer(printer: Printer, rig: Rig) -> None:
    """0x0507 is "later", and each document comes out once."""
    printer.order("busy")
    rig.submit("job-1", PDF + b"1")
    rig.submit("job-2", PDF + b"2")
    rig.wait_job("job-1", JobState.QUEUED, "busy")
    printer.order("busy", on=False)
    rig.wait_job("job-2", JobState.SETTLED)
    assert printer.documents() == [PDF + b"1", PDF + b"2"]


def test_a_job_repeated_is_printed_once(printer: Printer, rig: Rig) -> None:
    for _ in range(3):
        rig.submit("job-1")
    rig.wait_job("job-1", JobState.SETTLED)
    before = rig.now
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SETTLED, after=before)
    assert printer.documents() == [PDF]


def test_answer_lost(printer: Printer, rig: Rig) -> None:
    """The printer may have it: unknown, and not printed again."""
    printer.order("lose_answer")
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.UNKNOWN, "answer was lost")
    rig.wait_status(QueueReady(), rig.now)
    before = rig.now
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.UNKNOWN, after=before)
    rig.submit("job-2", PDF + b"2")
    rig.wait_job("job-2", JobState.SETTLED)
    assert printer.documents() == [PDF, PDF + b"2"]


def test_cable_pulled_while_it_prints(printer: Printer, rig: Rig) -> None:
    """F31: the printer has the document and goes on; the driver asks again when the cable is back."""
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SENDING)
    printer.order("unplug")
    rig.wait_status(Disconnected)
    rig.submit("job-2", PDF + b"2")
    rig.wait_job("job-2", JobState.QUEUED, "not connected")
    printer.order("plug")
    rig.wait_job("job-2", JobState.SETTLED)
    rig.wait_job("job-1", JobState.SETTLED)
    assert printer.documents() == [PDF, PDF + b"2"]


def test_printer_restarted_while_it_prints(printer: Printer, rig: Rig) -> None:
    """It does not know the job any more, so nobody knows what became of it."""
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SENDING)
    printer.order("forget")
    rig.wait_job("job-1", JobState.UNKNOWN, "does not know")


def test_printer_gives_the_job_up(printer: Printer, rig: Rig) -> None:
    """Nothing is on paper; asked for again it is printed."""
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SENDING)
    printer.order("abort")
    rig.wait_job("job-1", JobState.FAILED, "aborted: document-format-error")
    rig.submit("job-1")
    rig.wait_job("job-1", JobState.SETTLED)
    assert printer.documents() == [PDF]


def test_what_is_no_document(printer: Printer, rig: Rig) -> None:
    rig.submit("job-1", b"<html>")
    rig.wait_job("job-1", JobState.FAILED, "not a PDF")
    rig.submit("job-2", copies=0)
    rig.wait_job("job-2", JobState.FAILED, "0 copies")
    assert printer.order("status")["jobs"] == []


def test_stopping_in_the_middle(printer: Printer) -> None:
    rig = Rig(quick(printer.uri))
    rig.submit("job-1")
    rig.submit("job-2")
    rig.wait_job("job-1", JobState.SENDING)
    rig.end()
    ended = {event.job: event.state for event in rig.events if isinstance(event, PrintJobChanged)}
    assert ended == {"job-1": JobState.UNKNOWN, "job-2": JobState.FAILED}
