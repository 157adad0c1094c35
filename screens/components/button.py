"""Buttons: a text, an icon, or both, never smaller than a finger."""

from __future__ import annotations

from enum import Enum

from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.properties import BooleanProperty, NumericProperty

from screens.components.context import Action, Ui, Words
from screens.components.fonts import text_width
from screens.components.icons import Icon, draw_icon
from screens.components.text_block import TextBlock
from screens.components.touch_target import TouchTarget
from screens.theme import Rgba, TextRole


class ButtonStyle(Enum):
    """What a button means. There is at most one PRIMARY on a page."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    """Ends or discards something."""
    CHOICE = "choice"
    """A large card on the home screen: left-aligned, icon in front."""
    BARE = "bare"
    """On the header: no frame, header colours."""


class Button(TouchTarget):
    """A button with text, optionally an icon in front (or above with `icon_above`).

    `natural_height` is what the text needs at the present width (at least one target); `natural_width` what one line
    needs. With `fit=True` the width is `natural_width`, otherwise the parent's choice. `leading` sets icon and words
    at the left, as CHOICE does.
    """

    natural_height = NumericProperty(0.0)
    natural_width = NumericProperty(0.0)

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        text: Words,
        on_press: Action | None = None,
        style: ButtonStyle = ButtonStyle.SECONDARY,
        icon: Icon | None = None,
        icon_above: bool = False,
        role: TextRole = TextRole.BODY,
        hint: Words | None = None,
        fit: bool = False,
        leading: bool = False,
        enabled: bool = True,
        min_height_mm: float = 0.0,
        icon_mm: float = 0.0,
        spoken: Words | None = None,
    ) -> None:
        self.style = style
        self._icon_mm = icon_mm
        self._icon = icon
        self._icon_above = icon_above
        self._fit = fit
        self._leading = leading or style is ButtonStyle.CHOICE
        self._min_height_mm = min_height_mm
        super().__init__(ui, name=name, spoken=spoken if spoken is not None else text, on_press=on_press)
        if fit:
            self.size_hint_x = None
        centred = not self._leading and (icon is None or icon_above)
        halign = "center" if centred else "left"
        bold = style in (ButtonStyle.PRIMARY, ButtonStyle.DANGER, ButtonStyle.CHOICE)
        self._label = TextBlock(ui, text, role=role, halign=halign, bold=bold)
        self._hint = TextBlock(ui, hint, ink="hint") if hint is not None else None
        self._frame = InstructionGroup()
        self.canvas.before.add(self._frame)
        self.add_widget(self._label)
        if self._hint is not None:
            self.add_widget(self._hint)
        self.disabled = not enabled
        self.redraw_on(self._arrange, "pos", "size", "pressed", "disabled")
        self.restyle_if_stale()

    @property
    def text(self) -> Words:
        """The words on the button."""
        return self._label.text

    @text.setter
    def text(self, text: Words) -> None:
        if self.spoken == self._label.text:
            self.spoken = text
        self._label.text = text
        self._arrange()

    @property
    def lines(self) -> int:
        """How many lines the words take at the present width."""
        return len(self._label.lines)

    def lines_at(self, width: float) -> int:
        """How many lines the words would take on a button `width` wide; changes nothing."""
        return self._label.lines_at(width - self._beside_words())

    @property
    def icon(self) -> Icon | None:
        """The drawing on the button."""
        return self._icon

    @icon.setter
    def icon(self, icon: Icon | None) -> None:
        self._icon = icon
        self._arrange()

    @property
    def enabled(self) -> bool:
        """Whether it reacts."""
        return not self.disabled

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        self.disabled = not enabled

    def restyle(self) -> None:
        self._label.restyle_if_stale()
        if self._hint is not None:
            self._hint.restyle_if_stale()
        self._arrange()

    @property
    def _ink(self) -> str:
        if self.disabled:
            return "hint"
        match self.style:
            case ButtonStyle.PRIMARY:
                return "on_primary"
            case ButtonStyle.DANGER:
                return "on_danger"
            case ButtonStyle.BARE:
                return "on_header"
            case ButtonStyle.SECONDARY | ButtonStyle.CHOICE:
                return "text"

    def _fill(self) -> tuple[Rgba, Rgba]:
        """Fill and edge."""
        colours = self.ui.palette
        if self.disabled:
            return colours.background, colours.border
        match self.style:
            case ButtonStyle.PRIMARY:
                fill = colours.primary_pressed if self.pressed else colours.primary
                return fill, colours.primary
            case ButtonStyle.DANGER:
                fill = colours.danger_pressed if self.pressed else colours.danger
                return fill, colours.danger
            case ButtonStyle.BARE:
                return colours.header, colours.on_header if self.pressed else colours.header
            case ButtonStyle.SECONDARY | ButtonStyle.CHOICE:
                return colours.pressed if self.pressed else colours.surface, colours.border

    def _icon_side(self) -> float:
        if self._icon is None:
            return 0.0
        by_text = self.ui.font_px(self._label.role) * (1.7 if self.style is ButtonStyle.CHOICE else 1.25)
        return max(by_text, self.ui.px(self._icon_mm)) if self._icon_mm else by_text

    def settle(self) -> None:
        self._measure()

    @property
    def _pad(self) -> float:
        return self.ui.px(5.0 if self._icon_mm else 2.2)

    def _beside_words(self) -> float:
        """Width that padding and an icon in front take from the words."""
        side = self._icon_side()
        return 2 * self._pad + (side + self._pad if side and not self._icon_above else 0.0)

    def _measure(self) -> tuple[float, float, float, float, float]:
        """Heights and widths for the present width: pad, icon side, room of the icon, room of the words, content."""
        pad = self._pad
        side = self._icon_side()
        beside = side + pad if side and not self._icon_above else 0.0
        self.natural_width = max(self.ui.target, self._label.natural_width + 2 * pad + beside + 2)
        if self._fit and self.width != self.natural_width:
            self.width = self.natural_width
        inner = max(1.0, self.width - 2 * pad - beside)
        self._label.width = inner
        text_height = self._label.height
        if self._hint is not None:
            self._hint.width = inner
            text_height += self._hint.height
        content = text_height + (side + pad / 2 if side and self._icon_above else 0.0)
        least = max(self.ui.target, self.ui.px(self._min_height_mm) if self._min_height_mm else 0.0)
        natural = max(least, content + 1.4 * pad, side + 1.4 * pad)
        if self.natural_height != natural:
            self.natural_height = self.height = natural
        return pad, side, beside, inner, content

    def _arrange(self) -> None:
        pad, side, beside, inner, content = self._measure()
        self._place(pad, side, beside, inner, content)
        self._draw(pad, side)

    def _place(self, pad: float, side: float, beside: float, inner: float, content: float) -> None:
        left = self.x + pad + beside
        if beside and not self._leading:
            # Icon and words together in the middle.
            slack = max(0.0, inner - max(map(self._line_width, self._label.lines), default=0.0))
            left += slack / 2
            self._icon_x = left - beside
        else:
            self._icon_x = self.x + pad
        top = self.center_y + content / 2
        if side and self._icon_above:
            self._icon_x = self.center_x - side / 2
            top -= side + pad / 2
        self._label.x, self._label.top = left, top
        if self._hint is not None:
            self._hint.x, self._hint.top = left, top - self._label.height

    def _line_width(self, line: str) -> float:
        return text_width(line.rstrip(), self._label.font_px, self._label.bold)

    def _draw(self, pad: float, side: float) -> None:
        self._label.ink = self._ink
        fill, edge = self._fill()
        radius = self.ui.px(1.6)
        self._frame.clear()
        self._frame.add(Color(rgba=fill))
        self._frame.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        if edge != fill:
            width = self.ui.px(0.5 if self.pressed else 0.3)
            half = width / 2
            box = (self.x + half, self.y + half, self.width - width, self.height - width, radius)
            self._frame.add(Color(rgba=edge))
            dashes = {"dash_length": 6, "dash_offset": 6} if self.disabled else {}
            self._frame.add(Line(rounded_rectangle=box, width=1.0 if dashes else width, **dashes))
        if self._icon is not None:
            y = self.center_y - side / 2
            if self._icon_above:
                y = self._label.top + pad / 2
            marks = self.ui.palette.primary if self.style is ButtonStyle.CHOICE else getattr(self.ui.palette, self._ink)
            self._frame.add(Color(rgba=marks))
            draw_icon(self._frame, self._icon, self._icon_x, y, side)


class IconButton(TouchTarget):
    """A square button that shows only a drawing; its words are spoken. For keys and page-turners."""

    natural_height = NumericProperty(0.0)
    emphasised = BooleanProperty(defaultvalue=False)
    """Filled in the primary colour while it is enabled: there is something behind this button."""

    def __init__(
        self, ui: Ui, *, name: str, icon: Icon, spoken: Words, on_press: Action | None = None, side_mm: float = 14.0
    ) -> None:
        self._icon = icon
        self._side_mm = side_mm
        super().__init__(ui, name=name, spoken=spoken, on_press=on_press)
        self.size_hint_x = None
        self._frame = InstructionGroup()
        self.canvas.before.add(self._frame)
        self.redraw_on(self._draw, "pos", "size", "pressed", "disabled", "emphasised")
        self.restyle_if_stale()

    @property
    def icon(self) -> Icon:
        """The drawing."""
        return self._icon

    @icon.setter
    def icon(self, icon: Icon) -> None:
        self._icon = icon
        self._draw()

    def restyle(self) -> None:
        side = max(self.ui.target, self.ui.px(self._side_mm))
        self.natural_height = side
        self.size = (side, side)
        self._draw()

    def _draw(self) -> None:
        colours = self.ui.palette
        radius = self.ui.px(1.6)
        width = self.ui.px(0.3)
        box = (self.x + width / 2, self.y + width / 2, self.width - width, self.height - width, radius)
        self._frame.clear()
        fill, ink = colours.pressed if self.pressed else colours.surface, colours.text
        if self.emphasised and not self.disabled:
            fill, ink = colours.primary_pressed if self.pressed else colours.primary, colours.on_primary
        self._frame.add(Color(rgba=fill))
        self._frame.add(RoundedRectangle(pos=self.pos, size=self.size, radius=[radius]))
        self._frame.add(Color(rgba=colours.border))
        self._frame.add(Line(rounded_rectangle=box, width=1.0 if self.disabled else width))
        if not self.disabled:
            self._frame.add(Color(rgba=ink))
        side = min(self.width, self.height) * 0.56
        draw_icon(self._frame, self._icon, self.center_x - side / 2, self.center_y - side / 2, side)
