"""A test slip straight to a printer, without the daemon: edges, density, the printer's own characters, the cut."""

from __future__ import annotations

import time

import numpy as np

from drivers.api.status import PrinterNeedsAttention, PrinterReady, Unknown
from drivers.device import ConfigurationError, DeviceGoneError
from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.device import WIDTHS
from drivers.receipt_printer.protocol import CUT, START, words
from drivers.receipt_printer.raster import Dots, encode
from drivers.receipt_printer.sending import Patience, Progress, Sending
from drivers.receipt_printer.transport import Transport, parse_uri


class PrintTestError(Exception):
    """The test slip was not printed; one line that says why."""


class _Mute:
    """A way to a printer that never answers: many cheap printers and print servers take bytes and say nothing."""

    answers = False

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def write(self, data: bytes, timeout: float) -> int:
        return self._transport.write(data, timeout)

    def read(self, timeout: float) -> bytes:
        return self._transport.read(timeout)

    def close(self) -> None:
        self._transport.close()


def pattern(width: int) -> Dots:
    """A frame at the very edges, a ruler with a tick per centimetre, greys of 25, 50 and 75 percent, solid black."""
    rows, columns = np.mgrid[0:240, 0:width]
    dots = (rows < 2) | (rows >= 238) | (columns < 2) | (columns >= width - 2)
    dots |= (rows >= 12) & (rows < 44) & (columns % 80 < 2)
    dots |= (rows >= 28) & (rows < 44) & (columns % 8 < 1)
    for index, grey in enumerate(
        (
            (rows % 2 == 0) & (columns % 2 == 0),
            (rows + columns) % 2 == 0,
            (rows % 2 == 0) | (columns % 2 == 0),
            rows >= 0,
        )
    ):
        left = 16 + index * ((width - 32) // 4)
        dots |= grey & (rows >= 60) & (rows < 220) & (columns >= left) & (columns < left + (width - 32) // 4 - 8)
    return np.asarray(dots, dtype=np.bool_)


def slip(width: int, uri: str) -> list[bytes]:
    """The commands of the slip. Letters go as text: they show the printer's own font, and are ASCII, which every code
    page prints alike."""
    name = uri.encode("ascii", "replace")[: width // 12]
    text = b"\x1d!\x11COURT KIOSK\n\x1d!\x00PRINT TEST %d dots\n%s\n0123456789 ABCXYZ abcxyz\n" % (width, name)
    return [START, text, *encode(pattern(width)), CUT]


def print_test(uri: str, width: int = 576, baud: int = 115200, patience: Patience | None = None) -> dict[str, object]:
    """Print a test slip on the printer at `uri` (see transport.parse_uri), `width` dots wide.

    Returns `state`, `bytes`, `seconds` until the printer confirmed or took the last byte, `width` and `paper`. The
    state is settled when the printer confirmed the slip, and unknown when it took the whole slip but tells nothing
    back: then only a look at the paper helps. Raises PrintTestError when the slip could not be handed over, or the
    printer says that it will not print.
    """
    if width not in WIDTHS:
        raise PrintTestError(f"{width} dots is no paper width; there are {' and '.join(map(str, WIDTHS))}")
    try:
        transport: Transport = parse_uri(uri, baud)()
    except (ConfigurationError, DeviceGoneError) as error:
        raise PrintTestError(f"{uri}: {error}" if uri not in str(error) else str(error)) from error
    ended: list[Progress] = []
    began = time.monotonic()
    commands = slip(width, uri)
    try:
        talk = Conversation(transport)
        status = talk.health()
        if isinstance(status, PrinterNeedsAttention):
            raise PrintTestError(f"{uri}: {words(status)}")
        if isinstance(status, Unknown):
            transport = _Mute(transport)
            talk = Conversation(transport)
        waits = patience or Patience(attention=30.0, settle=10.0)
        Sending(transport, talk, ended.append, stopping=lambda: False, patience=waits).run(commands)
    except DeviceGoneError as error:
        raise PrintTestError(str(error)) from error
    finally:
        transport.close()
    end = ended[-1]
    if not end.whole or isinstance(end.health, PrinterNeedsAttention | Unknown):
        raise PrintTestError(f"{uri}: {end.detail}")
    return {
        "state": end.state.value,
        "bytes": sum(map(len, commands)),
        "seconds": round(time.monotonic() - began, 3),
        "width": width,
        "paper": status.paper.value if isinstance(status, PrinterReady) else "unknown",
    }
