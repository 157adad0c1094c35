"""The agent without its sockets: everything durable that a terminal does. `simulate` and the service both use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from kiosk.agent.assembly import Assembly, Filing
from kiosk.agent.messages import CaseView, HubState, LocalState
from kiosk.agent.terminal import Terminal, device_key, establish
from kiosk.agent.tickets import TicketDesk
from kiosk.clock import Clock, SystemClock
from kiosk.config.model import TerminalConfig
from kiosk.court.client import HubClient
from kiosk.court.contract import AssistanceReason, CaseList, CaseStatus
from kiosk.court.event_stream import EventStream
from kiosk.court.hub_errors import HubError
from kiosk.court.keys import SigningKey
from kiosk.court.receipt_numbers import ReceiptNumberError, normalise
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import calls, slips
from kiosk.outbox.filing import Committed, Counts, LocalCase, PendingReceipt, PrintJob, Reservation, SealedFiling
from kiosk.outbox.states import UNDELIVERED
from kiosk.outbox.store import Outbox
from kiosk.outbox.worker import HubWord, Worker, WorkerRules

ASK_SECONDS = 8.0
"""How long a person waits for the hub before the terminal answers from what it knows itself."""

CALL_SECONDS = 3.0
STOP_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class FoundCases:
    """What became of complaints, newest first; `offline` where only this terminal's own rows were looked through."""

    cases: tuple[CaseView, ...]
    offline: bool = False
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand."""

    hub: HubState
    hub_detail: str
    queue_depth: int
    accepting: bool


class Agent:
    """One terminal's keys, outbox and line to the hub. Methods may be called from any thread."""

    def __init__(self, outbox: Outbox, terminal: Terminal, config: TerminalConfig, clock: Clock) -> None:
        self.outbox = outbox
        self.terminal = terminal
        self.config = config
        self._clock = clock
        self._hub_word: HubWord | None = None
        self._hub_detail = ""
        self._silent_since: float | None = None
        self._changed = threading.Condition()
        self._listeners: list[Callable[[UUID], None]] = []
        self._epoch_listeners: list[Callable[[], None]] = []
        self._client = _client(config, terminal.key, clock)
        self._asking = _client(config, terminal.key, clock)
        self._asking_lock = threading.Lock()
        self.tickets = TicketDesk(
            outbox, terminal, clock, self.new_client(), public_url=config.queue.public_url or config.hub.url
        )
        self._worker = Worker(
            outbox,
            self._client,
            terminal.signing_key,
            terminal.sender,
            clock,
            rules=WorkerRules(
                config.hub.heartbeat_seconds,
                timedelta(days=config.hub.overdue_days),
                timedelta(hours=config.retention.sealed_hours),
            ),
            on_receipt=self._receipted,
            on_hub=self._heard,
            on_epoch=self._offered_again,
        )
        self._thread: threading.Thread | None = None
        self.worker_ended = threading.Event()
        """Set when the messenger's thread is gone: by `close`, or because of a failure the process must not outlive."""

    @classmethod
    def open(
        cls,
        data_dir: Path,
        hub_url: str | None = None,
        clock: Clock | None = None,
        *,
        config: TerminalConfig | None = None,
    ) -> Agent:
        """Open the terminal whose data is in `data_dir`; a fresh folder becomes a development terminal.

        `hub_url` goes before the configuration's. Raises AgentStartError; OutboxError where another process has the
        folder, or engine, database or disk fail their checks.
        """
        clock = clock or SystemClock()
        config = config or TerminalConfig()
        if hub_url is not None:
            config = msgspec.structs.replace(config, hub=msgspec.structs.replace(config.hub, url=hub_url))
        key = device_key(data_dir, config)
        outbox = Outbox.open(data_dir / "outbox", clock)
        try:
            chosen = config
            terminal = establish(outbox, config, key, clock, lambda: _client(chosen, key, clock))
            return cls(outbox, terminal, config, clock)
        except BaseException:
            outbox.close()
            raise

    def new_client(self) -> HubClient:
        """One more line to the hub, for whoever asks from a thread of its own."""
        return _client(self.config, self.terminal.key, self._clock)

    def new_stream(self) -> EventStream:
        """A listener to the hub's events."""
        ca_file = Path(self.config.hub.ca_file) if self.config.hub.ca_file else None
        return EventStream(self.config.hub.url, self.terminal.key, self._clock, ca_file)

    # -- filing

    def reserve_receipt(self, submission_id: UUID) -> Reservation:
        """The receipt number for envelope, slip and A4 receipt. Raises OutboxError."""
        return self.outbox.reserve_receipt(submission_id, self.terminal.code)

    def assembly(self, submission_id: UUID) -> Assembly:
        """An empty filing that seals what is put into it."""
        return Assembly(submission_id, self.terminal.sealing_key)

    def commit(self, filing: Filing) -> Committed:
        """Seal and commit a whole filing; only when this returns may anything say "received".

        Raises IncompleteFilingError, OutboxError.
        """
        assembly = self.assembly(filing.submission_id)
        for part in filing.parts:
            assembly.put(part)
        return self.commit_sealed(assembly.sealed(filing.slip, filing.slip_copy))

    def commit_sealed(self, filing: SealedFiling) -> Committed:
        """Commit what is sealed already. Raises OutboxError."""
        committed = self.outbox.commit(filing, self.terminal.sender)
        self._worker.notify()
        return committed

    def receipt_shown(self, submission_id: UUID) -> None:
        """The person has seen the number. Raises OutboxError."""
        self.outbox.run(lambda c: slips.receipt_shown(c, submission_id, self._clock.now()))

    def pending_receipts(self) -> list[PendingReceipt]:
        """Filings committed minutes ago whose number nobody has seen: the window died in between."""
        within = timedelta(minutes=self.config.retention.offer_receipt_minutes)
        return self.outbox.run(lambda c: slips.pending_receipts(c, self._clock.now(), within))

    def slip(self, submission_id: UUID) -> PrintJob | None:
        """The newest slip of a filing; None where none was wanted. Raises OutboxError."""
        return self.outbox.run(lambda c: slips.newest_job(c, submission_id))

    def reprint(self, submission_id: UUID, image: bytes = b"") -> PrintJob:
        """Queue a copy of a slip; empty `image`: the copy kept at the commit. Raises UnknownSubmissionError."""
        return self.outbox.run(lambda c: slips.add_copy(c, submission_id, image, self._clock.now()))

    # -- delivering

    def start(self) -> None:
        """Deliver in the background from now on."""
        self._thread = threading.Thread(target=self._work, name="outbox-worker", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._worker.run()
        finally:
            self.worker_ended.set()
            with self._changed:
                self._changed.notify_all()

    def deliver(self, deadline: float, silence: float | None = None) -> int:
        """Deliver for at most `deadline` seconds, and where `silence` is given no longer than the hub has been silent
        for so many; how many filings have no receipt yet. Raises OutboxError."""
        if self._thread is None:
            return self._worker.deliver(deadline)
        before, begun = self._worker.heartbeats, self._clock.monotonic()
        self._worker.hurry(deadline)
        with self._changed:
            # The heartbeat may tell that the hub was restored and has forgotten something.
            while not (self._worker.heartbeats > before and self.outbox.undelivered() == 0):
                end = begun + deadline
                if silence is not None and self._silent_since is not None:
                    end = min(end, max(begun, self._silent_since) + silence)
                rest = end - self._clock.monotonic()
                if rest <= 0.0 or self.worker_ended.is_set():
                    break
                self._changed.wait(rest)
        return self.outbox.undelivered()

    def on_receipt(self, listener: Callable[[UUID], None]) -> None:
        """Call `listener` (from the messenger's thread) for every filing the court has acknowledged."""
        self._listeners.append(listener)

    def on_epoch(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from the messenger's thread) when a restored hub is to be brought everything again."""
        self._epoch_listeners.append(listener)

    def _offered_again(self) -> None:
        for listener in self._epoch_listeners:
            listener()

    def _receipted(self, submission_id: UUID) -> None:
        for listener in self._listeners:
            listener(submission_id)
        with self._changed:
            self._changed.notify_all()

    def _heard(self, word: HubWord, detail: str) -> None:
        self._hub_word, self._hub_detail = word, detail
        if word is HubWord.ANSWERED:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = self._clock.monotonic()
        with self._changed:
            self._changed.notify_all()

    # -- asking

    def find_cases(self, *, receipt_no: str = "", identity_number: str = "") -> FoundCases:
        """What became of complaints, by receipt number as typed or by identity number."""
        number = ""
        if receipt_no:
            try:
                number = normalise(receipt_no)
            except ReceiptNumberError:
                return FoundCases((), misread=True)
        local = self.outbox.local_case(number) if number else None
        own = (_own_view(local),) if local else ()
        try:
            listed = self._ask(number, identity_number)
        except HubError:
            return FoundCases(own, offline=True)
        found = tuple(_view(case) for case in listed.cases)
        return FoundCases(found or own)

    def _ask(self, number: str, identity_number: str) -> CaseList:
        with self._asking_lock:
            if number:
                return self._asking.cases_by_receipt(number, ASK_SECONDS)
            return self._asking.cases_by_identity(identity_number, self.terminal.sealing_key, ASK_SECONDS)

    def call_staff(self, reason: AssistanceReason, step: str) -> bool:
        """Call a person; True where the call is on the staff's list, else it waits for the hub."""
        now = self._clock.now()
        call = calls.StaffCall(uuid7(now), now, reason, step)
        self.outbox.run(lambda c: calls.add(c, call))
        try:
            with self._asking_lock:
                self._asking.call_assistance(call.message(self.terminal.code), CALL_SECONDS)
        except HubError:
            self._worker.notify()
            return False
        self.outbox.run(lambda c: calls.done(c, call.call_id))
        return True

    def status(self) -> Status:
        """How things stand."""
        match self._hub_word:
            case None:
                hub = HubState.UNKNOWN
            case HubWord.ANSWERED:
                hub = HubState.ONLINE
            case HubWord.SILENT:
                hub = HubState.OFFLINE
        depth = 0 if self.outbox.out_of_service else self.outbox.undelivered()
        return Status(hub, self._hub_detail, depth, self.outbox.accepting)

    def counts(self) -> Counts | None:
        """How full the outbox is; None where it is out of service."""
        return None if self.outbox.out_of_service else self.outbox.counts()

    def close(self) -> None:
        """Stop delivering and close everything. Safe at any time; what is committed stays committed."""
        self._worker.stop()
        if self._thread is not None:
            # A request to a slow hub may still be under way; the worker ends when it finds the outbox closed.
            self._thread.join(STOP_SECONDS)
        self._client.close()
        self._asking.close()
        self.tickets.close()
        self.outbox.close()


def _client(config: TerminalConfig, key: SigningKey, clock: Clock) -> HubClient:
    ca_file = Path(config.hub.ca_file) if config.hub.ca_file else None
    return HubClient(config.hub.url, key, clock, ca_file)


def _own_view(case: LocalCase) -> CaseView:
    waiting = case.state in UNDELIVERED
    return CaseView(
        receipt_no=case.receipt_no,
        state=LocalState.WAITING_TO_BE_SENT if waiting else LocalState.DELIVERED,
        received=case.received_at.isoformat(),
        cause_name=case.cause_name,
        handling_court=case.handling_court,
        competent_court=case.competent_court,
    )


def _view(case: CaseStatus) -> CaseView:
    return CaseView(
        receipt_no=case.receipt_no,
        state=LocalState(case.state.value),
        received=case.received.isoformat(),
        cause_name=case.cause_name,
        handling_court=case.handling_court,
        competent_court=case.competent_court,
        decision_due=case.decision_due.isoformat(),
        decided=case.decided.isoformat() if case.decided else "",
        case_number=case.case_number or "",
        corrections=case.corrections,
        note=case.note,
    )
