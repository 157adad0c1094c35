"""One key and one candidate of the keyboard on the screen."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Line, Rectangle, RoundedRectangle
from kivy.input.motionevent import MotionEvent

from screens.components.context import Action, Ui, Words, words
from screens.components.fonts import drawable, label, text_width
from screens.components.icons import Icon, draw_icon
from screens.components.touch_target import TouchTarget
from screens.keyboard.kinds import Layer
from screens.keyboard.layouts import Blank, Command, Do, Key, Switch, Write

_REPEAT_AFTER_S = 0.5
_REPEAT_EVERY_S = 0.12

_ICONS = {
    Command.SHIFT: Icon.SHIFT,
    Command.BACKSPACE: Icon.BACKSPACE,
    Command.SPACE: Icon.SPACE,
    Command.ENTER: Icon.ENTER,
}
_LAYER_LABELS = {
    Layer.PINYIN: ("拼音", "拼"),
    Layer.STROKE: ("笔画", "笔"),
    Layer.HANGUL: ("한글", "한"),
    Layer.LATIN: ("ABC", "A"),
    Layer.NUMBERS: ("123", "12"),
    Layer.SYMBOLS: ("，。", "，"),
}
"""On a key with room for it, and on a narrow one."""


class KeyCap(TouchTarget):
    """One key. Keys take no focus: a real keyboard types by itself."""

    def __init__(self, ui: Ui, key: Key, *, name: str, on_key: Callable[[Key], None], shift: bool = False) -> None:
        self.key = key
        self._shift = shift
        self._repeat: object | None = None
        self.ink_size = (0.0, 0.0)
        """Width and height of the words as drawn; the audit holds them inside the key."""
        super().__init__(ui, name=name, spoken=_spoken(key), on_press=lambda: on_key(key))
        self.can_focus = False
        self.size_hint = (None, None)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self._draw, "pos", "size", "pressed")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self._draw()

    @property
    def _prominent(self) -> bool:
        return self.key == Do(Command.DONE, getattr(self.key, "width", 1.0))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.pressed = True
        if self.ui.guard.accept(self.name, key=True):
            if self.key == Do(Command.BACKSPACE, getattr(self.key, "width", 1.0)):
                self._repeat = Clock.schedule_once(self._repeating, _REPEAT_AFTER_S)
            self.fire()
        return True

    def _repeating(self, _elapsed: float) -> None:
        if self.pressed and self.get_root_window() is not None:
            self.fire()
            self._repeat = Clock.schedule_once(self._repeating, _REPEAT_EVERY_S)

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.release()
        return True

    def release(self) -> None:
        super().release()
        if self._repeat is not None:
            Clock.unschedule(self._repeat)
            self._repeat = None

    def _shown(self) -> tuple[Words, Icon | None]:
        match self.key:
            case Write(text, shown):
                return shown or text, None
            case Switch(layer):
                long, short = _LAYER_LABELS[layer]
                return (long if self._fits(long) else short), None
            case Do(Command.CLEAR):
                return words("toolkit.keyboard.clear"), None
            case Do(Command.DONE):
                return words("toolkit.keyboard.done"), None
            case Do(Command.SHIFT):
                return "", Icon.SHIFT_ON if self._shift else Icon.SHIFT
            case Do(command):
                return "", _ICONS[command]
            case Blank():
                return "", None

    @property
    def _room(self) -> float:
        return float(self.width) - self.ui.px(1.6)

    def _fits(self, text: str) -> bool:
        return text_width(text, self.ui.font_px()) <= self._room

    def _draw(self) -> None:
        colours = self.ui.palette
        radius, thick = self.ui.px(1.2), self.ui.px(0.3)
        special = not isinstance(self.key, Write)
        fill = colours.pressed if self.pressed else colours.notice if special else colours.surface
        ink = colours.text
        if self._prominent:
            fill = colours.primary_pressed if self.pressed else colours.primary
            ink = colours.on_primary
        half = thick / 2
        box = (self.x + half, self.y + half, self.width - thick, self.height - thick, radius)
        group = self._group
        group.clear()
        group.add(Color(rgba=fill))
        group.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        group.add(Color(rgba=colours.border))
        group.add(Line(rounded_rectangle=box, width=thick))
        group.add(Color(rgba=ink))
        shown, icon = self._shown()
        text, font_px = self.ui.say(shown), self.ui.font_px()
        self.ink_size = (0.0, 0.0)
        if text and not self._fits(text):
            if self._prominent:
                icon = Icon.CHECK
            elif isinstance(self.key, Do):
                icon = Icon.CROSS
        if icon is not None:
            side = min(self.height * 0.6, self.width * 0.7, font_px * 1.4)
            draw_icon(group, icon, self.center_x - side / 2, self.center_y - side / 2, side)
            return
        self._draw_words(group, text, font_px)

    def _draw_words(self, group: InstructionGroup, text: str, font_px: int) -> None:
        """Centred; words of several parts stand one under the other when one line is too narrow."""
        parts = [text] if self._fits(text) else text.split("  ")
        texture = label("\n".join(parts), font_px, halign="center").texture
        if texture is None:
            return
        width, height = texture.size
        self.ink_size = (width, len(parts) * font_px * 1.2)
        pos = (round(self.center_x - width / 2), round(self.center_y - height / 2))
        group.add(Rectangle(texture=texture, pos=pos, size=(width, height)))


def _spoken(key: Key) -> Words:
    match key:
        case Write(text, shown):
            return shown or text
        case Switch(layer):
            return words(f"toolkit.keyboard.layer_{layer.value}")
        case Do(command):
            return words(f"toolkit.keyboard.{command.value}")
        case Blank():
            return ""


class CandidateButton(TouchTarget):
    """One candidate: as wide as its characters, at least a target."""

    def __init__(self, ui: Ui, text: str, *, name: str, on_choose: Action) -> None:
        self.text = text
        super().__init__(ui, name=name, spoken=text, on_press=on_choose)
        self.can_focus = False
        self.size_hint = (None, None)
        self.width = width_of_candidate(ui, text)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self._draw, "pos", "size", "pressed")

    def _draw(self) -> None:
        colours = self.ui.palette
        self._group.clear()
        self._group.add(Color(rgba=colours.pressed if self.pressed else colours.selected))
        self._group.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[self.ui.px(1.2)]))
        self._group.add(Color(rgba=colours.text))
        texture = label(drawable(self.text), self.ui.font_px()).texture
        width, height = texture.size
        pos = (round(self.center_x - width / 2), round(self.center_y - height / 2))
        self._group.add(Rectangle(texture=texture, pos=pos, size=(width, height)))


def width_of_candidate(ui: Ui, text: str) -> float:
    """Width of a candidate's button in pixels."""
    return max(ui.target, text_width(drawable(text), ui.font_px()) + ui.px(5.0))
