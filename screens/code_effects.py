"""A window's way to the codes on papers: the handheld scanner and the codes in the camera's live pictures.

Both listen between ReadCodes and StopCodes and at no other time; part of SocketEffects.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import assert_never

from drivers.api import messages as device
from drivers.api.records import CodeFailure
from drivers.api.status import CodeScannerReady, DeviceClass
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.code_events import CodeGiven, CodeLies, CodeUnreadable
from kiosk.link import fresh_request

CodeEffect = fx.ReadCodes | fx.StopCodes

LAY_BEFORE_S = 1.5
"""Codes seen so soon after the first picture lay there before the field began to wait."""

GONE_AFTER_S = 2.0
"""A paper that was not seen for so long was taken away: a hand passes over it in less."""

PREVIEW_WIDTH = 640
FRAMES_PER_SECOND = 10.0
WAIT_S = 600.0


class CodesUnderCamera:
    """What is new about the codes in one live picture after another; `see` takes them with the monotonic second."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._seen: dict[str, float] = {}
        self._lying: frozenset[str] = frozenset()

    def see(self, texts: tuple[str, ...], now: float) -> list[CodeGiven | CodeLies]:
        """What to tell of this picture; nothing where nothing is new."""
        self._began = now if self._began is None else self._began
        fresh = [text for text in texts if text not in self._seen]
        self._seen |= dict.fromkeys(texts, now)
        self._seen = {text: at for text, at in self._seen.items() if now - at <= GONE_AFTER_S}
        begins = now - self._began <= LAY_BEFORE_S
        lying = self._lying.union(fresh) if begins else self._lying.intersection(self._seen)
        news: list[CodeGiven | CodeLies] = []
        if lying != self._lying:
            self._lying = lying
            news.append(CodeLies(tuple(sorted(lying))))
        if any(text not in lying for text in fresh):
            news.append(CodeGiven(tuple(text for text in texts if text not in lying)))
        return news


class CodeEffects:
    """`send` tells whether the device daemon was there; `post` hands an event to the window's thread."""

    def __init__(
        self,
        send: Callable[[device.Request], bool],
        post: Callable[[ev.Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._post = post
        self._clock = clock
        self._camera: CodesUnderCamera | None = None
        self._scanner_ready = False
        self._asked = ""

    def run(self, effect: CodeEffect) -> None:
        """Begin to listen, or end it."""
        match effect:
            case fx.ReadCodes():
                self._camera = CodesUnderCamera()
                self._listen()
            case fx.StopCodes():
                self._camera = None
                self._send(device.StopPreview())
                asked, self._asked = self._asked, ""
                if asked:
                    self._send(device.CancelRequest(asked))
            case _:
                assert_never(effect)

    def connected(self) -> None:
        """A new device daemon does not know yet that a field waits."""
        if self._camera is not None:
            self._listen()

    def lost(self) -> None:
        """The device daemon has died."""
        self._scanner_ready, self._asked = False, ""

    def _listen(self) -> None:
        self._send(device.StartPreview(PREVIEW_WIDTH, FRAMES_PER_SECOND, codes=True))
        self._ask()

    def _ask(self) -> None:
        if self._camera is not None and self._scanner_ready and not self._asked:
            self._asked = fresh_request()
            self._send(device.ReadCode(self._asked, WAIT_S))

    def heard(self, message: device.Event) -> bool:
        """Whether `message` was for nobody else; live pictures and statuses are for the screen too."""
        match message:
            case device.CodeRead(request, code):
                if self._answered(request):
                    self._post(CodeGiven((code.text,)))
            case device.CodeReadFailed(request, failure):
                again = failure in (CodeFailure.NO_CODE, CodeFailure.UNREADABLE)
                if self._answered(request, again=again) and failure is CodeFailure.UNREADABLE:
                    self._post(CodeUnreadable())
            case device.PreviewFrame(codes=codes):
                camera = self._camera  # the window's thread may end it meanwhile
                for news in camera.see(tuple(code.text for code in codes), self._clock()) if camera else ():
                    self._post(news)
                return False
            case device.StatusChanged(device=DeviceClass.CODE_SCANNER, value=value):
                self._scanner_ready = isinstance(value, CodeScannerReady)
                self._ask()
                return False
            case _:
                return False
        return True

    def _answered(self, request: str, *, again: bool = True) -> bool:
        """Whether this is what was asked last; the scanner goes on listening."""
        if not self._asked or request != self._asked:
            return False
        self._asked = ""
        if again:
            self._ask()
        return True
