"""Server-sent events as a terminal reads them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court.event_stream import LONGEST_EVENT, HubEvent, parse_events
from kiosk.court.hub_errors import HubUnreachableError

STREAM = (
    'retry: 1000\n\n:\n\nid: 17\nevent: rating_invited\ndata: {"a": "窗口 없음"}\n\n'
    ":\n\nid: 18\r\nevent:window_changed\r\ndata: one\r\ndata:  two\r\n\r\nevent: empty\n\ndata: last\n\ndata: cut"
).encode()
EVENTS = [
    HubEvent("17", "rating_invited", '{"a": "窗口 없음"}'),
    HubEvent("18", "window_changed", "one\n two"),
    HubEvent("", "message", "last"),
]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_events_do_not_depend_on_how_the_stream_is_cut(cuts: list[int]) -> None:
    """WHATWG HTML 9.2: comments, unknown fields and events without data are passed over, and so is a cut one."""
    places = [0, *sorted(cuts), len(STREAM)]
    assert list(parse_events(STREAM[a:b] for a, b in pairwise(places))) == EVENTS


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_whatever_a_portal_sends_is_no_crash(chunks: list[bytes]) -> None:
    try:
        for event in parse_events(chunks):
            assert event.data
    except HubUnreachableError:
        pass


@pytest.mark.parametrize("piece", [b"a", b"data: a\n"])
def test_an_event_without_end_is_given_up(piece: bytes) -> None:
    """Memory is bounded, whatever the other side sends."""

    def endless():  # type: ignore[no-untyped-def]
        while True:
            yield piece * (LONGEST_EVENT // 8)

    with pytest.raises(HubUnreachableError):
        list(parse_events(endless()))
