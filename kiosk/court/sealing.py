"""Sealing: encrypting a document to the court's public key, so that the terminal itself cannot read it back.

Format of a sealed blob, all lengths fixed but the last:

    magic    8 bytes  "CKSEAL" 0x00 0x01
    profile  1 byte   which CryptoProfile (1: international)
    key id  32 bytes  SHA-256 JWK thumbprint of the recipient's public key
    wrapped           the content key, sealed with HPKE (RFC 9180, base mode), the header above being its `info`
    chunks            the document in pieces of CHUNK bytes, each AES-256-GCM with a 16-byte tag

The nonce of a chunk is an 11-byte big-endian counter and one byte that is 1 for the last chunk only (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015, as in the age format). The content key is fresh for every
blob, so a nonce never repeats; a chunk that is changed, dropped, moved, repeated or taken from another blob does not
open, and neither does a blob that is cut short or longer.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.court.keys import PublishedKey, load_key_bytes
from kiosk.court.secret_file import write_secret

MAGIC = b"CKSEAL\x00\x01"
CHUNK = 256 * 1024
"""Bytes of plain text per chunk."""

_TAG = 16
_KEY_ID = 32
_HEADER = len(MAGIC) + 1 + _KEY_ID


class SealRefusedError(Exception):
    """A sealed blob does not open: not one of ours, for another key, changed, or cut. Says nothing of its content."""


class CryptoProfile(Protocol):
    """One set of algorithms. A second one (SM2, SM3, SM4 of GB/T 39786) takes the next number."""

    number: int
    wrapped_size: int

    def wrap(self, content_key: bytes, recipient: bytes, info: bytes) -> bytes:
        """Seal `content_key` to the raw public key `recipient`, bound to `info`."""
        ...

    def unwrap(self, wrapped: bytes, secret: bytes, info: bytes) -> bytes:
        """Open it with the raw private key. Raises InvalidTag."""
        ...


class International:
    """HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""

    number = 1
    wrapped_size = 32 + 32 + _TAG
    _suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def wrap(self, content_key: bytes, recipient: bytes, info: bytes) -> bytes:
        return self._suite.encrypt(content_key, X25519PublicKey.from_public_bytes(recipient), info)

    def unwrap(self, wrapped: bytes, secret: bytes, info: bytes) -> bytes:
        return self._suite.decrypt(wrapped, X25519PrivateKey.from_private_bytes(secret), info)


_PROFILES: dict[int, CryptoProfile] = {1: International()}


class CourtPublicKey(PublishedKey):
    """The court's X25519 sealing key, public half."""

    curve = "X25519"


class CourtPrivateKey:
    """The court's sealing key pair; it lives at the hub only."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        private = X25519PrivateKey.from_private_bytes(secret)
        self.public = CourtPublicKey(private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> CourtPrivateKey:
        """A fresh key pair."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def load(cls, path: Path) -> CourtPrivateKey:
        """From a file made by `store`. Raises KeyRefusedError."""
        return cls(load_key_bytes(path))

    def store(self, path: Path) -> None:
        """Write the secret to a new file of mode 0600, durably. Raises FileExistsError."""
        write_secret(path, self.secret)

    @property
    def key_id(self) -> str:
        """Thumbprint of the public half."""
        return self.public.key_id


def _nonce(counter: int, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + bytes([last])


def _raw_key_id(key: CourtPublicKey) -> bytes:
    return base64.urlsafe_b64decode(key.key_id + "=")


def seal(plain: bytes, recipient: CourtPublicKey) -> bytes:
    """`plain` sealed to `recipient`; about 0.01 % longer, and different at every call."""
    profile = _PROFILES[1]
    header = MAGIC + bytes([profile.number]) + _raw_key_id(recipient)
    content_key = os.urandom(32)
    cipher = AESGCM(content_key)
    parts = [header, profile.wrap(content_key, recipient.raw, header)]
    view = memoryview(plain)
    chunks = max(1, -(-len(plain) // CHUNK))
    for number in range(chunks):
        piece = view[number * CHUNK : (number + 1) * CHUNK]
        parts.append(cipher.encrypt(_nonce(number, number == chunks - 1), piece, None))
    return b"".join(parts)


def unseal(sealed: bytes, key: CourtPrivateKey) -> bytes:
    """The document inside. Raises SealRefusedError unless every bit is as it was sealed, and for this key."""
    if sealed[: len(MAGIC)] != MAGIC or len(sealed) < _HEADER:
        raise SealRefusedError("not a sealed blob")
    header = sealed[:_HEADER]
    profile = _PROFILES.get(header[len(MAGIC)])
    if profile is None:
        raise SealRefusedError("sealed with an unknown profile")
    if header[-_KEY_ID:] != _raw_key_id(key.public):
        raise SealRefusedError("sealed to another key")
    body = memoryview(sealed)[_HEADER + profile.wrapped_size :]
    chunks = max(1, -(-len(body) // (CHUNK + _TAG)))
    parts: list[bytes] = []
    try:
        cipher = AESGCM(profile.unwrap(sealed[_HEADER : _HEADER + profile.wrapped_size], key.secret, header))
        for number in range(chunks):
            piece = body[number * (CHUNK + _TAG) : (number + 1) * (CHUNK + _TAG)]
            parts.append(cipher.decrypt(_nonce(number, number == chunks - 1), piece, None))
    except (InvalidTag, ValueError) as error:
        raise SealRefusedError("the sealed blob was changed or cut") from error
    if chunks > 1 and not parts[-1]:
        raise SealRefusedError("the sealed blob was changed or cut")
    return b"".join(parts)


def seal_text(text: str, recipient: CourtPublicKey) -> str:
    """`text` as the contract carries it: sealed to `recipient`, in base64."""
    return base64.b64encode(seal(text.encode(), recipient)).decode("ascii")


def unseal_text(sealed: str, key: CourtPrivateKey) -> str:
    """What `seal_text` sealed. Raises SealRefusedError, also for what is no base64 or holds no text."""
    try:
        return unseal(base64.b64decode(sealed, validate=True), key).decode()
    except ValueError as error:  # of base64 or of UTF-8
        raise SealRefusedError("not a sealed text") from error
