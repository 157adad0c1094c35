"""The keyboard on the screen: keys as big as fingers, candidates above them, no pop-ups.

Keys act when the finger comes down, so that two thumbs can type. At 1080 and at 1920 pixels across, every key is at least
12.7 mm wide and high with 2.54 mm between keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Line, Rectangle, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.components.button import IconButton
from screens.components.context import Action, Styled, Ui, Words, words
from screens.components.fonts import drawable, label, text_width
from screens.components.icons import Icon, draw_icon
from screens.components.touch_target import TouchTarget
from screens.keyboard.kinds import TEXT_KINDS, KeyboardKind, Layer
from screens.keyboard.layouts import Blank, Command, Do, Key, Switch, Write
from screens.keyboard.typist import DeleteAll, DeleteBack, Done, Edit, Insert, InputMethod, Typist

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


class InputTarget(Protocol):
    """What a keyboard types into."""

    def insert(self, text: str) -> None:
        """Put `text` at the caret."""
        ...

    def delete_back(self) -> None:
        """Delete the character before the caret."""
        ...

    def delete_all(self) -> None:
        """Empty the field."""
        ...

    def set_preedit(self, text: str) -> None:
        """Show what is being composed."""
        ...


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


class KeyboardPanel(Styled, Widget):
    """The keyboard of one field. Its owner sets `width` and position; `height` follows from the layer.

    `methods` are the input methods of this machine by layer; layers whose method is missing are not offered.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        kind: KeyboardKind,
        target: InputTarget,
        methods: Mapping[Layer, InputMethod],
        on_done: Action | None = None,
        name: str = "keyboard",
    ) -> None:
        self.ui = ui
        self.name = name
        self._target = target
        self._on_done = on_done
        self.typist = Typist(kind, ui.language, methods)
        super().__init__(size_hint=(1, None))
        self._keys: list[list[KeyCap]] = []
        self._first_candidate = 0
        self._shown_candidates: list[CandidateButton] = []
        self._previous = self._turner("previous", Icon.LEFT, -1)
        self._next = self._turner("next", Icon.RIGHT, 1)
        self._page_starts = [0]
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def _turner(self, name: str, icon: Icon, by: int) -> IconButton:
        button = IconButton(
            self.ui,
            name=f"{self.name}.{name}",
            icon=icon,
            spoken=words(f"toolkit.keyboard.{name}"),
            on_press=lambda: self._turn(by),
            side_mm=12.7,
        )
        button.can_focus = False
        return button

    def restyle(self) -> None:
        self._build()

    def abandon(self) -> None:
        """Drop what is being composed."""
        self.typist.abandon()
        self._target.set_preedit("")

    # Keys

    def _build(self) -> None:
        self.clear_widgets()
        self._keys = []
        for number, row in enumerate(self.typist.rows):
            caps = []
            for place, key in enumerate(row):
                if isinstance(key, Blank):
                    cap: KeyCap | Widget = Widget(size_hint=(None, None))
                    cap.key = key
                else:
                    cap = KeyCap(
                        self.ui, key, name=self._key_name(key, number, place), on_key=self._press, shift=self.typist.shift
                    )
                caps.append(cap)
                self.add_widget(cap)
            self._keys.append(caps)
        self._arrange()
        self._show_candidates()

    def _key_name(self, key: Key, row: int, place: int) -> str:
        match key:
            case Write(text):
                return f"key.{text}"
            case Do(command):
                return f"key.{command.value}"
            case Switch(layer):
                return f"key.layer.{layer.value}"
            case Blank():
                return f"key.blank.{row}.{place}"

    def _press(self, key: Key) -> None:
        before = (self.typist.layer, self.typist.shift)
        self._apply(self.typist.press(key))
        if before != (self.typist.layer, self.typist.shift):
            self._build()

    def _choose(self, index: int) -> None:
        self._apply(self.typist.choose(index))

    def _apply(self, edits: list[Edit]) -> None:
        self._target.set_preedit("")
        finished = False
        for edit in edits:
            match edit:
                case Insert(text):
                    self._target.insert(text)
                case DeleteBack():
                    self._target.delete_back()
                case DeleteAll():
                    self._target.delete_all()
                case Done():
                    finished = True
        self._target.set_preedit(self.typist.preedit)
        self._page_starts = [0]
        self._show_candidates()
        if finished and self._on_done is not None:
            self._on_done()

    # Candidates

    @property
    def _has_candidate_bar(self) -> bool:
        return self.typist.kind in TEXT_KINDS and self.typist.layer in (Layer.PINYIN, Layer.STROKE)

    def _turn(self, by: int) -> None:
        if by > 0:
            self._page_starts.append(self._page_starts[-1] + len(self._shown_candidates))
        elif len(self._page_starts) > 1:
            self._page_starts.pop()
        self._show_candidates()

    def _show_candidates(self) -> None:
        for button in (*self._shown_candidates, self._previous, self._next):
            self.remove_widget(button)
        self._shown_candidates = []
        if not self._has_candidate_bar:
            return
        candidates = self.typist.candidates
        start, gap = self._page_starts[-1], self.ui.gap
        height = self._candidate_height
        room_end = self.right - 2 * (self.ui.target + gap)
        x, y = self.x, self.top - height
        for index in range(start, len(candidates)):
            width = width_of_candidate(self.ui, candidates[index])
            if x + width > room_end and self._shown_candidates:
                break
            button = CandidateButton(
                self.ui,
                candidates[index],
                name=f"candidate.{index}",
                on_choose=lambda index=index: self._choose(index),
            )
            button.size = (min(width, room_end - self.x), height)
            button.pos = (x, y)
            self._shown_candidates.append(button)
            self.add_widget(button)
            x += width + gap
        if start + len(self._shown_candidates) < len(candidates) or start:
            self._place_turners(y, height, more=start + len(self._shown_candidates) < len(candidates))

    def _place_turners(self, y: float, height: float, *, more: bool) -> None:
        for button, right in ((self._next, self.right), (self._previous, self.right - self.ui.target - self.ui.gap)):
            button.restyle_if_stale()
            button.right, button.center_y = right, y + height / 2
            self.add_widget(button)
        self._previous.disabled = self._page_starts[-1] == 0
        self._next.disabled = not more

    # Layout

    @property
    def _candidate_height(self) -> float:
        return max(self.ui.target, self.ui.font_px() * 1.6)

    def _key_height(self) -> float:
        wanted = 17.0 if self.ui.panel.portrait else 13.0
        tallest_label = self.ui.font_px() * 1.4
        if self.typist.layer is Layer.STROKE and self.ui.panel.portrait:
            tallest_label = self.ui.font_px() * 3.0
        return max(self.ui.px(wanted), self.ui.target, tallest_label)

    def settle(self) -> None:
        bar = self._candidate_height + self.ui.gap if self._has_candidate_bar else 0.0
        self.height = len(self._keys) * (self._key_height() + self.ui.gap) - self.ui.gap + bar

    def _arrange(self) -> None:
        if not self._keys:
            return
        self.settle()
        gap, height = self.ui.gap, self._key_height()
        bar = self._candidate_height + gap if self._has_candidate_bar else 0.0
        pad = self.typist.kind not in TEXT_KINDS
        for number, row in enumerate(self._keys):
            top = self.top - bar - number * (height + gap)
            shares = sum(cap.key.width for cap in row)
            width = min(self.width, self.ui.px(150.0)) if pad else self.width
            unit = (width - gap * (len(row) - 1)) / shares
            x = self.center_x - width / 2
            for cap in row:
                cap.size = (unit * cap.key.width, height)
                cap.x, cap.top = x, top
                x += cap.width + gap
        self._show_candidates()
