"""The agent's socket: every message of kiosk/agent/messages.py, for any number of windows."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path
from typing import Any, assert_never
from uuid import UUID

from drivers.api.liveness import Ping, Pong
from drivers.api.wire import Channel, Listener, WireError
from kiosk.agent import health
from kiosk.agent import messages as m
from kiosk.agent.assembly import IncompleteFilingError, Part
from kiosk.agent.core import Agent
from kiosk.agent.draft_desk import DraftDesk
from kiosk.agent.draft_messages import ForgetDraft, KeepDraft, TakeUpDraft
from kiosk.agent.peer import Peer
from kiosk.agent.rating_answers import BadAnswerError
from kiosk.agent.rating_messages import AnswerRating, FindRatings, HoldRating, RatingShown, RatingWaits, ShowPad
from kiosk.agent.rating_service import RatingService
from kiosk.agent.slips import SlipPrinter
from kiosk.agent.ticket_messages import (
    CancelTicket,
    CheckInHere,
    FileMeanwhile,
    GetQueues,
    TakeTicket,
    WatchTicket,
)
from kiosk.agent.ticket_service import TicketService
from kiosk.agent.unresolved_messages import GetDuty, ReportUnresolved
from kiosk.agent.unresolved_service import UnresolvedService
from kiosk.clock import Clock
from kiosk.outbox.errors import (
    NotReservedError,
    OutboxError,
    OutboxFullError,
    OutOfServiceError,
    UnknownInvitationError,
    UnknownSubmissionError,
)
from kiosk.outbox.filing import PrintJob

log = logging.getLogger(__name__)

STATUS_SECONDS = 1.0


class Service:
    """Answers windows until `stop`. With `numbers` it also leases and watches numbers (取号)."""

    def __init__(self, agent: Agent, path: Path, devices: Path, clock: Clock, *, numbers: bool = False) -> None:
        self._agent = agent
        self._clock = clock
        self._peers: set[Peer] = set()
        self._lock = threading.Lock()
        self._status: m.AgentStatus | None = None
        self._stopping = threading.Event()
        self._tickets = TicketService(agent, clock, keeps=numbers)
        self._ratings = RatingService(agent, clock, in_hall=numbers)
        self._unresolved = UnresolvedService(agent, clock)
        self._drafts = DraftDesk(agent.new_client())
        self._printer = SlipPrinter(agent.outbox, devices, clock, self._slip_changed)
        self._listener = Listener(path, m.Request, self._serve)
        self._watch = threading.Thread(target=self._watch_status, name="agent-status", daemon=True)
        agent.on_receipt(self._acknowledged)

    def start(self) -> None:
        """Begin to serve."""
        self._printer.start()
        self._listener.start()
        self._watch.start()
        self._tickets.start()
        self._ratings.start()
        self._unresolved.start()

    def stop(self) -> None:
        """Disconnect everybody."""
        self._stopping.set()
        self._listener.stop()
        with self._lock:
            peers = list(self._peers)
        for peer in peers:
            peer.close()
        self._tickets.stop()
        self._ratings.stop()
        self._unresolved.stop()
        self._drafts.close()
        self._printer.stop()
        self._watch.join()

    # -- windows

    def _serve(self, channel: Channel[Any, Any]) -> None:
        peer = Peer(channel)
        try:
            self._welcome(peer)
            while (request := channel.receive()) is not None:
                self._answer(peer, request)
        except (OSError, WireError) as error:
            log.info("a window left: %s", type(error).__name__)
        except OutboxError as error:
            log.warning("a window is let go, and connects again: %s", error)  # the outbox broke, or closes
        finally:
            peer.close()
            self._farewell(peer)

    def _welcome(self, peer: Peer) -> None:
        status = self._present_status()
        with self._lock:
            held = set().union(*(other.unshown for other in self._peers))
            self._peers.add(peer)
        peer.send(status)
        self._offer([peer], held)

    def _farewell(self, peer: Peer) -> None:
        self._tickets.leave(peer)
        self._ratings.leave(peer)
        with self._lock:
            self._peers.discard(peer)
            others = self._windows()
            held = set().union(*(other.unshown for other in others))
        with contextlib.suppress(OutboxError):  # the store is out of service: the restart clears this
            for submission_id in peer.reserved:
                self._agent.outbox.drop_reservation(submission_id)
        if peer.unshown:
            self._offer(others, held)

    def _offer(self, peers: list[Peer], held: set[UUID]) -> None:
        """Tell of receipts whose window died before it could show them."""
        try:
            pending = [(one, self._agent.slip(one.submission_id)) for one in self._agent.pending_receipts()]
        except OutboxError:
            return
        for one, slip in pending:
            if one.submission_id not in held:
                event = m.PendingReceipt(
                    str(one.submission_id), one.receipt_no, one.received_at.isoformat(), one.slip_copy
                )
                for peer in peers:
                    peer.send(event)
                    if slip is not None:
                        peer.send(_state_of(slip))

    def _broadcast(self, event: m.Event) -> None:
        with self._lock:
            peers = self._windows()
        for peer in peers:
            peer.send(event)

    def _windows(self) -> list[Peer]:
        return [peer for peer in self._peers if not peer.watches]

    # -- requests

    def _answer(self, peer: Peer, request: m.Request) -> None:
        try:
            self._do(peer, request)
        except IncompleteFilingError as error:
            self._refuse(peer, request, m.RefusalReason.INCOMPLETE, str(error))
        except (BadAnswerError, UnknownInvitationError) as error:
            self._refuse(peer, request, m.RefusalReason.NO_ANSWER, str(error))
        except NotReservedError as error:
            self._refuse(peer, request, m.RefusalReason.NOT_RESERVED, str(error))
        except UnknownSubmissionError as error:
            self._refuse(peer, request, m.RefusalReason.UNKNOWN_SUBMISSION, str(error))
        except OutboxFullError as error:
            self._refuse(peer, request, m.RefusalReason.NO_SPACE, str(error))
        except OutboxError as error:
            log.error("out of service: %s", error)  # noqa: TRY400 - the trace may hold statements
            self._refuse(peer, request, m.RefusalReason.OUT_OF_SERVICE, str(error))

    @staticmethod
    def _refuse(peer: Peer, request: m.Request, reason: m.RefusalReason, detail: str) -> None:
        peer.send(m.Refused(getattr(request, "request", ""), reason, detail))

    def _do(self, peer: Peer, request: m.Request) -> None:
        match request:
            case m.GetConfig():
                peer.send(self._config(request.request))
            case m.StartFiling():
                self._start(peer, request)
            case m.PutPart():
                assembly = peer.assemblies.get(_id(request.submission_id))
                if assembly is None:
                    raise UnknownSubmissionError("this filing was not started")
                assembly.put(Part(request.role, request.media_type, request.data, request.number), more=request.more)
            case m.ReserveReceipt():
                self._reserve(peer, request)
            case m.CommitFiling():
                self._commit(peer, request)
            case m.DropFiling():
                self._drop(peer, _id(request.submission_id))
            case m.ReceiptShown():
                self._agent.receipt_shown(_id(request.submission_id))
                with self._lock:
                    for other in self._peers:
                        other.unshown.discard(_id(request.submission_id))
            case m.AskPendingReceipts():
                with self._lock:
                    elsewhere = set().union(*(other.unshown for other in self._peers))
                self._offer([peer], elsewhere)
            case m.ReprintSlip():
                job = self._agent.reprint(_id(request.submission_id), request.image)
                self._slip_changed(job)
                self._printer.notify()
            case m.FindCases():
                self._find(peer, request)
            case m.CallStaff():
                delivered = self._agent.call_staff(request.reason, request.step)
                peer.send(m.StaffCalled(request.request, delivered))
            case m.GetHealth():
                peer.send(health.report(request.request, self._agent, self._clock))
            case GetQueues() | TakeTicket() | CheckInHere() | WatchTicket() | CancelTicket() | FileMeanwhile():
                self._tickets.answer(peer, request)
            case ShowPad() | RatingShown() | RatingWaits() | AnswerRating() | FindRatings() | HoldRating():
                self._ratings.answer(peer, request)
            case GetDuty() | ReportUnresolved():
                self._unresolved.answer(peer, request)
            case KeepDraft() | TakeUpDraft() | ForgetDraft():
                peer.send(self._drafts.answer(request))
            case Ping():
                with self._lock:  # what all windows need: held for good, nobody is served any more
                    peer.watches = True
                peer.send(Pong())
            case _:
                assert_never(request)

    def _config(self, request: str) -> m.Config:
        terminal = self._agent.terminal
        return m.Config(
            request,
            self._agent.config,
            terminal.code,
            terminal.court_code,
            terminal.court_name,
            self._agent.config.development,
            terminal.software,
        )

    def _start(self, peer: Peer, request: m.StartFiling) -> None:
        # A disk that is nearly full is told by AgentStatus before anybody begins. Who is here has filled in everything,
        # and finishing is always tried.
        if reason := self._agent.outbox.out_of_service:
            raise OutOfServiceError(reason)
        submission_id = _id(request.submission_id)
        peer.assemblies[submission_id] = self._agent.assembly(submission_id)
        peer.send(m.FilingStarted(request.request, request.submission_id))

    def _reserve(self, peer: Peer, request: m.ReserveReceipt) -> None:
        submission_id = _id(request.submission_id)
        held = self._agent.reserve_receipt(submission_id)
        peer.reserved.add(submission_id)
        peer.send(
            m.ReceiptReserved(request.request, request.submission_id, held.receipt_no, held.received_at.isoformat())
        )

    def _commit(self, peer: Peer, request: m.CommitFiling) -> None:
        submission_id = _id(request.submission_id)
        assembly = peer.assemblies.get(submission_id)
        if assembly is None:
            committed = self._agent.outbox.find(submission_id)
            if committed is None:
                raise UnknownSubmissionError("no filing of that id")
        else:
            committed = self._agent.commit_sealed(assembly.sealed(request.slip, request.slip_copy))
            del peer.assemblies[submission_id]
            peer.reserved.discard(submission_id)
            with self._lock:
                peer.unshown.add(submission_id)
        peer.send(
            m.Committed(
                request.request,
                request.submission_id,
                committed.receipt_no,
                committed.received_at.isoformat(),
                committed.sha256,
                committed.already,
            )
        )
        self._printer.notify()

    def _drop(self, peer: Peer, submission_id: UUID) -> None:
        peer.assemblies.pop(submission_id, None)
        if submission_id in peer.reserved:
            peer.reserved.discard(submission_id)
            self._agent.outbox.drop_reservation(submission_id)

    def _find(self, peer: Peer, request: m.FindCases) -> None:
        found = self._agent.find_cases(receipt_no=request.receipt_no, identity_number=request.identity_number)
        peer.send(m.CasesFound(request.request, found.cases, found.offline, found.misread))

    # -- events

    def _acknowledged(self, submission_id: UUID) -> None:
        committed = self._agent.outbox.find(submission_id)
        if committed is not None:
            self._broadcast(m.Acknowledged(str(submission_id), committed.receipt_no))

    def _slip_changed(self, job: PrintJob) -> None:
        self._broadcast(_state_of(job))

    def _present_status(self) -> m.AgentStatus:
        status = self._agent.status()
        return m.AgentStatus(status.hub, status.queue_depth, status.accepting, self._tickets.offered())

    def _watch_status(self) -> None:
        while not self._stopping.wait(STATUS_SECONDS):
            try:
                present = self._present_status()
            except OutboxError:
                continue  # it broke between two looks; the next look says so
            if present != self._status:
                self._status = present
                self._broadcast(present)


def _state_of(job: PrintJob) -> m.SlipState:
    return m.SlipState(str(job.submission_id), job.job, job.state, job.copy, job.detail)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownSubmissionError("not the id of a filing") from error
