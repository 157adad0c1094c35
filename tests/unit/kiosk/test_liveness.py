"""When a program counts as hung, on a clock that moves only when told to."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA, ManualClock
from kiosk.liveness import Finding, Pulse, PulseRules

RULES = PulseRules()


def starting() -> tuple[Pulse, ManualClock]:
    """A program that does not listen yet."""
    clock = ManualClock(datetime(2026, 9, 1, 9, 0, tzinfo=CHINA))
    return Pulse(RULES, clock.monotonic()), clock


def pulse() -> tuple[Pulse, ManualClock]:
    """A program that listens."""
    watched, clock = starting()
    watched.connected(clock.monotonic())
    return watched, clock


def test_it_is_asked_at_once_and_then_every_five_seconds() -> None:
    watched, clock = pulse()
    found = []
    for _ in range(11):
        found.append(watched.look(clock.monotonic()))
        watched.answered(clock.monotonic())
        clock.advance(1.0)
    assert [second for second, finding in enumerate(found) if finding is Finding.ASK] == [0, 5, 10]
    assert Finding.HUNG not in found


def test_twenty_seconds_without_an_answer_are_a_hang() -> None:
    """F34: and not a moment earlier."""
    watched, clock = pulse()
    watched.answered(clock.monotonic())
    clock.advance(RULES.silence)
    assert watched.look(clock.monotonic()) is not Finding.HUNG
    clock.advance(0.1)
    assert watched.look(clock.monotonic()) is Finding.HUNG


def test_a_program_that_starts_has_longer() -> None:
    """An agent that checks a large outbox after a power cut must not be killed in the middle, again and again."""
    watched, clock = starting()
    clock.advance(RULES.starting)
    assert watched.look(clock.monotonic()) is Finding.ASK
    watched.unsent()
    watched.connected(clock.monotonic())
    clock.advance(RULES.silence)
    assert watched.look(clock.monotonic()) is Finding.ASK
    clock.advance(0.1)
    assert watched.look(clock.monotonic()) is Finding.HUNG


def test_a_program_that_never_listens_is_not_waited_for_for_ever() -> None:
    watched, clock = starting()
    clock.advance(RULES.starting + 0.1)
    assert watched.look(clock.monotonic()) is Finding.HUNG


def test_one_that_owes_an_answer_is_not_asked_again() -> None:
    """Unread pings would fill the socket, and the launcher would wait on a program that hangs."""
    watched, clock = pulse()
    assert watched.look(clock.monotonic()) is Finding.ASK
    for _ in range(3):
        clock.advance(RULES.every)
        assert watched.look(clock.monotonic()) is Finding.FINE


def test_a_ping_that_was_lost_with_its_connection_is_asked_again() -> None:
    """A connection that breaks is no hang; one that only ever breaks is."""
    watched, clock = pulse()
    while clock.monotonic() < RULES.silence:
        assert watched.look(clock.monotonic()) is Finding.ASK
        clock.advance(1.0)
        watched.connected(clock.monotonic())
    clock.advance(0.1)
    assert watched.look(clock.monotonic()) is Finding.HUNG


def test_the_watchers_own_absence_is_not_held_against_it() -> None:
    watched, clock = pulse()
    watched.answered(clock.monotonic())
    clock.advance(3600.0)
    watched.excuse(clock.monotonic())
    assert watched.look(clock.monotonic()) is Finding.ASK
    clock.advance(RULES.silence)
    assert watched.look(clock.monotonic()) is not Finding.HUNG
    clock.advance(0.1)
    assert watched.look(clock.monotonic()) is Finding.HUNG


@given(st.lists(st.floats(0.05, RULES.silence - RULES.every - 0.05), min_size=1, max_size=50))
def test_whoever_answers_in_time_is_never_killed(delays: list[float]) -> None:
    """Looked at 20 times a second; each ping is answered after its own delay."""
    watched, clock = pulse()
    due: list[float] = []
    left = iter(delays)
    while True:
        now = clock.monotonic()
        for moment in [moment for moment in due if moment <= now]:
            due.remove(moment)
            watched.answered(now)
        match watched.look(now):
            case Finding.HUNG:
                raise AssertionError(f"killed at {now}")
            case Finding.ASK:
                delay = next(left, None)
                if delay is None:
                    return
                due.append(now + delay)
            case Finding.FINE:
                pass
        clock.advance(0.05)


@given(st.floats(0.0, 100.0), st.floats(0.01, 0.5))
def test_whoever_stops_answering_is_found_within_a_look(lives: float, step: float) -> None:
    watched, clock = pulse()
    watched.answered(clock.monotonic())
    while clock.monotonic() < lives:
        watched.look(clock.monotonic())
        watched.answered(clock.monotonic())
        clock.advance(step)
    stopped = clock.monotonic()
    while watched.look(clock.monotonic()) is not Finding.HUNG:
        clock.advance(step)
    assert RULES.silence - step <= clock.monotonic() - stopped <= RULES.silence + 2 * step
