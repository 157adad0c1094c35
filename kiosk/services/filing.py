"""Hands a finished draft in: makes the papers, lets the agent seal and store them, and only then says "received"."""

from __future__ import annotations

import io
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf

from kiosk.agent import messages as agent
from kiosk.agent.assembly import Part
from kiosk.clock import Clock
from kiosk.court.contract import BlobRole
from kiosk.documents.encode import MissingGlyphError
from kiosk.documents.render import RenderError, render_filing_receipt, shared_renderer
from kiosk.documents.volume import build_volume
from kiosk.flow.events import CommitFailed, CommitProblem, Committed
from kiosk.flow.journey import Journey
from kiosk.flow.world import World
from kiosk.i18n import Language
from kiosk.link import LinkDownError
from kiosk.services.dossier import Dossier
from kiosk.services.envelope import envelope
from kiosk.services.papers import PaperMaker
from kiosk.services.reference import Reference
from kiosk.services.slips import filing_receipt, slip_languages, slip_png, window_ticket
from kiosk.session.session import Session

log = logging.getLogger(__name__)

PDF, PNG, JSON = "application/pdf", "image/png", "application/json"

Ask = Callable[[Any, str | None], Any]
"""Sends a message to the agent; with a request id it waits for the answer. Raises LinkDownError."""


@dataclass(frozen=True, slots=True)
class Made:
    """Everything of one filing that goes to the court or to the printer."""

    parts: tuple[Part, ...]
    slip: bytes
    slip_copy: bytes
    papers: bytes
    """Complaint and receipt for the person, one PDF."""


@dataclass(slots=True)
class FilingService:
    """Makes and hands in filings for one window. What it learns of the terminal comes by `configure`."""

    reference: Reference
    clock: Clock
    court_code: str = ""
    terminal: str = ""
    phone: str = "12368"
    slip_width: int = 576
    for_person: bool = True
    """Whether somebody stands there to take slip and A4 papers away; False in simulations, which have no printer."""
    _made: Made | None = None

    def configure(self, config: agent.Config) -> None:
        """Take over what the agent told of court and terminal."""
        self.court_code = config.court_code
        self.terminal = config.terminal

    def world(self, now: datetime, fresh_id: uuid.UUID) -> World:
        """The flow's world at `now`."""
        return World(self.reference.forms, self.reference.causes, self.court_code, now, fresh_id)

    # -- making

    def make(self, session: Session, receipt_no: str, received: datetime) -> Made:
        """All papers of the session's draft. Raises MissingGlyphError or RenderError."""
        journey = session.journey
        dossier = Dossier(journey, self.world(received, journey.require_draft().submission_id))
        maker = PaperMaker(dossier, self.reference.courts, session.scratch, receipt_no, received)
        parts = tuple(self._parts(dossier, maker, receipt_no, received, session))
        if not self.for_person:
            return Made(parts, slip=b"", slip_copy=b"", papers=b"")
        pages = {
            part.role.value: _page_count(part.data)
            for part in parts
            if part.media_type == PDF and part.role is not BlobRole.VOLUME
        }
        slip = filing_receipt(
            dossier,
            maker,
            self.reference.courts,
            receipt_no=receipt_no,
            received=received,
            phone=self.phone,
            pages=pages,
        )
        return Made(
            parts=parts,
            slip=slip_png(slip, self.slip_width, journey.language),
            slip_copy=slip_png(slip, self.slip_width, journey.language, received),
            papers=self._home_papers(maker, parts, pages, journey.language),
        )

    def _parts(
        self, dossier: Dossier, maker: PaperMaker, receipt_no: str, received: datetime, session: Session
    ) -> Iterator[Part]:
        renderer = shared_renderer()
        yield Part(BlobRole.ENVELOPE, JSON, envelope(dossier, receipt_no, received).model_dump_json().encode())
        yield Part(BlobRole.COMPLAINT, PDF, renderer.render(maker.complaint()))
        yield Part(BlobRole.ADDRESS_CONFIRMATION, PDF, renderer.render(maker.address_confirmation()))
        if dossier.evidence:
            yield Part(BlobRole.EVIDENCE_LIST, PDF, renderer.render(maker.evidence_list()))
        undertaking = maker.undertaking()
        if undertaking is not None:
            yield Part(BlobRole.UNDERTAKING, PDF, renderer.render(undertaking))
        pages, titles = maker.scans()
        if pages:
            yield Part(BlobRole.VOLUME, PDF, build_volume(pages, titles, maker.volume_front()).pdf)
        if dossier.draft.signature is not None:
            yield Part(BlobRole.SIGNATURE, PNG, session.scratch.get(dossier.draft.signature))

    def _home_papers(
        self, maker: PaperMaker, parts: tuple[Part, ...], pages: Mapping[str, int], language: Language
    ) -> bytes:
        """What the person takes home on A4: the receipt, then the complaint as handed in."""
        receipt = render_filing_receipt(maker.receipt(self.terminal, pages, slip_languages(language)))
        complaint = next(part.data for part in parts if part.role is BlobRole.COMPLAINT)
        return _joined(receipt, complaint)

    # -- handing in

    def hand_in(self, session: Session, ask: Ask) -> Committed | CommitFailed:
        """Reserve a number, make the papers, commit. Nothing is lost on failure: the draft is still in the session."""
        try:
            return self._hand_in(session, ask)
        except LinkDownError:
            return CommitFailed(CommitProblem.AGENT_GONE)
        except MissingGlyphError as missing:
            return CommitFailed(CommitProblem.DOCUMENTS, "".join(glyph.character for glyph in missing.missing))
        except RenderError:
            log.exception("a paper could not be set in type")
            return CommitFailed(CommitProblem.DOCUMENTS)

    def _hand_in(self, session: Session, ask: Ask) -> Committed | CommitFailed:
        submission = str(session.journey.require_draft().submission_id)
        started = _asked(ask, lambda request: agent.StartFiling(request, submission))
        if isinstance(started, agent.Refused):
            return CommitFailed(CommitProblem.STORAGE, started.reason.value)
        reserved = _asked(ask, lambda request: agent.ReserveReceipt(request, submission))
        if not isinstance(reserved, agent.ReceiptReserved):
            return CommitFailed(CommitProblem.STORAGE)
        made = self.make(session, reserved.receipt_no, datetime.fromisoformat(reserved.received_at))
        for part in made.parts:
            ask(agent.PutPart(submission, part.role, part.media_type, part.data), None)
        answer = _asked(ask, lambda request: agent.CommitFiling(request, submission, made.slip, made.slip_copy))
        if not isinstance(answer, agent.Committed):
            return CommitFailed(CommitProblem.STORAGE)
        self._made = made
        return Committed(answer.receipt_no, answer.received_at)

    # -- afterwards

    def slip_copy(self, journey: Journey) -> bytes:
        """The receipt marked as a copy; empty (the agent has kept one) where this window did not make it."""
        return self._made.slip_copy if self._made is not None and journey.filed is not None else b""

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


def _asked(ask: Ask, message: Callable[[str], Any]) -> Any:
    request = uuid.uuid4().hex[:12]
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
