"""The lobby's scan page in service: flow, page effects, page worker and the camera's capture process as in a terminal.

Nothing is read on the pages: the reader is a process of its own with measures of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from kivy.clock import Clock
from kivy.core.window import Window

from drivers.api.messages import CaptureFailed, PageCaptured, PreviewFrame, Request
from drivers.document_camera.capture import CaptureOrder
from drivers.document_camera.watch import CameraSettings, CaptureProcess
from kiosk.flow import events as ev
from kiosk.flow.effects import Effect, StartPreview
from kiosk.flow.stage import Stage
from kiosk.ocr.model import Reading
from kiosk.pages.model import StoredPage, Turn, WayStrips
from kiosk.services.page_desk import PageDesk
from kiosk.session.session import Session
from screens.lobby.page_tile import state_of
from screens.page_effects import PageEffect, PageEffects
from tests.screens.conftest import KioskWindow
from tests.screens.lobby_forms.desk import Desk

LOOKED_AT = 0.3
"""Seconds for which a page that is made is looked at before it is accepted: quicker than anyone is."""


class Unread:
    """In the place of the reading process."""

    def start(self) -> None:
        """There is nothing to get ready."""

    def stop(self) -> None:
        """There is nothing to forget."""

    def read(self, page: StoredPage | bytes, done: Callable[[Reading], None]) -> None:
        """A page that is never read."""

    def tell_way(self, strips: WayStrips, told: Callable[[Turn], None]) -> None:
        """Nobody can tell."""
        del strips
        told(Turn.UNKNOWN)


class ScanningLobby(Desk):
    """A window with the scan page, the camera at `url`, and a page worker."""

    def __init__(self, window: KioskWindow, url: str) -> None:
        super().__init__(window)
        self.camera = CaptureProcess(CameraSettings(url))
        self.live_pictures = 0
        self.work: list[float] = []
        """The window's own thread for each frame, in milliseconds of processor time."""
        self._made_at: float | None = None
        self._desk = PageDesk(self._post, make_reader=Unread)
        self._pages = PageEffects(self._order, self._post, self._desk)
        self.sit(Stage.SCAN)

    @property
    def kept(self) -> int:
        """How many pages were accepted."""
        return len(self.journey.require_evidence()[1].pages)

    @property
    def kept_bytes(self) -> int:
        """How much of the memory is pages that will be handed in."""
        pages = self.journey.require_evidence()[1].pages
        return sum(len(self.session.scratch.get(page)) for page in pages)

    def run(self, effect: Effect, session: Session) -> None:
        """What the flow asks about pages; nothing else is there."""
        if isinstance(effect, PageEffect):
            self._pages.run(effect, session)

    def look(self) -> None:
        """Let the live pictures come."""
        self._pages.run(StartPreview(), self.session)

    def take(self) -> None:
        """Ask for a page, unless one is on its way."""
        if not self.journey.capturing and self.journey.taken is None:
            self.runtime.dispatch(ev.TakePicture())

    def turn(self, *, finger: bool) -> None:
        """Hear what came, decide on what was taken, and draw what changed; with a moving `finger` in any case."""
        begin = time.thread_time()
        while (report := self.camera.report(0)) is not None:
            match report:
                case PreviewFrame():
                    self.live_pictures += 1
                    self.presenter.preview(report)
                case PageCaptured() | CaptureFailed():
                    self._pages.heard(report)
                case _:
                    pass
        self._decide()
        if finger:
            Window.canvas.ask_update()
        if self.window.turn():
            self.work.append((time.thread_time() - begin) * 1000)

    def stop(self) -> None:
        """End the processes."""
        self.camera.kill()
        self._desk.stop()

    def _decide(self) -> None:
        journey = self.journey
        state = state_of(journey, journey.taken.key) if journey.taken is not None else None
        if state is None or state.waiting:
            self._made_at = None
        elif self._made_at is None:
            self._made_at = time.monotonic()
        elif time.monotonic() > self._made_at + LOOKED_AT:
            self.runtime.dispatch(ev.AcceptPage() if state.spoiled is None else ev.RetakePage())

    def _order(self, request: Request) -> bool:
        if isinstance(request, CaptureOrder):
            self.camera.order(request)
        return True

    def _post(self, event: ev.Event) -> None:
        Clock.schedule_once(lambda _: self.runtime.dispatch(event))
