"""What the camera sees now: the page's edges, what is wrong and where, and the count before a picture."""

from __future__ import annotations

from drivers.api.messages import PreviewFrame
from kiosk.flow.events import TakePicture
from screens.components import ImageView, Notice, NoticeKind, Words, words
from screens.lobby.auto_capture import AutoCapture
from screens.lobby.flaw_words import flaw_words, worst
from screens.lobby.newest_frame import NewestFrame
from screens.lobby.screen import ScreenContext

FROZEN_AFTER_S = 3.0
"""A live picture that has not changed for so long is no longer what lies under the camera."""

SAID_FOR_S = 1.0
"""A sentence stays at least so long: what changes with every picture cannot be read."""


class LiveView:
    """Draws live pictures into `picture` and says in `guide` what stands in the way of a good page.

    Pictures are decoded at most once a frame of the window, and the newest wins. With `auto` the page is taken once it
    lies still.
    """

    def __init__(self, context: ScreenContext, picture: ImageView, guide: Notice, *, auto: bool) -> None:
        self._context = context
        self._picture = picture
        self._guide = guide
        self._auto = auto
        self._count = AutoCapture()
        self._seen_at = self._now
        self._said_at = float("-inf")
        self._newest = NewestFrame(self._show)

    @property
    def _now(self) -> float:
        return self._context.ui.clock.monotonic()

    def preview(self, frame: PreviewFrame) -> None:
        """A live picture."""
        self._count.frame(self._now, ready=frame.ready and self._auto)
        self._newest.come(frame)

    def look(self) -> None:
        """Time has passed: count on, take the page when it is due, say when the pictures have stopped."""
        left = self._count.left(self._now)
        if left == 0:
            self._count.stop()
            self._context.dispatch(TakePicture())
            return
        if left is not None and not self._picture.badge:
            self._context.ui.announce(words("lobby.scan.still"))
        self._picture.badge = str(left) if left is not None else ""
        if left is not None:
            self._say(words("lobby.scan.still"), at_once=True, kind=NoticeKind.SUCCESS)
        elif self._now - self._seen_at > FROZEN_AFTER_S:
            frozen = "frozen" if self._picture.shown else "waiting"
            self._say(words(f"lobby.scan.{frozen}"), at_once=True)

    def stop(self) -> None:
        """Take no picture and draw nothing more; the last picture stays."""
        self._newest.stop()
        self._picture.badge = ""

    def _show(self, frame: PreviewFrame) -> None:
        marks = [flaw.area for flaw in frame.flaws if flaw.area is not None]
        self._picture.show(frame.jpeg, frame.corners or (), *frame.items, marks=marks, brief=True)
        self._seen_at = self._now
        if self._count.left(self._now) is None:
            wrong = worst(frame.flaws)
            if frame.taken:
                self._say(words("lobby.scan.next"), kind=NoticeKind.SUCCESS)
            elif wrong is None:
                several = words("lobby.several.live", count=len(frame.items))
                self._say(several if frame.items else words("lobby.scan.hint"))
            else:
                self._say(flaw_words(wrong), kind=NoticeKind.WARNING)

    def _say(self, said: Words, *, at_once: bool = False, kind: NoticeKind = NoticeKind.INFO) -> None:
        if said == self._guide.text or (not at_once and self._now - self._said_at < SAID_FOR_S):
            return
        self._said_at = self._now if not at_once else float("-inf")
        self._guide.kind = kind
        self._guide.text = said
