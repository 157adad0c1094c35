"""Banners and messages: what is said is carried by a drawn mark and words, never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components.button import Button, ButtonStyle
from screens.components.context import Action, Styled, Ui, Words, words
from screens.components.icons import Icon, draw_icon
from screens.components.layout import Stack
from screens.components.text_block import TextBlock


class NoticeKind(Enum):
    """What a banner tells: its mark, and the Palette field that colours mark and edge."""

    INFO = (Icon.INFO, "primary")
    SUCCESS = (Icon.SUCCESS, "success")
    WARNING = (Icon.WARNING, "warning")
    ERROR = (Icon.ERROR, "error_text")


class Notice(Styled, Widget):
    """A banner with a mark, an optional bold title, and words."""

    natural_height = NumericProperty(0.0)

    def __init__(
        self, ui: Ui, text: Words, *, kind: NoticeKind = NoticeKind.INFO, title: Words = "", framed: bool = True
    ) -> None:
        self.ui = ui
        self.kind = kind
        self._framed = framed
        super().__init__(size_hint=(1, None))
        self._frame = InstructionGroup()
        self.canvas.before.add(self._frame)
        self.title = TextBlock(ui, title, bold=True)
        self.body = TextBlock(ui, text)
        self.add_widget(self.title)
        self.add_widget(self.body)
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    @property
    def text(self) -> Words:
        """The words of the banner."""
        return self.body.text

    @text.setter
    def text(self, text: Words) -> None:
        self.body.text = text
        self._arrange()

    def restyle(self) -> None:
        self.title.restyle_if_stale()
        self.body.restyle_if_stale()
        self._arrange()

    def settle(self) -> None:
        self._measure()

    def _measure(self) -> tuple[float, float, float]:
        """Pad, side of the mark, and height of the words at the present width."""
        pad = self.ui.px(3.0) if self._framed else 0.0
        side = self.ui.font_px() * 1.3
        inner = max(1.0, self.width - 2 * pad - side - self.ui.px(2.5))
        self.title.width = self.body.width = inner
        content = self.title.height + self.body.height
        height = max(content, side) + 2 * pad if content else 0.0
        if self.height != height:
            self.natural_height = self.height = height
        return pad, side, content

    def _arrange(self) -> None:
        pad, side, content = self._measure()
        left, top = self.x + pad + side + self.ui.px(2.5), self.top - pad
        self.title.x, self.title.top = left, top
        self.body.x, self.body.top = left, top - self.title.height
        icon, colour = self.kind.value
        colours = self.ui.palette
        self._frame.clear()
        if not content:
            return
        if self._framed:
            self._frame.add(Color(rgba=colours.notice))
            self._frame.add(Rectangle(pos=self.pos, size=self.size))
            self._frame.add(Color(rgba=getattr(colours, colour)))
            self._frame.add(Rectangle(pos=self.pos, size=(self.ui.px(1.4), self.height)))
        self._frame.add(Color(rgba=getattr(colours, colour)))
        draw_icon(self._frame, icon, self.x + pad, top - self.ui.font_px() * 0.75 - side / 2, side)


class ErrorMessage(Notice):
    """The message at a field; takes no room while empty."""

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui, "", kind=NoticeKind.ERROR, framed=False)
        self.body.ink = "error_text"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to change: which field, in which words (the same that stand at the field), and how to get there."""

    field: str
    message: Words
    jump: Action


class ErrorSummary(Stack):
    """Rule 12: at the top of the page, how many things need changing, each with a button that leads to its field."""

    def __init__(self, ui: Ui, errors: Sequence[FieldError], *, name: str = "errors") -> None:
        self.name = name
        self.ui = ui
        self.errors = tuple(errors)
        self.heading = Notice(ui, words("toolkit.errors.count", count=len(errors)), kind=NoticeKind.ERROR)
        self.heading.body.bold = True
        self._jumps = {error.field: self._jump(error) for error in errors}
        self.first_jump = next(iter(self._jumps.values()))
        super().__init__(ui, (self.heading, *self._jumps.values()), gap_mm=2.6)

    def _jump(self, error: FieldError) -> Button:
        return Button(
            self.ui,
            name=f"{self.name}.{error.field}",
            text=error.message,
            on_press=error.jump,
            style=ButtonStyle.SECONDARY,
            icon=Icon.FORWARD,
            leading=True,
        )

    def update(self, errors: Sequence[FieldError]) -> None:
        """Show `errors` instead; buttons that stay are not touched, so neither focus nor finger is lost on them."""
        self.errors = tuple(errors)
        wanted = {error.field: error for error in errors}
        for field in [field for field in self._jumps if field not in wanted]:
            gone = self._jumps.pop(field)
            if gone.focused:
                self.ui.focus_on(None)
            self.remove_widget(gone)
        for place, (field, error) in enumerate(wanted.items()):
            if field not in self._jumps:
                self._jumps[field] = self._jump(error)
                self.add_widget(self._jumps[field], len(self.children) - 1 - place)
            elif self._jumps[field].text != error.message:
                self._jumps[field].text = error.message
        self.heading.text = words("toolkit.errors.count", count=len(errors))
