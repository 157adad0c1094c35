"""The driver against the simulated printer: what is sent is on the paper, once, whatever happens."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers.api.messages import PrintJobChanged, SlipWidth, StatusChanged
from drivers.api.records import JobState
from drivers.api.status import Disconnected, Paper, PrinterNeedsAttention, PrinterReady, Unknown
from drivers.receipt_printer.print_test import PrintTestError, pattern, print_test
from drivers.receipt_printer.protocol import CUT
from drivers.receipt_printer.raster import dots_of
from kiosk.receipts import BILINGUAL, render
from tests.contract.receipt_printer.rig import PATIENCE, Rig, SimulatedPrinterProcess, same_dots, slip
from tests.unit.receipts.slips import TYPICAL

READY = PrinterReady(Paper.ENOUGH)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., SimulatedPrinterProcess]]:
    """Starts simulated printers; on TCP unless told otherwise."""
    running: list[SimulatedPrinterProcess] = []

    def begin(*options: str, width: int = 576) -> SimulatedPrinterProcess:
        running.append(SimulatedPrinterProcess(tmp_path, *(options or ("--tcp", "127.0.0.1:0")), width=width))
        return running[-1]

    yield begin
    for process in running:
        process.end()


@pytest.fixture
def printer(start: Callable[..., SimulatedPrinterProcess]) -> SimulatedPrinterProcess:
    return start()


@pytest.fixture
def rig(printer: SimulatedPrinterProcess) -> Iterator[Rig]:
    rig = Rig(printer.uri)
    rig.wait_status(READY)
    yield rig
    rig.end()


@pytest.mark.parametrize("width", [384, 576])
def test_receipt_on_paper_equals_receipt_on_screen(start: Callable[..., SimulatedPrinterProcess], width: int) -> None:
    """S2-1: a bilingual receipt, dot for dot, on 58 mm and 80 mm paper; every command is one the printer knows."""
    printer = start(width=width)
    rig = Rig(printer.uri, width)
    picture = render(TYPICAL, width, BILINGUAL)
    rig.submit("job-1", picture)
    rig.wait_job("job-1", JobState.SETTLED)
    rig.end()
    assert SlipWidth(width) in rig.events
    assert [same_dots(paper, picture) for paper in printer.slips()] == [True]
    assert printer.order("status")["unknown_commands"] == []


def test_serial_line(start: Callable[..., SimulatedPrinterProcess], tmp_path: Path) -> None:
    """Over a pseudo-terminal, unplugged and plugged in again under the same name."""
    printer = start("--link", str(tmp_path / "printer"), width=384)
    rig = Rig(printer.uri, 384)
    rig.wait_status(READY)
    printer.order("unplug")
    rig.wait_status(Disconnected)
    before = rig.now
    printer.order("plug")
    rig.wait_status(READY, before)
    rig.submit("job-1", slip(384))
    rig.wait_job("job-1", JobState.SETTLED)
    rig.end()
    assert [same_dots(paper, slip(384)) for paper in printer.slips()] == [True]


def test_no_paper_before_the_slip(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """F30: the slip waits, the attendant is told what is wrong, and it prints once when the roll is in."""
    printer.order("paper", state="out")
    rig.wait_status(PrinterNeedsAttention(Paper.OUT, cover_open=False, cutter_error=False, offline=True))
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.QUEUED, "paper out")
    assert printer.order("status")["rows"] == 0
    printer.order("paper", state="ok")
    rig.wait_job("job-1", JobState.SETTLED)
    assert [same_dots(paper, slip()) for paper in printer.slips()] == [True]


@pytest.mark.parametrize(("sensor", "faulty", "well"), [("paper", "out", "ok"), ("cover", "open", "closed")])
@pytest.mark.parametrize("row", [1, 250, 599])
def test_fault_in_the_middle(
    printer: SimulatedPrinterProcess, rig: Rig, *, sensor: str, faulty: str, well: str, row: int
) -> None:
    """F30: while it lasts the job is being sent, with the cause; then the rest is printed, and nothing twice."""
    printer.order(sensor, state=faulty, after_rows=row)
    rig.submit("job-1", slip())
    words = f"{sensor} {faulty}"
    rig.wait_job("job-1", JobState.SENDING, words)
    rig.wait_status(PrinterNeedsAttention)
    printer.order(sensor, state=well)
    settled = rig.wait_job("job-1", JobState.SETTLED)
    assert settled.detail == f"interrupted: {words}"
    assert [same_dots(paper, slip()) for paper in printer.slips()] == [True]


@pytest.mark.parametrize("row", [1, 250, 599])
def test_cable_pulled_in_the_middle(printer: SimulatedPrinterProcess, rig: Rig, row: int) -> None:
    """Nobody knows what is on the paper, so the job is unknown and never printed again; a torn piece is cut off before
    the next person's slip. (At the last row the printer holds the whole slip, and finishes it.)"""
    printer.order("unplug", after_rows=row)
    rig.submit("job-1", slip(seed=1))
    rig.wait_job("job-1", JobState.UNKNOWN)
    before = rig.now
    printer.order("plug")
    rig.wait_status(READY, before)
    answers = rig.submit("job-1", slip(seed=1))
    rig.wait_for(lambda event: event in answers)
    assert [(a.job, a.state) for a in answers if isinstance(a, PrintJobChanged)] == [("job-1", JobState.UNKNOWN)]
    rig.submit("job-2", slip(seed=2))
    rig.wait_job("job-2", JobState.SETTLED)
    first, last = printer.slips()
    assert same_dots(last, slip(seed=2))
    assert same_dots(first, slip(seed=1)) == (row == 599)


def test_slip_asked_for_while_unplugged(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """F30: it waits for the cable."""
    printer.order("unplug")
    rig.wait_status(Disconnected)
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.QUEUED, "not connected")
    printer.order("plug")
    rig.wait_job("job-1", JobState.SETTLED)
    assert [same_dots(paper, slip()) for paper in printer.slips()] == [True]


def test_silent_printer_is_unknown(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """A printer that stops answering has neither paper nor none."""
    before = rig.now
    printer.order("mute")
    rig.wait_status(Unknown, before)
    printer.order("mute", on=False)
    rig.wait_status(READY, before)


def test_silence_in_the_middle_is_unknown(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """All was sent and perhaps printed; without the printer's word it is not said to be."""
    printer.order("mute", after_rows=100)
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.UNKNOWN)
    printer.order("mute", on=False)
    before = rig.now
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.UNKNOWN, after=before)
    assert len(printer.slips()) <= 1


def test_paper_near_its_end(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    printer.order("paper", state="near")
    rig.wait_status(PrinterReady(Paper.NEAR_END))
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.SETTLED)
    assert len(printer.slips()) == 1


def test_a_job_repeated_is_printed_once(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """Before, while and after it prints."""
    for _ in range(3):
        rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.SETTLED)
    before = rig.now
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.SETTLED, after=before)
    rig.submit("job-2", slip(seed=2))
    rig.wait_job("job-2", JobState.SETTLED)
    assert [same_dots(paper, slip(seed=n)) for n, paper in enumerate(printer.slips(), start=1)] == [True, True]
    known = rig.device.job_state("job-1")
    assert known is not None
    assert known.state is JobState.SETTLED
    assert rig.device.job_state("job-3") is None


def test_nobody_comes_with_paper(printer: SimulatedPrinterProcess) -> None:
    """After its time a waiting slip fails, is not printed behind the person's back, and may be asked for again."""
    rig = Rig(printer.uri, queue_seconds=0.2)
    printer.order("paper", state="out")
    rig.wait_status(PrinterNeedsAttention)
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.FAILED, "paper out")
    before = rig.now
    printer.order("paper", state="ok")
    rig.wait_status(READY, before)
    assert printer.slips() == []
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.SETTLED)
    rig.end()
    assert len(printer.slips()) == 1


def test_slow_printer(printer: SimulatedPrinterProcess, rig: Rig) -> None:
    """At 19200 baud a question waits seconds behind the dots; that is no silence, and the slip settles."""
    printer.order("slow", bytes_per_second=1920)
    rig.submit("job-1", slip())
    rig.wait_job("job-1", JobState.SETTLED)
    assert [same_dots(paper, slip()) for paper in printer.slips()] == [True]
    assert not any(isinstance(event, StatusChanged) and isinstance(event.value, Unknown) for event in rig.events[1:])


@pytest.mark.parametrize(
    ("picture", "words"), [(slip(584), "584"), (b"no picture", "not a PNG"), (Image.new("1", (8, 20_000)), "20000")]
)
def test_not_a_slip(printer: SimulatedPrinterProcess, rig: Rig, picture: Image.Image | bytes, words: str) -> None:
    """Refused with the reason; the next job prints."""
    rig.submit("job-1", picture)
    rig.wait_job("job-1", JobState.FAILED, words)
    rig.submit("job-2", slip())
    rig.wait_job("job-2", JobState.SETTLED)
    assert len(printer.slips()) == 1


def test_stopping_in_the_middle(printer: SimulatedPrinterProcess) -> None:
    """The device program ends at once; what was begun is unknown, what waited failed."""
    rig = Rig(printer.uri)
    printer.order("paper", state="out", after_rows=100)
    rig.submit("job-1", slip())
    rig.submit("job-2", slip())
    rig.wait_job("job-1", JobState.SENDING, "paper out")
    rig.end()
    rig.wait_job("job-1", JobState.UNKNOWN)
    rig.wait_job("job-2", JobState.FAILED)


@pytest.mark.parametrize("width", [384, 576])
def test_print_test_slip(start: Callable[..., SimulatedPrinterProcess], width: int) -> None:
    """What the attendant asks for from the shell comes out with both edges on the paper."""
    printer = start(width=width)
    told = print_test(printer.uri, width, patience=PATIENCE)
    assert (told["state"], told["width"], told["paper"]) == ("settled", width, "enough")
    (paper,) = printer.slips()
    dots = dots_of(paper, width)
    assert (dots[-len(pattern(width)) :] == pattern(width)).all()
    assert dots[: -len(pattern(width))].any(), "the printer's own characters are missing"
    assert printer.order("status")["unknown_commands"] == []


@pytest.mark.parametrize("knows", [b"", b"\x10\x04"], ids=["mute", "status only"])
def test_print_test_on_a_printer_that_confirms_nothing(knows: bytes) -> None:
    """Cheap printers print without a word. The slip goes out whole; that it came out is not claimed."""
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def print_silently() -> None:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(4096):
                    received.extend(data)
                    connection.sendall(b"\x12" * data.count(knows) if knows else b"")

        printing = threading.Thread(target=print_silently)
        printing.start()
        told = print_test(f"tcp://127.0.0.1:{server.getsockname()[1]}", patience=PATIENCE)
        printing.join(10)
    assert told["state"] == "unknown"
    assert received.count(b"\x1dv0\x00") > 1
    assert received.rindex(CUT) > received.rindex(b"\x1dv0\x00")


def test_print_test_says_why_not(printer: SimulatedPrinterProcess) -> None:
    printer.order("cover", state="open")
    with pytest.raises(PrintTestError, match="cover open"):
        print_test(printer.uri)
    printer.order("cover", state="closed")
    printer.order("unplug")
    with pytest.raises(PrintTestError, match=r"Connection (refused|reset)"):
        print_test(printer.uri)
