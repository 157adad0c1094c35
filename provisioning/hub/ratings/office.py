"""What every part of ratings needs: the court's signing key, its rules, the scales, the calendar and pseudonyms."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.court.keys import SigningKey
from kiosk.law.workdays import ChinaCalendar, WorkCalendar
from kiosk.rating.scales import Scales, scales
from provisioning.hub.ratings.rules import RatingRules

_PSEUDONYM_BYTES = 10


class Pseudonyms:
    """Keyed names (HMAC-SHA256): the same person always has the same one, and nobody without the hub's key can tell
    whose it is."""

    def __init__(self, secret: bytes) -> None:
        self._staff = _derive(secret, b"staff pseudonyms")
        self._matters = _derive(secret, b"rated matters")

    def of_staff(self, name: str) -> str:
        """The pseudonym of a member of staff or a mediator, by account name."""
        return "p" + _short(self._staff, name)

    def of_matter(self, matter: str) -> str:
        """The digest of a matter for exports."""
        return "m" + _short(self._matters, matter)


@dataclass(frozen=True, slots=True)
class RatingOffice:
    """One per hub."""

    key: SigningKey
    pseudonyms: Pseudonyms
    rules: RatingRules = field(default_factory=RatingRules)
    scales: Scales = field(default_factory=scales)
    calendar: WorkCalendar = field(default_factory=ChinaCalendar)


def _short(key: bytes, name: str) -> str:
    digest = hmac.digest(key, name.encode(), "sha256")
    return base64.b32encode(digest[:_PSEUDONYM_BYTES]).decode("ascii").lower()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)
