"""The court's two key pairs: one that terminals seal to (X25519), one that signs receipts (Ed25519).

They are made at the hub's first start and lie in the data directory's `keys`, mode 0600; a backup never holds them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.court.keys import KeyRefusedError, SigningKey
from kiosk.court.sealing import CourtPrivateKey
from provisioning.hub.data import DataDirectory, DataError

SEALING_FILE = "court-sealing.key"
SIGNING_FILE = "court-signing.key"


@dataclass(frozen=True, slots=True)
class CourtKeys:
    """Both key pairs of the court."""

    sealing: CourtPrivateKey
    signing: SigningKey


def load_court_keys(data: DataDirectory, *, create: bool) -> CourtKeys:
    """The court's keys; with `create` they are made where there are none. Raises DataError."""
    sealing, signing = data.keys / SEALING_FILE, data.keys / SIGNING_FILE
    if create and not sealing.exists() and not signing.exists():
        CourtPrivateKey.generate().store(sealing)
        SigningKey.generate().store(signing)
    try:
        return CourtKeys(CourtPrivateKey.load(sealing), SigningKey.load(signing))
    except KeyRefusedError as error:
        raise DataError(f"the court's keys: {error}") from error
