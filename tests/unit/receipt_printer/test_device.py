"""Configuration and conversation without a simulator."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.api.status import Paper, PrinterReady, Unknown
from drivers.device import ConfigurationError, JobKeeper
from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.device import build


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "uri"),
        ({"uri": ""}, "uri"),
        ({"uri": "http://printer"}, "http"),
        ({"uri": "tcp://"}, "host"),
        ({"uri": "tcp://printer:port"}, "uri"),
        ({"uri": "usb://printer"}, "VID:PID"),
        ({"uri": "/dev/ttyUSB0"}, "by-id"),
        ({"uri": "tcp://printer", "width": 512}, "384 or 576"),
        ({"uri": "tcp://printer", "baud": "fast"}, "baud"),
        ({"uri": "tcp://printer", "cutter": 1}, "cutter"),
        ({"uri": "tcp://printer", "queue_seconds": -1}, "queue_seconds"),
        ({"uri": "tcp://printer", "driver": "star"}, "escpos"),
        ({"uri": "tcp://printer", "speed": 1}, "speed"),
    ],
)
def test_wrong_configuration_names_its_key(config: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        build(config)
    assert str(refused.value).startswith("receipt_printer: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("uri", "simulated"),
    [
        ("tcp://127.0.0.1:9100", True),
        ("tcp://192.0.2.7", False),
        ("usb://04b8:0e28/X3F7012345", False),
        ("/dev/serial/by-id/usb-printer", False),
        ("file:///dev/usb/lp0", False),
    ],
)
def test_device_is_known_by_its_lasting_name(uri: str, simulated: bool) -> None:
    device = build({"uri": uri})
    assert (device.stable_id, device.simulated) == (uri, simulated)
    assert isinstance(device, JobKeeper)


class Scripted:
    """A printer that answers each question with the given bytes."""

    answers = True

    def __init__(self, reply: Callable[[bytes], bytes], waiting: bytes = b"") -> None:
        self._reply = reply
        self._waiting = waiting
        self.asked: list[bytes] = []
        self.time = 0.0

    def write(self, data: bytes, timeout: float) -> int:
        del timeout
        self.asked.append(data)
        self._waiting += self._reply(data)
        return len(data)

    def read(self, timeout: float) -> bytes:
        data, self._waiting = self._waiting, b""
        if not data:
            self.time += timeout
        return data

    def close(self) -> None: ...


def talk(printer: Scripted) -> Conversation:
    return Conversation(printer, lambda: printer.time)


def test_late_and_stray_bytes_are_not_taken_for_an_answer() -> None:
    """An old "paper out", XOFF and a fence lie in the line when the question is put."""
    printer = Scripted(lambda _: b"\x13\x12", waiting=b"\x7e\x13\x00")
    conversation = talk(printer)
    assert conversation.health() == PrinterReady(Paper.ENOUGH)
    assert conversation.fences == 1


def test_plain_printer_is_asked_only_what_it_answers() -> None:
    """Some answer DLE EOT 1 and 4 only; waiting for the rest at every look would make each take seconds."""
    printer = Scripted(lambda question: b"\x12" if question[2] in (1, 4) else b"")
    conversation = talk(printer)
    assert conversation.health() == PrinterReady(Paper.ENOUGH)
    waited = printer.time
    assert conversation.health() == PrinterReady(Paper.ENOUGH)
    assert waited > 0
    assert printer.time == waited


def test_silent_printer_is_unknown_after_one_wait() -> None:
    printer = Scripted(lambda _: b"")
    assert isinstance(talk(printer).health(), Unknown)
    assert printer.time == pytest.approx(1.0)
    assert len(printer.asked) == 1
