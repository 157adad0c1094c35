"""The pages on which something is typed: the whole panel belongs to the field and its keyboard."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import Pad
from screens.components import (
    Button,
    ButtonStyle,
    DateField,
    KeyboardKind,
    KeyboardPanel,
    Row,
    Stack,
    TextField,
    Words,
    words,
)
from screens.components.context import Styled, Ui
from screens.components.service_bar import settings_icons
from screens.keyboard.methods import input_methods
from screens.touchpad.asked import Asked

Ways = Callable[[Button], Row]

WIDTH_FOR_WORDS_MM = 201.0
HEIGHT_FOR_WORDS_MM = 125.0
"""A keyboard for words has twelve keys in a row and five rows; on smaller panels no words are asked for."""


def words_fit(ui: Ui) -> bool:
    """Whether a keyboard for words has keys as large as a finger here."""
    return ui.panel.mm(ui.panel.width) >= WIDTH_FOR_WORDS_MM and ui.panel.mm(ui.panel.height) >= HEIGHT_FOR_WORDS_MM


class TypingPage(Styled, Widget):
    """A field, its keyboard, and "done". Digits stand beside the field, letters under it. `ways` puts the ways back
    beside "done"; without it, what was typed can be left out."""

    def __init__(
        self, ui: Ui, asked: Asked, pad: Pad, dispatch: Callable[[ev.Event], None], ways: Ways | None = None
    ) -> None:
        self.ui = ui
        self._asked = asked
        self._title, self._hint = asked.title, asked.hint
        super().__init__(size_hint=(1, 1))
        self._measured: object = None
        self._ground = InstructionGroup()
        self.canvas.before.add(self._ground)
        self.field = self._field(pad, dispatch)
        done = Button(
            ui,
            name="done",
            text=asked.done_text,
            style=ButtonStyle.PRIMARY,
            on_press=lambda: dispatch(asked.on_done),
        )
        if ways is not None:
            self._actions: Widget = ways(done)
        else:
            drop = Button(
                ui, name="drop", text=words("touchpad.typing.drop"), on_press=lambda: dispatch(ev.DropTyped())
            )
            self._actions = Stack(ui, (done, drop), gap_mm=2.6) if asked.digits else Row(ui, (drop, done), gap_mm=2.6)
        self._icons = settings_icons(ui)
        self._settings = Row(ui, (*self._icons, Widget(size_hint=(1, None), height=0)), gap_mm=2.6)
        self.keyboard = KeyboardPanel(
            ui,
            kind=asked.kind,
            target=self.field.box,
            methods=input_methods(),
            on_done=lambda: dispatch(asked.on_done),
        )
        for widget in (self.field, self._actions, self._settings, self.keyboard):
            self.add_widget(widget)
        self.redraw_on(self._arrange, "pos", "size")
        self.redraw_on(self._arrange, "height", of=self.keyboard)
        self.redraw_on(self._arrange, "height", of=self.field)
        self.field.box.focused = True
        self.restyle_if_stale()

    def _field(self, pad: Pad, dispatch: Callable[[ev.Event], None]) -> TextField:
        asked = self._asked

        def change(text: str) -> None:
            dispatch(ev.Typed(text))

        if asked.kind is KeyboardKind.DATE:
            return DateField(self.ui, name=asked.name, label=self._title, hint=self._hint, on_change=change)
        return TextField(
            self.ui,
            name=asked.name,
            label=self._title,
            hint=self._hint,
            value=asked.value(pad),
            kind=asked.kind,
            lines=1 if asked.digits else 2,
            max_length=asked.longest,
            on_change=change,
        )

    @property
    def widget(self) -> Widget:
        """The page itself."""
        return self

    def refresh(self, pad: Pad) -> None:
        """What is typed is in the field already; what is wrong with it is said."""
        error = self._asked.wrong if pad.mistaken else None
        if error != self.field.error:
            self._measured = None
            self.field.error = error
            self._arrange()
            if error is not None:
                self.ui.page_opened(self)

    def spoken_heading(self) -> Words:
        """What is wrong, or the question."""
        return self.field.error or self._title

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if self.width <= 1 or self.height <= 1:
            return
        self._ground.clear()
        self._ground.add(Color(rgba=self.ui.palette.background))
        self._ground.add(Rectangle(pos=self.pos, size=self.size))
        if self._asked.digits and not self.ui.panel.portrait:
            self._arrange_beside()
        else:
            self._arrange_under()

    def _arrange_beside(self) -> None:
        margin = gap = self.ui.px(4.0)
        half = (self.width - 3 * margin) / 2
        for part in (self.field, self._actions, self._settings, self.keyboard):
            part.width = half
            part.settle()
        self._fit_field(self.height - 2 * margin - self._actions.height - self._settings.height - 2 * gap)
        x = self.x + margin
        self.field.x, self.field.top = x, self.top - margin
        self._settings.x, self._settings.y = x, self.y + margin
        self._actions.x, self._actions.y = x, self._settings.top + gap
        self.keyboard.x, self.keyboard.center_y = x + half + margin, self.center_y

    def _arrange_under(self) -> None:
        margin, gap = self.ui.px(4.0), self.ui.px(3.0)
        width = self.width - 2 * margin
        icons = sum(icon.width for icon in self._icons) + len(self._icons) * self.ui.px(2.6)
        self._settings.width, self._actions.width = icons, width - icons - gap
        self.keyboard.width = self.field.width = width
        for part in (self._settings, self._actions, self.keyboard, self.field):
            part.settle()
        x = self.x + margin
        self.keyboard.x, self.keyboard.y = x, self.y + margin
        row = self.keyboard.top + gap
        self._settings.x, self._settings.y = x, row
        self._actions.right, self._actions.y = x + width, row
        bottom = max(self._settings.top, self._actions.top) + gap
        self._fit_field(self.top - margin - bottom)
        self.field.x, self.field.top = x, self.top - margin

    def _fit_field(self, room: float) -> None:
        """With large letters something has to give way: the hint, then the lines that show what was written, then the
        question, which was read before. Decided once for a room and a look, for it changes the field's height."""
        field, measured = self.field, (room, self.ui.look)
        if measured == self._measured:
            return
        self._measured = measured
        field.label.text, field.hint.text = self._title, self._hint
        field.box.fit(None)
        field.settle()
        for spare in (field.hint, None, field.label):
            if field.height <= room:
                return
            if spare is None:
                field.box.fit(room - (field.height - field.box.height))
            else:
                spare.text = ""
            field.settle()
