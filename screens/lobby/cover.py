"""A page that is one single target: nobody has to aim, and a touch anywhere means the same."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from screens.components import Action, Stack, TouchTarget, Words
from screens.components.context import Ui

_WIDEST_MM = 240.0


class Cover(TouchTarget):
    """`parts` one under the other in the middle; `header` and `footer` (if any) on bands at top and bottom. `drawing`
    stands above the parts as long as there is room for it."""

    def __init__(
        self,
        ui: Ui,
        *,
        name: str,
        spoken: Words,
        on_press: Action | None,
        parts: Sequence[Widget],
        drawing: Widget | None = None,
        gap_mm: float = 10.0,
        header: Widget | None = None,
        footer: Widget | None = None,
    ) -> None:
        super().__init__(ui, name=name, spoken=spoken, on_press=on_press)
        self.size_hint = (1, 1)
        self._bands = InstructionGroup()
        self.canvas.before.add(self._bands)
        self.header, self.footer = header, footer
        self.drawing = drawing
        self.content = Stack(ui, parts, gap_mm=gap_mm)
        self._gap_mm = gap_mm
        shown = [part for part in (header, drawing, self.content, footer) if part is not None]
        for part in shown:
            self.add_widget(part)
            self.redraw_on(self._arrange, "height", of=part)
        self.redraw_on(self._arrange, "pos", "size")
        self.restyle_if_stale()

    def restyle(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        self._bands.clear()
        pad = self.ui.px(5.0)
        bottom, top = self.y, self.top
        if self.footer is not None:
            self._settle(self.footer, self.width - 2 * self.ui.margin)
            band = self.footer.height + 2 * pad
            self._band(bottom, band)
            self.footer.y = bottom + pad
            bottom += band
        if self.header is not None:
            self._settle(self.header, self.width - 2 * self.ui.margin)
            band = self.header.height + 2 * pad
            self._band(top - band, band)
            self.header.top = top - pad
            top -= band
        self._settle(self.content, min(self.width - 4 * self.ui.margin, self.ui.px(_WIDEST_MM)))
        self._place_content(bottom, top)

    def _place_content(self, bottom: float, top: float) -> None:
        height, gap = self.content.height, self.ui.px(self._gap_mm)
        if self.drawing is not None:
            self._settle(self.drawing, self.content.width)
            fits = height + gap + self.drawing.height + 2 * gap <= top - bottom
            self.drawing.opacity = 1.0 if fits else 0.0
            if fits:
                height += gap + self.drawing.height
            self.drawing.top = (bottom + top + height) / 2
        self.content.y = (bottom + top - height) / 2

    def _settle(self, part: Widget, width: float) -> None:
        part.width = width
        if isinstance(part, Stack):
            part.settle()
        part.center_x = self.center_x

    def _band(self, y: float, height: float) -> None:
        self._bands.add(Color(rgba=self.ui.palette.header))
        self._bands.add(Rectangle(pos=(self.x, y), size=(self.width, height)))
