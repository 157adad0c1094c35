"""Pages under the camera: a live picture, take, look at it, keep it or take it again; several in a row."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.uix.widget import Widget

from drivers.api.messages import PreviewFrame
from drivers.api.records import CaptureFailure
from drivers.api.status import CameraReady, DeviceClass
from kiosk.flow.events import AcceptPage, Event, RetakePage, TakePicture
from kiosk.flow.journey import Journey
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    ImageView,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    Stack,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.screen import ScreenContext

LEAST_PICTURE_MM = 60.0
FROZEN_AFTER_S = 3.0
"""A live picture that has not changed for so long is no longer what lies under the camera."""


class ScanScreen(FramedScreen):
    """Live picture, take, then accept or take again; the person decides, never the camera.

    On an upright screen the buttons are below the picture, on a wide one beside it; the picture takes the room that is
    left, so that nothing scrolls. Live pictures are decoded at most once a frame, and the newest wins.
    """

    from_top = True
    title_key = "lobby.scan.title"

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._newest: PreviewFrame | None = None
        self._seen_at = 0.0
        self._guide: Notice | None = None
        self._decode = Clock.create_trigger(self._show_newest, 0)
        self._fit_soon = Clock.create_trigger(lambda _: self._fit(), -1)
        super().__init__(context, journey)
        self._watch = Clock.schedule_interval(lambda _: self._look_whether_frozen(), 0.5)
        for widget in (self.frame.scroll, self.frame.scroll.content):
            widget.fbind("height", self._fit_soon)
        self._fit_soon()

    # -- content

    def body(self) -> list[Widget]:
        self._picture = ImageView(self.ui, spoken=words("lobby.scan.live"), height_mm=LEAST_PICTURE_MM)
        self._status = Stack(self.ui, ())
        self._buttons = Stack(self.ui, (), gap_mm=4.0)
        if self.ui.panel.portrait:
            return [Stack(self.ui, (self._status, self._picture, self._buttons), gap_mm=4.0)]
        side = Stack(self.ui, (self._status, self._buttons), gap_mm=6.0)
        side.size_hint_x = 0.42
        self._picture.size_hint_x = 0.58
        return [Row(self.ui, (self._picture, side), gap_mm=6.0)]

    def refresh(self, journey: Journey) -> None:
        changed = (journey.taken, journey.capturing) != (self.journey.taken, self.journey.capturing)
        first = not self._buttons.children and not self._status.children
        super().refresh(journey)
        if changed or first:
            self._show_state()

    def surroundings_changed(self) -> None:
        if self.journey.taken is None and not self.journey.capturing:
            self._show_state()

    def _show_state(self) -> None:
        """Put up what belongs to this moment: looking, taking, deciding, or no camera."""
        journey, scratch = self.journey, self.context.session.scratch
        self._newest = self._guide = None
        if journey.taken is not None:
            unsure: list[Widget] = [] if journey.taken.found else [Notice(self.ui, words("lobby.scan.no_edges"))]
            self._put(
                unsure,
                [
                    self._button("accept", Icon.CHECK, ButtonStyle.PRIMARY, AcceptPage()),
                    self._button("retake", Icon.CAMERA, ButtonStyle.SECONDARY, RetakePage()),
                ],
            )
            self._picture.spoken = words("lobby.scan.taken")
            self._picture.show(scratch.get(journey.taken.key))
        elif journey.capturing:
            # The last live picture stays: it is what is being taken.
            self._put([Spinner(self.ui, words("lobby.scan.capturing"))], [])
        elif not isinstance(self.context.surroundings.status(DeviceClass.DOCUMENT_CAMERA), CameraReady):
            self._put([Notice(self.ui, words("lobby.scan.no_camera"), kind=NoticeKind.WARNING)], [])
            self._picture.show(b"")
        else:
            take = self._button("take", Icon.CAMERA, ButtonStyle.PRIMARY, TakePicture())
            self._guide = Notice(self.ui, words("lobby.scan.hint"), framed=False)
            self._put([self._guide], [take])
            self._picture.spoken = words("lobby.scan.live")
            self._picture.show(b"")
            self._seen_at = self.ui.clock.monotonic()
        if self.frame.continue_button is not None:
            self.frame.continue_button.enabled = journey.taken is None and not journey.capturing
        self.frame.title.text = words("lobby.scan.title" if journey.taken is None else "lobby.scan.check")
        self._fit_soon()

    def _put(self, status: list[Widget], buttons: list[Widget]) -> None:
        for stack, widgets in ((self._status, status), (self._buttons, buttons)):
            stack.clear_widgets()
            for widget in widgets:
                stack.add_widget(widget)

    def _button(self, name: str, icon: Icon, style: ButtonStyle, event: Event) -> Button:
        return Button(
            self.ui,
            name=f"scan.{name}",
            text=words(f"lobby.scan.{name}"),
            icon=icon,
            style=style,
            min_height_mm=18,
            on_press=self.context.send(event),
        )

    def _fit(self) -> None:
        """Give the picture the height that nothing else needs."""
        scroll, portrait = self.frame.scroll, self.ui.panel.portrait
        below_or_beside = self._picture.height if portrait else self._picture.parent.height
        room = scroll.height - (scroll.content.height - below_or_beside)
        wanted = max(LEAST_PICTURE_MM, self.ui.panel.mm(room) - 1.0)
        if abs(wanted - self._picture.height_mm) > 1.0:
            self._picture.height_mm = wanted

    # -- live pictures

    @property
    def _is_live(self) -> bool:
        return self.journey.taken is None and not self.journey.capturing

    def preview(self, frame: PreviewFrame) -> None:
        if self._is_live:
            self._newest = frame
            self._decode()

    def _show_newest(self, _elapsed: float) -> None:
        frame, self._newest = self._newest, None
        if frame is None or not self._is_live:
            return
        self._picture.show(frame.jpeg, frame.corners or ())
        self._seen_at = self.ui.clock.monotonic()

    def _look_whether_frozen(self) -> None:
        if self._guide is None or not self._is_live:
            return
        silent = self.ui.clock.monotonic() - self._seen_at > FROZEN_AFTER_S
        said = "frozen" if silent and self._picture.shown else "waiting" if silent else "hint"
        self._guide.text = words(f"lobby.scan.{said}")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if isinstance(journey.notice, CaptureFailure):
            found.append(Notice(self.ui, words(f"lobby.scan.failure.{journey.notice.value}"), kind=NoticeKind.ERROR))
        _, line = journey.require_evidence()
        if line.pages:
            kept = words("lobby.evidence.pages", count=len(line.pages))
            found.append(Notice(self.ui, kept, kind=NoticeKind.SUCCESS, framed=False))
        return found

    # -- leaving

    def on_back(self) -> Action | None:
        return None  # one way out: there is nothing to go back to that "done" would not bring

    def continue_text(self) -> Words:
        return words("lobby.scan.done")

    def continue_style(self) -> ButtonStyle:
        return ButtonStyle.SECONDARY

    def leave(self) -> None:
        super().leave()
        for clock in (self._watch, self._decode, self._fit_soon):
            clock.cancel()
        self._newest = None
        self._picture.show(b"")
