"""The outbox's messenger: heartbeat, calls for staff, filings, erasure. It never drops anything.

`step` does one thing and says how long to wait for the next, so that tests and `deliver` drive it without a thread.
Two kinds of patience: a hub that does not answer at all is left alone as a whole; a filing at which the hub fails waits
by itself, while others go through.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from uuid import UUID

from kiosk.clock import Clock
from kiosk.court.client import HubClient
from kiosk.court.contract import Heartbeat
from kiosk.court.heartbeats import ReplyRefusedError, fresh_nonce, verify_reply
from kiosk.court.hub_errors import (
    HubBusyError,
    HubError,
    HubRefusedError,
    HubUnreachableError,
    TerminalRefusedError,
)
from kiosk.court.keys import VerifyKey
from kiosk.court.receipts import ReceiptRefusedError
from kiosk.outbox import calls, delivery, ratings, safety, unresolved
from kiosk.outbox.backoff import Backoff
from kiosk.outbox.errors import OutboxError, OutboxFullError
from kiosk.outbox.filing import Sender, Waiting
from kiosk.outbox.states import State
from kiosk.outbox.store import Outbox
from kiosk.outbox.upload import Uploader

log = logging.getLogger(__name__)

MOST_ASKED = 1000
FAILURES_THAT_MEAN_THE_HUB = 3
PURGE_SECONDS = 60.0
CALL_SECONDS = 10.0
FULL_SECONDS = 5.0
HURRIED_SECONDS = 2.0
"""Longest pause between attempts while somebody waits for the delivery."""


class HubWord(Enum):
    """What the last exchange said about the hub."""

    ANSWERED = "answered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class WorkerRules:
    """How the worker behaves; from the configuration."""

    heartbeat_seconds: float = 30.0
    overdue: timedelta = timedelta(days=7)
    keep: timedelta = timedelta(hours=72)


class Worker:
    """Carries the outbox to one hub. `on_receipt`, `on_hub` and `on_epoch` (the hub was restored, what
    was not safe is offered again) are called from the worker's thread."""

    def __init__(
        self,
        outbox: Outbox,
        client: HubClient,
        court: VerifyKey,
        sender: Sender,
        clock: Clock,
        *,
        rules: WorkerRules | None = None,
        rng: random.Random | None = None,
        on_receipt: Callable[[UUID], None] = lambda _: None,
        on_hub: Callable[[HubWord, str], None] = lambda _word, _detail: None,
        on_epoch: Callable[[], None] = lambda: None,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._court = court
        self._sender = sender
        self._clock = clock
        self._rules = rules or WorkerRules()
        self._rng = rng or random.Random()
        self._on_receipt = on_receipt
        self._on_hub = on_hub
        self._on_epoch = on_epoch
        self._uploader = Uploader(client, outbox.blobs, court, clock)
        self._hub = Backoff(self._rng)
        self._filings: dict[UUID, Backoff] = {}
        self._failed_in_a_row = 0
        self._next_heartbeat = 0.0
        self._next_call = 0.0
        self._next_purge = 0.0
        self.heartbeats = 0
        """How many were attempted."""
        self._hurry_until = 0.0
        self._hurried = threading.Event()
        self._wake = threading.Event()
        self._stopping = threading.Event()

    # -- running

    def notify(self) -> None:
        """Something new waits: look at once."""
        self._wake.set()

    def hurry(self, seconds: float) -> None:
        """Somebody waits for at most `seconds`: begin with a heartbeat, forget earlier failures, and be quick to try
        again. What the hub asks for (Retry-After) is honoured all the same."""
        self._hurry_until = self._clock.monotonic() + seconds
        self._hurried.set()
        self._wake.set()

    def stop(self) -> None:
        """End `run`, and an attempt under way after its present request."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Work until `stop`, or until the store is out of service."""
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                pause = self.step()
            except OutboxFullError:
                pause = FULL_SECONDS  # room may come back: the next look tells
            except OutboxError as error:
                log.error("the outbox stopped: %s", error)  # noqa: TRY400 - the trace may hold statements
                return
            if pause > 0.0:
                self._wake.wait(pause)

    def deliver(self, seconds: float) -> int:
        """Carry what can be carried within `seconds`; how many filings remain without a receipt.

        Begins with a heartbeat, which tells whether the hub has forgotten anything, and waits out back-off, so that a
        hub that comes up late is still found. Raises OutboxError.
        """
        end = self._clock.monotonic() + seconds
        self.hurry(seconds)
        while True:
            pause = self.step()
            left = self._outbox.undelivered()
            rest = end - self._clock.monotonic()
            if left == 0 or rest <= 0.0 or self._stopping.is_set():
                return left
            self._stopping.wait(min(pause, rest))

    # -- one step

    def step(self) -> float:
        """Do the one most urgent thing; seconds until there is the next (0: at once). Raises OutboxError."""
        now = self._clock.monotonic()
        if self._hurried.is_set():
            self._hurried.clear()
            self._next_heartbeat = 0.0
            self._hub.succeeded()
            self._filings.clear()
        if now >= self._next_purge:
            self._next_purge = now + PURGE_SECONDS
            self._outbox.purge(self._rules.keep)
        if now < self._hub.due:
            return min(self._hub.due, self._next_purge) - now
        if now >= self._next_heartbeat:
            self._next_heartbeat = now + self._rules.heartbeat_seconds
            self.heartbeats += 1
            if not self._talk(self._heartbeat):
                self._next_heartbeat = 0.0  # a silent hub is asked this first, before any filing is sent
            return 0.0
        called = self._outbox.run(calls.oldest) is not None
        if called and now >= self._next_call:
            self._next_call = now + CALL_SECONDS
            self._talk(self._call_staff)
            return 0.0
        filing = self._next_filing(now)
        if filing is not None:
            self._attempt(filing)
            return 0.0
        dues = [backoff.due for backoff in self._filings.values()] + ([self._next_call] if called else [])
        return max(0.0, min(self._next_heartbeat, self._next_purge, *dues) - now)

    def _next_filing(self, now: float) -> Waiting | None:
        """The one that failed least often, then the oldest: a filing that always fails cannot hold up the others."""
        rows = self._outbox.run(lambda c: delivery.waiting(c, len(self._filings) + 1))
        tried = {key: backoff.failures for key, backoff in self._filings.items()}
        due = [row for row in rows if row.submission_id not in tried or self._filings[row.submission_id].due <= now]
        return min(due, key=lambda row: tried.get(row.submission_id, 0), default=None)

    # -- talking to the hub

    def _talk(self, exchange: Callable[[], None]) -> bool:
        """Run one exchange that no filing depends on; False where the hub is now left alone for a while."""
        try:
            exchange()
        except HubBusyError as error:
            self._leave_alone(HubWord.ANSWERED, error, error.retry_after)
            return False
        except HubUnreachableError as error:
            self._leave_alone(HubWord.SILENT, error)
            return False
        except HubError as error:
            # It answers, so filings are tried all the same.
            self._on_hub(HubWord.ANSWERED, str(error))
            return True
        self._hub.succeeded()
        self._on_hub(HubWord.ANSWERED, "")
        return True

    def _leave_alone(self, word: HubWord, error: Exception, retry_after: float | None = None) -> None:
        self._failed(self._hub, retry_after)
        self._on_hub(word, str(error))

    def _failed(self, backoff: Backoff, retry_after: float | None = None) -> None:
        now = self._clock.monotonic()
        backoff.failed(now, retry_after)
        if now < self._hurry_until and retry_after is None:
            backoff.due = min(backoff.due, now + HURRIED_SECONDS)

    def _heartbeat(self) -> None:
        asked = self._outbox.run(lambda c: safety.awaiting(c, MOST_ASKED))
        counts = self._outbox.counts()
        rated, reported = self._outbox.run(ratings.backlog), self._outbox.run(unresolved.backlog)
        beat = Heartbeat(
            nonce=fresh_nonce(),
            terminal=self._sender.terminal,
            epoch=self._outbox.run(lambda c: delivery.get_setting(c, delivery.EPOCH)),
            max_sequence=counts.last_sequence,
            awaiting_safety=tuple(asked),
            software=self._sender.software,
            queue_depth=counts.undelivered,
            ratings_waiting=rated.waiting,
            oldest_rating=rated.oldest,
            reports_waiting=reported.waiting,
            oldest_report=reported.oldest,
        )
        reply = self._client.heartbeat(beat)
        try:
            verify_reply(reply, self._court, beat)
        except ReplyRefusedError as error:
            log.warning("a heartbeat was not answered by the court: %s", error)
            raise
        now = self._clock.now()
        # The epoch first: what a restored hub reports safe is safe in its new epoch only.
        if self._outbox.run(lambda c: safety.enter_epoch(c, reply.epoch, now)):
            self._filings.clear()
            self._on_epoch()
        self._outbox.run(lambda c: safety.mark(c, reply.safe, now))

    def _call_staff(self) -> None:
        call = self._outbox.run(calls.oldest)
        if call is None:
            return
        if self._clock.now() - call.created_at < calls.STALE:
            try:
                self._client.call_assistance(call.message(self._sender.terminal))
            except HubRefusedError as error:
                log.warning("the hub refuses a call for staff: %s", error)
        self._outbox.run(lambda c: calls.done(c, call.call_id))
        self._next_call = 0.0

    def _attempt(self, filing: Waiting) -> None:
        submission_id, now = filing.submission_id, self._clock.now()
        if now - filing.committed_at > self._rules.overdue:
            self._outbox.run(lambda c: delivery.need_person(c, submission_id, "overdue", now))
        manifest, digest = self._outbox.run(lambda c: delivery.begin_upload(c, submission_id))
        try:
            fresh = filing.state is State.SEALED
            receipt = self._uploader.deliver(manifest, digest, lambda: not self._stopping.is_set(), fresh=fresh)
        except HubBusyError as error:
            self._leave_alone(HubWord.ANSWERED, error, error.retry_after)
        except HubUnreachableError as error:
            self._put_off(submission_id)
            self._leave_alone(HubWord.SILENT, error)
        except TerminalRefusedError as error:
            self._leave_alone(HubWord.ANSWERED, error)
        except (HubRefusedError, ReceiptRefusedError) as error:
            # Who signs a wrong receipt is no hub of ours, however well it speaks.
            reason = str(error)
            self._outbox.run(lambda c: delivery.need_person(c, submission_id, reason, now))
            self._put_off(submission_id)
        except HubError as error:
            self._put_off(submission_id)
            self._on_hub(HubWord.ANSWERED, str(error))
        except OSError:
            self._outbox.run(lambda c: delivery.need_person(c, submission_id, "a document cannot be read", now))
            self._put_off(submission_id)
        else:
            self._outbox.run(lambda c: delivery.accept_receipt(c, receipt, self._clock.now()))
            self._failed_in_a_row = 0
            self._filings.pop(submission_id, None)
            self._hub.succeeded()
            self._on_hub(HubWord.ANSWERED, "")
            self._on_receipt(submission_id)

    def _put_off(self, submission_id: UUID) -> None:
        """This filing waits by itself; when one after the other fails, it is the hub that is ill."""
        self._failed(self._filings.setdefault(submission_id, Backoff(self._rng)))
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= FAILURES_THAT_MEAN_THE_HUB:
            self._failed(self._hub)
