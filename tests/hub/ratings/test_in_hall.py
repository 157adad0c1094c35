"""Rating at a terminal in the hall against the real hub: found by code and by card, kept, carried there, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.agent import messages as m
from kiosk.agent import rating_messages as r
from kiosk.agent import rating_service
from kiosk.agent import ticket_messages as t
from kiosk.agent.core import Agent
from kiosk.agent.rating_finder import RatingFinder
from kiosk.agent.service import Service
from kiosk.clock import SystemClock
from kiosk.court.queueing import TicketClass
from kiosk.court.rating import RatingOutcome
from kiosk.court.uuid7 import uuid7
from kiosk.outbox import ratings as held_here
from kiosk.outbox.ratings import RatingState
from provisioning.hub.ratings.schema import rating_invitations, rating_sealed, rating_silences, ratings
from tests.hub.calling.office import CallingHall
from tests.hub.processes import wait_for
from tests.outbox.test_service import Window

CARD = ("110101199001010015", "张示例")
OTHER_CARD = "110105194912310029"


class Terminal:
    """The agent of a terminal in the hall, with its socket."""

    def __init__(self, folder: Path, url: str) -> None:
        clock = SystemClock()
        self.agent = Agent.open(folder / "data", url, clock)
        self.path = folder / "agent.sock"
        self._service = Service(self.agent, self.path, folder / "devices.sock", clock, numbers=True)
        self._service.start()

    def stop(self) -> None:
        self._service.stop()
        self.agent.close()

    def states(self) -> list[RatingState]:
        """Where the invitations stand that this terminal holds."""
        return [one.state for one in self.agent.outbox.run(lambda c: held_here.held(c, *RatingState))]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[CallingHall]:
    served = CallingHall(tmp_path / "hub")
    yield served
    served.stop()


@pytest.fixture
def terminal(hall: CallingHall, tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path, hall.url)
    yield made
    made.stop()


@pytest.fixture
def window(terminal: Terminal) -> Iterator[Window]:
    opened = Window(terminal.path)
    yield opened
    opened.die()


def visit(hall: CallingHall, window: Window, *further: str) -> list[str]:
    """Somebody takes a number with the card and is served in every matter; the codes of what can be rated then."""
    asked = str(uuid7(SystemClock().now()))
    window.send(t.TakeTicket("1", asked, "filing", TicketClass.ORDINARY, "zh", *CARD, "", further))
    assert window.expect(t.TicketTaken).ticket.further == further
    for name, desk in (("window", "1"), ("colleague", "4"))[: 1 + len(further)]:
        clerk = hall.at_window(name, desk)
        for deed in ("call", "serve", "finish"):
            clerk.now(deed)
    rows = hall.rows(sa.select(rating_invitations.c.code).order_by(rating_invitations.c.issued))
    return [row.code for row in rows]


def find(window: Window, *, code: str = "", card: str = "") -> r.RatingsFound:
    window.send(r.FindRatings("find", code, card))
    return window.expect(r.RatingsFound)


def rate(window: Window, matter: r.MatterToRate, grade: int, **more: object) -> None:
    """What the person touched; returns once it is kept."""
    window.send(r.AnswerRating("rate", matter.question.invitation_id, RatingOutcome.RATED, grade, **more))  # type: ignore[arg-type]
    window.expect(r.RatingKept)


def grades(hall: CallingHall) -> list[tuple[int, str]]:
    """What the hub holds: grade and channel, in the order of arrival."""
    rows = hall.rows(sa.select(ratings.c.grade, ratings.c.channel).order_by(ratings.c.received))
    return [(row.grade, row.channel) for row in rows]


def test_by_the_code_on_the_paper(hall: CallingHall, window: Window) -> None:
    """S2-15, S2-16: the code as it is typed; rated once, and then it says so without telling how."""
    (code,) = visit(hall, window)
    (matter,) = find(window, code=code.lower().replace("-", " ")).matters
    assert (matter.window, matter.question.service) == ("1", "filing")
    assert matter.names is not None
    rate(window, matter, 2, reasons=("rude",), comment="窗口没有人", call_back="13800000000")
    wait_for(lambda: grades(hall) == [(2, "kiosk")])
    (sealed,) = hall.rows(sa.select(rating_sealed))
    assert "窗口没有人" not in str(sealed)
    assert find(window, code=code).found is r.Findings.DONE
    rate(window, matter, 5)
    assert find(window, code="2345-6789-ABCD").found is r.Findings.UNKNOWN
    assert grades(hall) == [(2, "kiosk")]


def test_by_the_card_each_matter_of_the_visit(hall: CallingHall, window: Window) -> None:
    """一事一评: both services of one ticket, the later first; another card finds nothing."""
    visit(hall, window, "materials")
    assert find(window, card=OTHER_CARD).found is r.Findings.UNKNOWN
    found = find(window, card=CARD[0])
    assert [one.question.service for one in found.matters] == ["materials", "filing"]
    rate(window, found.matters[0], 5)
    wait_for(lambda: grades(hall) == [(5, "kiosk")])
    (left,) = find(window, card=CARD[0]).matters
    rate(window, left, 4)
    wait_for(lambda: grades(hall) == [(5, "kiosk"), (4, "kiosk")])
    assert find(window, card=CARD[0]).found is r.Findings.DONE


def test_who_looks_and_leaves_has_said_nothing(hall: CallingHall, terminal: Terminal) -> None:
    """S2-15: neither "not rated" nor anything else is recorded; the matter can still be rated."""
    window = Window(terminal.path)
    (code,) = visit(hall, window)
    assert find(window, code=code).found is r.Findings.OPEN
    window.die()
    wait_for(lambda: terminal.states() == [])
    assert hall.rows(sa.select(rating_silences)) == []
    again = Window(terminal.path)
    assert find(again, code=code).found is r.Findings.OPEN
    again.die()


def test_a_bad_grade_stands_when_the_window_dies_before_the_reasons(hall: CallingHall, terminal: Terminal) -> None:
    """S2-16: what was touched is the rating, whatever dies."""
    window = Window(terminal.path)
    (code,) = visit(hall, window)
    (matter,) = find(window, code=code).matters
    rate(window, matter, 1, done=False)
    assert grades(hall) == []
    window.die()
    wait_for(lambda: grades(hall) == [(1, "kiosk")])


def test_a_rating_is_kept_while_the_hub_is_silent(hall: CallingHall, terminal: Terminal, window: Window) -> None:
    """N3: thanked for means on disk; what somebody else comes to rate cannot be found, and that is said."""
    (code,) = visit(hall, window)
    (matter,) = find(window, code=code).matters
    hall.stop()
    rate(window, matter, 4)
    assert terminal.states() == [RatingState.ANSWERED]
    assert find(window, code=code).found is r.Findings.AWAY


def test_only_grades_are_given_at_a_terminal(hall: CallingHall, window: Window) -> None:
    """Nobody declines or runs out of time there: whoever does not want to rate leaves."""
    (code,) = visit(hall, window)
    (matter,) = find(window, code=code).matters
    for outcome in (RatingOutcome.DECLINED, RatingOutcome.TIMED_OUT):
        window.send(r.AnswerRating("1", matter.question.invitation_id, outcome))
        assert window.expect(m.Refused).reason is m.RefusalReason.NO_ANSWER


def test_a_grade_survives_window_and_agent_together(
    hall: CallingHall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2-16, N3: the power went between the grade and the reasons; the next agent sends what was touched, but leaves a
    person alone who is still there and adds reasons to it."""
    for place, back in (("gone", False), ("back", True)):
        (tmp_path / place).mkdir()
        first = Terminal(tmp_path / place, hall.url)
        window = Window(first.path)
        code = visit(hall, window)[-1] if not back else second_visit(hall, window)
        (matter,) = find(window, code=code).matters
        rate(window, matter, 1, done=False)
        monkeypatch.setattr(RatingFinder, "settle", lambda *_: None)  # as if nobody had the time for it
        first.stop()
        monkeypatch.undo()
        monkeypatch.setattr(rating_service, "BACK_SECONDS", 1.0)
        second = Terminal(tmp_path / place, hall.url)
        if back:
            again = Window(second.path)
            again.send(r.HoldRating(matter.question.invitation_id))
            rate(again, matter, 1, reasons=("rude",))
        invited = matter.question.invitation_id
        wanted = '["rude"]' if back else "[]"
        wait_for(lambda i=invited, w=wanted: reasons_of(hall, i) == w)  # type: ignore[misc]
        second.stop()


def second_visit(hall: CallingHall, window: Window) -> str:
    """Another matter of somebody without a card; the code of its invitation."""
    asked = str(uuid7(SystemClock().now()))
    window.send(t.TakeTicket("1", asked, "filing", TicketClass.ORDINARY, "zh"))
    window.expect(t.TicketTaken)
    clerk = hall.staff("window")
    for deed in ("call", "serve", "finish"):
        clerk.now(deed)
    (row,) = hall.rows(sa.select(rating_invitations.c.code).order_by(rating_invitations.c.issued.desc()).limit(1))
    return str(row.code)


def reasons_of(hall: CallingHall, invitation_id: str) -> str:
    """The reasons that the hub holds with a grade; "" where it holds none."""
    rows = hall.rows(sa.select(ratings.c.reasons).where(ratings.c.invitation_id == invitation_id))
    return str(rows[0].reasons) if rows else ""
