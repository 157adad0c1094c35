"""The idle page of a window's touchpad."""

from __future__ import annotations

from itertools import combinations

import pytest

from kiosk.agent.messages import HubState
from kiosk.agent.rating_messages import PadWindow
from kiosk.i18n import Language, Text, catalogue
from kiosk.rating.window_state import Activity
from screens.theme import Panel

pytestmark = pytest.mark.window

PADS = {"10 inch": Panel(1280, 800, 0.17), "7 inch": Panel(1024, 600, 0.15), "lobby": Panel(1080, 1920)}
COURT = Text("长春市南关区人民法院", "장춘시 남관구 인민법원", "Nanguan District People's Court")


@pytest.mark.parametrize("pad", PADS)
def test_it_says_in_three_languages_what_it_is_for_and_offers_no_rating(kiosk_window, pad: str) -> None:
    """No rating without an invitation, and no dead button: nothing on the page can be touched before it can be done."""
    from screens.components import TextBlock
    from screens.components.audit import ink_of
    from screens.touchpad.page import Connection, IdlePage

    kiosk_window.reset(PADS[pad])
    page = IdlePage(kiosk_window.ui)
    page.court = COURT
    kiosk_window.show(page)
    for connection in Connection:
        page.connection = connection
        kiosk_window.frames()
        said = " ".join(kiosk_window.texts())
        for key in ("touchpad.purpose", connection.value[0]):
            for language in Language:
                assert catalogue()[key].in_(language) in said
        assert COURT.zh in said
        assert ("09:00" in said) is (pad != "7 inch"), "there the window stands in its place"
        assert kiosk_window.names() == []
        assert kiosk_window.findings() == []
        blocks = [w for w in kiosk_window.reachable() if isinstance(w, TextBlock) and w.lines]
        overlapping = [(a.text, b.text) for a, b in combinations(blocks, 2) if ink_of(a).apart(ink_of(b)) < 0]
        assert overlapping == []


@pytest.mark.parametrize("pad", PADS)
def test_it_says_whose_window_it_is_and_what_is_done_there(kiosk_window, pad: str) -> None:
    """In three languages, without a letter over another; what is not known is not on the page."""
    from screens.components import TextBlock
    from screens.components.audit import ink_of
    from screens.touchpad.page import IdlePage

    kiosk_window.reset(PADS[pad])
    page = IdlePage(kiosk_window.ui)
    page.court = COURT
    kiosk_window.show(page)
    for activity in Activity:
        page.window = PadWindow("3", activity, "王示例", "A012" if activity is Activity.SERVING else "")
        kiosk_window.frames()
        said = " ".join(kiosk_window.texts())
        assert "3 号窗口　王示例" in said
        assert ("A012" in said) is (activity is Activity.SERVING)
        for other in set(Activity) - {Activity.UNKNOWN}:
            told = [catalogue()[f"touchpad.activity.{other.value}"].in_(language) in said for language in Language]
            assert told == [other is activity] * 3
        assert kiosk_window.findings() == []
        blocks = [w for w in kiosk_window.reachable() if isinstance(w, TextBlock) and w.lines]
        assert [(a.text, b.text) for a, b in combinations(blocks, 2) if ink_of(a).apart(ink_of(b)) < 0] == []


@pytest.mark.parametrize("pad", PADS)
def test_what_could_not_be_got_done_can_be_said_at_any_time(kiosk_window, pad: str) -> None:
    """S2-11: one quiet button, named in three languages, over nothing else, whatever else the page has to say."""
    from screens.components import TextBlock
    from screens.components.audit import ink_of
    from screens.touchpad.page import Connection, IdlePage

    kiosk_window.reset(PADS[pad])
    page, begun = IdlePage(kiosk_window.ui), list[str]()
    page.court = COURT
    page.on_report = lambda: begun.append("report")
    page.takes_reports = True
    kiosk_window.show(page)
    for connection, activity in ((Connection.READY, Activity.SERVING), (Connection.NO_COURT, Activity.UNKNOWN)):
        page.connection = connection
        page.window = PadWindow("3", activity, "王示例", "A012" if activity is Activity.SERVING else "")
        kiosk_window.frames()
        said = " ".join(kiosk_window.texts())
        assert all(catalogue()["touchpad.unresolved.open"].in_(language) in said for language in Language)
        assert kiosk_window.findings() == []
        blocks = [w for w in kiosk_window.reachable() if isinstance(w, TextBlock) and w.lines]
        assert [(a.text, b.text) for a, b in combinations(blocks, 2) if ink_of(a).apart(ink_of(b)) < 0] == []
    kiosk_window.tap("report")
    assert begun == ["report"]
    page.takes_reports = False
    kiosk_window.frames()
    assert kiosk_window.names() == []


def test_the_clock_goes_on(kiosk_window) -> None:
    from screens.touchpad.page import IdlePage

    page = IdlePage(kiosk_window.ui)
    kiosk_window.show(page)
    kiosk_window.clock.advance(61)
    page.show_time()
    kiosk_window.frames()
    assert "2026年3月5日　09:01" in kiosk_window.texts()


def test_the_connection_is_never_guessed(display: None) -> None:
    """Unknown is said as "getting ready", not as connected."""
    from screens.touchpad.page import Connection
    from screens.touchpad.window import connection

    def told(*, linked: bool = True, hub: HubState, heard: bool = True, window: str | None = "3") -> Connection:
        return connection(linked=linked, hub=hub, heard=heard, window=window)

    assert told(linked=False, hub=HubState.ONLINE, window=None) is Connection.STARTING
    assert told(linked=False, hub=HubState.ONLINE) is Connection.STARTING
    assert told(hub=HubState.UNKNOWN) is Connection.STARTING
    assert told(hub=HubState.OFFLINE) is Connection.NO_COURT
    assert told(hub=HubState.ONLINE, heard=False) is Connection.STARTING, "no invitation could reach it"
    assert told(hub=HubState.ONLINE) is Connection.READY
    assert told(hub=HubState.ONLINE, window="") is Connection.NO_WINDOW
