"""Handing in: whatever the agent does, the complaint is filed once or the person still has all of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from kiosk.agent import messages as m
from kiosk.court.contract import BlobRole
from kiosk.court.envelope import Envelope
from kiosk.documents.fonts import font_folder, load_fonts
from kiosk.flow.draft import EvidenceDraft, FormSlot, Represented
from kiosk.flow.events import CommitFailed, CommitProblem, Committed, Continue
from kiosk.flow.journey import Filed
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers
from kiosk.link import LinkDownError
from tests.unit.services.filings import NOW, SUBMISSION, Filing, evidence, filing, service, world

MESSAGES = (m.StartFiling, m.ReserveReceipt, m.PutPart, m.CommitFiling)
RARE = next(chr(point) for point in range(0x323AF, 0x2A700, -1) if point not in load_fonts(font_folder()).code_points)
"""A name character that no font of this machine has."""


@dataclass
class FakeAgent:
    """An agent that can refuse, die before it hears a message, or die after it has acted on one."""

    dies_before: type[object] | None = None
    dies_after: type[object] | None = None
    refuses: type[object] | None = None
    stored: dict[str, m.Committed] = field(default_factory=dict)
    parts: dict[BlobRole, bytes] = field(default_factory=dict)
    started: bool = False
    reservations: int = 0
    commits: int = 0
    slips: list[bytes] = field(default_factory=list)

    def ask(self, message: Any, request: str | None) -> Any:
        if isinstance(message, self.dies_before or ()):
            self.started = False
            raise LinkDownError("agent")
        if isinstance(message, self.refuses or ()):
            return m.Refused(request or "", m.RefusalReason.NO_SPACE, "the disk is nearly full")
        answer = self._act(message, request or "")
        if isinstance(message, self.dies_after or ()):
            self.started = False
            raise LinkDownError("agent")
        return answer

    def _act(self, message: Any, request: str) -> Any:
        match message:
            case m.StartFiling():
                self.started, self.parts = True, {}
                return m.FilingStarted(request, message.submission_id)
            case m.ReserveReceipt():
                self.reservations += 1
                at = NOW + timedelta(seconds=self.reservations)
                number = f"T01-20261123-{self.reservations:05d}-5"
                self.reserved = m.ReceiptReserved(request, message.submission_id, number, at.isoformat())
                return self.reserved
            case m.PutPart():
                self.parts[message.role] = message.data
                return None
            case m.CommitFiling():
                return self._commit(message, request)
        raise AssertionError(type(message).__name__)

    def _commit(self, message: m.CommitFiling, request: str) -> Any:
        known = self.stored.get(message.submission_id)
        if known is not None:
            return known
        if not self.started:
            return m.Refused(request, m.RefusalReason.UNKNOWN_SUBMISSION)
        self.commits += 1
        self.slips.append(message.slip)
        done = m.Committed(
            request, message.submission_id, self.reserved.receipt_no, self.reserved.received_at, "0" * 64
        )
        self.stored[message.submission_id] = done
        return done


def test_everything_reaches_the_agent_under_one_number() -> None:
    made, agent, making = filing(scans=2), FakeAgent(), service()
    outcome = making.hand_in(made.session, agent.ask)
    assert isinstance(outcome, Committed)
    sent = Envelope.model_validate_json(agent.parts[BlobRole.ENVELOPE])
    assert (sent.submission_id, sent.receipt_no) == (SUBMISSION, outcome.receipt_no)
    assert sent.created.isoformat() == outcome.received_at
    assert set(agent.parts) == {
        *(BlobRole.ENVELOPE, BlobRole.COMPLAINT, BlobRole.EVIDENCE_LIST, BlobRole.ADDRESS_CONFIRMATION),
        *(BlobRole.UNDERTAKING, BlobRole.VOLUME, BlobRole.SIGNATURE),
    }
    assert agent.slips[0].startswith(b"\x89PNG")


def filed(made: Filing, outcome: Committed) -> None:
    made.session.journey = made.journey.at(
        Stage.RECEIPT, filed=Filed(SUBMISSION, outcome.receipt_no, outcome.received_at)
    )


@pytest.mark.parametrize("message", MESSAGES)
def test_an_agent_that_dies_costs_nothing(message: type[object]) -> None:
    """Before any message: the person is told, the draft is untouched, and trying again files once."""
    made, making = filing(), service()
    agent, before = FakeAgent(dies_before=message), made.journey
    assert making.hand_in(made.session, agent.ask) == CommitFailed(CommitProblem.AGENT_GONE)
    assert made.journey == before
    assert not agent.stored
    agent.dies_before = None
    outcome = making.hand_in(made.session, agent.ask)
    assert isinstance(outcome, Committed)
    assert agent.commits == 1


def test_an_answer_that_was_lost_is_asked_for_again_and_not_filed_twice() -> None:
    """The agent dies after the commit: the same submission is found, and the papers are those that were stored."""
    made, making, agent = filing(), service(), FakeAgent(dies_after=m.CommitFiling)
    assert making.hand_in(made.session, agent.ask) == CommitFailed(CommitProblem.AGENT_GONE)
    stored = agent.stored[str(SUBMISSION)]
    agent.dies_after = None
    made.answering(FormSlot.CLAIM, facts="后来改动的内容")
    outcome = making.hand_in(made.session, agent.ask)
    assert outcome == Committed(stored.receipt_no, stored.received_at)
    assert (agent.commits, agent.reservations) == (1, 1)
    filed(made, outcome)
    papers = making.papers(made.journey)
    assert papers is not None
    assert making.slip_copy(made.journey)


@pytest.mark.parametrize("message", [m.StartFiling, m.ReserveReceipt, m.CommitFiling])
def test_a_refusal_is_told_and_can_be_tried_again(message: type[object]) -> None:
    """A full disk: nothing is called received, nothing of the draft is lost."""
    made, making, agent = filing(), service(), FakeAgent(refuses=message)
    before = made.journey
    assert making.hand_in(made.session, agent.ask) == CommitFailed(CommitProblem.NO_SPACE)
    assert made.journey == before
    assert making.papers(made.journey) is None
    agent.refuses = None
    assert isinstance(making.hand_in(made.session, agent.ask), Committed)
    assert agent.commits == 1


# -- papers that cannot be made


def detail(outcome: object, problem: CommitProblem = CommitProblem.DOCUMENTS) -> str:
    assert isinstance(outcome, CommitFailed)
    assert outcome.problem is problem
    assert outcome.detail is not None
    return outcome.detail.zh


def test_a_character_no_font_has_is_named_with_its_field() -> None:
    """A missing glyph is an error, not a blank; the person is told which one and where."""
    agent, making = FakeAgent(), service()
    made = filing().answering(FormSlot.PLAINTIFF, name=f"王{RARE}")
    said = detail(making.hand_in(made.session, agent.ask))
    assert RARE in said
    assert "原告 · 姓名" in said
    assert not agent.stored
    repaired = made.answering(FormSlot.PLAINTIFF, name="王示例")
    assert isinstance(making.hand_in(repaired.session, agent.ask), Committed)


def test_a_character_in_a_defendant_and_in_evidence() -> None:
    defendants = Answers({"defendants": (Answers({"defendant_name": f"李{RARE}"}),)})
    made = filing(answers={FormSlot.OTHERS: defendants})
    assert "被告和第三人 · 姓名或者名称" in detail(service().hand_in(made.session, FakeAgent().ask))
    made = filing().changed(evidence=(evidence(f"借条{RARE}"),))
    assert "证据 · 材料的名称是什么" in detail(service().hand_in(made.session, FakeAgent().ask))


def test_a_damaged_scan_is_named() -> None:
    made = filing()
    broken = EvidenceDraft(Answers({"title": "借条"}), (made.session.scratch.put(b"\xff\xd8 not a picture"),))
    made.changed(evidence=(made.draft.evidence[0], broken))
    said = detail(service().hand_in(made.session, FakeAgent().ask), CommitProblem.SCAN)
    assert "借条" in said
    assert "第 1 页" in said


def test_a_damaged_signature_is_a_failure_and_not_an_end() -> None:
    made = filing()
    made.changed(signature=made.session.scratch.put(b"scribble"))
    assert service().hand_in(made.session, FakeAgent().ask) == CommitFailed(CommitProblem.UNEXPECTED)


def test_a_fault_of_the_program_is_told_like_any_other(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for ever, and the log names no one."""
    made = filing()
    made.session.scratch.wipe()
    assert service().hand_in(made.session, FakeAgent().ask) == CommitFailed(CommitProblem.UNEXPECTED)
    assert "ScratchClosedError" in caplog.text
    assert made.dossier().submitter not in caplog.text


def test_the_screen_learns_the_detail_and_forgets_it() -> None:
    made = filing().answering(FormSlot.PLAINTIFF, name=f"王{RARE}")
    outcome = service().hand_in(made.session, FakeAgent().ask)
    assert isinstance(outcome, CommitFailed)
    told = transition(made.journey, outcome, world()).journey
    assert (told.notice, told.notice_detail) == (CommitProblem.DOCUMENTS, outcome.detail)
    assert transition(told, Continue(), world()).journey.notice_detail is None


# -- afterwards


def test_home_papers_are_receipt_complaint_and_corrections() -> None:
    """登记立案规定 2 and 7: the receipt first, and what could still be completed on paper too."""
    made, making, agent = filing(represented=Represented.OTHER_PERSON), service(), FakeAgent()
    assert making.papers(made.journey) is None
    outcome = making.hand_in(made.session, agent.ask)
    assert isinstance(outcome, Committed)
    filed(made, outcome)
    papers = making.papers(made.journey)
    assert papers is not None
    with (
        pikepdf.Pdf.open(io.BytesIO(papers)) as home,
        pikepdf.Pdf.open(io.BytesIO(agent.parts[BlobRole.COMPLAINT])) as complaint,
    ):
        assert len(home.pages) == len(complaint.pages) + 2


def test_a_simulation_makes_no_slips() -> None:
    agent = FakeAgent()
    assert isinstance(service(for_person=False).hand_in(filing().session, agent.ask), Committed)
    assert agent.slips == [b""]
