"""ESC/POS bytes: the commands we send and the status we ask for. Pure; nothing here waits or opens anything.

After Epson's "ESC/POS Command Reference" (DLE EOT, GS r, GS V, GS P, GS a, ESC @, ESC J) and the manuals of common
58 mm and 80 mm printers, restricted to what both understand.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from drivers.api.status import Paper, PrinterNeedsAttention, PrinterReady, Unknown

DOTS_PER_INCH = 203

INITIALISE = b"\x1b@"

NO_UNASKED_STATUS = b"\x1da\x00"
"""GS a 0: no automatic status back; its four bytes could be taken for answers."""

FEED_IN_DOTS = bytes([0x1D, 0x50, DOTS_PER_INCH, DOTS_PER_INCH])
"""GS P: one motion unit is one dot. Without it some printers count in 1/360 or 1/406 inch."""

JUSTIFY_LEFT = b"\x1ba\x00"
JUSTIFY_CENTRE = b"\x1ba\x01"

START = INITIALISE + NO_UNASKED_STATUS + FEED_IN_DOTS + JUSTIFY_LEFT
"""Before every slip: nothing of an earlier one is left."""

CUT = b"\x1dV\x42\x00"
"""GS V 66: feed to the knife and cut, one point left, so that the slip does not fall to the floor."""

TEAR_OFF_DOTS = 120
"""From the head to the tear bar of printers without a knife, with a margin."""

FENCE = b"\x1dr\x01"
"""GS r 1: paper sensor status, answered in its turn, so its answer says that all before it was executed."""


class Query(IntEnum):
    """What DLE EOT n asks for."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


class Reply(StrEnum):
    """What a byte from the printer can be; the fixed bits tell."""

    STATUS = "status"  # answer to DLE EOT: 0xx1xx10
    FENCE = "fence"  # answer to GS r: 0xx0xxxx
    OTHER = "other"  # XON, XOFF, line noise


def ask(query: Query) -> bytes:
    """DLE EOT n. Executed at reception, also by a printer that is off line or busy."""
    return bytes([0x10, 0x04, query])


def feed(dots: int) -> bytes:
    """ESC J: forward by dots (any number, 255 at a time)."""
    whole, rest = divmod(dots, 255)
    return b"\x1bJ\xff" * whole + (bytes([0x1B, 0x4A, rest]) if rest else b"")


def kind_of(byte: int) -> Reply:
    """Which answer a received byte is."""
    if byte & 0x93 == 0x12:
        return Reply.STATUS
    if byte & 0x90 == 0x00:
        return Reply.FENCE
    return Reply.OTHER


def paper_of(answer: int) -> Paper:
    """The roll sensors from an answer to Query.PAPER."""
    if answer & 0x60:
        return Paper.OUT
    return Paper.NEAR_END if answer & 0x0C else Paper.ENOUGH


Health = PrinterReady | PrinterNeedsAttention | Unknown


def health(answers: Mapping[Query, int | None]) -> Health:
    """The printer's status from its answers; None stands for "no answer in time", and is never taken for "well".

    A printer that answers PRINTER and PAPER but neither cause is known as far as it tells; a flag is only set where
    the printer said so.
    """
    printer, paper = answers.get(Query.PRINTER), answers.get(Query.PAPER)
    if printer is None or paper is None:
        return Unknown("the printer does not answer")
    cause, error = answers.get(Query.OFFLINE_CAUSE) or 0, answers.get(Query.ERROR_CAUSE) or 0
    roll = Paper.OUT if cause & 0x20 else paper_of(paper)
    offline = bool(printer & 0x08)
    cover_open, cutter_error = bool(cause & 0x04), bool(error & 0x08)
    if offline or cover_open or cutter_error or cause & 0x40 or roll is Paper.OUT:
        return PrinterNeedsAttention(roll, cover_open, cutter_error, offline)
    return PrinterReady(roll)


def words(status: PrinterNeedsAttention | Unknown) -> str:
    """One line for the attendant."""
    if isinstance(status, Unknown):
        return status.reason
    causes = (
        (status.paper is Paper.OUT, "paper out"),
        (status.cover_open, "cover open"),
        (status.cutter_error, "cutter jammed"),
    )
    return ", ".join(text for holds, text in causes if holds) or "printer off line"
