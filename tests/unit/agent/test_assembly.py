"""Documents on their way into the outbox: several of one role keep apart and in order, whatever pieces they come in."""

from __future__ import annotations

import hashlib

from kiosk.agent.assembly import Assembly, Part
from kiosk.clock import SystemClock
from kiosk.court.contract import BlobRole
from kiosk.court.sealing import CourtPrivateKey, unseal
from kiosk.court.uuid7 import uuid7
from tests.outbox.filings import envelope

COURT = CourtPrivateKey.generate()


def test_parts_of_a_volume_that_come_in_pieces_and_in_any_order() -> None:
    """S1-32: the manifest takes the parts in their order; a part sent again takes the place of the first."""
    now = SystemClock().now()
    submission = uuid7(now)
    assembly = Assembly(submission, COURT.public)
    inside = envelope(submission, "T01-20261123-00001-5", now, "吉2401").model_dump_json().encode()

    def volume(data: bytes, number: int, *, more: bool = False) -> None:
        assembly.put(Part(BlobRole.VOLUME, "application/pdf", data, number), more=more)

    volume(b"third", 3)
    volume(b"fir", 1, more=True)
    volume(b"sec", 2, more=True)
    volume(b"st", 1)
    volume(b"ond", 2)
    volume(b"third again", 3)
    assembly.put(Part(BlobRole.ENVELOPE, "application/json", inside))
    parts = assembly.sealed(b"", b"").parts
    assert [part.role for part in parts] == [BlobRole.ENVELOPE, *[BlobRole.VOLUME] * 3]
    assert [unseal(part.sealed, COURT) for part in parts[1:]] == [b"first", b"second", b"third again"]
    assert [part.plain_sha256 for part in parts[1:2]] == [hashlib.sha256(b"first").hexdigest()]
