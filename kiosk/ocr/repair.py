"""Numbers mended where their check digits agree: identity numbers (公民身份号码, GB 11643) and credit codes
(统一社会信用代码, GB 32100)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product

import msgspec

from kiosk.identity.checks import check_as
from kiosk.identity.model import IdentityNumber, NumberKind
from kiosk.ocr.model import TextLine

_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z×]{18}(?![0-9A-Za-z×])")
_DIGIT = str.maketrans("ODQILZSGB", "000112568")
_NEVER_IN_CODES = str.maketrans("OISZ", "0152")
_ALIKE = {sign: group for group in ("0DQ", "1LT", "8B3", "6GC", "UWY", "PR", "KX", "MN", "EF") for sign in group}
_LEAST_LETTERS = 2  # a code without letters may be any number: an account, a payment
_MOST_CHANGES = 1


def resident_number(token: str) -> str | None:
    """The identity number that 18 signs write, letters read as the digits they look like; None unless its date of
    birth is one and its check digit agrees."""
    plain = token.upper().replace("×", "X")
    return _checked(plain[:17].translate(_DIGIT) + ("X" if plain[17] == "X" else plain[17].translate(_DIGIT)))


def _checked(number: str) -> str | None:
    found = check_as(NumberKind.RESIDENT, number)
    return found.number if isinstance(found, IdentityNumber) else None


def credit_code(token: str) -> str | None:
    """The credit code that 18 signs write. Signs that no code has are read as what they look like; of the others at
    most one, and only where exactly one code comes out whose two check characters both agree."""
    plain = token.upper().translate(_NEVER_IN_CODES)
    if sum(sign.isalpha() for sign in plain) < _LEAST_LETTERS:
        return plain if _is_code(plain) else None
    for changes in range(_MOST_CHANGES + 1):
        found = {code for code in _changed(plain, changes) if _is_code(code)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _is_code(code: str) -> bool:
    return isinstance(check_as(NumberKind.USCC, code), IdentityNumber)


def _changed(code: str, changes: int) -> Iterator[str]:
    doubtful = [place for place, sign in enumerate(code) if len(_ALIKE.get(sign, "")) > 1]
    for places in combinations(doubtful, changes):
        for signs in product(*(_ALIKE[code[place]].replace(code[place], "") for place in places)):
            mended = list(code)
            for place, sign in zip(places, signs, strict=True):
                mended[place] = sign
            yield "".join(mended)


def mended(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """The lines with their numbers and codes mended."""
    return tuple(msgspec.structs.replace(line, text=_TOKEN.sub(_mend, line.text)) for line in lines)


def _mend(found: re.Match[str]) -> str:
    token = found[0]
    return resident_number(token) or credit_code(token) or token
