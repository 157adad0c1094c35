"""The idle rules of a public terminal (ux-rule 7, WCAG 2.2.1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.session.idle import IdleClock, IdleLimits, IdlePhase

LIMITS = IdleLimits()


def test_somebody_who_does_nothing_is_warned_at_45_seconds_and_the_session_ends_20_to_30_seconds_later() -> None:
    clock = IdleClock.start(LIMITS, 100.0)
    assert clock.phase(144.9) is IdlePhase.ACTIVE
    assert clock.phase(145.0) is IdlePhase.WARNING
    assert clock.phase(145.0 + 20) is IdlePhase.WARNING
    assert clock.phase(145.0 + 30) is IdlePhase.EXPIRED


def test_more_time_can_be_asked_for_any_number_of_times() -> None:
    now = 0.0
    clock = IdleClock.start(LIMITS, now)
    for _ in range(50):
        now += LIMITS.warn_after + LIMITS.countdown - 1
        clock = clock.extended(now)
        assert clock.phase(now + LIMITS.need_time - 1) is IdlePhase.ACTIVE
        now += LIMITS.need_time - LIMITS.warn_after


def test_a_touch_does_not_shorten_time_that_was_granted() -> None:
    clock = IdleClock.start(LIMITS, 0.0).extended(0.0)
    clock = clock.touched(10.0)
    assert clock.phase(LIMITS.need_time - 1) is IdlePhase.ACTIVE


@given(st.lists(st.floats(min_value=0, max_value=44.9), max_size=30))
def test_who_touches_the_screen_often_enough_is_never_warned(pauses: list[float]) -> None:
    now = 0.0
    clock = IdleClock.start(LIMITS, now)
    for pause in pauses:
        now += pause
        assert clock.phase(now) is IdlePhase.ACTIVE
        clock = clock.touched(now)


@given(st.floats(min_value=0, max_value=1000))
def test_the_countdown_never_shows_zero_while_the_session_lives(at: float) -> None:
    clock = IdleClock.start(LIMITS, 0.0)
    if clock.phase(at) is not IdlePhase.EXPIRED:
        assert clock.seconds_left(at) >= 1
    else:
        assert clock.seconds_left(at) == 0
