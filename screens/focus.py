"""Focus without a mouse: an order over the page, and the keys of a keypad or keyboard.

Kivy has no screen-reader support (kivy#8596), so the order and what is spoken are ours. The keypad of EN 301 549 5.1.3
and an ordinary keyboard work alike: Tab or arrows move, Enter or space activates.
"""

from __future__ import annotations

from collections.abc import Sequence

from kivy.uix.widget import Widget

from screens.components.context import Ui, in_visual_order
from screens.components.focusable import (
    KEY_DOWN,
    KEY_ENTER,
    KEY_ESCAPE,
    KEY_KEYPAD_ENTER,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_SPACE,
    KEY_TAB,
    KEY_UP,
    Focusable,
)


def focus_order(root: Widget) -> list[Widget]:
    """The focusable, enabled widgets under `root`, in visual order; only those of the topmost layer with `modal`."""
    order: list[Widget] = []
    for widget in in_visual_order(root):
        if getattr(widget, "modal", False):
            order = []
        if not widget.disabled and isinstance(widget, Focusable) and widget.can_focus:
            order.append(widget)
    return order


def _step(order: Sequence[Widget], current: Widget | None, by: int) -> Widget | None:
    if not order:
        return None
    if current is None or current not in order:
        return order[0] if by > 0 else order[-1]
    return order[(order.index(current) + by) % len(order)]


class FocusManager:
    """Turns keys into focus moves and activations for everything under `ui.root`."""

    def __init__(self, ui: Ui) -> None:
        self.ui = ui

    def move(self, by: int) -> Widget | None:
        """Focus the next (+1) or previous (-1) element, round the end; returns it."""
        if self.ui.root is None:
            return None
        target = _step(focus_order(self.ui.root), self.ui.focused, by)
        self.ui.focus_on(target)
        if target is not None:
            reveal(target)
        return target

    def key_down(self, _window: object, key: int, _scancode: int, text: str | None, modifiers: Sequence[str]) -> bool:
        """Bind this to Window's `on_key_down`. Escape never leaves the program."""
        focused = self.ui.focused
        if key == KEY_TAB:
            self.move(-1 if "shift" in modifiers else 1)
            return True
        if focused is not None and focused.handle_key(key, text or ""):
            return True
        match key:
            case _ if key in (KEY_DOWN, KEY_RIGHT):
                self.move(1)
            case _ if key in (KEY_UP, KEY_LEFT):
                self.move(-1)
            case _ if key in (KEY_ENTER, KEY_KEYPAD_ENTER, KEY_SPACE):
                if focused is not None and not focused.disabled:
                    focused.activate()
            case _:
                return key == KEY_ESCAPE
        return True

    def text_input(self, _window: object, text: str) -> None:
        """Bind this to Window's `on_textinput`: a real keyboard types into the focused field."""
        insert = getattr(self.ui.focused, "insert", None)
        if insert is not None:
            insert(text)

    def drop_lost(self) -> None:
        """Forget a focused widget that has left the screen; call after a page change."""
        focused = self.ui.focused
        if focused is not None and (self.ui.root is None or focused not in list(in_visual_order(self.ui.root))):
            self.ui.focus_on(None)


def reveal(widget: Widget) -> None:
    """Scroll every scroll area around `widget` so that it is seen."""
    ancestor = widget.parent
    while ancestor is not None and ancestor is not ancestor.parent:
        show = getattr(ancestor, "scroll_to_show", None)
        if show is not None:
            show(widget)
        ancestor = ancestor.parent
