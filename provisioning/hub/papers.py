"""Opening the sealed papers of a submission: for the index, for the console, for an export."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from pydantic import ValidationError

from kiosk.court.contract import BlobRole
from kiosk.court.envelope import Envelope
from kiosk.court.sealing import CourtPrivateKey, SealRefusedError, unseal
from provisioning.hub.blobs import BlobStore, HashMismatchError
from provisioning.hub.schema import submission_blobs

MAX_ENVELOPE = 32 * 1024 * 1024


class PaperProblem(StrEnum):
    """Why a paper cannot be shown."""

    MISSING = "missing"
    DAMAGED = "damaged"
    NOT_FOR_THIS_COURT = "not_for_this_court"  # the seal does not open with this court's key
    OTHER_CONTENT = "other_content"  # what is inside is not what the manifest says
    TOO_LARGE = "too_large"
    NOT_UNDERSTOOD = "not_understood"  # no envelope of a version this hub knows


class PaperError(Exception):
    """A paper cannot be opened; `problem` says why. Nothing of its content is told."""

    def __init__(self, problem: PaperProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Paper:
    """One blob of a submission, as its manifest lists it."""

    role: BlobRole
    sha256: str
    size: int
    media_type: str
    plain_sha256: str


def papers_of(connection: sa.Connection, submission_id: str) -> list[Paper]:
    """The submission's blobs in the order of the manifest."""
    query = (
        sa.select(submission_blobs)
        .where(submission_blobs.c.submission_id == submission_id)
        .order_by(submission_blobs.c.position)
    )
    return [
        Paper(BlobRole(row.role), row.sha256, row.size, row.media_type, row.plain_sha256)
        for row in connection.execute(query)
    ]


def open_paper(store: BlobStore, key: CourtPrivateKey, paper: Paper) -> bytes:
    """What is inside. Raises PaperError."""
    try:
        plain = unseal(store.read(paper.sha256), key)
    except FileNotFoundError as error:
        raise PaperError(PaperProblem.MISSING) from error
    except HashMismatchError as error:
        raise PaperError(PaperProblem.DAMAGED) from error
    except SealRefusedError as error:
        raise PaperError(PaperProblem.NOT_FOR_THIS_COURT) from error
    if hashlib.sha256(plain).hexdigest() != paper.plain_sha256:
        raise PaperError(PaperProblem.OTHER_CONTENT)
    return plain


def open_envelope(store: BlobStore, key: CourtPrivateKey, papers: Sequence[Paper], submission_id: str) -> Envelope:
    """The answers. Raises PaperError."""
    paper = next((paper for paper in papers if paper.role is BlobRole.ENVELOPE), None)
    if paper is None:
        raise PaperError(PaperProblem.MISSING)
    if paper.size > MAX_ENVELOPE:
        raise PaperError(PaperProblem.TOO_LARGE)
    try:
        envelope = Envelope.model_validate_json(open_paper(store, key, paper))
    except ValidationError as error:
        # The cause is dropped on purpose: pydantic repeats the input, which is personal data.
        del error
        raise PaperError(PaperProblem.NOT_UNDERSTOOD) from None
    if str(envelope.submission_id) != submission_id:
        raise PaperError(PaperProblem.OTHER_CONTENT)
    return envelope
