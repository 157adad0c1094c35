"""Lobby screens in the test window, from made-up journeys, without sockets or other processes.

`Bench` shows any journey and records what its screens send; with `live=True` the flow answers each event, so that a
whole journey can be touched through. Nobody in it exists: names, numbers and addresses are synthetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from drivers.api.status import CameraReady, DeviceClass, Paper, PrinterReady, QueueReady, ReaderReady
from kiosk.agent.messages import AgentStatus, CaseView, HubState, LocalState
from kiosk.agent.ticket_messages import OfferView, TicketView, Wait
from kiosk.clock import CHINA
from kiosk.config.model import Names
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow import events as ev
from kiosk.flow.journey import Filed, Journey
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.world import World
from kiosk.i18n import Text
from kiosk.services.reference import Reference
from kiosk.services.synthetic import SyntheticPerson
from kiosk.session.session import Session
from tests.journeys.drafts_way import draft_journeys
from tests.journeys.unresolved_way import unresolved_journeys
from tests.journeys.visits_way import visit_journeys

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow

_PLAIN = (TicketClass.ORDINARY,)

COURT = "吉0102"
COURT_NAME = Text("长春市南关区人民法院", "장춘시 남관구 인민법원", "Nanguan District People's Court")
MOMENT = datetime(2026, 3, 5, 9, 0, tzinfo=CHINA)
SUBMISSION = UUID("01990000-0000-7000-8000-000000000001")
RECEIPT_NO = "T01-20260305-00001-5"


@cache
def reference() -> Reference:
    """Forms and law, loaded once per test process."""
    return Reference.load(date(2026, 3, 5))


def world() -> World:
    """The flow's world on a fixed morning."""
    return World(reference().forms, reference().causes, COURT, MOMENT, SUBMISSION)


@cache
def journeys(seed: int = 3) -> dict[Stage, Journey]:
    """A journey as it first stood at each stage, walked by a synthetic person, with receipt, ticket and query."""
    session, person = Session(), SyntheticPerson(seed)
    seen: dict[Stage, Journey] = {Stage.ATTRACT: session.journey}
    for _ in range(2000):
        for event in _touches(person, session):
            before = session.journey.stage
            session.journey = transition(session.journey, event, world()).journey
            if session.journey.stage is not before:
                seen.setdefault(session.journey.stage, session.journey)
                break
        if session.journey.stage is Stage.RECEIPT:
            break
    home = seen[Stage.HOME]
    for state in (ev.ChooseService(ev.Service.MY_CASE), ev.ChooseIdentityMethod(ev.IdentityMethod.CARD)):
        home = transition(home, state, world()).journey
        seen[home.stage] = home
    found = replace(home, draft=seen[Stage.IDENTITY_CONFIRM].draft, cases=CASES).at(Stage.MY_CASE_RESULT)
    ticket = seen[Stage.CAUSE].at(Stage.WINDOW_TICKET, ticket=ev.PaperState.PRINTED)
    return {
        **seen,
        **_numbers(seen[Stage.HOME]),
        **unresolved_journeys(seen[Stage.HOME], world(), OFFERS),
        **visit_journeys(seen[Stage.HOME], world(), OFFERS, A_TICKET),
        **draft_journeys(seen[Stage.CAPACITY], seen[Stage.FEE], world()),
        Stage.MY_CASE_RESULT: found,
        Stage.WINDOW_TICKET: ticket,
    }


def _numbers(home: Journey) -> dict[Stage, Journey]:
    """A number taken by a lawyer with the card: every page of the way."""
    seen: dict[Stage, Journey] = {}
    for event in (
        ev.ChooseService(ev.Service.TICKET),
        ev.QueuesFound(OFFERS),
        ev.ChooseMatter("filing"),
        ev.ChooseTicketClass(TicketClass.PROFESSIONAL),
        ev.GiveProof(PROOF),
        ev.ChooseIdentityMethod(ev.IdentityMethod.CARD),
        ev.CardRead(SyntheticPerson(3).card),
        ev.TicketTaken(A_TICKET),
        ev.SlipChanged(ev.PaperState.PRINTED),
        ev.ChooseService(ev.Service.FILE_CASE),
        ev.Continue(),
        ev.AnswerConsent(granted=True),
        ev.TicketNews(A_TICKET.ticket_id, TicketStatus.CALLED, "3"),
        ev.GoNow(keep=True),
    ):
        home = transition(home, event, world()).journey
        if home.draft is None:
            seen[home.stage] = home
    return seen


def _touches(person: SyntheticPerson, session: Session) -> Iterator[ev.Event]:
    if session.journey.stage is Stage.SUBMITTING:
        return iter([ev.Committed(RECEIPT_NO, "2026-03-05T09:12:00+08:00")])
    return person.touches(session.journey, world(), session.scratch)


OFFERS = (
    OfferView(
        "filing",
        "A",
        Names(zh="立案登记", ko="립안등록", en="File a case"),
        tuple(one for one in TicketClass if one is not TicketClass.LEGAL_ADVICE),
        4,
        3,
        Wait(10, 25),
    ),
    OfferView("materials", "B", Names(zh="材料收转", ko="자료 접수와 전달", en="Hand in papers"), _PLAIN, 0, 2),
    OfferView(
        "enquiry",
        "B",
        Names(zh="案件查询、联系法官", ko="사건조회, 법관 련락", en="Ask about a case, reach a judge"),
        _PLAIN,
        2,
        2,
    ),
    OfferView(
        "payment",
        "B",
        Names(zh="缴费、退费", ko="비용납부와 환불", en="Pay or get back fees"),
        _PLAIN,
        closed=Names(
            zh="现在不在取号时间内",
            ko="지금은 번호표를 뽑는 시간이 아닙니다",
            en="No numbers are given at this time",
        ),
    ),
    OfferView("advice", "C", Names(zh="法律咨询", ko="법률상담", en="Legal advice"), _PLAIN, 3, 1, Wait(15, 15)),
    OfferView("mediation", "C", Names(zh="诉前调解", ko="립안전 조정", en="Mediation"), _PLAIN, 3, 0),
    OfferView(
        "unresolved",
        "U",
        Names(zh="“办不成事”反映", ko="“처리 안된 일” 반영", en="Could not get it done"),
        _PLAIN,
        0,
        1,
    ),
    OfferView(
        "reception",
        "U",
        Names(zh="带班院领导接待", ko="당직 법원책임자 접견", en="Meet the leader on duty"),
        _PLAIN,
        1,
        1,
    ),
)

PROOF = "12201202610123456"

A_TICKET = TicketView(
    "01a206bb-66d4-7bcf-a945-751c67d52384",
    "A012",
    "filing",
    TicketClass.PROFESSIONAL,
    "2026-03-05T09:00:00+08:00",
    4,
    Wait(10, 25),
    "http://court.example:8420/t/01a206bb-66d4-7bcf-a945-751c67d52384",
    ("2", "3"),
)

CASES = (
    CaseView(
        RECEIPT_NO,
        LocalState.CORRECTION_REQUESTED,
        "2026-03-05T09:12:00+08:00",
        cause_name="民间借贷纠纷",
        handling_court=COURT,
        competent_court=COURT,
        decision_due="2026-03-12",
        corrections=("被告的住址不够清楚，请写到门牌号", "借条请交清楚的复印件"),
    ),
    CaseView(
        "T01-20260210-00007-1",
        LocalState.ACCEPTED,
        "2026-02-10T15:40:00+08:00",
        cause_name="物业服务合同纠纷",
        handling_court=COURT,
        competent_court=COURT,
        decided="2026-02-12",
        case_number="(2026)吉0102民初123号",
    ),
)


def a_filed(**changes: object) -> Filed:
    """A receipt."""
    return replace(Filed(SUBMISSION, RECEIPT_NO, "2026-03-05T09:12:00+08:00"), **changes)


class Bench:
    """One window with the lobby's screens in it. `events` is what the screens have sent."""

    def __init__(self, window: KioskWindow, *, live: bool = False) -> None:
        from screens.lobby.presenter import Presenter
        from screens.lobby.screen import ScreenContext, Surroundings

        self.window = window
        self.live = live
        self.events: list[ev.Event] = []
        self.session = Session()
        self.goodbyes = 0
        self.presences = 0
        self.seconds = 25
        self.surroundings = Surroundings(
            COURT_NAME, "T01", agent=AgentStatus(HubState.ONLINE, 0, accepting=True, numbers=True)
        )
        self.surroundings.agent_up = self.surroundings.daemon_up = True
        self.surroundings.devices |= {
            DeviceClass.ID_READER: ReaderReady("sam"),
            DeviceClass.RECEIPT_PRINTER: PrinterReady(Paper.ENOUGH),
            DeviceClass.DOCUMENT_PRINTER: QueueReady(),
            DeviceClass.DOCUMENT_CAMERA: CameraReady(1920, 1080),
        }
        context = ScreenContext(
            ui=window.ui,
            dispatch=self.dispatch,
            session=self.session,
            world=world,
            reference=reference(),
            surroundings=self.surroundings,
            presence=self._present,
            seconds_left=lambda: self.seconds,
        )
        self.presenter = Presenter(window.stage, context, self._goodbye)
        window.used_by(self)

    def _goodbye(self) -> None:
        self.goodbyes += 1

    def _present(self) -> None:
        self.presences += 1

    def look_changed(self) -> None:
        """The person chose another look, and perhaps another language."""
        journey = self.session.journey
        if journey.outcome is None and journey.language is not self.window.ui.language:
            self.dispatch(ev.ChooseLanguage(self.window.ui.language))

    def dispatch(self, event: ev.Event) -> None:
        """What a screen sends. A change of language is always answered by the flow."""
        self.events.append(event)
        if self.live or isinstance(event, ev.ChooseLanguage):
            self.happen(event)

    def happen(self, event: ev.Event) -> None:
        """Let the flow answer `event` and show what comes of it."""
        self.open(transition(self.session.journey, event, world()).journey)

    def open(self, journey: Journey) -> None:
        """Show `journey`."""
        self.session.journey = journey
        self.presenter.show(journey)
        self.window.frames()

    def at(self, stage: Stage, **changes: object) -> None:
        """Show the made-up journey of `stage`, with `changes`, in the window's language."""
        self.open(replace(journeys()[stage], language=self.window.ui.language, **changes))
        self.events.clear()

    def surroundings_changed(self) -> None:
        """Tell the screen that its surroundings have changed."""
        self.presenter.surroundings_changed()
        self.window.frames()
