"""Reading one card without the daemon: every way it can fail ends in one clear line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.id_reader.device import IdReader
from drivers.id_reader.layouts import parse_text
from drivers.id_reader.protocol import encode_frame
from drivers.id_reader.read_once import ReadOnceError, read_once
from drivers.id_reader.sim_people import PEOPLE
from drivers.id_reader.sim_sam import SimulatedSam
from tests.unit.drivers.lines import FakeClock, SamLine

ZHANG = parse_text(PEOPLE["zhang"].text, PEOPLE["zhang"].photo)


class Bench:
    """A reader whose waits run `later` at given seconds."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.line = SamLine(SimulatedSam(), self.clock)
        self.later: list[tuple[float, Callable[[], None]]] = []

    def read(self, timeout: float = 10.0) -> tuple[str, object]:
        def open_line(_port: str, _baud: int) -> SamLine:
            self.line.closed = False
            return self.line

        reader = IdReader("/dev/serial/by-id/usb-sam", open_line=open_line, clock=self.clock)
        try:
            return read_once(reader, timeout, self.clock, self._pause)
        finally:
            assert self.line.closed

    def _pause(self, seconds: float) -> None:
        self.clock.now += seconds
        for at, event in tuple(self.later):
            if self.clock.now >= at:
                self.later.remove((at, event))
                event()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_card_laid_later_is_read(bench: Bench) -> None:
    bench.later.append((4.0, lambda: bench.line.sam.insert(PEOPLE["zhang"])))
    assert bench.read() == ("00.00-20260101-0001234567-0007654321", ZHANG)


def test_a_card_that_was_read_and_never_lifted_is_read_again(bench: Bench) -> None:
    bench.line.sam.insert(PEOPLE["zhang"])
    assert bench.read() == bench.read()


def test_nobody_comes(bench: Bench) -> None:
    with pytest.raises(ReadOnceError, match=r"no card within 2\.5 s"):
        bench.read(2.5)
    assert bench.clock.now < 3.5


def test_a_reader_that_wakes_up_slowly_is_waited_for(bench: Bench) -> None:
    bench.line.sam.insert(PEOPLE["zhang"])
    bench.line.mangle = lambda _request, frame: frame if bench.clock.now > 5 else None
    assert bench.read()[1] == ZHANG


def test_a_reader_that_never_answers(bench: Bench) -> None:
    bench.line.mangle = lambda _request, _frame: None
    with pytest.raises(ReadOnceError, match="no SAM_V reader answers"):
        bench.read()


def test_a_reader_that_falls_silent(bench: Bench) -> None:
    def silence() -> None:
        bench.line.mangle = lambda _request, _frame: None

    bench.later.append((1.0, silence))
    with pytest.raises(ReadOnceError, match="stopped answering"):
        bench.read(60.0)
    assert bench.clock.now < 10


def test_a_cable_pulled(bench: Bench) -> None:
    bench.later.append((1.0, lambda: setattr(bench.line, "lost", True)))
    with pytest.raises(ReadOnceError, match="unplugged"):
        bench.read()


def test_a_card_taken_away_too_soon(bench: Bench) -> None:
    def cut(request: bytes, frame: bytes) -> bytes:
        if request == b"\x30\x01":
            bench.line.sam.remove()
            return frame[:400]
        return frame

    bench.line.sam.insert(PEOPLE["zhang"])
    bench.line.mangle = cut
    with pytest.raises(ReadOnceError, match="nothing was kept"):
        bench.read()


def test_a_broken_module(bench: Bench) -> None:
    bench.line.sam.fault = 0x66
    with pytest.raises(ReadOnceError, match="code 66"):
        bench.read()


def test_a_card_that_no_reading_works_on(bench: Bench) -> None:
    bench.line.sam.insert(PEOPLE["zhang"])
    bench.line.sam.unreadable = True
    with pytest.raises(ReadOnceError, match="lift it and lay it again"):
        bench.read()


def test_one_lost_answer_is_nothing(bench: Bench) -> None:
    lost = iter([False] * 4 + [True])
    bench.later.append((1.0, lambda: bench.line.sam.insert(PEOPLE["zhang"])))
    bench.line.mangle = lambda _request, frame: encode_frame(b"\x00\x00\x99")[:6] if next(lost, False) else frame
    assert bench.read()[1] == ZHANG
