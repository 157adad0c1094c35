"""Unified social credit codes (统一社会信用代码, GB 32100-2015) with the organisation code inside (GB 11714)."""

from __future__ import annotations

import re

from kiosk.identity.model import IdentityNumber, NumberKind, Problem, Rejection

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {sign: value for value, sign in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Registering authority (GB 32100 table 1: 1 to 9, A, N, Y), kind of organisation, six digits of GB/T 2260.
_HEAD = re.compile(r"[1-9ANY][0-9A-Z](?!000000)[0-9]{6}")


def credit_check_character(first_17: str) -> str:
    """The 18th character (GB 32100 annex A). Raises KeyError for a sign outside the alphabet."""
    total = sum(_VALUE[sign] * weight for sign, weight in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """The 9th character of an organisation code (GB 11714). Raises ValueError for a sign outside its alphabet."""
    total = sum(
        _ORGANISATION_ALPHABET.index(sign) * weight for sign, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def check_uscc(code: str) -> IdentityNumber | Rejection:
    """An 18-character credit code in upper case: signs, whole check, the organisation code's own check, head."""
    if any(sign not in _VALUE for sign in code):
        return Rejection(Problem.CHARACTERS, NumberKind.USCC)
    if credit_check_character(code[:17]) != code[17]:
        return Rejection(Problem.CHECK_DIGIT, NumberKind.USCC)
    if organisation_check_character(code[8:16]) != code[16]:
        return Rejection(Problem.ORGANISATION_CHECK, NumberKind.USCC)
    if not _HEAD.match(code):
        return Rejection(Problem.STRUCTURE, NumberKind.USCC)
    return IdentityNumber(NumberKind.USCC, code, area=code[2:8])
