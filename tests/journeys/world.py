"""A world for walking the flow without a window: real forms and law tables, a fixed moment, prompt answers."""

from __future__ import annotations

import random
from datetime import datetime
from functools import cache
from uuid import UUID

from msgspec import structs

from drivers.api.records import CaptureFailure, ReadFailure, ScanEnd
from kiosk.agent.draft_messages import DraftRefusal
from kiosk.agent.rating_messages import Findings
from kiosk.agent.ticket_messages import OfferView, TicketRefusal, TicketView
from kiosk.agent.unresolved_messages import DutyFound, UnresolvedRefusal
from kiosk.clock import CHINA
from kiosk.config.model import Names
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow import rating_events as rated
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable, UseLyingCode
from kiosk.flow.draft import Represented
from kiosk.flow.draft_events import DraftCame, DraftErased, DraftStays, DraftWasKept
from kiosk.flow.journey import Journey, Overlay
from kiosk.flow.offers.find import offered
from kiosk.flow.offers.touches import LeaveReading, TakeReading
from kiosk.flow.page_events import (
    ChooseSource,
    GivePage,
    KeepColours,
    MovePage,
    PageCleaned,
    PageSource,
    PageSpoiled,
    PageUnderstood,
    RescanPage,
    ScanFirst,
    ScannerEnded,
    SheetScanned,
    StartScanner,
    StopScanner,
    SwitchAutoCapture,
    TurnPage,
)
from kiosk.flow.several_events import (
    ChooseAgain,
    Item,
    LeaveOutItem,
    Several,
    SeveralTaken,
    ShowItem,
    TakeAsItLies,
    TakeSeparately,
    TakeTogether,
)
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.unresolved_events import DutyTold, ReportKept, ReportNotKept
from kiosk.flow.world import World
from kiosk.forms.model import QuestionType
from kiosk.i18n import Language
from kiosk.ocr.model import PageClass
from kiosk.pages.model import Turn, Unusable
from kiosk.services.reference import Reference
from kiosk.services.synthetic import SyntheticPerson
from kiosk.session.scratch import Scratch, ScratchKey
from tests.journeys.drafts_way import DRAFT_CODE, DRAFT_TOUCHES, LOOKUP, UNTIL, kept_on_the_web
from tests.journeys.papers_read import IOU
from tests.journeys.unresolved_way import DUTY, KEPT, unresolved_touches
from tests.journeys.visits_way import CODE, MATTERS, RATING_CODE, RATING_WAY

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
COURT = "吉2401"
NOTHING_TO_RATE = tuple(one for one in Findings if one is not Findings.OPEN)
SUBMISSION = UUID("01a20603-bdcf-72df-a945-751c67d52384")


OFFERS = (
    OfferView(
        "filing",
        "A",
        Names(zh="立案", ko="립안", en="Filing"),
        (TicketClass.ORDINARY, TicketClass.SPECIAL, TicketClass.PROFESSIONAL),
        4,
        2,
    ),
    OfferView("enquiry", "B", Names(zh="查询", ko="조회", en="Ask"), (TicketClass.ORDINARY,), 0, 1),
    OfferView(
        "payment",
        "B",
        Names(zh="缴费", ko="납부", en="Pay"),
        (TicketClass.ORDINARY,),
        closed=Names(zh="停止取号", ko="발급 중지", en="Closed"),
    ),
)
CODES = ("T01-20261123-00001-X", CODE, f"https://court.example/r/{RATING_CODE}", "https://court.example/fees/1", "T01")
CODES += (DRAFT_CODE,)
"""Of a receipt, an appointment, a rating, a fee notice, of nothing, and of a draft."""

A_TICKET = TicketView(
    "01a206bb-66d4-7bcf-a945-751c67d52384", "A012", "filing", TicketClass.ORDINARY, NOW.isoformat(), 4
)


@cache
def reference() -> Reference:
    """Forms and law tables, loaded once."""
    return Reference.load(NOW.date())


def world() -> World:
    """The flow's world at a fixed moment."""
    return World(reference().forms, reference().causes, COURT, NOW, SUBMISSION)


def _undecided(journey: Journey) -> tuple[ScratchKey, ...]:
    several = journey.scanning.several
    return several.keys if several is not None else ()


def several_things(count: int, name: str = "", *, card: bool = True) -> Several:
    """As many things in one picture."""
    corners = ((0.0, 0.0), (8.0, 0.0), (8.0, 5.0), (0.0, 5.0))
    items = tuple(Item(ScratchKey(f"item{number}{name}"), card, corners) for number in range(count))
    return Several(ScratchKey(f"whole{name}"), ScratchKey(f"overview{name}"), items)


def answers_to(effect: fx.Effect, dice: random.Random) -> ev.Event | None:
    """What the outside world may answer to an effect: success more often than not."""
    fails = dice.random() < 0.25
    match effect:
        case fx.ReadCard():
            return ev.CardReadFailed(dice.choice(list(ReadFailure))) if fails else ev.CardRead(SyntheticPerson(1).card)
        case fx.CapturePage():
            if fails:
                return ev.PictureFailed(dice.choice(list(CaptureFailure)))
            if dice.random() < 0.4:
                return SeveralTaken(several_things(2 + dice.randrange(3), f"{dice.random()}"))
            return ev.PageTaken(ScratchKey(f"page{dice.random()}"), found=dice.random() < 0.5)
        case fx.CleanAgain(key) | fx.CleanWhole(key) | fx.LayTogether(key):
            spoiled = PageSpoiled(key, dice.choice(list(Unusable)))
            return spoiled if fails else PageCleaned(key, (), dice.choice(list(Turn)))
        case fx.ScanSheets(_, first):
            if fails:
                return ScannerEnded(dice.choice(list(ScanEnd)), first - 1)
            return SheetScanned(ScratchKey(f"page{dice.random()}"), first)
        case fx.StopSheets():
            return ScannerEnded(ScanEnd.CANCELLED, 0)
        case fx.Submit():
            if fails:
                return ev.CommitFailed(dice.choice(list(ev.CommitProblem)))
            return ev.Committed("T01-20261123-00001-5", NOW.isoformat())
        case fx.CallStaff():
            return ev.HelpChanged(dice.choice(list(ev.HelpState)))
        case fx.FindCases():
            return ev.CasesUnavailable() if fails else ev.CasesFound((), misread=dice.random() < 0.3)
        case fx.FindQueues():
            return ev.QueuesUnavailable() if fails else ev.QueuesFound(OFFERS, offline=dice.random() < 0.3)
        case fx.TakeTicket() | fx.CheckIn():
            if fails:
                return ev.TicketNotTaken(dice.choice(list(TicketRefusal)))
            return ev.TicketTaken(structs.replace(A_TICKET, already=dice.random() < 0.3))
        case fx.WatchTicket(ticket_id):
            return ev.TicketNews(ticket_id, dice.choice(list(TicketStatus)), "3", dice.choice((None, 0, 2)))
        case fx.FindDuty():
            return DutyTold(DutyFound("", known=False) if fails else DUTY)
        case fx.ReportUnresolved():
            return ReportNotKept(dice.choice(list(UnresolvedRefusal))) if fails else ReportKept(KEPT)
        case fx.FetchDraft():
            return _refused(dice) if fails else DraftCame(kept_on_the_web(a_filing(), world()), LOOKUP, UNTIL)
        case fx.KeepDraft():
            return _refused(dice) if fails else DraftWasKept(DRAFT_CODE, UNTIL)
        case fx.EraseDraft():
            return _refused(dice) if fails else DraftErased()
        case fx.PrintWindowTicket() | fx.ReprintSlip() | fx.PrintTicket() | fx.PrintReport() | fx.PrintDraftSlip():
            return ev.SlipChanged(dice.choice(list(ev.PaperState)))
        case fx.ReadCodes():
            read = (CodeGiven((dice.choice(CODES),)), CodeLies(CODES), CodeUnreadable())
            return dice.choice(read) if fails else None
        case fx.FindRatings():
            return rated.RatingsNotFound(dice.choice(NOTHING_TO_RATE)) if fails else rated.RatingsFound(MATTERS)
        case fx.KeepRating(done):
            return rated.RatingNotKept() if fails else rated.RatingKept(done)
        case fx.PrintPapers():
            return ev.A4Changed(dice.choice(list(ev.PaperState)))
        case _:
            return None


def _refused(dice: random.Random) -> DraftStays:
    return DraftStays(dice.choice(list(DraftRefusal)))


@cache
def a_filing(stage: Stage = Stage.FEE, seed: int = 3) -> Journey:
    """The journey of a sensible person who files, just come to `stage`."""
    person, scratch = SyntheticPerson(seed), Scratch()
    journey = Journey()
    for _ in range(300):
        if journey.stage is stage:
            return journey
        for event in person.touches(journey, world(), scratch):
            before = journey
            journey = transition(journey, event, world()).journey
            if journey.stage is not before.stage:
                break
    raise AssertionError(f"never came to {stage}")


def possible_touches(journey: Journey) -> list[ev.Event]:
    """What a person could touch here, sensible or not, as well as what other screens' buttons would send."""
    touches: list[ev.Event] = [
        ev.Touched(),
        ev.Continue(),
        ev.Back(),
        ev.NeedTime(),
        ev.CallPerson(),
        ev.AskWindow(),
        ev.AskLeave(),
        ev.AnswerQuestion(yes=True),
        ev.AnswerQuestion(yes=False),
        ev.Finish(),
        ev.IdleWarned(),
        *(ev.ChooseLanguage(language) for language in Language),
        *(ev.ChooseService(service) for service in ev.Service),
        *(ev.ChooseIdentityMethod(method) for method in ev.IdentityMethod),
        *(ev.ChooseRepresented(one) for one in Represented),
        ev.AnswerConsent(granted=True),
        ev.AnswerConsent(granted=False),
        ev.ChooseCourt("吉2406"),
        ev.ChooseCause("108.03"),
        ev.ChooseCause("014"),
        ev.ChooseCause("no such cause"),
        ev.AddEvidence(),
        ev.EditEvidence(0),
        ev.EditEvidence(7),
        ev.RemoveEvidence(0),
        ev.MoveEvidence(0, 1),
        ev.StartScan(),
        ev.TakePicture(),
        ev.AcceptPage(),
        ev.RetakePage(),
        ev.RemovePage(0),
        RescanPage(0),
        MovePage(0, 1),
        GivePage(0, 1),
        SwitchAutoCapture(False),
        TurnPage(),
        KeepColours(True),
        KeepColours(False),
        ShowItem(1),
        ShowItem(None),
        ShowItem(9),
        LeaveOutItem(),
        TakeSeparately(),
        TakeTogether(),
        TakeAsItLies(),
        ChooseAgain(),
        *(PageCleaned(key, (), Turn.UPRIGHT) for key in _undecided(journey)),
        *(ChooseSource(source) for source in PageSource),
        StartScanner(),
        StopScanner(),
        ScanFirst(),
        *_readings(journey),
        *([PageCleaned(journey.taken.key, (), Turn.LEFT)] if journey.taken is not None else []),
        *(ScannerEnded(end, 0) for end in (ScanEnd.COMPLETE, ScanEnd.JAMMED)),
        ev.JumpTo(Stage.CLAIM),
        ev.JumpTo(Stage.EVIDENCE_ITEM, evidence=0),
        ev.Signed(ScratchKey("ink")),
        ev.SignatureCleared(),
        ev.AskMyCase("nonsense"),
        ev.ChooseMatter("filing"),
        ev.ChooseMatter("payment"),
        ev.ChooseMatter("no such matter"),
        *(ev.ChooseTicketClass(one) for one in TicketClass),
        ev.GiveProof("12201202610123456"),
        ev.GiveProof("  "),
        ev.WithoutCard(),
        ev.ChooseSeveral(),
        ev.HaveAppointment(),
        ev.GiveAppointmentCode(CODE),
        ev.GiveAppointmentCode("20481"),
        ev.WithoutAppointment(),
        rated.AskRating(RATING_CODE),
        rated.AskRating("nonsense"),
        *(rated.ChooseGrade(value) for value in range(7)),
        rated.GiveReasons(("rude",), "乱写"),
        rated.RateNext(),
        *(CodeGiven((text,)) for text in CODES),
        CodeGiven(CODES),
        CodeLies(CODES[:2]),
        CodeUnreadable(),
        UseLyingCode(),
        *DRAFT_TOUCHES,
        ev.AskGiveUp(),
        ev.TicketTaken(A_TICKET),
        ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3"),
        ev.TicketNews(A_TICKET.ticket_id, TicketStatus.WAITING, ahead=0),
        ev.GoNow(keep=True),
        ev.GoNow(keep=False),
        ev.EnterCode("no code"),
        *([ev.EnterCode(journey.visit.code)] if journey.visit is not None else []),
        ev.Reprint(),
        ev.PrintA4(),
    ]
    return touches + unresolved_touches(world()) + edits(journey)


def _readings(journey: Journey) -> list[ev.Event]:
    """The kept pages are read, and what was read before is taken or refused wherever it is offered."""
    pages = journey.draft.pages if journey.draft is not None else {}
    read: list[ev.Event] = [PageUnderstood(key, "借条", PageClass.IOU, IOU) for key in list(pages)[:2]]
    slot = ev.SLOT_OF_STAGE.get(journey.stage)
    if slot is None or not any(state.readings for state in pages.values()):
        return read
    views = [view for page in world().evaluate_slot(journey, slot).pages for view in page.questions]
    offers = [one for view in views for one in offered(journey, world(), slot, view)]
    return read + [touch(slot, one.path, one.value) for one in offers for touch in (TakeReading, LeaveReading)]


def edits(journey: Journey) -> list[ev.Event]:
    """Edits of the fields on the present form page, with sensible and senseless values."""
    slot = ev.SLOT_OF_STAGE.get(journey.stage)
    if slot is None or journey.draft is None or journey.overlay is not Overlay.NONE:
        return []
    found: list[ev.Event] = []
    for page in world().evaluate_slot(journey, slot).pages:
        if page.repeat is not None:
            found.append(ev.AddInstance(page.repeat.name))
            found += [ev.RemoveInstance(page.repeat.name, one.index) for one in page.repeat.instances]
        for view in page.questions:
            question = view.question
            if question.type in {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}:
                several = question.type is QuestionType.SELECT_MULTIPLE
                found += [ev.FieldAnswered(view.path, (c.name,) if several else c.name) for c in view.choices]
            elif question.is_asked:
                found += [ev.FieldAnswered(view.path, "乱写 12.5"), ev.FieldAnswered(view.path, None)]
    return found


NUMBERS = (Stage.TICKET_MATTER, Stage.TICKET_CLASS, Stage.TICKET_PROOF, Stage.TICKET_HOLDER, Stage.TICKET_CARD)
NUMBERS += (Stage.TICKET_TAKING, Stage.TICKET, Stage.AWAY)
"""Every place on the way to a number, and the one of who was called from a filing."""

RATINGS = (Stage.RATING, Stage.RATING_CARD, Stage.RATING_GRADE, Stage.RATING_REASONS, Stage.RATING_DONE)

WAY_TO_A_NUMBER: tuple[ev.Event, ...] = (
    ev.ChooseService(ev.Service.TICKET),
    ev.QueuesFound(OFFERS),
    ev.ChooseMatter("filing"),
    ev.ChooseTicketClass(TicketClass.PROFESSIONAL),
    ev.GiveProof("12201202610123456"),
    ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
    ev.CardRead(SyntheticPerson(1).card),
    ev.TicketTaken(A_TICKET),
    ev.ChooseService(ev.Service.FILE_CASE),
    ev.Continue(),
    ev.AnswerConsent(granted=True),
    ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3"),
    ev.GoNow(keep=True),
)
"""By the longest way, with a filing meanwhile and a call."""


def at_rating_stage(stage: Stage) -> Journey:
    """The journey of who rates at the terminal, just come to `stage`."""
    return _walked(RATING_WAY, stage)


def at_number_stage(stage: Stage) -> Journey:
    """The journey of who takes a number, just come to `stage`."""
    return _walked(WAY_TO_A_NUMBER, stage)


def _walked(way: tuple[ev.Event, ...], stage: Stage) -> Journey:
    journey = Journey(stage=Stage.HOME)
    for event in way:
        if journey.stage is stage:
            break
        journey = transition(journey, event, world()).journey
    assert journey.stage is stage
    return journey
