"""A window's way to camera, page scanner and page worker: what the flow asks about pages, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drivers.api import messages as device
from drivers.api.records import CaptureFailure, ScanEnd, ScanSource, SeveralItems
from drivers.api.status import ScannerReady
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.page_events import PageSource, ScannerEnded, SheetScanned
from kiosk.flow.several_events import Item, Several, SeveralTaken
from kiosk.link import fresh_request
from kiosk.pages.model import PageHints
from kiosk.pages.sizes import beside_each_other, hints_of, is_card
from kiosk.services.page_desk import PageDesk
from kiosk.session.scratch import ScratchClosedError, ScratchKey
from kiosk.session.session import Session

PageEffect = (
    fx.StartPreview
    | fx.StopPreview
    | fx.CapturePage
    | fx.CleanAgain
    | fx.CleanWhole
    | fx.LayTogether
    | fx.KeepPage
    | fx.ScanSheets
    | fx.StopSheets
    | fx.DropScratch
)

_SOURCES = {PageSource.FLATBED: ScanSource.FLATBED, PageSource.FEEDER: ScanSource.FEEDER}


class PageEffects:
    """Runs the effects about pages. `send` hands a message to the device daemon and says whether it is there."""

    def __init__(
        self, send: Callable[[device.Request], bool], post: Callable[[ev.Event], None], desk: PageDesk
    ) -> None:
        self._send = send
        self._post = post
        self._desk = desk
        self._session: Session | None = None
        self._capture = ""
        self._scan = ""
        self._duplex = False
        self._beside: dict[ScratchKey, PageHints] = {}

    def run(self, effect: PageEffect, session: Session) -> None:
        """Begin one effect."""
        self._session = session
        match effect:
            case fx.StartPreview():
                self._desk.warm()
                self._send(device.StartPreview(earlier=self._desk.hashes(session)))
            case fx.StopPreview():
                self._send(device.StopPreview())
            case fx.CapturePage():
                self._capture = fresh_request()
                if not self._send(device.CapturePage(self._capture)):
                    self._post(ev.PictureFailed(CaptureFailure.NO_CAMERA))
            case fx.CleanAgain(key, turned, kind):
                self._desk.clean_again(session, key, turned, kind)
            case fx.CleanWhole(key):
                self._desk.clean(session, key, self._beside.pop(key, PageHints(straight=False)))
            case fx.LayTogether(key, items, turned):
                each = {item: self._beside.get(item, PageHints()) for item in items}
                self._desk.lay_together(session, key, each, turned)
            case fx.KeepPage(key):
                self._desk.accept(session, key)
            case fx.ScanSheets(source, resume_from):
                self._scan = fresh_request()
                duplex = self._duplex and source is PageSource.FEEDER
                order = device.ScanPages(self._scan, _SOURCES[source], duplex=duplex, resume_from=resume_from)
                if not self._send(order):
                    self._end_scan(ScanEnd.NO_SCANNER, resume_from - 1)
            case fx.StopSheets():
                self._send(device.CancelRequest(self._scan))
            case fx.DropScratch(key):
                self._beside.pop(key, None)
                self._desk.drop(session, key)

    def heard(self, message: device.Event) -> bool:
        """Whether the device daemon's message answers something asked here."""
        match message:
            case device.PageCaptured() if message.request == self._capture:
                self._capture = ""
                self._captured(message)
            case device.CaptureFailed(request, failure) if request == self._capture:
                self._capture = ""
                self._post(ev.PictureFailed(failure))
            case device.PageScanned() if message.request == self._scan:
                self._scanned(message)
            case device.ScanEnded(request, reason, pages) if request == self._scan:
                self._end_scan(reason, pages)
            case device.StatusChanged(value=ScannerReady(duplex=duplex)):
                self._duplex = duplex
                return False
            case _:
                return False
        return True

    def lost(self) -> None:
        """The device daemon has died; whoever waits for it is told so."""
        if self._capture:
            self._capture = ""
            self._post(ev.PictureFailed(CaptureFailure.NO_CAMERA))
        if self._scan:
            self._end_scan(ScanEnd.NO_SCANNER, 0)

    def _captured(self, page: device.PageCaptured) -> None:
        if page.several is not None:
            self._several(page.several, page.page_jpeg, None)
            return
        key = self._put(page.page_jpeg)
        if key is None or self._session is None:
            return
        found = page.corners is not None
        self._post(ev.PageTaken(key, found, page.flaws))
        self._desk.clean(self._session, key, PageHints(straight=found, about_dpi=page.dpi))

    def _scanned(self, page: device.PageScanned) -> None:
        if page.several is not None:
            self._several(page.several, page.jpeg, page.dpi, page.number)
            self._taken(device.PageTaken(page.request, page.number))
            return
        key = self._put(page.jpeg)
        if key is None or self._session is None:
            return
        self._post(SheetScanned(key, page.number))
        # The scanner waits until the page is made, so that a long run never lies here as large pictures.
        taken = device.PageTaken(page.request, page.number)
        self._desk.clean(self._session, key, PageHints(dpi=page.dpi, straight=False), partial(self._taken, taken))

    def _several(self, found: SeveralItems, whole: bytes, dpi: int | None, number: int = 0) -> None:
        """Several things: each is on its way to be a page before the person has said so, and the picture of all waits
        for that. `dpi` is its resolution where the device knows."""
        session = self._session
        keys = [self._put(picture) for picture in (whole, found.overview, *(item.jpeg for item in found.items))]
        there = [key for key in keys if key is not None]
        if session is None or len(there) < len(keys):
            return
        sizes = [(item.width, item.height) for item in found.items]
        items = tuple(
            Item(key, is_card(size, dpi), item.corners, item.flaws)
            for key, size, item in zip(there[2:], sizes, found.items, strict=True)
        )
        beside = beside_each_other(sizes, dpi)
        self._beside = {item.key: hints for item, hints in zip(items, beside, strict=True)}
        self._beside[there[0]] = PageHints(dpi=dpi, straight=False)
        self._post(SeveralTaken(Several(there[0], there[1], items), number))
        for item, hints in zip(items, hints_of(sizes, dpi), strict=True):
            self._desk.clean(session, item.key, hints)

    def _taken(self, taken: device.PageTaken) -> None:
        self._send(taken)

    def _end_scan(self, reason: ScanEnd, pages: int) -> None:
        self._scan = ""
        self._post(ScannerEnded(reason, pages))

    def _put(self, picture: bytes) -> ScratchKey | None:
        """The picture in the scratch; None where the session ended meanwhile."""
        if self._session is None or self._session.ended:
            return None
        try:
            return self._session.scratch.put(picture)
        except ScratchClosedError:
            return None
