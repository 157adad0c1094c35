"""Numbers of persons: residents, permits of Hong Kong, Macau and Taiwan residents, foreigners (GB 11643-1999)."""

from __future__ import annotations

import re
from datetime import date

from kiosk.identity.codes import Sex
from kiosk.identity.model import IdentityNumber, NumberKind, Problem, Rejection, note

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MAP = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_HMT = ("810000", "820000", "830000")
# Province part of GB/T 2260. Provinces are only ever added (46, 50), so an unknown one is worth a note, not more.
_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, *range(81, 84)}
)


def check_character(first_17: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2 (GB 11643 5): digits 0 to 9 or X."""
    return _MAP[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def _birth(digits: str) -> date | None:
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return found if found.year >= 1800 else None


def _sex(digit: str) -> Sex:
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE


def check_18(number: str, today: date | None) -> IdentityNumber | Rejection:
    """An 18-digit number of a person, whichever of the three cards it is on."""
    if number.startswith("9"):
        kind, area = NumberKind.FOREIGNER_2023, number[1:3]
    elif number[:6] in _HMT:
        kind, area = NumberKind.HMT_PERMIT, number[:6]
    else:
        kind, area = NumberKind.RESIDENT, number[:6]
    if not _EIGHTEEN.fullmatch(number):
        return Rejection(Problem.CHARACTERS, kind)
    birth = _birth(number[6:14])
    if birth is None:
        return Rejection(Problem.BIRTH_DATE, kind)
    if today is not None and birth > today:
        return Rejection(Problem.BIRTH_IN_FUTURE, kind)
    if number[0] == "0":
        return Rejection(Problem.STRUCTURE, kind)
    if check_character(number[:17]) != number[17]:
        return Rejection(Problem.CHECK_DIGIT, kind)
    notes = () if int(area[:2]) in _PROVINCES else (note("area_unknown"),)
    # The foreigner's three digits before the check character are a sequence; nothing published ties them to sex.
    sex = None if kind is NumberKind.FOREIGNER_2023 else _sex(number[16])
    return IdentityNumber(kind, number, birth, sex, area, notes)


def check_15(number: str, today: date | None) -> IdentityNumber | Rejection:
    """A 15-digit number of the first generation (GB 11643-1989): area, YYMMDD of the 1900s, sequence."""
    birth = _birth(f"19{number[6:12]}")
    if birth is None:
        return Rejection(Problem.BIRTH_DATE, NumberKind.RESIDENT_15)
    if today is not None and birth > today:
        return Rejection(Problem.BIRTH_IN_FUTURE, NumberKind.RESIDENT_15)
    first = f"{number[:6]}19{number[6:]}"
    notes = [note("withdrawn", number=first + check_character(first))]
    if int(number[:2]) not in _PROVINCES:
        notes.append(note("area_unknown"))
    return IdentityNumber(NumberKind.RESIDENT_15, number, birth, _sex(number[14]), number[:6], tuple(notes))


def check_foreigner_2017(number: str) -> IdentityNumber | Rejection:
    """The 15 characters of the 2017 card: country (3 letters), place (4), birth YYMMDD, sequence, check digit.

    The century of birth and the check digit's rule are not published, so only month and day are looked at.
    """
    month, day = int(number[9:11]), int(number[11:13])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Rejection(Problem.BIRTH_DATE, NumberKind.FOREIGNER_2017)
    notes = (note("not_verifiable"),)
    return IdentityNumber(NumberKind.FOREIGNER_2017, number, area=number[3:7], notes=notes)
