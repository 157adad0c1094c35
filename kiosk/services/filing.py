"""Hands a finished draft in: makes the papers, lets the agent seal and store them, and only then says "received"."""

from __future__ import annotations

import io
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pikepdf

from kiosk.agent import messages as agent
from kiosk.agent.assembly import Part
from kiosk.clock import Clock
from kiosk.court.contract import BlobRole
from kiosk.documents.encode import BadPictureError, MissingGlyphError
from kiosk.documents.render import RenderError, shared_renderer
from kiosk.documents.scans import BadScanError
from kiosk.documents.volume import PART_LIMIT, Volume
from kiosk.flow.draft_document import written
from kiosk.flow.events import CommitFailed, CommitProblem, Committed
from kiosk.flow.journey import Journey
from kiosk.flow.world import World
from kiosk.i18n import Language
from kiosk.law.fee_tables import FeeSettings, default_settings
from kiosk.link import LinkDownError, fresh_request
from kiosk.receipts import CopyMark, FilingReceipt
from kiosk.services.dossier import Dossier
from kiosk.services.draft_slips import draft_slip
from kiosk.services.envelope import envelope
from kiosk.services.papers import PaperMaker
from kiosk.services.reference import Reference
from kiosk.services.slips import filing_receipt, queue_ticket, slip_languages, slip_png, window_ticket
from kiosk.services.unprintable import unprintable_characters, unusable_page
from kiosk.services.unresolved import unresolved_slip
from kiosk.session.session import Session

log = logging.getLogger(__name__)

PDF, PNG, JSON = "application/pdf", "image/png", "application/json"

PIECE = 16 * 1024 * 1024
"""Bytes of a document in one message to the agent."""

Ask = Callable[[Any, str | None], Any]
"""Sends a message to the agent; with a request id it waits for the answer. Raises LinkDownError."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is left of making one filing's papers: what goes to the printers. The rest went to the agent."""

    submission: str
    receipt_no: str
    received_at: str
    receipt: FilingReceipt | None = None
    """What the slip says; None where nobody stands there to take one."""
    language: Language = Language.ZH
    slip: bytes = b""
    slip_copy: bytes = b""
    """The slip marked as a copy, without the time of its printing, for the case that this window dies."""
    papers: bytes = b""
    """Receipt, complaint and correction list for the person, one PDF."""


@dataclass(slots=True)
class FilingService:
    """Makes and hands in filings for one window. What it learns of the terminal comes by `configure`."""

    reference: Reference
    clock: Clock
    court_code: str = ""
    terminal: str = ""
    phone: str = "12368"
    slip_width: int = 576
    fees: FeeSettings = field(default_factory=default_settings)
    volume_part_bytes: int = PART_LIMIT
    fee_notices: tuple[str, ...] = ()
    for_person: bool = True
    """Whether somebody stands there to take slip and A4 papers away; False in simulations, which have no printer."""
    _made: Made | None = None
    _attempts: list[Made] = field(default_factory=list)
    """What was sent without an answer to the commit: the agent may have it or not."""

    def configure(self, config: agent.Config) -> None:
        """Take over what the agent told of court and terminal."""
        self.court_code = config.court_code
        self.terminal = config.terminal
        self.fees = config.config.fees
        self.volume_part_bytes = config.config.volume.part_bytes
        self.fee_notices = config.config.codes.fee_notices

    def world(self, now: datetime, fresh_id: uuid.UUID) -> World:
        """The flow's world at `now`."""
        return World(
            self.reference.forms,
            self.reference.causes,
            self.court_code,
            now,
            fresh_id,
            self.fees,
            self.fee_notices,
            self.reference.courts,
        )

    def dossier(self, journey: Journey, now: datetime) -> Dossier:
        """What is known of the journey's draft at `now`."""
        return Dossier(journey, self.world(now, journey.require_draft().submission_id))

    # -- making

    def make(self, session: Session, receipt_no: str, received_at: str, put: Callable[[Part], None]) -> Made:
        """All papers of the session's draft; those for the court go to `put`, one after the other, and are not kept.

        Raises MissingGlyphError, BadScanError, BadPictureError or RenderError.
        """
        journey, received = session.journey, datetime.fromisoformat(received_at)
        submission = str(journey.require_draft().submission_id)
        dossier = self.dossier(journey, received)
        maker = PaperMaker(dossier, self.reference.courts, session.scratch, receipt_no, received)
        complaint, pages = b"", {}
        for part in _parts(dossier, maker, receipt_no, received, self.volume_part_bytes):
            put(part)
            if part.media_type == PDF and part.role is not BlobRole.VOLUME:
                pages[part.role.value] = _page_count(part.data)
            if part.role is BlobRole.COMPLAINT:
                complaint = part.data
        if not self.for_person:
            return Made(submission, receipt_no, received_at)
        lines = maker.received(pages)
        slip = filing_receipt(
            dossier, self.reference.courts, receipt_no=receipt_no, received=received, phone=self.phone, lines=lines
        )
        languages = slip_languages(journey.language)
        corrections = maker.correction_list(languages)
        papers = [shared_renderer().render(maker.receipt(self.terminal, lines, languages))]
        papers += [complaint]
        papers += [shared_renderer().render(corrections)] if corrections is not None else []
        return Made(
            submission,
            receipt_no,
            received_at,
            receipt=slip,
            language=journey.language,
            slip=slip_png(slip, self.slip_width, journey.language),
            slip_copy=slip_png(slip, self.slip_width, journey.language, CopyMark()),
            papers=_joined(*papers),
        )

    # -- handing in

    def hand_in(self, session: Session, ask: Ask) -> Committed | CommitFailed:
        """Reserve a number, make the papers, commit. Nothing is lost on failure: the draft is still in the session."""
        try:
            return self._hand_in(session, ask)
        except LinkDownError:
            return CommitFailed(CommitProblem.AGENT_GONE)
        except MissingGlyphError as missing:
            characters = tuple(glyph.character for glyph in missing.missing)
            detail = unprintable_characters(self.dossier(session.journey, self.clock.now()), characters)
            return CommitFailed(CommitProblem.DOCUMENTS, detail)
        except BadScanError as bad:
            where = unusable_page(self.dossier(session.journey, self.clock.now()), bad.page)
            return CommitFailed(CommitProblem.SCAN, where)
        except (RenderError, BadPictureError) as error:
            log.error("a paper could not be made: %s", error)  # noqa: TRY400 - the trace may hold statements
            return CommitFailed(CommitProblem.UNEXPECTED)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for an answer that never comes
            log.error("handing in failed: %s", type(error).__name__)  # noqa: TRY400 - the same
            return CommitFailed(CommitProblem.UNEXPECTED)

    def _hand_in(self, session: Session, ask: Ask) -> Committed | CommitFailed:
        submission = str(session.journey.require_draft().submission_id)
        before = self._what_became_of(submission, ask)
        if before is not None:
            return before
        started = _asked(ask, lambda request: agent.StartFiling(request, submission))
        if not isinstance(started, agent.FilingStarted):
            return _refused(started)
        reserved = _asked(ask, lambda request: agent.ReserveReceipt(request, submission))
        if not isinstance(reserved, agent.ReceiptReserved):
            return _refused(reserved)

        def put(part: Part) -> None:
            for piece in _pieces(submission, part):
                ask(piece, None)

        made = self.make(session, reserved.receipt_no, reserved.received_at, put)
        self._attempts.append(made)
        answer = _asked(ask, lambda request: agent.CommitFiling(request, submission, made.slip, made.slip_copy))
        if not isinstance(answer, agent.Committed):
            self._attempts.remove(made)
            return _refused(answer)
        return self._done(answer)

    def _what_became_of(self, submission: str, ask: Ask) -> Committed | None:
        """Whether an attempt whose answer never came is durable all the same; it must not be filed a second time."""
        last = next((one for one in reversed(self._attempts) if one.submission == submission), None)
        if last is None:
            return None
        answer = _asked(ask, lambda request: agent.CommitFiling(request, submission, last.slip, last.slip_copy))
        return self._done(answer) if isinstance(answer, agent.Committed) else None

    def _done(self, answer: agent.Committed) -> Committed:
        """Keep for the printers what belongs to the filing that was stored, and nothing else."""
        stored = (answer.receipt_no, answer.received_at)
        self._made = next((one for one in self._attempts if (one.receipt_no, one.received_at) == stored), None)
        self._attempts.clear()
        return Committed(answer.receipt_no, answer.received_at)

    # -- afterwards

    def slip_copy(self, journey: Journey) -> bytes:
        """The receipt marked as a copy printed now; empty (the agent has kept one) where this window did not make
        it."""
        made = self._made
        if made is None or made.receipt is None or journey.filed is None:
            return b""
        return slip_png(made.receipt, self.slip_width, made.language, CopyMark(self.clock.now()))

    def papers(self, journey: Journey) -> bytes | None:
        """The A4 papers; None where this window did not make them."""
        return self._made.papers if self._made is not None and journey.filed is not None else None

    def window_ticket(self, journey: Journey) -> bytes:
        """The slip for who goes on at a window."""
        now = self.clock.now()
        reference = f"{now:%H%M}-{uuid.uuid4().hex[:4].upper()}"
        slip = window_ticket(
            journey, self.reference.courts, court=self.court_code, reference=reference, now=now, phone=self.phone
        )
        return slip_png(slip, self.slip_width, journey.language)

    def queue_ticket(self, journey: Journey, *, copy: bool) -> bytes:
        """The slip of the number the person holds; every one after the first is marked as a copy."""
        slip = queue_ticket(journey.require_visit(), self.reference.courts, court=self.court_code)
        return slip_png(slip, self.slip_width, journey.language, CopyMark(self.clock.now()) if copy else None)

    def unresolved_slip(self, journey: Journey, *, copy: bool) -> bytes:
        """The slip of what could not be got done; every one after the first is marked as a copy."""
        draft = journey.require_unresolved()
        slip = unresolved_slip(draft, self.reference.courts, court=self.court_code, phone=self.phone)
        return slip_png(slip, self.slip_width, journey.language, CopyMark(self.clock.now()) if copy else None)

    def draft_slip(self, journey: Journey, *, copy: bool) -> bytes:
        """The slip of the kept draft; every one after the first is marked as a copy."""
        slip = draft_slip(journey.require_keeping(), self.reference.courts, court=self.court_code, phone=self.phone)
        return slip_png(slip, self.slip_width, journey.language, CopyMark(self.clock.now()) if copy else None)

    def draft_document(self, journey: Journey) -> bytes:
        """The journey's draft as it is kept, JSON. Raises LookupError without owner or consent."""
        now = self.clock.now()
        document = written(journey, self.world(now, journey.require_draft().submission_id))
        return document.model_dump_json().encode()


def _parts(
    dossier: Dossier, maker: PaperMaker, receipt_no: str, received: datetime, volume_part_bytes: int
) -> Iterator[Part]:
    renderer = shared_renderer()
    volume = maker.volume(volume_part_bytes)
    answers = envelope(dossier, receipt_no, received, volume.parts if volume is not None else ())
    yield Part(BlobRole.ENVELOPE, JSON, answers.model_dump_json().encode())
    yield Part(BlobRole.COMPLAINT, PDF, renderer.render(maker.complaint()))
    yield Part(BlobRole.ADDRESS_CONFIRMATION, PDF, renderer.render(maker.address_confirmation()))
    if dossier.evidence:
        yield Part(BlobRole.EVIDENCE_LIST, PDF, renderer.render(maker.evidence_list()))
    undertaking = maker.undertaking()
    if undertaking is not None:
        yield Part(BlobRole.UNDERTAKING, PDF, renderer.render(undertaking))
    if volume is not None:
        yield from _volume_parts(volume)
    if maker.signature is not None:
        yield Part(BlobRole.SIGNATURE, PNG, maker.signature)


def _volume_parts(volume: Volume) -> Iterator[Part]:
    for number in volume.parts:
        yield Part(BlobRole.VOLUME, PDF, volume.bind(number).pdf, number.number)


def _pieces(submission: str, part: Part) -> Iterator[agent.PutPart]:
    """A volume of many scans is longer than one message may be."""
    for start in range(0, max(1, len(part.data)), PIECE):
        piece, more = part.data[start : start + PIECE], start + PIECE < len(part.data)
        yield agent.PutPart(submission, part.role, part.media_type, piece, more, part.number)


def _refused(answer: Any) -> CommitFailed:
    reason = answer.reason if isinstance(answer, agent.Refused) else None
    log.error("the agent did not store a filing: %s", reason or type(answer).__name__)
    full = reason is agent.RefusalReason.NO_SPACE
    return CommitFailed(CommitProblem.NO_SPACE if full else CommitProblem.STORAGE)


def _asked(ask: Ask, message: Callable[[str], Any]) -> Any:
    request = fresh_request()
    return ask(message(request), request)


def _page_count(pdf: bytes) -> int:
    with pikepdf.Pdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _joined(*papers: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.Pdf.new() as together:
        for paper in papers:
            with pikepdf.Pdf.open(io.BytesIO(paper)) as one:
                together.pages.extend(one.pages)
        together.save(out)
    return out.getvalue()
