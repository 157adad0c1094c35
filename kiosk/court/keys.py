"""Ed25519 keys (RFC 8032): a terminal's device key and the court's signing key.

A key is named by its JWK thumbprint (RFC 7638, RFC 8037 appendix A.3), which anybody can compute from the public key.
Private keys lie in files that only their owner may read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.court.canonical import canonical_json
from kiosk.court.secret_file import SecretFileError, read_secret, write_secret

DEVELOPMENT_TERMINAL_PREFIX = "DEV"
"""Terminal codes of development terminals begin so; a provisioned terminal's code never does."""

_DEVELOPMENT_SEED_PHRASE = b"court-kiosk development device key; public knowledge; worthless"


class KeyRefusedError(Exception):
    """A key file or a published key is not what it should be. The text names the file, never its content."""


def encode_key(raw: bytes) -> str:
    """A public key as it is published: standard base64."""
    return base64.b64encode(raw).decode("ascii")


def decode_key(text: str) -> bytes:
    """The 32 bytes of a published key. Raises KeyRefusedError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyRefusedError("a published key is not base64") from error
    if len(raw) != 32:
        raise KeyRefusedError("a published key is not 32 bytes long")
    return raw


def key_thumbprint(curve: str, raw: bytes) -> str:
    """JWK thumbprint of an octet key pair (RFC 8037): base64url of a SHA-256, 43 characters."""
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
    digest = hashlib.sha256(canonical_json({"crv": curve, "kty": "OKP", "x": x})).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def load_key_bytes(path: Path) -> bytes:
    """The 32 secret bytes of a private key file. Raises KeyRefusedError where it is missing, open or damaged."""
    try:
        raw = read_secret(path)
    except SecretFileError as error:
        raise KeyRefusedError(str(error)) from error
    if len(raw) != 32:
        raise KeyRefusedError(f"{path.name} is not a key of 32 bytes")
    return raw


@dataclass(frozen=True)
class PublishedKey:
    """The public half of a key pair, 32 bytes, as it is published and named. `curve` is its name in a JWK."""

    curve: ClassVar[str]
    raw: bytes

    @classmethod
    def from_text(cls, text: str) -> Self:
        """From its published spelling (base64). Raises KeyRefusedError."""
        return cls(decode_key(text))

    @property
    def text(self) -> str:
        """As it is published."""
        return encode_key(self.raw)

    @cached_property
    def key_id(self) -> str:
        """Its JWK thumbprint."""
        return key_thumbprint(self.curve, self.raw)


class VerifyKey(PublishedKey):
    """The public half of an Ed25519 key."""

    curve = "Ed25519"

    @cached_property
    def public(self) -> Ed25519PublicKey:
        """For the cryptography package."""
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` over `message` was made with this key."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """An Ed25519 key pair. Its secret never appears in repr or logs."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verify_key = VerifyKey(self.private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> SigningKey:
        """A fresh key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """From a file made by `store`. Raises KeyRefusedError where it is missing, readable by others or damaged."""
        return cls(load_key_bytes(path))

    def store(self, path: Path) -> None:
        """Write the secret to a new file of mode 0600, durably. Raises FileExistsError: keys are never overwritten."""
        write_secret(path, self._seed)

    @property
    def key_id(self) -> str:
        """Thumbprint of the public half."""
        return self.verify_key.key_id

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`."""
        return self.private.sign(message)


def development_device_key() -> SigningKey:
    """The published key of development terminals.

    It is derived from a sentence in this file, so it proves nothing. A hub accepts it only in development mode, from
    a loopback address, and for terminal codes that begin with DEVELOPMENT_TERMINAL_PREFIX.
    """
    return SigningKey(hashlib.sha256(_DEVELOPMENT_SEED_PHRASE).digest())
