"""Runs the flow's effects over the sockets of the device daemon and the agent, and brings the answers back as events.

Everything is asynchronous: requests are sent, answers arrive in the links' threads and are posted to the window's
thread. Making the documents takes longer than a frame and runs in a worker thread of this process, so that personal
data stays inside it.
"""

from __future__ import annotations

import logging
import threading
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

from drivers.api import messages as device
from drivers.api.records import JobState, ReadFailure
from kiosk.agent import messages as agent
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey
from kiosk.link import Link, LinkDownError, fresh_request
from kiosk.services.filing import FilingService
from kiosk.services.page_desk import PageDesk
from kiosk.session.session import Session
from screens.code_effects import CodeEffects
from screens.draft_effects import DraftEffects
from screens.page_effects import PageEffects
from screens.rating_effects import RatingEffects
from screens.ticket_effects import TicketEffects
from screens.unresolved_effects import UnresolvedEffects

log = logging.getLogger(__name__)

MADE_WITHIN, READ_WITHIN = 60.0, 10.0
"""Seconds for which handing in waits for pages that are still being made, and then for what stands on them."""

Post = Callable[[ev.Event], None]
"""Hands an event to the window's thread; callable from any thread."""


@dataclass(slots=True)
class _Pending:
    """Requests in flight, by the id that their answer will carry."""

    card: str = ""
    cases: str = ""
    staff: str = ""
    reprint: str = ""
    ticket_job: str = ""
    papers_job: str = ""


_PAPER = {
    JobState.QUEUED: ev.PaperState.WAITING,
    JobState.SENDING: ev.PaperState.WAITING,
    JobState.SETTLED: ev.PaperState.PRINTED,
    JobState.FAILED: ev.PaperState.NOT_PRINTED,
    JobState.UNKNOWN: ev.PaperState.UNKNOWN,
}


class SocketEffects:
    """The effect runner of a window."""

    def __init__(
        self,
        devices: Path,
        agent_socket: Path,
        *,
        post: Post,
        filing: FilingService,
        on_device: Callable[[device.Event], None],
        on_agent: Callable[[agent.Event], None],
        on_link: Callable[[str, bool], None],
    ) -> None:
        self._post = post
        self._filing = filing
        self._on_device = on_device
        self._on_agent = on_agent
        self._on_link = on_link
        self._pending = _Pending()
        self._tickets = TicketEffects(self._to_agent, post)
        self._ratings = RatingEffects(self._to_agent, post)
        self._unresolved = UnresolvedEffects(self._to_agent, post)
        self._drafts = DraftEffects(self._to_agent, post, filing.draft_document)
        self._shown = False
        self._kept_copies: dict[str, bytes] = {}
        self._answers: dict[str, _Answer] = {}
        self._desk = PageDesk(post)
        self._pages = PageEffects(self._to_devices, post, self._desk)
        self._codes = CodeEffects(self._to_devices, post)
        self._devices: Link[Any, Any] = Link(
            devices, device.Event, self._device_event, lambda up: self._up("devices", up)
        )
        self._agent: Link[Any, Any] = Link(
            agent_socket, agent.Event, self._agent_event, lambda up: self._up("agent", up)
        )

    def start(self) -> None:
        """Connect to both programs."""
        self._devices.start()
        self._agent.start()

    def shown(self) -> None:
        """The window's turn has come: receipts that the window before it could not show are now its business."""
        self._shown = True
        self._to_agent(agent.AskPendingReceipts())

    def stop(self) -> None:
        """Leave both; requests in flight are given up by the other side."""
        self._devices.stop()
        self._agent.stop()
        self._desk.stop()

    def run(self, effect: fx.Effect, session: Session) -> None:
        """Begin one effect. A program that is away is answered for at once, in the words of its failure."""
        match effect:
            case fx.ReadCard():
                self._pending.card = fresh_request()
                if not self._to_devices(device.ReadIdentity(self._pending.card)):
                    self._post(ev.CardReadFailed(ReadFailure.READER_GONE))
            case fx.StopReading():
                if self._pending.card:
                    self._to_devices(device.CancelRequest(self._pending.card))
                    self._pending.card = ""
            case (
                fx.StartPreview()
                | fx.StopPreview()
                | fx.CapturePage()
                | fx.CleanAgain()
                | fx.CleanWhole()
                | fx.LayTogether()
                | fx.KeepPage()
                | fx.ScanSheets()
                | fx.StopSheets()
                | fx.DropScratch()
            ):
                self._pages.run(effect, session)
            case fx.ReadCodes() | fx.StopCodes():
                self._codes.run(effect)
            case fx.Submit():
                threading.Thread(target=self._submit, args=(session,), name="submit", daemon=True).start()
            case fx.PrintWindowTicket():
                self._print_slip(self._filing.window_ticket(session.journey))
            case fx.ReprintSlip():
                self._reprint(session)
            case fx.PrintPapers():
                self._print_papers(session)
            case fx.CallStaff(reason, stage):
                self._pending.staff = fresh_request()
                if not self._to_agent(agent.CallStaff(self._pending.staff, reason, stage.value)):
                    self._post(ev.HelpChanged(ev.HelpState.QUEUED))
            case fx.FindCases(receipt_no):
                self._find_cases(receipt_no, session)
            case (
                fx.FindQueues()
                | fx.TakeTicket()
                | fx.CheckIn()
                | fx.WatchTicket()
                | fx.CancelTicket()
                | fx.FileMeanwhile()
            ):
                self._tickets.run(effect, session.journey)
            case fx.FindRatings() | fx.KeepRating():
                self._ratings.run(effect, session.journey)
            case fx.FetchDraft() | fx.KeepDraft() | fx.EraseDraft():
                self._drafts.run(effect, session.journey)
            case fx.PrintTicket() | fx.PrintReport() | fx.PrintDraftSlip():
                self._print_slip(self._slip(effect, session.journey))
            case fx.FindDuty() | fx.ReportUnresolved():
                self._unresolved.run(effect, session.journey)
            case fx.ExtendTime() | fx.HoldPlace() | fx.EndSession():
                raise ValueError("the runtime keeps the time and ends the session")
            case _:
                assert_never(effect)

    # -- sending

    def _to_devices(self, message: device.Request) -> bool:
        try:
            self._devices.send(message)
        except LinkDownError:
            return False
        return True

    def _to_agent(self, message: agent.Request) -> bool:
        try:
            self._agent.send(message)
        except LinkDownError:
            return False
        return True

    def _find_cases(self, receipt_no: str | None, session: Session) -> None:
        self._pending.cases = fresh_request()
        draft = session.journey.draft
        number = draft.identity.number if draft is not None and draft.identity is not None else ""
        request = (
            agent.FindCases(self._pending.cases, receipt_no=receipt_no)
            if receipt_no is not None
            else agent.FindCases(self._pending.cases, identity_number=number)
        )
        if not self._to_agent(request):
            self._post(ev.CasesUnavailable())

    # -- printing

    def _slip(self, effect: fx.PrintTicket | fx.PrintReport | fx.PrintDraftSlip, journey: Journey) -> bytes:
        match effect:
            case fx.PrintTicket(copy):
                return self._filing.queue_ticket(journey, copy=copy)
            case fx.PrintReport(copy):
                return self._filing.unresolved_slip(journey, copy=copy)
            case fx.PrintDraftSlip(copy):
                return self._filing.draft_slip(journey, copy=copy)
            case _:
                assert_never(effect)

    def _print_slip(self, slip: bytes) -> None:
        self._pending.ticket_job = f"ticket-{fresh_request()}"
        if not self._to_devices(device.PrintSlip(self._pending.ticket_job, slip)):
            self._post(ev.SlipChanged(ev.PaperState.NOT_PRINTED))

    def _reprint(self, session: Session) -> None:
        filed = session.journey.filed
        self._pending.reprint = fresh_request()
        copy = self._filing.slip_copy(session.journey)
        if not copy and filed is not None:
            copy = self._kept_copies.get(str(filed.submission_id), b"")
        if filed is None or not self._to_agent(
            agent.ReprintSlip(self._pending.reprint, str(filed.submission_id), copy)
        ):
            self._post(ev.SlipChanged(ev.PaperState.NOT_PRINTED))

    def _print_papers(self, session: Session) -> None:
        self._pending.papers_job = f"papers-{fresh_request()}"
        pdf = self._filing.papers(session.journey)
        if pdf is None or not self._to_devices(device.PrintDocument(self._pending.papers_job, "court-kiosk", pdf)):
            self._post(ev.A4Changed(ev.PaperState.NOT_PRINTED))

    # -- handing in

    def _submit(self, session: Session) -> None:
        try:
            # What is not made by then goes in as it came, what is not read cannot be searched.
            self._desk.wait(made_within=MADE_WITHIN, read_within=READ_WITHIN)
            self._post(self._filing.hand_in(session, self._ask))
        except Exception as error:  # noqa: BLE001 - whatever it is, the person must be told that nothing was filed
            # The message of an unforeseen error may quote what was entered, so only its kind and place are logged.
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            log.error("handing in failed: %s at %s", type(error).__name__, " < ".join(reversed(places)))  # noqa: TRY400 - see above
            self._post(ev.CommitFailed(ev.CommitProblem.UNEXPECTED))

    def _ask(self, message: Any, request: str | None) -> Any:
        """Send to the agent; with a request id wait for its answer. Raises LinkDownError."""
        if request is None:
            self._agent.send(message)
            return None
        answer = _Answer()
        self._answers[request] = answer
        try:
            self._agent.send(message)
            return answer.wait()
        finally:
            self._answers.pop(request, None)

    # -- hearing

    def _up(self, name: str, up: bool) -> None:
        if not up:
            if name == "agent":
                for answer in list(self._answers.values()):
                    answer.fail()
            self._fail_pending(name)
        elif name == "agent":
            self._tickets.connected()
            self._ratings.connected()
        else:
            self._codes.connected()
        self._on_link(name, up)

    def _fail_pending(self, name: str) -> None:
        """Whoever waits for a program that has just died is told so."""
        if name == "devices":
            if self._pending.card:
                self._pending.card = ""
                self._post(ev.CardReadFailed(ReadFailure.READER_GONE))
            self._pages.lost()
            self._codes.lost()
            if self._pending.ticket_job:
                self._post(ev.SlipChanged(ev.PaperState.UNKNOWN))
            if self._pending.papers_job:
                self._post(ev.A4Changed(ev.PaperState.UNKNOWN))
            return
        if self._pending.cases:
            self._pending.cases = ""
            self._post(ev.CasesUnavailable())
        self._tickets.lost()
        self._ratings.lost()
        self._unresolved.lost()
        self._drafts.lost()

    def _device_event(self, message: device.Event) -> None:
        if self._pages.heard(message) or self._codes.heard(message):
            return
        match message:
            case device.IdentityRead(request, card) if request == self._pending.card:
                self._pending.card = ""
                self._post(ev.CardRead(card))
            case device.IdentityReadFailed(request, failure) if request == self._pending.card:
                self._pending.card = ""
                self._post(ev.CardReadFailed(failure))
            case device.PrintJobChanged(job, state) if job == self._pending.ticket_job:
                self._post(ev.SlipChanged(_PAPER[state]))
            case device.PrintJobChanged(job, state) if job == self._pending.papers_job:
                saved = state is JobState.SETTLED and bool(message.saved_as)
                self._post(ev.A4Changed(ev.PaperState.SAVED if saved else _PAPER[state]))
            case _:
                self._on_device(message)

    def _agent_event(self, message: agent.Event) -> None:
        request = getattr(message, "request", None)
        if request in self._answers:
            self._answers[request].give(message)
            return
        if any(part.heard(message) for part in (self._tickets, self._ratings, self._unresolved, self._drafts)):
            return
        match message:
            case agent.CasesFound() if message.request == self._pending.cases:
                self._pending.cases = ""
                self._post(ev.CasesFound(message.cases, message.offline, message.misread))
            case agent.StaffCalled() if message.request == self._pending.staff:
                self._post(ev.HelpChanged(ev.HelpState.CALLED if message.delivered else ev.HelpState.QUEUED))
            case agent.Refused() if message.request == self._pending.reprint:
                self._post(ev.SlipChanged(ev.PaperState.NOT_PRINTED))
            case agent.PendingReceipt(submission_id, receipt_no, received_at, slip_copy) if self._shown:
                # The agent erases its copy as soon as the number is shown; from then on it is here or nowhere.
                self._kept_copies[submission_id] = slip_copy
                self._post(ev.ReceiptPending(uuid.UUID(submission_id), receipt_no, received_at))
            case _:
                self._on_agent(message)

    def ask_config(self, request: str) -> None:
        """Ask the agent for the configuration; it comes to `on_agent`."""
        self._to_agent(agent.GetConfig(request))

    def receipt_shown(self, submission_id: str) -> None:
        """Tell the agent that the person has seen the number."""
        self._to_agent(agent.ReceiptShown(submission_id))


def filing_news(message: agent.SlipState | agent.Acknowledged, journey: Journey) -> ev.Event | None:
    """What the agent tells of a filing, as an event; None where it is not the one on the screen. Ask this in the
    window's thread: which filing that is may just be changing."""
    if journey.filed is None or str(journey.filed.submission_id) != message.submission_id:
        return None
    match message:
        case agent.SlipState():
            return ev.SlipChanged(_PAPER[message.state])
        case agent.Acknowledged():
            return ev.Acknowledged()
        case _:
            assert_never(message)


class _Answer:
    """One awaited answer of the agent."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._message: Any = None

    def give(self, message: Any) -> None:
        self._message = message
        self._there.set()

    def fail(self) -> None:
        self._there.set()

    def wait(self, timeout: float = 60.0) -> Any:
        """The answer. Raises LinkDownError when the agent died or said nothing for `timeout` seconds."""
        if not self._there.wait(timeout) or self._message is None:
            raise LinkDownError("agent")
        return self._message
