"""What can have the focus: a name, spoken words, a visible ring, and the keys it understands."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Line
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from kiosk.i18n import Language
from screens.components.context import Ui

KEY_TAB = 9
KEY_ENTER = 13
KEY_ESCAPE = 27
KEY_SPACE = 32
KEY_BACKSPACE = 8
KEY_KEYPAD_ENTER = 271
KEY_UP = 273
KEY_DOWN = 274
KEY_RIGHT = 275
KEY_LEFT = 276


class Focusable:
    """Mixin of every interactive component.

    `name` identifies it in tests and logs (never shown); `accessible_text` is what is spoken for it.
    """

    focused = BooleanProperty(defaultvalue=False)
    can_focus = BooleanProperty(defaultvalue=True)
    ui: Ui
    name: str
    spoken_when_focused = True
    """Masked fields answer False: what they hold is never spoken (EN 301 549 5.1.3.8)."""

    def accessible_text(self, language: Language) -> str:
        """The words spoken for this element."""
        raise NotImplementedError

    def activate(self) -> None:
        """What Enter does."""

    def handle_key(self, key: int, text: str) -> bool:
        """A key that is not navigation; True when used."""
        del key, text
        return False

    def on_focused(self, widget: Widget, focused: bool) -> None:
        """Draw or take away the ring."""
        group: InstructionGroup | None = getattr(self, "_ring", None)
        if group is None:
            group = InstructionGroup()
            self._ring = group
            widget.canvas.after.add(group)
            trigger = Clock.create_trigger(lambda _elapsed: self._draw_ring(widget), -1)
            widget.fbind("pos", trigger)
            widget.fbind("size", trigger)
        self._draw_ring(widget)
        del focused

    def _draw_ring(self, widget: Widget) -> None:
        self._ring.clear()
        if not self.focused:
            return
        width = self.ui.px(0.5)
        out = width * 1.5
        box = (widget.x - out, widget.y - out, widget.width + 2 * out, widget.height + 2 * out, self.ui.px(2.2))
        self._ring.add(Color(rgba=self.ui.palette.focus))
        self._ring.add(Line(rounded_rectangle=box, width=width))
