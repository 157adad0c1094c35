"""Mediation, service, review, undertaking, signature, hand-in, receipt."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.claiming import enter_backwards
from kiosk.flow.consents import Purpose, record
from kiosk.flow.effects import DropScratch, EndSession, PrintPapers, ReprintSlip, Submit
from kiosk.flow.events import (
    A4Changed,
    Acknowledged,
    AnswerConsent,
    AnswerMediation,
    Back,
    CommitFailed,
    Committed,
    Continue,
    Event,
    Finish,
    JumpTo,
    PaperState,
    PrintA4,
    Reprint,
    SignatureCleared,
    Signed,
    SlipChanged,
)
from kiosk.flow.journey import Filed, Journey, Remark, Step, stay
from kiosk.flow.prefill import prefill_address
from kiosk.flow.route import route
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.world import World


def mediation(journey: Journey, event: Event, _: World) -> Step:
    """Whether the person would consider mediation first; "no" leads straight on with everything kept (S3-3)."""
    match event:
        case AnswerMediation(wish):
            return stay(journey.with_draft(mediation=wish))
        case Continue():
            return stay(replace(journey, draft=prefill_address(journey.require_draft())).at(Stage.ADDRESS))
        case Back():
            return stay(journey.at(Stage.OPTIONS))
        case _:
            return stay(journey)


def e_service(journey: Journey, event: Event, world: World) -> Step:
    """Electronic service (电子送达), asked apart from the address and refusable (民诉法 90)."""
    match event:
        case AnswerConsent(granted):
            entry = record(Purpose.E_SERVICE, granted, journey.language, world.now)
            told = journey.with_draft(consents=(*journey.require_draft().consents, entry))
            return stay(told.at(Stage.REVIEW))
        case Continue() if journey.require_draft().consent(Purpose.E_SERVICE) is not None:
            return stay(journey.at(Stage.REVIEW))
        case Back():
            return enter_backwards(journey, Stage.ADDRESS, world)
        case _:
            return stay(journey)


def review(journey: Journey, event: Event, _: World) -> Step:
    """Everything once more with the complete list of corrections; nothing on it blocks (登记立案规定 7)."""
    match event:
        case JumpTo(stage, page, line) if _is_of_filing(journey, event):
            return stay(journey.at(stage, page=page, open_evidence=line, jump=event))
        case Continue():
            return stay(journey.at(Stage.UNDERTAKING))
        case Back():
            return stay(journey.at(Stage.E_SERVICE))
        case _:
            return stay(journey)


def _is_of_filing(journey: Journey, jump: JumpTo) -> bool:
    """Whether a jump leads to a page of this filing, and to a line of evidence that is there."""
    draft = journey.require_draft()
    if jump.stage is Stage.EVIDENCE_ITEM:
        return jump.evidence is not None and 0 <= jump.evidence < len(draft.evidence)
    return jump.stage in route(draft) and jump.stage is not Stage.SUBMITTING


def undertaking(journey: Journey, event: Event, world: World) -> Step:
    """The honesty undertaking (诚信诉讼承诺); not giving it is recorded and goes on the correction list."""
    match event:
        case AnswerConsent(granted):
            entry = record(Purpose.UNDERTAKING, granted, journey.language, world.now)
            return stay(journey.with_draft(consents=(*journey.require_draft().consents, entry)).at(Stage.SIGNATURE))
        case Back():
            return stay(journey.at(Stage.REVIEW))
        case _:
            return stay(journey)


def signature(journey: Journey, event: Event, world: World) -> Step:
    """Signing by finger; who cannot sign here signs at the window, which the correction list says."""
    draft = journey.require_draft()
    drop = (DropScratch(draft.signature),) if draft.signature is not None else ()
    match event:
        case Signed(key):
            return Step(journey.with_draft(signature=key, signed_on=world.now.date()), drop)
        case SignatureCleared():
            return Step(journey.with_draft(signature=None, signed_on=None), drop)
        case Continue():
            return stay(journey.at(Stage.SUBMITTING), Submit())
        case Back():
            return stay(journey.at(Stage.UNDERTAKING))
        case _:
            return stay(journey)


def submitting(journey: Journey, event: Event, _: World) -> Step:
    """Handing in, once: a second touch changes nothing, and after a failure the same submission is tried again."""
    match event:
        case Committed(receipt_no, received_at):
            return stay(
                journey.at(Stage.RECEIPT, filed=Filed(journey.require_draft().submission_id, receipt_no, received_at))
            )
        case CommitFailed(problem, detail):
            return stay(replace(journey, notice=problem, notice_detail=detail))
        case Continue() if journey.notice is not None:
            return stay(replace(journey, notice=None, notice_detail=None), Submit())
        case Back() if journey.notice is not None:
            return stay(journey.at(Stage.SIGNATURE))
        case _:
            return stay(journey)


def receipt(journey: Journey, event: Event, _: World) -> Step:
    """The dated receipt (登记立案规定 2) on the screen, as a slip and as A4."""
    filed = journey.filed
    if filed is None:
        raise LookupError("no receipt without a commit")
    match event:
        case Acknowledged():
            return stay(replace(journey, filed=replace(filed, acknowledged=True)))
        case SlipChanged(state):
            return stay(replace(journey, filed=replace(filed, slip=state)))
        case A4Changed(state):
            return stay(replace(journey, filed=replace(filed, a4=state)))
        case Reprint() if filed.slip is not PaperState.WAITING:
            return stay(replace(journey, filed=replace(filed, slip=PaperState.WAITING)), ReprintSlip())
        case PrintA4() if filed.a4 is not PaperState.WAITING:
            return stay(replace(journey, filed=replace(filed, a4=PaperState.WAITING)), PrintPapers())
        case Back():
            return stay(replace(journey, notice=Remark.ALREADY_SUBMITTED))
        case Finish() | Continue():
            return stay(journey, EndSession(Outcome.RECEIPT))
        case _:
            return stay(journey)
