"""How long the place of who was called to a window is kept, on the runtime's own clock."""

from __future__ import annotations

from dataclasses import replace

from kiosk.clock import ManualClock
from kiosk.flow import events as ev
from kiosk.flow.journey import Journey
from kiosk.flow.runtime import Runtime
from kiosk.flow.stage import Outcome, Stage
from kiosk.session.idle import AWAY_SECONDS, IdleLimits
from kiosk.session.session import Session
from tests.journeys.test_number_journeys import CALL, filing_meanwhile
from tests.journeys.world import NOW, world


class _Nothing:
    def run(self, effect: object, session: Session) -> None:
        """Nothing outside."""


def running(journey: Journey) -> tuple[Runtime, Session, ManualClock, list[Outcome]]:
    """A runtime in the middle of `journey`."""
    session, clock, ended = Session(), ManualClock(NOW), []
    session.journey = journey
    runtime = Runtime(
        session,
        world=world,
        runner=_Nothing(),
        clock=clock,
        limits=IdleLimits(),
        on_change=lambda _: None,
        on_end=ended.append,
    )
    return runtime, session, clock, ended


def pass_time(runtime: Runtime, clock: ManualClock, seconds: float) -> None:
    """Second by second, as a window's clock ticks."""
    for _ in range(int(seconds)):
        clock.advance(1.0)
        runtime.tick()


def test_a_place_is_kept_for_a_quarter_of_an_hour_and_then_wiped() -> None:
    """F35: kept for as long as was said, whoever fidgets at the screen, and not much longer."""
    runtime, session, clock, ended = running(filing_meanwhile(Stage.CLAIM))
    runtime.dispatch(CALL)
    runtime.dispatch(ev.GoNow(keep=True))
    pass_time(runtime, clock, AWAY_SECONDS / 2)
    runtime.dispatch(ev.NeedTime())
    runtime.dispatch(ev.CallPerson())
    runtime.dispatch(ev.EnterCode("xxxx"))
    pass_time(runtime, clock, AWAY_SECONDS / 2 - 10)
    assert session.journey.stage is Stage.AWAY
    pass_time(runtime, clock, 60)
    assert ended == [Outcome.WALKED_AWAY]
    assert session.ended


def test_who_is_back_has_time_and_is_then_asked_as_ever() -> None:
    runtime, session, clock, ended = running(filing_meanwhile(Stage.CLAIM))
    runtime.dispatch(CALL)
    runtime.dispatch(ev.GoNow(keep=True))
    code = session.journey.require_visit().code
    pass_time(runtime, clock, 60)
    runtime.dispatch(ev.EnterCode(code))
    assert replace(session.journey, visit=None) == replace(filing_meanwhile(Stage.CLAIM), visit=None)
    pass_time(runtime, clock, IdleLimits().need_time - 5)
    assert not ended
    pass_time(runtime, clock, 40)
    assert ended == [Outcome.WALKED_AWAY]
