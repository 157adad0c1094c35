"""The base of everything that reacts to a finger: one at a time, debounced, answered on the first frame."""

from __future__ import annotations

from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from kiosk.i18n import Language
from screens.components.context import Action, Styled, Ui, Words, in_language
from screens.components.focusable import Focusable


class TouchTarget(Focusable, Styled, Widget):
    """A widget that a touch or Enter activates. Subclasses draw themselves and follow `pressed`.

    A touch counts when finger down and finger up are both inside. While one target is held, a second finger elsewhere
    does nothing; a touch whose target has left the screen (page changed under the finger) does nothing either.
    """

    pressed = BooleanProperty(defaultvalue=False)

    def __init__(self, ui: Ui, *, name: str, spoken: Words, on_press: Action | None = None) -> None:
        self.ui = ui
        self.name = name
        self.spoken = spoken
        self.action = on_press
        super().__init__(size_hint=(1, None))

    def accessible_text(self, language: Language) -> str:
        return in_language(self.spoken, language)

    def activate(self) -> None:
        """Do what the target is for, unless this activation is a bounce or the target is disabled."""
        if self.disabled or not self.ui.guard.accept(self.name):
            return
        self.fire()

    def fire(self) -> None:
        """The action itself; subclasses with more to do than a callback extend this."""
        if self.action is not None:
            self.action()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        held = self.ui.held
        if self.disabled or (held is not None and held.get_root_window() is not None):
            return True
        touch.grab(self)
        self.ui.held = self
        self.pressed = True
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        self.pressed = self.ui.held is self and self.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        held = self.ui.held is self
        self.release()
        if held and self.collide_point(*touch.pos) and self.get_root_window() is not None:
            self.activate()
        return True

    def release(self) -> None:
        """Let go without activating (the finger turned out to be scrolling)."""
        self.pressed = False
        if self.ui.held is self:
            self.ui.held = None
