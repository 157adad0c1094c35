"""Text on the screen: broken by our own rules, as high as it needs to be, in the colour of its role."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui, Words
from screens.components.fonts import drawable, label, text_width
from screens.components.line_breaking import break_text
from screens.theme import LINE_SPACING, TextRole

_LINES_PER_TEXTURE = 24
"""A texture is at most 16,384 pixels high; 24 lines of the largest display text stay far below."""


class TextBlock(Styled, Widget):
    """Words wrapped to the block's width; its height follows.

    `ink` names a colour of the Palette. `natural_width` is the width at which no line would wrap.
    `fit=True` makes the block as wide as that by itself.
    """

    natural_width = NumericProperty(0.0)

    def __init__(
        self,
        ui: Ui,
        text: Words,
        *,
        role: TextRole = TextRole.BODY,
        ink: str = "text",
        bold: bool = False,
        halign: str = "left",
        fit: bool = False,
    ) -> None:
        self.ui = ui
        self._text = text
        self.role = role
        self._ink = ink
        self.bold = bold
        self.halign = halign
        self.fit = fit
        self._drawn: tuple[object, ...] = ()
        self.textures: list[tuple[Texture, float]] = []
        self.lines: list[str] = []
        super().__init__(size_hint=(None if fit else 1, None))
        self._colour = Color(rgba=ui.palette.text)
        self._group = InstructionGroup()
        self.canvas.add(self._colour)
        self.canvas.add(self._group)
        self.fbind("width", lambda *_: self._lay_out())
        self.redraw_on(self._place, "pos", "height")
        self.restyle_if_stale()

    @property
    def text(self) -> Words:
        """What is shown."""
        return self._text

    @text.setter
    def text(self, text: Words) -> None:
        if text != self._text:
            self._text = text
            self._lay_out()

    @property
    def ink(self) -> str:
        """The Palette field that colours the text."""
        return self._ink

    @ink.setter
    def ink(self, ink: str) -> None:
        self._ink = ink
        self._colour.rgba = getattr(self.ui.palette, ink)

    @property
    def font_px(self) -> int:
        """The em in pixels."""
        return self.ui.font_px(self.role)

    @property
    def line_height(self) -> float:
        """Pitch of the lines in pixels."""
        return self.font_px * LINE_SPACING

    def restyle(self) -> None:
        """Take on colours, size and language."""
        self._colour.rgba = getattr(self.ui.palette, self._ink)
        self._lay_out()

    def lines_at(self, width: float) -> int:
        """How many lines this text would take at `width`."""
        text = drawable(self.ui.say(self._text))
        if not text:
            return 0
        font_px = self.font_px
        return len(break_text(text, max(width, font_px * 2), lambda part: text_width(part, font_px, self.bold)))

    @property
    def drawn_width(self) -> float:
        """Width of the widest line as drawn, in pixels."""
        return max((texture.size[0] for texture, _height in self.textures), default=0.0)

    def drawn_left(self, width: float) -> float:
        """Where something `width` wide begins, by the alignment."""
        match self.halign:
            case "center":
                return float(self.x + (self.width - width) / 2)
            case "right":
                return float(self.x + self.width - width)
            case _:
                return float(self.x)

    def _lay_out(self) -> None:
        text = drawable(self.ui.say(self._text))
        font_px, bold = self.font_px, self.bold

        def measure(part: str) -> float:
            return text_width(part, font_px, bold)

        key = (text, font_px, bold, None if self.fit else self.width)
        if key == self._drawn:
            return
        self._drawn = key
        self.natural_width = max(map(measure, text.split("\n"))) + 2 if text else 0.0
        if self.fit:
            self.width = self.natural_width
            self._drawn = (text, font_px, bold, None)
        self.lines = break_text(text, max(self.width, font_px * 2), measure) if text else []
        self.textures = []
        for start in range(0, len(self.lines), _LINES_PER_TEXTURE):
            part = [line.rstrip(" ") or " " for line in self.lines[start : start + _LINES_PER_TEXTURE]]
            texture = label("\n".join(part), font_px, bold=bold, halign=self.halign).texture
            self.textures.append((texture, len(part) * self.line_height))
        height = len(self.lines) * self.line_height
        if self.height == height:
            self._place()
        else:
            self.height = height

    def _place(self) -> None:
        self._group.clear()
        top = self.top
        for texture, height in self.textures:
            width, drawn = texture.size
            x = self.drawn_left(width)
            self._group.add(Rectangle(texture=texture, pos=(round(x), round(top - drawn)), size=(width, drawn)))
            top -= height
