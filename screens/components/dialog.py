"""What lies over the page: a question that must be answered before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup, Rectangle, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.components.button import Button, ButtonStyle
from screens.components.context import Action, Styled, Ui, Words, words
from screens.components.icons import Icon
from screens.components.layout import Row, Stack
from screens.components.scroll_area import ScrollArea
from screens.components.text_block import TextBlock
from screens.theme import TextRole


class Dialog(Styled, Widget):
    """A card over a darkened page. Nothing below it reacts; touching beside the card does nothing.

    Open it with `ui.open_overlay(dialog)` and close it with `ui.close_overlay(dialog)`. The safer button comes last,
    where the thumb is, and there is always one that changes nothing.
    """

    modal = True

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        title: Words,
        text: Words = "",
        buttons: Sequence[Button] = (),
        body: Widget | None = None,
        stacked: bool = False,
        gap_mm: float = 6.0,
    ) -> None:
        self.ui = ui
        self.name = name
        super().__init__(size_hint=(1, 1))
        self._shade = InstructionGroup()
        self.canvas.before.add(self._shade)
        self.title = TextBlock(ui, title, role=TextRole.TITLE, bold=True)
        self.text = TextBlock(ui, text)
        actions: Widget = Stack(ui, buttons, gap_mm=4.0) if stacked else Row(ui, buttons, gap_mm=5.0)
        middle = (self.text,) if body is None else (self.text, body)
        self._content = Stack(ui, (self.title, *middle, actions), gap_mm=gap_mm)
        self._scroll = ScrollArea(ui, self._content, name=f"{name}.scroll")
        self.add_widget(self._scroll)
        self.redraw_on(self._arrange, "pos", "size")
        self.redraw_on(self._arrange, "height", of=self._content)
        self.restyle_if_stale()

    def spoken_heading(self) -> Words:
        """What is said when the dialog opens."""
        return self.title.text

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        pad = self.ui.px(8.0)
        width = min(self.width - 2 * self.ui.margin, self.ui.px(230.0))
        self._content.width = width - 2 * pad
        self._content.settle()
        height = min(self._content.height + 2 * pad, self.height - 2 * self.ui.margin)
        x = self.center_x - width / 2
        low = self.ui.look.low_reach and self.ui.panel.portrait
        y = self.y + self.height * 0.12 if low else self.center_y - height / 2
        self._scroll.pos = (x + pad, y + pad)
        self._scroll.size = (width - 2 * pad, height - 2 * pad)
        colours = self.ui.palette
        edge, radius = self.ui.px(0.6), self.ui.px(2.4)
        self._shade.clear()
        self._shade.add(Color(rgba=colours.shade))
        self._shade.add(Rectangle(pos=self.pos, size=self.size))
        self._shade.add(Color(rgba=colours.border))
        frame = (width + 2 * edge, height + 2 * edge)
        self._shade.add(RoundedRectangle(pos=(x - edge, y - edge), size=frame, radius=[radius]))
        self._shade.add(Color(rgba=colours.background))
        self._shade.add(RoundedRectangle(pos=(x, y), size=(width, height), radius=[radius]))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        super().on_touch_up(touch)
        return True


class ConfirmDialog(Dialog):
    """A question with two answers: `yes` does something that cannot be taken back, `no` changes nothing."""

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        title: Words,
        text: Words,
        yes: Words,
        no: Words,
        on_yes: Action,
        on_no: Action,
        danger: bool = True,
    ) -> None:
        yes_style = ButtonStyle.DANGER if danger else ButtonStyle.PRIMARY
        no_style = ButtonStyle.SECONDARY
        buttons = (
            Button(ui, name=f"{name}.yes", text=yes, on_press=on_yes, style=yes_style),
            Button(ui, name=f"{name}.no", text=no, on_press=on_no, style=no_style),
        )
        super().__init__(ui, name=name, title=title, text=text, buttons=buttons)


class IdleWarning(Dialog):
    """Asks whether someone is still there, and counts down (rule 7). The countdown is driven from outside. A `brief`
    one has room on the smallest panel: the question, the seconds and the answers, without what happens otherwise."""

    def __init__(self, ui: Ui, *, seconds: int, on_more_time: Action, on_end: Action, brief: bool = False) -> None:
        role = TextRole.TITLE if brief else TextRole.DISPLAY
        self._count = TextBlock(ui, "", role=role, bold=True, halign="left" if brief else "center")
        buttons = (
            Button(ui, name="idle.end", text=words("toolkit.idle.end"), on_press=on_end, style=ButtonStyle.SECONDARY),
            Button(
                ui,
                name="idle.more_time",
                text=words("toolkit.idle.here" if brief else "toolkit.service.more_time"),
                on_press=on_more_time,
                style=ButtonStyle.PRIMARY,
                icon=None if brief else Icon.CLOCK,
            ),
        )
        super().__init__(
            ui,
            name="idle",
            title=words("toolkit.idle.title"),
            text="" if brief else words("toolkit.idle.text"),
            buttons=buttons,
            body=self._count,
            gap_mm=3.0 if brief else 6.0,
        )
        self.set_seconds(seconds)

    def set_seconds(self, seconds: int) -> None:
        """Show how many seconds are left."""
        self._count.text = words("toolkit.idle.seconds", seconds=max(0, seconds))
