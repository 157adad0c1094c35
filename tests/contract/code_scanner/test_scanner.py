"""The driver against a scanner at the other end of a real wire: the simulator's process, or hardware.

The same cases hold whether it sends its codes over a serial line or types them.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from drivers.api.messages import CodeRead, CodeReadFailed, Event, ReadCode
from drivers.api.records import CodeFailure, CodeKind, PaperCode
from drivers.api.status import CodeScannerReady, Disconnected
from drivers.code_scanner.device import build
from drivers.code_scanner.protocol import LONGEST_TEXT
from drivers.device import Ticket
from tests.contract.code_scanner.conftest import Wire
from tests.contract.supervised import Supervised

DEADLINE = 10.0
RECEIPT = "T01-20260305-00001-5"
LINK = "https://hub.court.example/t/01a206bb-66d4-7bcf-a945-751c67d52384"


class Desk:
    """A scanner driver and somebody who waits for codes."""

    def __init__(self, section: Mapping[str, object]) -> None:
        self._count = itertools.count(1)
        self.told = Supervised(build({"gap": 0.2, **section}), deadline=DEADLINE)
        self.told.wait_status(CodeScannerReady)

    def wait(self, timeout: float = DEADLINE) -> Ticket:
        """Begin to wait for a code."""
        ticket = Ticket(ReadCode(f"code {next(self._count)}", timeout), self.told.broadcast, time.monotonic())
        self.told.hand_in(ticket)
        return ticket

    def answer(self, ticket: Ticket) -> PaperCode | CodeFailure:
        """What came of it."""
        assert isinstance(ticket.request, ReadCode)
        name = ticket.request.request
        found = self.told.wait_for(lambda event: _answers(event, name))
        assert isinstance(found, CodeRead | CodeReadFailed)
        return found.code if isinstance(found, CodeRead) else found.failure

    def text(self, ticket: Ticket) -> str:
        """The text that came of it."""
        code = self.answer(ticket)
        assert isinstance(code, PaperCode), code
        return code.text


def _answers(event: Event, name: str) -> bool:
    return isinstance(event, CodeRead | CodeReadFailed) and event.request == name


@pytest.fixture
def desk_with() -> Iterator[Callable[[Mapping[str, object]], Desk]]:
    """Makes desks and ends them."""
    made: list[Desk] = []

    def make(section: Mapping[str, object]) -> Desk:
        made.append(Desk(section))
        return made[-1]

    yield make
    for desk in made:
        desk.told.end()


@pytest.fixture
def desk(desk_with: Callable[[Mapping[str, object]], Desk], wire: Wire) -> Desk:
    """Somebody at the simulated scanner."""
    return desk_with(wire.section)


def test_every_code_comes_as_it_stands(desk: Desk, wire: Wire) -> None:
    """Each sign a keyboard has, with Shift and without."""
    signs = "".join(chr(code) for code in range(33, 127))
    for text in (RECEIPT, LINK, signs, "(2026) a B", "7"):
        ticket = desk.wait()
        wire.do("scan", text=text)
        assert desk.answer(ticket) == PaperCode(CodeKind.UNKNOWN, text)


def test_only_who_waits_gets_a_code(desk: Desk, wire: Wire) -> None:
    """A code that nobody waited for is nobody's, also not that of who begins to wait afterwards."""
    wire.do("scan", text="unasked")
    desk.told.wait_status(CodeScannerReady(heard=True))
    ticket = desk.wait()
    wire.do("scan", text=RECEIPT)
    assert desk.text(ticket) == RECEIPT
    assert not [event for event in desk.told.events if "unasked" in repr(event)]


def test_of_a_burst_the_first_code_is_taken_and_no_other(desk: Desk, wire: Wire) -> None:
    ticket = desk.wait()
    wire.do("scan", texts=[RECEIPT, "second", "third"])
    assert desk.text(ticket) == RECEIPT
    later = desk.wait(timeout=0.3)
    assert desk.answer(later) is CodeFailure.NO_CODE


def test_a_code_in_pieces_is_one_code(desk: Desk, wire: Wire) -> None:
    ticket = desk.wait()
    wire.do("scan", text=RECEIPT, piece=31, gap=0.01)
    assert desk.text(ticket) == RECEIPT


def test_a_torn_code_is_told_and_does_not_stick_to_the_next(desk: Desk, wire: Wire) -> None:
    ticket = desk.wait()
    wire.do("torn", text="T01-2026030")
    assert desk.answer(ticket) is CodeFailure.UNREADABLE
    ticket = desk.wait()
    wire.do("scan", text=RECEIPT)
    assert desk.text(ticket) == RECEIPT


def test_the_longest_code_and_one_that_is_longer(desk: Desk, wire: Wire) -> None:
    for length, whole in ((LONGEST_TEXT, True), (LONGEST_TEXT + 1, False), (5 * LONGEST_TEXT, False)):
        ticket = desk.wait()
        # In pieces: what is scanned at once is never longer than the kernel's buffers.
        wire.do("scan", text="9" * length, piece=9600, gap=0.005)
        assert desk.answer(ticket) == (PaperCode(CodeKind.UNKNOWN, "9" * length) if whole else CodeFailure.UNREADABLE)


def test_the_symbology_where_the_scanner_tells_it(
    desk_with: Callable[[Mapping[str, object]], Desk], wire: Wire
) -> None:
    """AIM prefixes (ISO/IEC 15424); a code without one is taken as it is."""
    desk = desk_with({**wire.section, "aim": True})
    ticket = desk.wait()
    wire.do("scan", text="]plain")
    assert desk.answer(ticket) == PaperCode(CodeKind.UNKNOWN, "]plain")
    wire.do("set", aim=True)
    for kind in (CodeKind.QR, CodeKind.CODE_128, CodeKind.OTHER):
        ticket = desk.wait()
        wire.do("scan", text=RECEIPT, kind=kind.value)
        assert desk.answer(ticket) == PaperCode(kind, RECEIPT)


def test_waiting_ends(desk: Desk) -> None:
    """By time, or because it was given up."""
    assert desk.answer(desk.wait(timeout=0.1)) is CodeFailure.NO_CODE
    ticket = desk.wait()
    ticket.cancel()
    assert desk.answer(ticket) is CodeFailure.CANCELLED


def test_a_pulled_cable(desk: Desk, wire: Wire) -> None:
    """Whoever waits is told; once it is back, the next code comes."""
    ticket = desk.wait()
    wire.do("unplug")
    assert desk.answer(ticket) is CodeFailure.SCANNER_GONE
    desk.told.wait_status(Disconnected)
    back = desk.told.now
    wire.do("plug")
    desk.told.wait_status(CodeScannerReady, after=back)
    ticket = desk.wait()
    wire.do("scan", text=RECEIPT)
    assert desk.text(ticket) == RECEIPT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_over_a_serial_line(
    desk_with: Callable[[Mapping[str, object]], Desk], wire: Wire, encoding: str
) -> None:
    if wire.types:
        pytest.skip("a keyboard has no key for a Chinese character")
    desk = desk_with({**wire.section, "encoding": encoding})
    wire.do("set", encoding=encoding)
    ticket = desk.wait()
    wire.do("scan", text="（2026）吉2401民初12号")
    assert desk.text(ticket) == "（2026）吉2401民初12号"


def test_a_scanner_set_to_another_encoding_is_noticed(desk: Desk, wire: Wire) -> None:
    """Rather than a wrong text."""
    if wire.types:
        pytest.skip("a keyboard has no key for a Chinese character")
    wire.do("set", encoding="gb18030")
    ticket = desk.wait()
    wire.do("scan", text="（2026）吉2401民初12号")
    assert desk.answer(ticket) is CodeFailure.UNREADABLE


@pytest.mark.parametrize("end", ["cr", "lf", "crlf"])
def test_every_end_of_a_line(desk: Desk, wire: Wire, end: str) -> None:
    wire.do("set", end=end)
    for _ in range(2):
        ticket = desk.wait()
        wire.do("scan", text=RECEIPT)
        assert desk.text(ticket) == RECEIPT


def test_controls_are_left_out(desk: Desk, wire: Wire) -> None:
    if wire.types:
        pytest.skip("bytes, not keys")
    ticket = desk.wait()
    wire.do("raw", hex=b"\x02T01-\x1d\x0020260305-00001-5\x03\r\n".hex())
    assert desk.text(ticket) == RECEIPT


def test_lost_key_strokes_spoil_their_code_only(desk: Desk, wire: Wire) -> None:
    """SYN_DROPPED: the kernel's buffer ran over in the middle."""
    if not wire.types or str(wire.section["keyboard"]).startswith("/dev/input/"):
        pytest.skip("only where the simulator writes the records itself")
    ticket = desk.wait()
    wire.do("torn", text="T01-20260305")
    wire.do("lost")
    wire.do("scan", text="-00001-5")
    assert desk.answer(ticket) is CodeFailure.UNREADABLE
    ticket = desk.wait()
    wire.do("scan", text=RECEIPT)
    assert desk.text(ticket) == RECEIPT


@pytest.mark.hardware
def test_a_real_scanner(desk_with: Callable[[Mapping[str, object]], Desk], real_section: Mapping[str, object]) -> None:
    """Scan any code once a minute, twice the same: it must come the same both times."""
    desk = desk_with({**real_section, "gap": 0.5})
    first = desk.wait(timeout=60)
    text = desk.text(first)
    second = desk.wait(timeout=60)
    assert desk.text(second) == text
