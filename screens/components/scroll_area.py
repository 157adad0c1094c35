"""A view on something higher than itself, turned with two big buttons; dragging works too but is never needed."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, InstructionGroup, Line, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.components.button import IconButton
from screens.components.clip import Clip
from screens.components.context import Styled, Ui, words
from screens.components.icons import Icon

_DRAG_MM = 6.0
"""A finger that has moved this far is scrolling, not pressing."""
_OVERLAP = 0.12
"""Part of the last view that stays in sight after turning a page, so that the place is not lost."""


class ScrollArea(Styled, Widget):
    """Shows `content` (a widget that sets its own height). Page buttons appear only when something is out of sight."""

    offset = NumericProperty(0.0)
    """Pixels of the content that are above the view."""

    def __init__(self, ui: Ui, content: Widget, *, name: str = "scroll") -> None:
        self.ui = ui
        self.name = name
        self.content = content
        super().__init__()
        self._view = Clip()
        self._view.add_widget(content)
        self.up = IconButton(ui, name=f"{name}.up", icon=Icon.UP, spoken=words("toolkit.scroll.up"))
        self.down = IconButton(ui, name=f"{name}.down", icon=Icon.DOWN, spoken=words("toolkit.scroll.down"))
        self.up.action = lambda: self.turn(-1)
        self.down.action = lambda: self.turn(1)
        self.up.emphasised = self.down.emphasised = True
        self._bar = InstructionGroup()
        self._drag_from: float | None = None
        self.canvas.after.add(self._bar)
        self.add_widget(self._view)
        self.redraw_on(self._arrange, "pos", "size", "offset")
        self.redraw_on(self._arrange, "height", of=content)
        self.restyle_if_stale()

    def restyle(self) -> None:
        for part in (self.up, self.down):
            part.restyle_if_stale()
        self._arrange()

    @property
    def hidden_height(self) -> float:
        """Pixels of the content that do not fit into the view."""
        return max(0.0, float(self.content.height - self.height))

    @property
    def more_below(self) -> bool:
        """Whether something is below the view."""
        return bool(self.hidden_height - self.offset > 1.0)

    def turn(self, pages: int) -> None:
        """Scroll by `pages` views, keeping a little of the last one in sight."""
        self.scroll_to(self.offset + pages * self.height * (1 - _OVERLAP))

    def scroll_to(self, offset: float) -> None:
        """Put `offset` pixels of the content above the view, within what there is."""
        self.offset = min(max(0.0, offset), self.hidden_height)

    def scroll_to_show(self, widget: Widget) -> None:
        """Scroll as little as shows `widget`, and its top if it is higher than the view."""
        margin = self.ui.px(3.0)
        above = self.content.top - widget.top
        below = above + widget.height
        if above < self.offset:
            self.scroll_to(above - margin)
        elif below > self.offset + self.height:
            self.scroll_to(min(below - self.height + margin, above - margin))

    def hold(self, widget: Widget | None, change: Callable[[], None]) -> None:
        """Do `change` to the content while `widget`, a part of it, stays where the person sees it."""
        above = self.content.top - widget.top if widget is not None else 0.0
        change()
        if widget is None or not isinstance(self.content, Styled):
            return
        # A layout places its children after they have placed theirs, so each level needs a pass of its own.
        level: Widget | None = widget
        while level is not None and level is not self.content:
            self.content.settle()
            level = level.parent
        self.scroll_to(self.offset + self.content.top - widget.top - above)

    def _arrange(self) -> None:
        strip = self.up.width + self.ui.px(4.0)
        needed = self.content.height > self.height + 1
        view_width = self.width - (strip if needed else 0.0)
        for button in (self.up, self.down):
            if needed and button.parent is None:
                self.add_widget(button)
            elif not needed and button.parent is not None:
                self.remove_widget(button)
        if self.offset > self.hidden_height:
            self.offset = self.hidden_height
            return
        self._view.pos, self._view.size = self.pos, (view_width, self.height)
        self.content.width = view_width
        if isinstance(self.content, Styled):
            self.content.settle()
        self.content.x, self.content.top = self.x, self.top + self.offset
        self.up.disabled, self.down.disabled = self.offset <= 1, not self.more_below
        self.up.right = self.down.right = self.right
        self.up.top, self.down.y = self.top, self.y
        self._draw(needed)

    def _draw(self, needed: bool) -> None:
        self._bar.clear()
        if not needed:
            return
        colours = self.ui.palette
        gap, width = self.ui.px(3.0), self.ui.px(1.6)
        x = self.up.center_x - width / 2
        bottom, top = self.down.top + gap, self.up.y - gap
        if top - bottom > gap:
            track = top - bottom
            knob = max(self.ui.px(6.0), track * self.height / self.content.height)
            share = self.offset / self.hidden_height if self.hidden_height else 0.0
            self._bar.add(Color(rgba=colours.border))
            self._bar.add(Line(points=[x + width / 2, bottom, x + width / 2, top], width=1.0))
            self._bar.add(Color(rgba=colours.primary))
            knob_y = top - knob - share * (track - knob)
            self._bar.add(RoundedRectangle(pos=(x, knob_y), size=(width, min(knob, track)), radius=[width / 2]))
        self._bar.add(Color(rgba=colours.border))
        edge = self._view.right
        if self.more_below:
            self._bar.add(Line(points=[self.x, self.y, edge, self.y], width=1.5, dash_length=8, dash_offset=8))
        if self.offset > 1:
            self._bar.add(Line(points=[self.x, self.top, edge, self.top], width=1.5, dash_length=8, dash_offset=8))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        for button in (self.up, self.down):
            if button.parent is self and button.on_touch_down(touch):
                return True
        if not self._view.collide_point(*touch.pos):
            return True
        if self.hidden_height > 0:
            touch.grab(self)
            self._drag_from = None
        self.content.on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        held = self.ui.held
        if self._drag_from is None and held is not None and getattr(held, "drags", False):
            return True  # the finger has something in hand
        if self._drag_from is None and abs(touch.y - touch.oy) > self.ui.px(_DRAG_MM):
            self._drag_from = self.offset
            if held is not None:
                held.release()
        if self._drag_from is not None:
            self.scroll_to(self._drag_from + touch.y - touch.oy)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._drag_from = None
        return True
