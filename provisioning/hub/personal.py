"""What the hub writes down about people outside the sealed blobs, unreadable without the key in `keys/index.key`.

Identity numbers become keyed hashes (HMAC-SHA256), enough to find a person's own matters and nothing else. The names
that a clerk's list needs are encrypted (AES-256-GCM).
"""

from __future__ import annotations

import hmac
import os
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict

from kiosk.court.envelope import Envelope

NONCE_BYTES = 12


class Summary(BaseModel):
    """One line of a clerk's list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plaintiffs: tuple[str, ...]
    defendants: tuple[str, ...]
    language: str
    mediation: str | None
    amount: str | None
    findings: int
    pages: int


class SummaryDamagedError(Exception):
    """A stored summary does not open with this hub's key."""


def summarise(envelope: Envelope) -> Summary:
    """The line for `envelope`."""

    def names(role: str) -> tuple[str, ...]:
        return tuple(party.name for party in envelope.parties if party.role == role)

    return Summary(
        plaintiffs=names("plaintiff"),
        defendants=names("defendant"),
        language=envelope.language,
        mediation=envelope.mediation.value if envelope.mediation else None,
        amount=envelope.fee.amount_in_dispute,
        findings=len(envelope.corrections),
        pages=max((item.last_page for item in envelope.evidence), default=0),
    )


class PersonalIndex:
    """Keyed hashes and encrypted summaries."""

    def __init__(self, secret: bytes) -> None:
        self._mac_key = _derive(secret, b"identity numbers")
        self._cipher = AESGCM(_derive(secret, b"summaries"))

    def mac(self, identity_number: str) -> str:
        """The keyed hash of an identity number, the same however it was typed."""
        plain = "".join(unicodedata.normalize("NFKC", identity_number).upper().split())
        return hmac.digest(self._mac_key, plain.encode(), "sha256").hex()

    def seal(self, summary: Summary, submission_id: str) -> bytes:
        """`summary` encrypted, bound to its submission."""
        return self.seal_text(summary.model_dump_json(), submission_id)

    def open(self, sealed: bytes, submission_id: str) -> Summary:
        """The summary of `submission_id`. Raises SummaryDamagedError."""
        return Summary.model_validate_json(self.open_text(sealed, submission_id))

    def seal_text(self, text: str, bound_to: str) -> bytes:
        """`text` encrypted, bound to the id of what it belongs to."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), bound_to.encode())

    def open_text(self, sealed: bytes, bound_to: str) -> str:
        """What `seal_text` sealed. Raises SummaryDamagedError."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode()).decode()
        except InvalidTag as error:
            raise SummaryDamagedError from error


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)
