"""Several things from camera and scanner on their way into the scratch, to the page worker, and onto one page."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from drivers.api import messages as device
from drivers.api.records import Flaw, FlawKind, LaidItem, SeveralItems, SheetSide
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.page_events import PageSource
from kiosk.flow.several_events import SeveralTaken
from kiosk.pages.client import Done
from kiosk.pages.model import PageHints, Paper, Turn
from kiosk.services.page_desk import PageDesk
from kiosk.session.session import Session
from screens.page_effects import PageEffects
from tests.unit.services.test_page_desk import Reader

PLACE = ((0.0, 0.0), (9.0, 0.0), (9.0, 6.0), (0.0, 6.0))
GLARE = Flaw(FlawKind.GLARE)


@dataclass
class Worker:
    """Notes what it is asked."""

    cleaned: list[tuple[bytes, PageHints]] = field(default_factory=list)
    together: list[tuple[tuple[bytes, ...], tuple[PageHints, ...], PageHints]] = field(default_factory=list)

    def start(self) -> None:
        """Nothing to warm."""

    def stop(self) -> None:
        """Nothing to end."""

    def clean(self, picture: bytes, hints: PageHints, done: Done) -> None:
        """Note the request."""
        del done
        self.cleaned.append((picture, hints))

    def lay_together(
        self, pictures: tuple[bytes, ...], each: tuple[PageHints, ...], hints: PageHints, done: Done
    ) -> None:
        """Note the request."""
        del done
        self.together.append((pictures, each, hints))


class Window:
    """What a window has for its pages, without a window."""

    def __init__(self) -> None:
        self.session = Session()
        self.worker = Worker()
        self.sent: list[device.Request] = []
        self.news: list[ev.Event] = []
        desk = PageDesk(self.news.append, lambda: self.worker, Reader)
        self.effects = PageEffects(self._send, self.news.append, desk)

    def _send(self, request: device.Request) -> bool:
        self.sent.append(request)
        return True

    def captured(self, several: SeveralItems) -> SeveralTaken:
        """The camera brings them."""
        self.effects.run(fx.CapturePage(), self.session)
        asked = self.sent[-1]
        assert isinstance(asked, device.CapturePage)
        page = device.PageCaptured(asked.request, b"whole", 900, 600, b"original", PLACE, 1.0, several=several)
        assert self.effects.heard(page)
        return self._taken()

    def captured_page(self, dpi: float | None) -> PageHints:
        """The camera brings one page; what the worker is told of it."""
        self.effects.run(fx.CapturePage(), self.session)
        asked = self.sent[-1]
        assert isinstance(asked, device.CapturePage)
        page = device.PageCaptured(asked.request, b"page", 900, 600, b"original", PLACE, 1.0, dpi=dpi)
        assert self.effects.heard(page)
        return self.worker.cleaned[-1][1]

    def scanned(self, several: SeveralItems, dpi: int) -> SeveralTaken:
        """The scanner brings them."""
        self.effects.run(fx.ScanSheets(PageSource.FLATBED, 1), self.session)
        asked = self.sent[-1]
        assert isinstance(asked, device.ScanPages)
        sheet = (b"whole", 2550, 3508, dpi, 1, SheetSide.FRONT)
        assert self.effects.heard(device.PageScanned(asked.request, 1, *sheet, several=several))
        return self._taken()

    def _taken(self) -> SeveralTaken:
        (news,) = (one for one in self.news if isinstance(one, SeveralTaken))
        return news


def things(*sizes: tuple[int, int]) -> SeveralItems:
    """Things of these sizes in pixels; the first mirrors a lamp."""
    items = tuple(
        LaidItem(b"item %d" % number, *size, PLACE, (GLARE,) if number == 0 else ())
        for number, size in enumerate(sizes)
    )
    return SeveralItems(b"overview", 90, 60, items)


@pytest.fixture
def window() -> Window:
    """A window with a session."""
    return Window()


@pytest.mark.parametrize("dpi", [None, 206.0])
def test_how_much_of_the_desk_the_camera_sees_tells_how_large_a_page_is(window: Window, dpi: float | None) -> None:
    hints = window.captured_page(dpi)
    assert (hints.about_dpi, hints.dpi, hints.straight) == (dpi, None, True)


def test_each_thing_is_made_a_page_at_once_and_the_picture_of_all_waits(window: Window) -> None:
    taken = window.captured(things((749, 472), (749, 472)))
    scratch = window.session.scratch
    assert [scratch.get(item.key) for item in taken.several.items] == [b"item 0", b"item 1"]
    assert (scratch.get(taken.several.whole), scratch.get(taken.several.overview)) == (b"whole", b"overview")
    assert [item.flaws for item in taken.several.items] == [(GLARE,), ()]
    assert taken.several.is_one_card
    assert window.worker.cleaned == [(b"item %d" % number, PageHints(paper=Paper.ID_1)) for number in range(2)]
    window.effects.run(fx.CleanWhole(taken.several.whole), window.session)
    assert window.worker.cleaned[-1] == (b"whole", PageHints(straight=False))


def test_from_the_scanner_all_have_their_size_and_the_glass_is_free_again(window: Window) -> None:
    taken = window.scanned(things((1011, 638), (680, 1400)), 300)
    assert taken.number == 1
    assert [item.card for item in taken.several.items] == [True, False]
    assert [hints.dpi for _, hints in window.worker.cleaned] == [300, 300]
    assert isinstance(window.sent[-1], device.PageTaken)
    window.effects.run(fx.CleanWhole(taken.several.whole), window.session)
    assert window.worker.cleaned[-1][1] == PageHints(dpi=300, straight=False)


def test_on_one_page_receipts_share_one_scale(window: Window) -> None:
    several = window.captured(things((360, 900), (360, 700))).several
    keys = tuple(item.key for item in several.items)
    window.effects.run(fx.LayTogether(several.whole, keys, Turn.LEFT), window.session)
    ((pictures, each, hints),) = window.worker.together
    assert pictures == (b"item 0", b"item 1")
    assert each[0].dpi == each[1].dpi == pytest.approx(360 / 80 * 25.4)
    assert hints.turned is Turn.LEFT


def test_things_that_come_when_the_session_is_over_are_nobodys(window: Window) -> None:
    """N5."""
    window.effects.run(fx.CapturePage(), window.session)
    asked = window.sent[-1]
    assert isinstance(asked, device.CapturePage)
    window.session.scratch.wipe()
    page = device.PageCaptured(asked.request, b"whole", 9, 6, b"", None, 0.0, several=things((9, 6), (9, 6)))
    assert window.effects.heard(page)
    assert window.news == []
    assert window.worker.cleaned == []
