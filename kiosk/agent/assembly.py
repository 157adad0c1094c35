"""Filings on their way into the outbox: documents are sealed the moment they arrive and kept in memory only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import ValidationError

from kiosk.court.contract import BlobRole
from kiosk.court.envelope import Envelope
from kiosk.court.sealing import CourtPublicKey, seal
from kiosk.outbox.filing import SealedFiling, SealedPart


class IncompleteFilingError(Exception):
    """The filing cannot be committed as it is: its envelope is missing, or is that of another filing. Says which,
    without anything personal."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document in the clear; `number` counts from 1 where there are several of one role."""

    role: BlobRole
    media_type: str
    data: bytes
    number: int = 1


@dataclass(frozen=True, slots=True)
class Filing:
    """A whole filing. The ENVELOPE part is the JSON of kiosk.court.envelope.Envelope; `slip` and `slip_copy` are 1-bit
    PNGs, empty where none is wanted."""

    submission_id: UUID
    parts: tuple[Part, ...]
    slip: bytes = b""
    slip_copy: bytes = b""


class Assembly:
    """The sealed documents of one filing; the last one of a role and number counts."""

    def __init__(self, submission_id: UUID, recipient: CourtPublicKey) -> None:
        self.submission_id = submission_id
        self._recipient = recipient
        self._parts: dict[tuple[BlobRole, int], SealedPart] = {}
        self._pieces: dict[tuple[BlobRole, int], bytearray] = {}
        self._facts: SealedFiling | None = None

    def put(self, part: Part, *, more: bool = False) -> None:
        """Seal and keep `part`; with `more` it is a piece, and the next of that role and number goes on where it ends.

        Raises IncompleteFilingError for an envelope that cannot be read.
        """
        place = part.role, part.number
        if more:
            self._pieces.setdefault(place, bytearray()).extend(part.data)
            return
        if begun := self._pieces.pop(place, None):
            part = replace(part, data=bytes(begun + part.data))
        if part.role is BlobRole.ENVELOPE:
            self._facts = self._read(part.data)
        sealed = seal(part.data, self._recipient)
        self._parts[place] = SealedPart(
            part.role,
            part.media_type,
            plain_sha256=hashlib.sha256(part.data).hexdigest(),
            sha256=hashlib.sha256(sealed).hexdigest(),
            sealed=sealed,
        )

    def _read(self, data: bytes) -> SealedFiling:
        """What the manifest repeats of the envelope; everything else of it stays sealed."""
        try:
            envelope = Envelope.model_validate_json(data)
        except ValidationError as error:
            places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
            # The chained error would repeat what was entered.
            raise IncompleteFilingError(f"the envelope cannot be read: {', '.join(places)[:200]}") from None
        if envelope.submission_id != self.submission_id:
            raise IncompleteFilingError("the envelope is that of another filing")
        return SealedFiling(
            submission_id=envelope.submission_id,
            receipt_no=envelope.receipt_no,
            channel=envelope.channel,
            handling_court=envelope.handling_court,
            competent_court=envelope.competent_court,
            form_id=envelope.form_id,
            form_version=envelope.form_version,
            cause_code=envelope.cause_code,
            cause_name=envelope.cause_name,
            cause_version=envelope.cause_version,
            parts=(),
            origin=envelope.origin,
        )

    def sealed(self, slip: bytes, slip_copy: bytes) -> SealedFiling:
        """The filing as it goes into the outbox. Raises IncompleteFilingError without an envelope."""
        if self._facts is None:
            raise IncompleteFilingError("the envelope is missing")
        order = list(BlobRole)
        places = sorted(self._parts, key=lambda place: (order.index(place[0]), place[1]))
        parts = tuple(self._parts[place] for place in places)
        return replace(self._facts, parts=parts, slip=slip, slip_copy=slip_copy)
