"""The count before a picture is taken by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.lobby.auto_capture import COUNT_FROM_S, FLICKER_S, AutoCapture

frames = st.lists(st.tuples(st.floats(0.05, 1.0), st.booleans()), max_size=60)


@given(frames)
def test_it_is_due_only_after_a_whole_count_of_frames_that_lie_still(seen: list[tuple[float, bool]]) -> None:
    """S0-31: whoever moves the page is never surprised by a picture."""
    count, now, steady_since = AutoCapture(), 0.0, 0.0
    last_still = float("-inf")
    for pause, ready in seen:
        now += pause
        if ready and now - last_still > FLICKER_S + 1.5:
            steady_since = now
        last_still = now if ready else last_still
        count.frame(now, ready=ready)
        if count.left(now) == 0:
            assert ready
            assert now - steady_since >= COUNT_FROM_S


def test_a_single_misjudged_frame_does_not_begin_anew_and_a_moved_page_does() -> None:
    count = AutoCapture()
    for tenth in range(15):
        count.frame(tenth / 10, ready=tenth != 8)
    assert count.left(1.4) == 1
    for tenth in range(15, 25):
        count.frame(tenth / 10, ready=False)
    assert count.left(2.4) is None
