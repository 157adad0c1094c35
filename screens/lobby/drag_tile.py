"""A picture that can be touched like a button, or held and dragged to another place among its neighbours."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, InstructionGroup, Line
from kivy.input.motionevent import MotionEvent
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components import Action, TouchTarget, Ui, Words
from screens.components.layout import settle

LIFTED_AFTER_S = 0.35
"""A finger that moves sooner wants to scroll."""

Drop = Callable[[int], None]
"""Hears how many places further a tile was dropped; negative for before."""


class DragTile(TouchTarget):
    """`content` as a target, in a frame where it is `marked`. Who cannot drag touches it, and finds buttons that do the
    same."""

    natural_height = NumericProperty(0.0)

    def __init__(
        self,
        ui: Ui,
        content: Widget,
        *,
        name: str,
        spoken: Words,
        place: int,
        on_press: Action,
        on_drop: Drop | None = None,
        marked: bool = False,
    ) -> None:
        self._content = content
        self.place = place
        self._on_drop = on_drop
        self._marked = marked
        self._held_since = 0.0
        self._over: DragTile | None = None
        self.row: list[DragTile] = [self]
        """All tiles among which this one can be dragged."""
        super().__init__(ui, name=name, spoken=spoken, on_press=on_press)
        if content.size_hint_x is None:
            self.size_hint_x = None
            self.width = content.width
        self._ring = InstructionGroup()
        self.canvas.after.add(self._ring)
        self.add_widget(content)
        self.redraw_on(self._arrange, "pos", "size", "pressed")
        self.redraw_on(self.settle, "height", of=content)
        self.restyle_if_stale()

    @property
    def drags(self) -> bool:
        """Whether the finger on it has rested long enough to take it along."""
        return self._on_drop is not None and self.ui.clock.monotonic() - self._held_since >= LIFTED_AFTER_S

    def restyle(self) -> None:
        self.settle()
        self._arrange()

    def settle(self) -> None:
        if self._content.size_hint_x is None:
            self.width = self._content.width
        else:
            self._content.width = self.width
        settle(self._content)
        self.natural_height = self.height = self._content.height

    def _arrange(self) -> None:
        if self._content.size_hint_x is not None:
            self._content.width = self.width
        self._content.pos = self.pos
        self.ring(shown=self.pressed or self._marked)

    def ring(self, *, shown: bool) -> None:
        """A frame round the tile, while it is held or another is held over it."""
        self._ring.clear()
        if shown:
            self._ring.add(Color(rgba=self.ui.palette.focus))
            self._ring.add(Line(rectangle=(self.x, self.y, self.width, self.height), width=self.ui.px(0.8)))

    # -- the finger

    def on_touch_down(self, touch: MotionEvent) -> bool:
        taken = super().on_touch_down(touch)
        self._held_since = self.ui.clock.monotonic()
        return taken

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        if self.ui.held is not self or self._on_drop is None:
            return super().on_touch_move(touch)
        over = next((tile for tile in self.row if tile.collide_point(*touch.pos)), None)
        if over is not None and (over is self or self._over is not None or self.drags):
            self._point_at(None if over is self else over)
        self.pressed = True
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        over, held = self._over, self.ui.held is self
        self._point_at(None)
        if over is None or not held or self._on_drop is None:
            return super().on_touch_up(touch)
        touch.ungrab(self)
        self.release()
        self._on_drop(over.place - self.place)
        return True

    def _point_at(self, over: DragTile | None) -> None:
        if self._over is not None and self._over is not over:
            self._over.ring(shown=self._over._marked)
        self._over = over
        if over is not None:
            over.ring(shown=True)


def in_one_row(tiles: list[DragTile]) -> None:
    """Let each be dragged among all."""
    for tile in tiles:
        tile.row = tiles
