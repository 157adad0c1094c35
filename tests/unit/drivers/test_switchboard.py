"""Clients that do not listen, and previews, at the switchboard; the rest is held by the daemon's contract tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drivers.api.liveness import Ping, Pong
from drivers.api.messages import (
    AskJob,
    CardInserted,
    Event,
    PreviewFrame,
    PrintJobChanged,
    PrintSlip,
    ReadIdentity,
    Request,
    SlipWidth,
    StartPreview,
    StatusChanged,
    StopPreview,
)
from drivers.api.records import JobState
from drivers.api.status import DeviceClass, Unknown
from drivers.api.wire import Channel
from drivers.device import Context, Ticket
from drivers.supervisor import Supervisor
from drivers.switchboard import MOST_WAITING, Switchboard

CARD = CardInserted()


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


class Keeper:
    """A device that keeps tickets and one job."""

    stable_id = "tcp://192.0.2.9:9100"
    simulated = False

    def __init__(self, device_class: DeviceClass) -> None:
        self.device_class = device_class
        self.tickets: list[Ticket] = []
        self.state: PrintJobChanged | None = None

    def open(self) -> None:
        """Always there."""

    def run(self, context: Context) -> None:
        while not context.stopping:
            if ticket := context.next_ticket(0.2):
                self.tickets.append(ticket)

    def close(self) -> None:
        """Nothing is held."""

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - the protocol has it
        self.tickets.append(ticket)

    def job_state(self, job: str) -> PrintJobChanged | None:
        return self.state if self.state and self.state.job == job else None


class Connection:
    """A served connection; what is sent arrives only when `receive` is called."""

    def __init__(self, switchboard: Switchboard) -> None:
        ours, theirs = socket.socketpair()
        self.channel: Channel[Any, Any] = Channel(ours, Event)
        self.thread = threading.Thread(target=switchboard.serve, args=(Channel(theirs, Request),), daemon=True)
        self.thread.start()


@pytest.fixture
def switchboard() -> Iterator[Switchboard]:
    board = Switchboard()
    yield board
    board.close_all()


def test_a_client_that_does_not_listen_delays_nobody_and_is_dropped(switchboard: Switchboard) -> None:
    deaf, listener = Connection(switchboard), Connection(switchboard)
    for connection in (deaf, listener):
        connection.channel.send(AskJob("j"))
        connection.channel.receive()  # both are connected now
    heard: list[Event] = []

    def listen() -> None:
        while (event := listener.channel.receive()) is not None:
            heard.append(event)

    threading.Thread(target=listen, daemon=True).start()
    big = PrintJobChanged("j", JobState.QUEUED, "x" * 10_000)
    for sent in range(1, MOST_WAITING + 200):
        switchboard.broadcast(big)
        _until(lambda sent=sent: len(heard) == sent)  # type: ignore[misc]  # mypy cannot infer the default's type
    deaf.thread.join(5)
    assert not deaf.thread.is_alive(), "who leaves hundreds of messages unread is disconnected"
    assert listener.thread.is_alive()


def test_a_slow_client_gets_the_newest_preview_frame_and_every_other_event(switchboard: Switchboard) -> None:
    camera = Keeper(DeviceClass.DOCUMENT_CAMERA)
    supervisor = Supervisor(camera, switchboard)
    switchboard.connect_devices({DeviceClass.DOCUMENT_CAMERA: supervisor})
    supervisor.start()
    slow = Connection(switchboard)
    slow.channel.send(StartPreview())
    _until(lambda: camera.tickets)
    (ticket,) = camera.tickets
    for number in range(500):
        ticket.reply(PreviewFrame(b"j" * 100_000, number, 1, None))
    switchboard.broadcast(CARD)
    frames: list[int] = []
    while (event := slow.channel.receive()) != CARD:
        if isinstance(event, PreviewFrame):
            frames.append(event.width)
    assert frames == sorted(frames)
    assert frames[-1] == 499
    assert len(frames) < 100, "old pictures are dropped, not queued"
    supervisor.stop()


def test_previews_end_by_request_and_by_leaving_and_printing_by_neither(switchboard: Switchboard) -> None:
    camera, printer = Keeper(DeviceClass.DOCUMENT_CAMERA), Keeper(DeviceClass.RECEIPT_PRINTER)
    supervisors = {device.device_class: Supervisor(device, switchboard) for device in (camera, printer)}
    switchboard.connect_devices(supervisors)
    for supervisor in supervisors.values():
        supervisor.start()
    client = Connection(switchboard)
    client.channel.send(StartPreview())
    client.channel.send(StartPreview())
    _until(lambda: len(camera.tickets) == 2)
    _until(lambda: camera.tickets[0].cancelled)
    assert not camera.tickets[1].cancelled
    client.channel.send(StopPreview())
    _until(lambda: camera.tickets[1].cancelled)
    client.channel.send(StartPreview())
    client.channel.send(PrintSlip("j1", b"png"))
    _until(lambda: len(camera.tickets) == 3 and printer.tickets)
    client.channel.close()
    _until(lambda: camera.tickets[2].cancelled)
    assert not printer.tickets[0].cancelled, "the slip of a session that crashed is still printed"
    for supervisor in supervisors.values():
        supervisor.stop()


def test_jobs_are_asked_of_the_printers_that_keep_them(switchboard: Switchboard) -> None:
    printer = Keeper(DeviceClass.DOCUMENT_PRINTER)
    printer.state = PrintJobChanged("j7", JobState.SETTLED)
    switchboard.connect_devices({DeviceClass.DOCUMENT_PRINTER: Supervisor(printer, switchboard)})
    client = Connection(switchboard)
    answers = []
    for job in ("j7", "j8"):
        client.channel.send(AskJob(job))
        while not isinstance(event := client.channel.receive(), PrintJobChanged):
            pass
        answers.append(event.state)
    assert answers == [JobState.SETTLED, JobState.UNKNOWN]


class Busy(Keeper):
    """A device in the middle of something long."""

    def __init__(self) -> None:
        super().__init__(DeviceClass.ID_READER)
        self.done = threading.Event()

    def run(self, context: Context) -> None:
        assert context.next_ticket(5.0)
        self.tickets.append(Ticket(AskJob(""), lambda _: None))
        self.done.wait(30.0)


def test_a_ping_is_answered_while_a_device_works(switchboard: Switchboard) -> None:
    """A card that is being read, or a long print, is no hang."""
    reader = Busy()
    supervisor = Supervisor(reader, switchboard)
    switchboard.connect_devices({DeviceClass.ID_READER: supervisor})
    supervisor.start()
    client, launcher = Connection(switchboard), Connection(switchboard)
    client.channel.send(ReadIdentity("r1"))
    _until(lambda: reader.tickets)
    launcher.channel.send(Ping())
    while (event := launcher.channel.receive()) != Pong():
        assert isinstance(event, StatusChanged)
    reader.done.set()
    supervisor.stop()


def test_who_pings_is_told_nothing_else(switchboard: Switchboard) -> None:
    launcher, client = Connection(switchboard), Connection(switchboard)
    for connection in (launcher, client):
        connection.channel.send(AskJob("j"))
        connection.channel.receive()  # both are connected now
    launcher.channel.send(Ping())
    assert launcher.channel.receive() == Pong()
    switchboard.broadcast(CARD)
    assert client.channel.receive() == CARD
    launcher.channel.send(Ping())
    assert launcher.channel.receive() == Pong()


def test_the_slip_width_is_told_to_latecomers(switchboard: Switchboard) -> None:
    switchboard.broadcast(StatusChanged(DeviceClass.RECEIPT_PRINTER, Unknown("starting")))
    switchboard.broadcast(SlipWidth(384))
    client = Connection(switchboard)
    told = [client.channel.receive(), client.channel.receive()]
    assert told == [StatusChanged(DeviceClass.RECEIPT_PRINTER, Unknown("starting")), SlipWidth(384)]
