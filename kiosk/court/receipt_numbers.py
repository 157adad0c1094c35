"""Numbers of written receipts (立案材料收据): terminal, day, serial of the day, check character.

    LB0102-20260901-00017-3

The check character is MOD 11-2 of ISO/IEC 7064 (as in identity numbers) over the digits, each letter of the terminal
code counting as two digits (A = 10 … Z = 35). It finds every single wrong digit and every swap of two neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kiosk.court.contract import ReceiptNumber

_TERMINAL = re.compile(r"[A-Z0-9]{2,12}")
_NUMBER = re.compile(r"([A-Z0-9]{2,12})(\d{8})(\d{5})([0-9X])")
MAX_SERIAL = 99_999


class ReceiptNumberError(ValueError):
    """What was given is not a receipt number; the text says why, without repeating it."""


def check_character(digits: str) -> str:
    """MOD 11-2 check character of a string of digits and letters A to Z."""
    expanded = "".join(str(int(character, 36)) for character in digits)
    remainder = 0
    for digit in expanded:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def make(terminal: str, day: date, serial: int) -> ReceiptNumber:
    """The number of the `serial`-th receipt (from 1) of `terminal` on `day` (China time).

    Raises ReceiptNumberError for a terminal code or serial outside the format.
    """
    if not _TERMINAL.fullmatch(terminal):
        raise ReceiptNumberError("a terminal code is 2 to 12 of the characters A-Z and 0-9")
    if not 1 <= serial <= MAX_SERIAL:
        raise ReceiptNumberError(f"a receipt serial is 1 to {MAX_SERIAL}")
    body = f"{terminal}{day:%Y%m%d}{serial:05d}"
    return f"{terminal}-{day:%Y%m%d}-{serial:05d}-{check_character(body)}"


def normalise(typed: str) -> ReceiptNumber:
    """The number a person meant: any case, full width, spaces, other dashes or none.

    Raises ReceiptNumberError where it is too short, has a wrong day, or its check character does not fit.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Pd" and c not in "−ー_")
    found = _NUMBER.fullmatch(kept) if kept.isascii() else None
    if found is None:
        raise ReceiptNumberError("not of the form TERMINAL-YYYYMMDD-NNNNN-C")
    terminal, day, serial, check = found.groups()
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise ReceiptNumberError("its day does not exist") from error
    if check_character(terminal + day + serial) != check:
        raise ReceiptNumberError("its check character does not fit: one character is wrong")
    return f"{terminal}-{day}-{serial}-{check}"
