"""A view on children that shows nothing of them outside itself."""

from __future__ import annotations

from math import ceil

from kivy.base import EventLoop
from kivy.graphics.scissor_instructions import ScissorPop, ScissorPush
from kivy.uix.widget import Widget


class Clip(Widget):
    """Cuts its children off at its edges by the scissor test.

    Kivy's StencilView draws its whole area twice more and makes every pixel in it pass a stencil test, which on a
    terminal without a graphics processor takes a quarter of the time of a page.
    """

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self._scissor = ScissorPush()
        self.canvas.before.add(self._scissor)
        self.canvas.after.add(ScissorPop())
        self.fbind("pos", self._cut)
        self.fbind("size", self._cut)
        self._cut()

    def _cut(self, *_: object) -> None:
        """The pixels whose middles lie inside. They are counted on the panel, which may hang turned."""
        on_panel = EventLoop.window.render_context["modelview_mat"].transform_point
        one, other = on_panel(self.x, self.y, 0), on_panel(self.right, self.top, 0)
        self._scissor.x, self._scissor.width = _pixels(one[0], other[0])
        self._scissor.y, self._scissor.height = _pixels(one[1], other[1])


def _pixels(one: float, other: float) -> tuple[int, int]:
    """The first pixel whose middle lies between two edges, and how many there are."""
    first, behind = (ceil(round(edge, 2) - 0.5) for edge in sorted((one, other)))
    return first, behind - first
