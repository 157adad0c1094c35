"""Radio buttons and check boxes as big as a finger; shape and colour both show what is chosen (rule 20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kivy.graphics import Color, Ellipse, InstructionGroup, Line, RoundedRectangle
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.i18n import Language
from screens.components.context import Ui, Words, in_language, words
from screens.components.icons import Icon, draw_icon
from screens.components.layout import Row, Stack
from screens.components.text_block import TextBlock
from screens.components.touch_target import TouchTarget
from screens.theme import TextRole

OnChange = Callable[[tuple[str, ...]], None]

SECOND_THOUGHT_S = 1.5
"""A chosen option touched again later than this is meant to be given up; sooner, it is a double touch."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what is stored, what is shown, and a line of explanation below it."""

    value: str
    text: Words
    hint: Words | None = None


class ChoiceItem(TouchTarget):
    """One option with its mark. Round for one of several, square with a tick for any of several."""

    natural_height = NumericProperty(0.0)
    selected = BooleanProperty(defaultvalue=False)

    def __init__(
        self,
        ui: Ui,
        choice: Choice,
        *,
        name: str,
        multiple: bool,
        on_choose: Callable[[str], None],
        min_height_mm: float = 0.0,
        role: TextRole = TextRole.BODY,
    ) -> None:
        self.choice = choice
        self._min_height_mm = min_height_mm
        self._multiple = multiple
        super().__init__(ui, name=name, spoken=choice.text, on_press=lambda: on_choose(choice.value))
        self._frame = InstructionGroup()
        self.canvas.before.add(self._frame)
        self._label = TextBlock(ui, choice.text, role=role)
        self._hint = TextBlock(ui, choice.hint, ink="hint") if choice.hint is not None else None
        self.add_widget(self._label)
        if self._hint is not None:
            self.add_widget(self._hint)
        self.redraw_on(self._arrange, "pos", "size", "pressed", "selected")
        self.restyle_if_stale()

    def accessible_text(self, language: Language) -> str:
        state = words("toolkit.choice.selected" if self.selected else "toolkit.choice.not_selected")
        parts = [in_language(self.choice.text, language), state.in_(language)]
        if self.choice.hint is not None:
            parts.append(in_language(self.choice.hint, language))
        return ", ".join(parts)

    def restyle(self) -> None:
        self._label.restyle_if_stale()
        if self._hint is not None:
            self._hint.restyle_if_stale()
        self._arrange()

    def settle(self) -> None:
        self._measure()

    def _measure(self) -> tuple[float, float, float]:
        """Pad, side of the mark, and height of the words at the present width."""
        pad = self.ui.px(2.6)
        mark = max(self.ui.px(6.5), self.ui.font_px() * 1.1)
        inner = max(1.0, self.width - 3 * pad - mark)
        self._label.width = inner
        content = self._label.height
        if self._hint is not None:
            self._hint.width = inner
            content += self._hint.height
        least = max(self.ui.target, self.ui.px(self._min_height_mm) if self._min_height_mm else 0.0)
        natural = max(least, content + 1.2 * pad)
        if self.natural_height != natural:
            self.natural_height = self.height = natural
        return pad, mark, content

    def _arrange(self) -> None:
        pad, mark, content = self._measure()
        left, top = self.x + 2 * pad + mark, self.center_y + content / 2
        self._label.x, self._label.top = left, top
        if self._hint is not None:
            self._hint.x, self._hint.top = left, top - self._label.height
        self._draw(self.x + pad, self.center_y - mark / 2, mark)

    def _draw(self, x: float, y: float, mark: float) -> None:
        colours = self.ui.palette
        radius, thick = self.ui.px(1.6), self.ui.px(0.7 if self.selected else 0.3)
        fill = colours.pressed if self.pressed else colours.selected if self.selected else colours.surface
        half = thick / 2
        box = (self.x + half, self.y + half, self.width - thick, self.height - thick, radius)
        frame = self._frame
        frame.clear()
        frame.add(Color(rgba=fill))
        frame.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        frame.add(Color(rgba=colours.primary if self.selected else colours.border))
        frame.add(Line(rounded_rectangle=box, width=thick))
        pen = self.ui.px(0.4)
        if self._multiple:
            if self.selected:
                frame.add(RoundedRectangle(pos=(x, y), size=(mark, mark), radius=[radius / 2]))
                frame.add(Color(rgba=colours.on_primary))
                draw_icon(frame, Icon.CHECK, x + mark * 0.12, y + mark * 0.12, mark * 0.76)
            else:
                frame.add(Line(rounded_rectangle=(x, y, mark, mark, radius / 2), width=pen))
        else:
            frame.add(Line(circle=(x + mark / 2, y + mark / 2, mark / 2), width=pen))
            if self.selected:
                frame.add(Ellipse(pos=(x + mark * 0.22, y + mark * 0.22), size=(mark * 0.56, mark * 0.56)))


class ChoiceList(Stack):
    """A list of options, one or several of which can be chosen. `columns` sets short options side by side,
    `min_height_mm` and `role` make each roomier.

    `selected` is a tuple of values in the order of the options; `on_change` is called with it after each touch. With
    `clearable` the one that is chosen can be touched once more to choose none.
    """

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        choices: Sequence[Choice],
        selected: Sequence[str] = (),
        multiple: bool = False,
        columns: int = 1,
        on_change: OnChange | None = None,
        min_height_mm: float = 0.0,
        clearable: bool = False,
        role: TextRole = TextRole.BODY,
    ) -> None:
        self.name = name
        self._multiple = multiple
        self._clearable = clearable
        self._chosen_at = float("-inf")
        self._on_change = on_change
        self.items = [
            ChoiceItem(
                ui,
                choice,
                name=f"{name}.{choice.value}",
                multiple=multiple,
                on_choose=self._chosen,
                min_height_mm=min_height_mm,
                role=role,
            )
            for choice in choices
        ]
        if columns == 1:
            rows = list(self.items)
        else:
            empty = [Widget(size_hint=(1, None), height=0) for _ in range(-len(self.items) % columns)]
            cells = [*self.items, *empty]
            rows = [Row(ui, cells[i : i + columns]) for i in range(0, len(cells), columns)]
        super().__init__(ui, rows, gap_mm=3.0)
        self.selected = tuple(selected)

    @property
    def selected(self) -> tuple[str, ...]:
        """The values chosen."""
        return tuple(item.choice.value for item in self.items if item.selected)

    @selected.setter
    def selected(self, values: Sequence[str]) -> None:
        for item in self.items:
            item.selected = item.choice.value in values

    def _chosen(self, value: str) -> None:
        now = self.ui.clock.monotonic()
        gives_up = self._clearable and now - self._chosen_at >= SECOND_THOUGHT_S
        for item in self.items:
            if item.choice.value == value:
                item.selected = not item.selected if self._multiple or gives_up else True
            elif not self._multiple:
                item.selected = False
        self._chosen_at = now
        if self._on_change is not None:
            self._on_change(self.selected)
