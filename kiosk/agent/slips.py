"""Sends slips to the device daemon and writes down what became of them.

A slip is sent under its durable job number, so that sending it again after a restart prints nothing twice. A slip that
could not even be handed to the daemon within PATIENCE is given up: a printer that comes back later must not print one
person's receipt in front of another. Whether a slip is printed never touches the filing.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from drivers.api import wire
from drivers.api.messages import AskJob, Event, PrintJobChanged, PrintSlip
from drivers.api.records import JobState
from kiosk.clock import Clock
from kiosk.outbox import slips
from kiosk.outbox.errors import OutboxError
from kiosk.outbox.filing import PrintJob
from kiosk.outbox.store import Outbox

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)
ASK_NO_LONGER = timedelta(hours=1)
"""The daemon forgets its jobs when it ends; an unknown job is not asked for again after this."""

_FIRST_RETRY = 0.25
_LONGEST_RETRY = 5.0
_LOOK_SECONDS = 5.0


class SlipPrinter:
    """The agent's connection to the device daemon, for slips only. `on_change` is called from its threads."""

    def __init__(self, outbox: Outbox, devices: Path, clock: Clock, on_change: Callable[[PrintJob], None]) -> None:
        self._outbox = outbox
        self._devices = devices
        self._clock = clock
        self._on_change = on_change
        self._channel: wire.Channel[Any, Any] | None = None
        self._sent: set[str] = set()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slips", daemon=True)

    def start(self) -> None:
        """Connect, now and after every loss."""
        self._thread.start()

    def notify(self) -> None:
        """A new job waits."""
        self._wake.set()

    def stop(self) -> None:
        """Disconnect and end."""
        self._stopping.set()
        self._wake.set()
        if self._channel is not None:
            self._channel.close()
        self._thread.join(5.0)

    def _run(self) -> None:
        retry = _FIRST_RETRY
        while not self._stopping.is_set():
            try:
                self._look()
                self._channel = wire.connect(self._devices, Event)
            except OSError:
                self._wake.wait(retry)
                self._wake.clear()
                retry = min(_LONGEST_RETRY, retry * 2)
                continue
            except OutboxError as error:
                log.error("slips stopped: %s", error)  # noqa: TRY400 - the trace may hold statements
                return
            retry = _FIRST_RETRY
            self._serve(self._channel)

    def _serve(self, channel: wire.Channel[Any, Any]) -> None:
        self._sent.clear()
        reader = threading.Thread(target=self._read, args=(channel,), name="slip-events", daemon=True)
        reader.start()
        with contextlib.suppress(OSError, OutboxError):  # the daemon left, or the store fails: both end this round
            while reader.is_alive() and not self._stopping.is_set():
                self._wake.clear()
                self._look()
                self._wake.wait(_LOOK_SECONDS)
        channel.close()
        reader.join()
        self._channel = None

    def _look(self) -> None:
        """Hand over what waits, ask after what was left unknown, give up what is too old."""
        for job in self._outbox.run(slips.unsettled):
            age = self._clock.now() - job.created_at
            if job.job in self._sent:
                continue
            if job.state is JobState.QUEUED and age > PATIENCE:
                self._note(job.job, JobState.FAILED, "not handed to the printer in time")
            elif self._channel is None:
                continue
            elif job.state is JobState.QUEUED and job.image is not None:
                self._channel.send(PrintSlip(job.job, job.image))
                self._sent.add(job.job)
            elif age < ASK_NO_LONGER:
                self._channel.send(AskJob(job.job))
                self._sent.add(job.job)

    def _read(self, channel: wire.Channel[Any, Any]) -> None:
        with contextlib.suppress(OSError, wire.WireError, OutboxError):  # each of them ends the connection
            while (event := channel.receive()) is not None:
                if isinstance(event, PrintJobChanged):
                    self._note(event.job, event.state, event.detail)
        self._wake.set()

    def _note(self, job: str, state: JobState, detail: str) -> None:
        def write(connection: sa.Connection) -> PrintJob | None:
            changed = slips.set_job_state(connection, job, state, detail, self._clock.now())
            return slips.find_job(connection, job) if changed else None

        changed = self._outbox.run(write)
        if changed is not None:
            self._on_change(changed)
