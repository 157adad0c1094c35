"""The frame one types into: text, caret, composition, masking. Not Kivy's TextInput, which brings a clipboard along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kivy.graphics import Color, InstructionGroup, Line, Rectangle, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty

from kiosk.i18n import Language
from screens.components.context import Ui, Words, in_language, words
from screens.components.editing import Editor, index_at, line_of, lines_of
from screens.components.focusable import KEY_BACKSPACE, KEY_ENTER, KEY_KEYPAD_ENTER, KEY_LEFT, KEY_RIGHT, KEY_SPACE
from screens.components.fonts import drawable, label, text_width
from screens.components.touch_target import TouchTarget
from screens.keyboard.kinds import KeyboardKind
from screens.theme import LINE_SPACING, TextRole

if TYPE_CHECKING:
    from screens.components.editing import Line as TextLine

MASK = "●"


class InputBox(TouchTarget):
    """Shows `editor`; a touch gives it the focus and sets the caret. Its page opens the keyboard."""

    natural_height = NumericProperty(0.0)
    in_error = BooleanProperty(defaultvalue=False)

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        spoken: Words,
        kind: KeyboardKind,
        editor: Editor,
        on_edit: Callable[[], None],
        masked: bool = False,
        lines: int = 1,
        placeholder: Words = "",
        prefix: Words = "",
        suffix: Words = "",
        role: TextRole = TextRole.BODY,
    ) -> None:
        self.kind = kind
        self._role = role
        self.editor = editor
        self.masked = masked
        self.spoken_when_focused = not masked
        self._on_edit = on_edit
        self._wanted_rows = self._rows = lines
        self._first_row = 0
        self._follow_caret = True
        self._drag_from: tuple[float, int] | None = None
        self._placeholder = placeholder
        self._prefix = prefix
        self._suffix = suffix
        super().__init__(ui, name=name, spoken=spoken)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.redraw_on(self.redraw, "pos", "size", "focused", "in_error", "disabled")
        self.restyle_if_stale()

    @property
    def multiline(self) -> bool:
        """Whether Enter makes a new line."""
        return self._wanted_rows > 1

    def accessible_text(self, language: Language) -> str:
        said = in_language(self.spoken, language)
        if self.masked:
            return f"{said}, {words('toolkit.field.hidden').in_(language)}"
        return f"{said}, {self.editor.text or words('toolkit.field.empty').in_(language)}"

    def restyle(self) -> None:
        natural = max(self.ui.target, self._rows * self._line_height + self._padding)
        self.natural_height = self.height = natural
        self.redraw()

    def fit(self, room: float | None) -> None:
        """Show as many of the lines as `room` pixels hold, while a keyboard takes the rest; None gives all back."""
        rows = self._wanted_rows
        if room is not None:
            rows = max(1, min(rows, int((room - self._padding) // self._line_height)))
        if rows != self._rows:
            self._rows = rows
            self._follow_caret = True
            self.restyle()

    @property
    def _padding(self) -> float:
        return self.ui.px(4.4)

    @property
    def _font_px(self) -> int:
        return self.ui.font_px(self._role)

    @property
    def _line_height(self) -> float:
        return self._font_px * LINE_SPACING

    @property
    def _text_left(self) -> float:
        prefix = self.ui.say(self._prefix)
        return float(self.x) + self.ui.px(3.0) + (text_width(prefix + " ", self._font_px) if prefix else 0.0)

    @property
    def _text_width(self) -> float:
        suffix = self.ui.say(self._suffix)
        room = text_width(" " + suffix, self._font_px) if suffix else 0.0
        return max(self._font_px * 2.0, float(self.x + self.width) - self.ui.px(3.0) - room - self._text_left)

    def _shown(self) -> str:
        return MASK * len(self.editor.shown) if self.masked else self.editor.shown

    # Editing

    def insert(self, text: str) -> None:
        """Type `text` at the caret (control characters other than line breaks are not text)."""
        kept = "".join(c for c in text if c.isprintable() or (c == "\n" and self.multiline))
        self.editor.insert(kept)
        self._edited()

    def delete_back(self) -> None:
        """Delete the character before the caret."""
        self.editor.delete_back()
        self._edited()

    def delete_all(self) -> None:
        """Empty the field."""
        self.editor.replace("")
        self._edited()

    def set_preedit(self, text: str) -> None:
        """Show `text` at the caret as not yet decided."""
        if text != self.editor.preedit:
            self.editor.preedit = text
            self.redraw()

    def _edited(self) -> None:
        self._follow_caret = True
        self._on_edit()
        self.redraw()

    def activate(self) -> None:
        self.ui.focus_on(self)

    def handle_key(self, key: int, text: str) -> bool:
        match key:
            case _ if key == KEY_BACKSPACE:
                self.delete_back()
            case _ if key == KEY_LEFT:
                self.editor.caret = max(0, self.editor.caret - 1)
                self.redraw()
            case _ if key == KEY_RIGHT:
                self.editor.caret = min(len(self.editor.text), self.editor.caret + 1)
                self.redraw()
            case _ if key in (KEY_ENTER, KEY_KEYPAD_ENTER):
                if not self.multiline:
                    return False
                self.insert("\n")
            case _:
                return key == KEY_SPACE or bool(text and text.isprintable())
        return True

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._drag_from = None
        return bool(super().on_touch_down(touch))

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Dragging in a text of many lines moves the text, not the page."""
        if touch.grab_current is self and self.multiline and self.ui.held is self:
            if self._drag_from is None and abs(touch.y - touch.oy) > self._line_height / 2:
                self._drag_from = (touch.oy, self._first_row)
            if self._drag_from is not None:
                start, row = self._drag_from
                self._follow_caret = False
                self._first_row = max(0, row + round((touch.y - start) / self._line_height))
                self.redraw()
                return True
        return bool(super().on_touch_move(touch))

    def on_touch_up(self, touch: MotionEvent) -> bool:
        inside = touch.grab_current is self and not self.disabled and self.collide_point(*touch.pos)
        if inside and self._drag_from is None:
            self._caret_to(touch.x, touch.y)
        return bool(super().on_touch_up(touch))

    def _caret_to(self, x: float, y: float) -> None:
        if self.editor.preedit:
            return
        lines = self._lines()
        row = self._first_row + int((self._text_top - y) // self._line_height)
        line = lines[min(max(row, 0), len(lines) - 1)]
        self.editor.caret = min(index_at(line, x - self._text_left, self._font_px), len(self.editor.text))
        self.redraw()

    # Drawing

    def _lines(self) -> list[TextLine]:
        width = self._text_width if self.multiline else float("inf")
        return lines_of(drawable_same_length(self._shown()), width, self._font_px)

    @property
    def _text_top(self) -> float:
        used = self._rows * self._line_height
        return float(self.y + self.height - (self.height - used) / 2)

    def redraw(self) -> None:
        """Draw frame, text and caret anew."""
        self._group.clear()
        self._draw_frame()
        font_px, colours = self._font_px, self.ui.palette
        lines = self._lines()
        caret = self.editor.caret + len(self.editor.preedit)
        caret_row = line_of(lines, caret)
        if self._follow_caret:
            self._first_row = min(max(self._first_row, caret_row - self._rows + 1), caret_row)
        self._first_row = min(self._first_row, max(0, len(lines) - self._rows))
        left, top = self._text_left, self._text_top
        caret_x = text_width(lines[caret_row].text[: caret - lines[caret_row].start], font_px)
        shift = 0.0 if self.multiline else max(0.0, caret_x - self._text_width)
        self._draw_affixes(font_px)
        if not self.editor.shown:
            placeholder = self.ui.say(self._placeholder)
            if placeholder:
                self._draw_text(placeholder, left, top, font_px)
        for row, line in enumerate(lines[self._first_row : self._first_row + self._rows]):
            self._draw_text(line.text, left, top - row * self._line_height, font_px, shift)
            self._draw_preedit_mark(line, left - shift, top - row * self._line_height, font_px)
        if self.focused and 0 <= caret_row - self._first_row < self._rows:
            y = top - (caret_row - self._first_row + 1) * self._line_height
            self._group.add(Color(rgba=colours.focus))
            width = self.ui.px(0.5)
            caret_pos = (left - shift + caret_x, y + self._line_height * 0.1)
            self._group.add(Rectangle(pos=caret_pos, size=(width, self._line_height * 0.8)))

    def _draw_frame(self) -> None:
        colours = self.ui.palette
        thick = self.ui.px(0.7 if self.focused or self.in_error else 0.3)
        edge = colours.error_text if self.in_error else colours.primary if self.focused else colours.border
        half, radius = thick / 2, self.ui.px(1.2)
        box = (self.x + half, self.y + half, self.width - thick, self.height - thick, radius)
        self._group.add(Color(rgba=colours.background if self.disabled else colours.surface))
        self._group.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        self._group.add(Color(rgba=edge))
        self._group.add(Line(rounded_rectangle=box, width=thick))

    def _draw_affixes(self, font_px: int) -> None:
        prefix, suffix = self.ui.say(self._prefix), self.ui.say(self._suffix)
        if prefix:
            self._draw_text(prefix, self.x + self.ui.px(3.0), self._text_top, font_px)
        if suffix:
            width = text_width(suffix, font_px)
            self._draw_text(suffix, self.right - self.ui.px(3.0) - width, self._text_top, font_px)

    def _draw_text(self, text: str, x: float, top: float, font_px: int, shift: float = 0.0) -> None:
        if not text:
            return
        if not self.multiline and shift:
            text, x = self._clipped(text, x, shift, font_px)
        texture = label(text, font_px).texture
        if texture is None:
            return
        self._group.add(Color(rgba=self.ui.palette.text))
        width, height = texture.size
        self._group.add(Rectangle(texture=texture, pos=(round(x), round(top - height)), size=(width, height)))

    def _clipped(self, text: str, x: float, shift: float, font_px: int) -> tuple[str, float]:
        """`text` without the characters that scrolled out on the left."""
        hidden = 0.0
        for i, char in enumerate(text):
            if hidden >= shift:
                return text[i:], x + hidden - shift
            hidden += text_width(char, font_px)
        return text, x

    def _draw_preedit_mark(self, line: TextLine, x: float, top: float, font_px: int) -> None:
        """A line under what is still being composed."""
        start = max(self.editor.caret - line.start, 0)
        end = min(self.editor.caret + len(self.editor.preedit) - line.start, len(line.text))
        if start >= end:
            return
        from_x = x + text_width(line.text[:start], font_px)
        to_x = x + text_width(line.text[:end], font_px)
        y = top - self._line_height * 0.95
        self._group.add(Color(rgba=self.ui.palette.primary))
        self._group.add(Line(points=[from_x, y, to_x, y], width=self.ui.px(0.25)))


def drawable_same_length(text: str) -> str:
    """`text` with undrawable characters as 〓, one for one, so that caret positions still agree."""
    shown = drawable(text)
    return text if shown == text else "".join(c if drawable(c) == c else "〓" for c in text)
