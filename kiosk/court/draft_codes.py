"""The code of a kept draft, and the sealing that only this code opens (docs/kept-drafts.md, with a test vector).

A code is 17 letters drawn at random and one check letter, written in six groups of three, without I, L, O, 0 and 1:

    code       84 bits of chance; the check letter is the sum of place times value, modulo the 31 letters
    lookup id  HKDF-SHA256 (RFC 5869) of the 18 letters, salt SALT, info "lookup", 16 bytes, lower-case hexadecimal
    key        the same with info "seal", 32 bytes
    sealed     version (1 byte: 1), nonce (12 bytes), AES-256-GCM of the document, its tag at the end;
               associated data: SALT, the version byte, the lookup id as text

31 is prime and no place weighs the same as another, so that one wrong letter, and any two that changed places, are
noticed. Whoever holds the lookup id and the sealed draft, as the court's hub does, can compute neither code nor key.
"""

from __future__ import annotations

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SALT = b"court-kiosk kept draft v1"
VERSION = 1

_CHANCE = 17
_LENGTH = _CHANCE + 1
_GROUP = 3
_NONCE = 12
_TAG = 16

WRITTEN_LENGTH = _LENGTH + _LENGTH // _GROUP - 1
"""Characters of a code as it is written, with the lines between its groups."""


class DraftRefusedError(Exception):
    """A sealed draft does not open: of another code, changed, or of a version that is not known here. Says nothing of
    its content."""


def fresh_code() -> str:
    """A new code, as it is written."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_CHANCE))
    return _written(letters + _check_letter(letters))


def normalise_draft_code(typed: str) -> str | None:
    """The code a person typed, however it was grouped; None where it cannot be one."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    if len(letters) != _LENGTH or not set(letters) <= set(ALPHABET) or _check_letter(letters[:-1]) != letters[-1]:
        return None
    return _written(letters)


def lookup_id(code: str) -> str:
    """Under which name the hub keeps the draft of `code` (as `normalise_draft_code` gives it)."""
    return _derived(code, b"lookup", 16).hex()


def seal_draft(document: bytes, code: str) -> bytes:
    """`document` sealed with what follows from `code`; different at every call."""
    nonce = os.urandom(_NONCE)
    return bytes([VERSION]) + nonce + _cipher(code).encrypt(nonce, document, _bound_to(code))


def open_draft(sealed: bytes, code: str) -> bytes:
    """The document inside. Raises DraftRefusedError unless every bit is as it was sealed, under this code."""
    if len(sealed) < 1 + _NONCE + _TAG or sealed[0] != VERSION:
        raise DraftRefusedError("not a sealed draft of a known version")
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return _cipher(code).decrypt(nonce, body, _bound_to(code))
    except InvalidTag as error:
        raise DraftRefusedError("the sealed draft was changed, or is of another code") from error


def _check_letter(letters: str) -> str:
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, 1))
    return ALPHABET[total % len(ALPHABET)]


def _written(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _derived(code: str, purpose: bytes, length: int) -> bytes:
    letters = code.replace("-", "").encode("ascii")
    return HKDF(SHA256(), length, SALT, purpose).derive(letters)


def _cipher(code: str) -> AESGCM:
    return AESGCM(_derived(code, b"seal", 32))


def _bound_to(code: str) -> bytes:
    return SALT + bytes([VERSION]) + lookup_id(code).encode("ascii")
