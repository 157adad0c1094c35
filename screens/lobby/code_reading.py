"""Pages with a field that waits for a code on paper: beside typing, the paper may be held under camera or scanner."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from drivers.api.messages import PreviewFrame
from kiosk.court.paper_codes import PaperUse
from kiosk.flow.code_events import UseLyingCode
from kiosk.flow.events import PersonEvent
from kiosk.flow.journey import Journey, Remark
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    ImageView,
    KeyboardKind,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    Stack,
    TextBlock,
    TextField,
    Ui,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.newest_frame import NewestFrame
from screens.lobby.screen import ScreenContext

PICTURE_MM = (64.0, 48.0)
"""As cameras see: four to three."""


class CodeBox:
    """What the camera sees, small, and what to do; empty where there is neither camera nor scanner."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        ui = context.ui
        width, height = PICTURE_MM
        self._picture = ImageView(ui, spoken=words("lobby.code.picture"), width_mm=width, height_mm=height)
        self._said = Stack(ui, (), gap_mm=4.0)
        self._stack = Stack(ui, (), gap_mm=0.0)
        self._shows: tuple[bool, bool, bool] | None = None
        self._newest = NewestFrame(self._show_picture)

    def widget(self) -> Widget:
        """To be put into a page, also into one that is built anew."""
        _taken_out(self._stack)
        return self._stack

    def show(self, journey: Journey) -> None:
        """Put up what belongs to this moment. The live picture stays while there is a camera."""
        surroundings = self._context.surroundings
        camera, scanner, lies = surroundings.camera_works, surroundings.code_scanner_works, bool(journey.lying_codes)
        if (camera, scanner, lies) == self._shows:
            return
        self._shows = (camera, scanner, lies)
        for place in (self._stack, self._said):
            place.clear_widgets()
        _taken_out(self._picture)
        _taken_out(self._said)
        for widget in self._words(camera=camera, scanner=scanner, lies=lies):
            self._said.add_widget(widget)
        if camera:
            self._stack.add_widget(Row(self._context.ui, (self._picture, self._said), gap_mm=6.0, align="center"))
        elif scanner:
            self._stack.add_widget(self._said)

    def _words(self, *, camera: bool, scanner: bool, lies: bool) -> list[Widget]:
        ui = self._context.ui
        if lies:
            use = Button(
                ui,
                name="code.use",
                text=words("lobby.code.use"),
                icon=Icon.DOCUMENT,
                style=ButtonStyle.SECONDARY,
                min_height_mm=18,
                on_press=self._context.send(UseLyingCode()),
            )
            return [TextBlock(ui, words("lobby.code.lies")), use]
        ways: dict[tuple[bool, bool], Words] = {
            (True, True): words("lobby.code.hold.both"),
            (True, False): words("lobby.code.hold.camera"),
            (False, True): words("lobby.code.hold.scanner"),
        }
        return [TextBlock(ui, ways[camera, scanner])] if (camera, scanner) in ways else []

    def preview(self, frame: PreviewFrame) -> None:
        """A live picture."""
        self._newest.come(frame)

    def _show_picture(self, frame: PreviewFrame) -> None:
        self._picture.show(frame.jpeg, *(code.corners for code in frame.codes if code.corners), brief=True)

    def stop(self) -> None:
        """Draw nothing more, and drop the picture: it shows a person's paper."""
        self._newest.stop()
        self._picture.show(b"")


def said_of_code(notice: object) -> Words | None:
    """What a code was that does not belong here, or that it could not be read; None for every other notice."""
    if isinstance(notice, PaperUse):
        return words(f"lobby.code.is.{notice.value}")
    return words("lobby.code.unreadable") if notice is Remark.CODE_UNREADABLE else None


def _taken_out(widget: Widget) -> None:
    if widget.parent is not None:
        widget.parent.remove_widget(widget)


def beside(ui: Ui, field: Widget, box: Widget) -> Widget:
    """The typed field with the box: below it on an upright screen, beside it on a wide one."""
    return Stack(ui, (field, box), gap_mm=6.0) if ui.panel.portrait else Row(ui, (field, box), gap_mm=10.0, align="top")


class CodeScreen(FramedScreen):
    """A page with such a field. Subclasses put `self.code_box.widget()` where it belongs."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self.code_box = CodeBox(context)
        self.code_box.show(journey)
        super().__init__(context, journey)

    def refresh(self, journey: Journey) -> None:
        before = self.journey
        super().refresh(journey)
        self.code_box.show(journey)
        # Nothing was touched: whoever does not see the screen learns of it by this alone.
        if journey.notice is not before.notice and (said := said_of_code(journey.notice)) is not None:
            self.ui.announce(said)
        elif journey.lying_codes and not before.lying_codes:
            self.ui.announce(words("lobby.code.lies"))

    def surroundings_changed(self) -> None:
        super().surroundings_changed()
        self.code_box.show(self.journey)

    def preview(self, frame: PreviewFrame) -> None:
        self.code_box.preview(frame)

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if (said := said_of_code(journey.notice)) is not None:
            unread = journey.notice is Remark.CODE_UNREADABLE
            found.append(Notice(self.ui, said, kind=NoticeKind.ERROR if unread else NoticeKind.WARNING))
        return found

    def leave(self) -> None:
        super().leave()
        self.code_box.stop()


class TypedCodeScreen(CodeScreen):
    """A page on which the code can be typed as well. What was typed stays while it is looked for, and if nothing was
    found. `name` is the field's, and below `lobby` in the catalogue."""

    name: str
    longest: int | None = None

    _typed = ""

    def asked(self, typed: str) -> PersonEvent:
        """What it means that `typed` is looked for."""
        raise NotImplementedError

    def other_ways(self) -> list[Widget]:
        """What stands above the field."""
        return []

    def body(self) -> list[Widget]:
        if self.journey.querying:
            return [Spinner(self.ui, words(f"lobby.{self.journey.stage.value}.asking"))]
        self._field = TextField(
            self.ui,
            name=self.name,
            label=words(f"lobby.{self.name}"),
            hint=words(f"lobby.{self.name}_hint"),
            kind=KeyboardKind.CODE,
            max_length=self.longest,
            on_submit=self._ask,
            on_change=lambda _: self.context.presence(),
        )
        self._field.value = self._typed
        return [*self.other_ways(), beside(self.ui, self._field, self.code_box.widget())]

    def _ask(self) -> None:
        if not self.journey.querying and self._field.value.strip():
            self.context.dispatch(self.asked(self._field.value))

    def on_continue(self) -> Action:
        return self._ask

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.querying

    def refresh(self, journey: Journey) -> None:
        if not self.journey.querying:
            self._typed = self._field.value
        super().refresh(journey)
