"""The root of the window: one page, dialogs over it, and the services that follow the focus."""

from __future__ import annotations

from kivy.base import EventLoop
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui
from screens.components.dialog import Dialog
from screens.components.input_box import InputBox
from screens.components.page_frame import PageFrame


class Stage(Styled, Widget):
    """Set as the application's root. `show` changes the page; dialogs come and go by `ui.open_overlay`. What they leave
    free has the colour of the background: the window is cleared to it, and no page paints it again.

    A finger that is still down when the page changes has nothing more to say (kivy#7756): its target left the screen.
    """

    def __init__(self, ui: Ui) -> None:
        self.ui = ui
        self.page: Widget | None = None
        self._overlays: list[Dialog] = []
        super().__init__()
        ui.root = self
        ui.overlays = self
        ui.on_focus(self._focus_moved)
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self._arrange()

    def show(self, page: Widget) -> None:
        """Put `page` in place of the one before, close all dialogs and forget the focus."""
        self.ui.focus_on(None)
        self.ui.held = None
        for dialog in list(self._overlays):
            self.close(dialog)
        if self.page is not None:
            self.remove_widget(self.page)
        self.page = page
        self.add_widget(page)
        self._arrange()
        self.ui.page_opened(page)

    def open(self, dialog: Widget) -> None:
        """Lay `dialog` over everything. The keyboard closes, what was typed stays."""
        self.ui.focus_on(None)
        if self.ui.held is not None:
            self.ui.held.release()
        self._overlays.append(dialog)
        self.add_widget(dialog)
        self._arrange()
        self.ui.page_opened(dialog)

    def close(self, dialog: Widget) -> None:
        """Take `dialog` away if it is open."""
        if dialog in self._overlays:
            self.ui.focus_on(None)
            self._overlays.remove(dialog)
            self.remove_widget(dialog)

    @property
    def overlays(self) -> tuple[Widget, ...]:
        """The open dialogs, topmost last."""
        return tuple(self._overlays)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Only the topmost layer hears of touches."""
        top = self._overlays[-1] if self._overlays else self.page
        return top is not None and bool(top.on_touch_down(touch))

    def _arrange(self) -> None:
        # A rectangle of this size would cost a terminal without a graphics processor as much as the rest of a page.
        EventLoop.window.clearcolor = self.ui.palette.background
        for layer in (self.page, *self._overlays):
            if layer is not None:
                layer.pos, layer.size = self.pos, self.size

    def _focus_moved(self, widget: Widget | None) -> None:
        page = self.page
        if not isinstance(page, PageFrame):
            return
        if isinstance(widget, InputBox):
            if not self._overlays:
                page.open_keyboard(widget)
        else:
            page.close_keyboard()
