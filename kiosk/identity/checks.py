"""Recognising what document a number belongs to. Nothing here ever blocks a filing; it helps people to type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import assert_never

from kiosk.identity.model import IdentityNumber, NumberKind, Problem, Rejection, note
from kiosk.identity.organisations import check_uscc
from kiosk.identity.personal import check_15, check_18, check_foreigner_2017

_LONGEST = 40
_PASSPORT = re.compile(r"[EGPSD][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|[PSD]E[0-9]{7}")
_ANY_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}")
_HK_MACAU = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_TAIWAN = re.compile(r"[0-9]{8}")
_FOREIGNER_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_LAWYER = re.compile(r"1[0-9]{16}")
_CROSSES = str.maketrans(dict.fromkeys("×✕✖Х", "X"))
"""What stands for the X of a check digit where a keyboard offers a times sign or Cyrillic."""
_LETTER_FOR_DIGIT = str.maketrans("OILSZ", "01152")
_DATE_INSIDE = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{1,3}")


def normalised(number: str) -> str:
    """The number as documents write it: half width, upper case, without blanks, dots and dashes."""
    plain = unicodedata.normalize("NFKC", number).upper().translate(_CROSSES)
    return "".join(sign for sign in plain if sign.isalnum() or unicodedata.category(sign)[0] not in "ZCP")


def check(number: str, *, today: date | None = None) -> IdentityNumber | Rejection:
    """What `number` is: a document's number with what it tells, or the reason it is none.

    `today` lets a birthday in the future be refused; without it none is.
    """
    plain = _plain(number)
    if isinstance(plain, Rejection):
        return plain
    match len(plain):
        case 18:
            return _eighteen(plain, today)
        case 17:
            return _seventeen(plain)
        case 15 if plain.isdigit():
            return check_15(plain, today)
        case 15 if _FOREIGNER_2017.fullmatch(plain):
            return check_foreigner_2017(plain)
        case _:
            return _short(plain)


def check_as(kind: NumberKind, number: str, *, today: date | None = None) -> IdentityNumber | Rejection:
    """Whether `number` is one of `kind`, which the person has chosen. Passports of any country are taken here."""
    plain = _plain(number)
    if isinstance(plain, Rejection):
        return Rejection(plain.problem, kind)
    match kind:
        case NumberKind.PASSPORT:
            if not _ANY_PASSPORT.fullmatch(plain):
                return Rejection(Problem.STRUCTURE, kind)
            notes = () if _PASSPORT.fullmatch(plain) else (note("not_verifiable"),)
            return IdentityNumber(kind, plain, notes=notes)
        case NumberKind.USCC:
            return check_uscc(plain) if len(plain) == 18 else Rejection(Problem.LENGTH, kind)
        case NumberKind.RESIDENT | NumberKind.HMT_PERMIT | NumberKind.FOREIGNER_2023:
            if len(plain) != 18:
                return Rejection(Problem.LENGTH, kind)
            found = check_18(plain, today)
        case NumberKind.RESIDENT_15 | NumberKind.FOREIGNER_2017 | NumberKind.LAWYER:
            found = check(plain, today=today)
        case NumberKind.HK_MACAU_PASS | NumberKind.TAIWAN_PASS:
            found = check(plain, today=today)
        case _:
            assert_never(kind)
    if isinstance(found, Rejection):
        return Rejection(found.problem, kind)
    return found if found.kind is kind else Rejection(Problem.STRUCTURE, kind)


def _plain(number: str) -> str | Rejection:
    if len(number) > 4 * _LONGEST:
        return Rejection(Problem.TOO_LONG)
    plain = normalised(number)
    if not plain:
        return Rejection(Problem.EMPTY)
    if len(plain) > _LONGEST:
        return Rejection(Problem.TOO_LONG)
    if not (plain.isascii() and plain.isalnum()):
        return Rejection(Problem.CHARACTERS)
    return plain


def _eighteen(plain: str, today: date | None) -> IdentityNumber | Rejection:
    personal = check_18(plain, today) if plain[:17].isdigit() else Rejection(Problem.CHARACTERS, NumberKind.RESIDENT)
    if isinstance(personal, IdentityNumber):
        return personal
    organisation = check_uscc(plain)
    if isinstance(organisation, IdentityNumber):
        return organisation
    if plain[:17].isdigit():
        return personal if plain[0] != "9" or personal.problem is Problem.CHECK_DIGIT else organisation
    # 22O102…: a letter was typed for a digit. A credit code holds none of O, I, S and Z, so it is not one.
    typed_for_digits = organisation.problem is Problem.CHARACTERS and plain[:17].translate(_LETTER_FOR_DIGIT).isdigit()
    return personal if typed_for_digits else organisation


def _seventeen(plain: str) -> IdentityNumber | Rejection:
    # Lawyer licence: kind 1, province 2, place 2, year 4, category 1, sex 1, serial 6; not published, so soft.
    if _LAWYER.fullmatch(plain) and 1979 <= int(plain[5:9]) <= 2100:
        return IdentityNumber(NumberKind.LAWYER, plain, area=plain[1:5], notes=(note("not_verifiable"),))
    if plain.isdigit():
        return Rejection(Problem.LENGTH, NumberKind.RESIDENT)
    return Rejection(Problem.NOT_RECOGNISED)


def _short(plain: str) -> IdentityNumber | Rejection:
    notes = (note("not_verifiable"),)
    if _HK_MACAU.fullmatch(plain):
        return IdentityNumber(NumberKind.HK_MACAU_PASS, plain, notes=notes)
    if _PASSPORT.fullmatch(plain):
        return IdentityNumber(NumberKind.PASSPORT, plain, notes=notes)
    if _TAIWAN.fullmatch(plain):
        return IdentityNumber(NumberKind.TAIWAN_PASS, plain, notes=notes)
    if _DATE_INSIDE.match(plain) or (plain.isdigit() and 16 <= len(plain) <= 20):
        return Rejection(Problem.LENGTH, NumberKind.RESIDENT)
    return Rejection(Problem.NOT_RECOGNISED)
