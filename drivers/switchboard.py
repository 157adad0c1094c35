"""Who is connected, what they asked, and what every newcomer must be told first."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from drivers.api.liveness import Ping, Pong
from drivers.api.messages import (
    AskJob,
    CancelRequest,
    CaptureFailed,
    CapturePage,
    CodeRead,
    CodeReadFailed,
    Event,
    IdentityRead,
    IdentityReadFailed,
    PageCaptured,
    PreviewFrame,
    PrintJobChanged,
    ReadCode,
    ReadIdentity,
    Request,
    ScanEnded,
    ScanPages,
    SlipWidth,
    StartPreview,
    StatusChanged,
    StopPreview,
)
from drivers.api.records import JobState
from drivers.api.status import DeviceClass
from drivers.api.wire import Channel, WireError
from drivers.device import JobKeeper, Ticket, answer_unavailable, device_class_of
from drivers.supervisor import Supervisor

MOST_WAITING = 512
"""Events a client may leave unread; one that leaves more is stuck, and is dropped."""


_LAST_ANSWERS = IdentityRead | IdentityReadFailed | PageCaptured | CaptureFailed | ScanEnded | CodeRead | CodeReadFailed
"""After these a request is done with."""


class Client:
    """One connection. Events are queued and sent by a thread of its own, so a slow client holds up no device."""

    def __init__(self, channel: Channel[Request, Event]) -> None:
        self._channel = channel
        self.watches = False
        """Whether it only asks if the daemon is there; such a client is told nothing else."""
        self._changed = threading.Condition()
        self._waiting: deque[Event] = deque()
        self._closed = False
        self._tickets: dict[str, Ticket] = {}
        self._preview: Ticket | None = None
        self._writer = threading.Thread(target=self._write, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._writer.start()

    def send(self, event: Event) -> None:
        """Queue `event`. A preview frame takes the place of one not yet sent. Never blocks or raises."""
        with self._changed:
            if self._closed:
                return
            if isinstance(event, PreviewFrame):
                self._waiting = deque(kept for kept in self._waiting if not isinstance(kept, PreviewFrame))
            if isinstance(event, _LAST_ANSWERS):
                self._tickets.pop(event.request, None)
            self._waiting.append(event)
            stuck = len(self._waiting) > MOST_WAITING
            self._changed.notify()
        if stuck:
            self.close()

    def _write(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                event = self._waiting.popleft()
            try:
                self._channel.send(event)
            except (OSError, WireError):
                self.close()
                return

    def ticket(self, request: Request) -> Ticket:
        """A ticket whose answers come back here, remembered so that it can be given up."""
        ticket = Ticket(request, self.send, time.monotonic())
        with self._changed:
            match request:
                case (
                    ReadIdentity(request=name)
                    | CapturePage(request=name)
                    | ScanPages(request=name)
                    | ReadCode(request=name)
                ):
                    self._tickets[name] = ticket
                case StartPreview():
                    self._preview, earlier = ticket, self._preview
                    if earlier:
                        earlier.cancel()
                case _:
                    pass
        return ticket

    def cancel(self, request: str) -> None:
        """Give up one reading, capture or scan, of paper or of a code; unknown or answered ones are ignored."""
        with self._changed:
            ticket = self._tickets.get(request)
        if ticket:
            ticket.cancel()

    def stop_preview(self) -> None:
        """End the preview, if there is one."""
        with self._changed:
            ticket, self._preview = self._preview, None
        if ticket:
            ticket.cancel()

    def close(self) -> None:
        """Disconnect and give up everything asked, except printing."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            given_up = list(self._tickets.values())
            self._changed.notify()
        for ticket in given_up:
            ticket.cancel()
        self.stop_preview()
        self._channel.close()


class Switchboard:
    """Clients on one side, devices on the other. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: set[Client] = set()
        self._statuses: dict[DeviceClass, StatusChanged] = {}
        self._slip_width: SlipWidth | None = None
        self._supervisors: Mapping[DeviceClass, Supervisor] = {}

    def connect_devices(self, supervisors: Mapping[DeviceClass, Supervisor]) -> None:
        """Say who serves which requests; classes left out are not configured."""
        self._supervisors = supervisors

    def broadcast(self, event: Event) -> None:
        """Send to all clients; statuses and the slip width are kept for newcomers."""
        with self._lock:
            if isinstance(event, StatusChanged):
                self._statuses[event.device] = event
            elif isinstance(event, SlipWidth):
                self._slip_width = event
            for client in self._clients:
                if not client.watches:
                    client.send(event)

    def serve(self, channel: Channel[Any, Any]) -> None:
        """Serve one client until it leaves or sends what is no request."""
        client = Client(channel)
        with self._lock:
            for status in self._statuses.values():
                client.send(status)
            if self._slip_width is not None:
                client.send(self._slip_width)
            self._clients.add(client)
        client.start()
        try:
            with contextlib.suppress(OSError, WireError):  # both end this connection and nothing else
                while (request := channel.receive()) is not None:
                    self._dispatch(client, request)
        finally:
            with self._lock:
                self._clients.discard(client)
            client.close()

    def _dispatch(self, client: Client, request: Request) -> None:
        match request:
            case CancelRequest(request=name):
                client.cancel(name)
            case StopPreview():
                client.stop_preview()
            case AskJob(job=job):
                client.send(self._job_state(job))
            case Ping():
                with self._lock:  # what every client and every device needs: held for good, nobody is served any more
                    client.watches = True
                client.send(Pong())
            case _:
                device_class = device_class_of(request)
                supervisor = self._supervisors.get(device_class) if device_class else None
                ticket = client.ticket(request)
                if supervisor is None:
                    answer_unavailable(ticket, "not configured")
                else:
                    supervisor.submit(ticket)

    def _job_state(self, job: str) -> PrintJobChanged:
        for supervisor in self._supervisors.values():
            keeper: object = supervisor.device
            if isinstance(keeper, JobKeeper) and (state := keeper.job_state(job)) is not None:
                return state
        return PrintJobChanged(job, JobState.UNKNOWN, "no such job")

    def close_all(self) -> None:
        """Disconnect every client."""
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.close()
