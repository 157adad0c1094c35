"""A window's touchpad against the real hub: events, signatures, answers, and the time in which they do not meet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from drivers.api.wire import Channel, connect
from kiosk.agent import messages as m
from kiosk.agent import rating_messages as r
from kiosk.agent import unresolved_messages as u
from kiosk.agent.core import Agent
from kiosk.agent.service import Service
from kiosk.clock import CHINA, SystemClock
from kiosk.config.model import TerminalConfig
from kiosk.court.rating import RatingAnswer, RatingChannel, RatingOutcome
from kiosk.outbox import safety
from kiosk.rating.window_state import Activity
from provisioning.hub.backup import back_up, restore
from provisioning.hub.data import DataDirectory
from provisioning.hub.push.events import EventKind, record, window_topic
from provisioning.hub.queue.windows import Desk, set_paused, sign_in
from provisioning.hub.ratings.answers import Source, answer
from provisioning.hub.ratings.invitations import Issued, invite
from provisioning.hub.ratings.schema import rating_silences, ratings
from provisioning.hub.unresolved.schema import unresolved_reports
from tests.hub.processes import wait_for
from tests.hub.push.live import LiveHub
from tests.outbox.reporter import told

T = TypeVar("T")
WINDOW = "1"
STAFF = "示例书记员"


class TouchPad:
    """A touchpad's agent, and the window in front of it."""

    def __init__(self, folder: Path, live: LiveHub) -> None:
        self._clock = SystemClock()
        self._agent = Agent.open(folder / "data", live.url, self._clock, config=TerminalConfig(window=WINDOW))
        self._service = Service(self._agent, folder / "agent.sock", folder / "devices.sock", self._clock)
        self._service.start()
        self._channel: Channel[Any, Any] = connect(folder / "agent.sock", m.Event)
        self._channel.send(r.ShowPad())

    def expect(self, kind: type[T]) -> T:
        """The next event of `kind`; others are passed over."""
        while not isinstance(event := self._channel.receive(), kind):
            assert event is not None
        return event

    def expect_window(self, activity: Activity) -> r.PadWindow:
        """The window, once it does this."""
        while (window := self.expect(r.PadWindow)).activity is not activity:
            pass
        return window

    def report(self) -> u.UnresolvedKept:
        """What could not be got done, as the court has taken it in."""
        self._channel.send(told(self._clock))
        kept = self.expect(u.UnresolvedKept)
        assert kept.number
        return kept

    def beat(self) -> None:
        """Let the terminal and the hub compare what each has."""
        self._agent.deliver(10.0)

    def held_back(self) -> list[UUID]:
        """What the terminal keeps until a backup holds it."""
        return self._agent.outbox.run(lambda c: safety.awaiting(c, 100))

    def answer(self, question: r.RatingInvited, grade: int | None, **more: Any) -> None:
        """What the person touched; returns once it is kept."""
        outcome = more.pop("outcome", RatingOutcome.RATED)
        self._channel.send(r.AnswerRating("1", question.invitation_id, outcome, grade, **more))
        self.expect(r.RatingKept)

    def stop(self) -> None:
        self._channel.close()
        self._service.stop()
        self._agent.close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveHub]:
    served = LiveHub(tmp_path / "hub")
    yield served
    served.stop()


@pytest.fixture
def pad(tmp_path: Path, live: LiveHub) -> Iterator[TouchPad]:
    made = TouchPad(tmp_path, live)
    yield made
    made.stop()


def ask(live: LiveHub, matter: str) -> Issued:
    """What finishing a ticket does: an invitation, told to the window's topic."""
    now = live.hub.clock.now()

    def job(connection: sa.Connection) -> Issued:
        issued = invite(
            connection, live.hub.ratings, matter=matter, window=WINDOW, staff=STAFF, service="filing", now=now
        )
        told = {"matter": matter, "token": issued.token, "code": issued.code, "language": "ko"}
        record(connection, kind=EventKind.RATING_INVITED, audience=window_topic(WINDOW), data=told, at=now)
        return issued

    return live.do(job)


def held(live: LiveHub) -> dict[str, int]:
    """Grades by matter."""
    with live.hub.database.reading.connect() as connection:
        return {row.matter: row.grade for row in connection.execute(sa.select(ratings.c.matter, ratings.c.grade))}


def silences(live: LiveHub) -> list[str]:
    """What ended without a grade."""
    with live.hub.database.reading.connect() as connection:
        return list(connection.scalars(sa.select(rating_silences.c.outcome)))


def test_from_the_hub_to_the_pad_and_back(live: LiveHub, pad: TouchPad) -> None:
    """S2-15, S2-16: asked within a second, in the ticket's language; the grade is the hub's at once."""
    ask(live, "ticket:1")
    question = pad.expect(r.RatingInvited)
    assert question.language == "ko"
    assert [grade.value for grade in question.grades] == [5, 4, 3, 2, 1]
    pad.answer(question, 2, reasons=("rude",), comment="窗口没有人")
    wait_for(lambda: held(live) == {"ticket:1": 2})
    ask(live, "ticket:2")
    pad.answer(pad.expect(r.RatingInvited), None, outcome=RatingOutcome.TIMED_OUT)
    wait_for(lambda: silences(live) == ["timed_out"])
    assert held(live) == {"ticket:1": 2}


def test_the_pad_follows_its_window(live: LiveHub, pad: TouchPad) -> None:
    """Who sits there and whether it is open; unknown while the hub is gone."""
    hall, now, desk = live.hub.hall, live.hub.clock.now(), Desk(WINDOW, STAFF)
    live.do(lambda connection: sign_in(connection, hall, desk, at=now))
    assert pad.expect_window(Activity.FREE).staff == STAFF
    live.do(lambda connection: set_paused(connection, hall, desk, paused=True, at=now))
    pad.expect_window(Activity.PAUSED)
    live.relay.stop()
    assert pad.expect_window(Activity.UNKNOWN) == r.PadWindow(WINDOW)


def test_what_was_missed_comes_after_and_only_once(live: LiveHub, tmp_path: Path) -> None:
    """The agent was away: Last-Event-ID brings what it missed, and not again what it has answered."""
    first = TouchPad(tmp_path, live)
    ask(live, "ticket:1")
    first.answer(first.expect(r.RatingInvited), 5)
    first.stop()
    ask(live, "ticket:2")
    second = TouchPad(tmp_path, live)
    question = second.expect(r.RatingInvited)
    second.answer(question, 4)
    wait_for(lambda: held(live) == {"ticket:1": 5, "ticket:2": 4})
    second.stop()
    third = TouchPad(tmp_path, live)
    third.expect_window(Activity.UNKNOWN)
    ask(live, "ticket:3")
    assert third.expect(r.RatingInvited).invitation_id != question.invitation_id
    third.stop()


def test_a_matter_rated_on_a_phone_is_withdrawn_from_the_pad(live: LiveHub, pad: TouchPad) -> None:
    """The hub keeps the phone's answer, whatever the pad sends afterwards."""
    issued = ask(live, "ticket:1")
    question = pad.expect(r.RatingInvited)
    given = RatingAnswer(
        token=issued.token,
        outcome=RatingOutcome.RATED,
        grade=1,
        channel=RatingChannel.PHONE,
        answered=live.hub.clock.now(),
        device="phone",
        form_version="2026.1",
    )
    now = live.hub.clock.now()
    live.do(lambda c: answer(c, given, Source.phone(), office=live.hub.ratings, now=now))
    assert pad.expect(r.RatingEnded) == r.RatingEnded(question.invitation_id, answered=True)
    pad.answer(question, 5)
    ask(live, "ticket:2")
    pad.answer(pad.expect(r.RatingInvited), 3)
    wait_for(lambda: held(live) == {"ticket:1": 1, "ticket:2": 3})


def test_a_terminal_that_is_no_pad_answers_nothing(live: LiveHub, tmp_path: Path) -> None:
    clock = SystemClock()
    agent = Agent.open(tmp_path / "data", live.url, clock)
    service = Service(agent, tmp_path / "agent.sock", tmp_path / "devices.sock", clock)
    service.start()
    channel: Channel[Any, Any] = connect(tmp_path / "agent.sock", m.Event)
    channel.send(r.AnswerRating("1", "018f0000-0000-7000-8000-000000000000", RatingOutcome.RATED, 5))
    while not isinstance(event := channel.receive(), m.Refused):
        assert event is not None
    assert event.reason is m.RefusalReason.NO_ANSWER
    channel.close()
    service.stop()
    agent.close()


def test_a_restored_hub_gets_again_what_came_after_its_backup(tmp_path: Path) -> None:
    """N3, F23: ratings and reports are kept at the terminal until a backup holds them, and brought again to a hub that
    was restored from an earlier one; the person's number and the promised day stand."""
    live = LiveHub(tmp_path / "hub")
    pad = TouchPad(tmp_path, live)
    ask(live, "ticket:1")
    pad.answer(pad.expect(r.RatingInvited), 5)
    first = pad.report()
    wait_for(lambda: held(live) == {"ticket:1": 5})
    pad.beat()
    assert len(pad.held_back()) == 2
    hub = live.hub
    back_up(DataDirectory(tmp_path / "hub"), hub.database, tmp_path / "backup", clock=hub.clock)
    pad.beat()
    assert pad.held_back() == [], "a backup holds both"
    ask(live, "ticket:2")
    pad.answer(pad.expect(r.RatingInvited), 2)
    second = pad.report()
    wait_for(lambda: held(live) == {"ticket:1": 5, "ticket:2": 2})
    pad.beat()
    pad.stop()
    live.stop()

    shutil.copytree(tmp_path / "hub" / "keys", tmp_path / "copy" / "keys")
    restore(tmp_path / "backup", DataDirectory(tmp_path / "copy"), None, clock=SystemClock())
    live = LiveHub(tmp_path / "copy")
    assert held(live) == {"ticket:1": 5}
    pad = TouchPad(tmp_path, live)
    pad.beat()
    wait_for(lambda: held(live) == {"ticket:1": 5, "ticket:2": 2} and len(reports(live)) == 2)
    assert reports(live) == {one.number: date.fromisoformat(one.answer_by) for one in (first, second)}
    pad.stop()
    live.stop()


def reports(live: LiveHub) -> dict[str, date]:
    """Reports by number, and until when they are to be answered."""
    with live.hub.database.reading.connect() as connection:
        rows = connection.execute(sa.select(unresolved_reports.c.number, unresolved_reports.c.due)).all()
    return {row.number: row.due.astimezone(CHINA).date() for row in rows}
