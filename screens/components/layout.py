"""Stacks and rows whose heights come from what they hold, because text decides how high things are."""

from __future__ import annotations

from collections.abc import Iterable

from kivy.properties import NumericProperty
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from screens.components.context import Styled, Ui


def settle(child: Widget) -> None:
    """Let a component work out its height for the width it was just given."""
    if isinstance(child, Styled):
        child.restyle_if_stale()
        child.settle()


class _Laid(Styled, Layout):
    """Lays its children anew when it is moved, when its width changes, and when a child's `follows(child)` change.

    `_busy` is set while it does so itself.
    """

    def __init__(self, ui: Ui, children: Iterable[Widget], gap_mm: float) -> None:
        self.ui = ui
        self._gap_mm = gap_mm
        self._busy = False
        super().__init__(size_hint=(1, None))
        self.fbind("pos", self._trigger_layout)
        self.fbind("width", self._trigger_layout)
        for child in children:
            self.add_widget(child)
        self.restyle_if_stale()

    def follows(self, child: Widget) -> tuple[str, ...]:  # noqa: ARG002 - a row asks the child
        """The properties of `child` on which the places of all depend."""
        return ("height",)

    def add_widget(self, widget: Widget, *args: object, **kwargs: object) -> None:
        for name in self.follows(widget):
            widget.fbind(name, self._child_changed)
        super().add_widget(widget, *args, **kwargs)
        self._trigger_layout()

    def remove_widget(self, widget: Widget, *args: object, **kwargs: object) -> None:
        for name in self.follows(widget):
            widget.funbind(name, self._child_changed)
        super().remove_widget(widget, *args, **kwargs)
        self._trigger_layout()

    def restyle(self) -> None:
        self._trigger_layout()

    def settle(self) -> None:
        self.do_layout()

    def _child_changed(self, *_: object) -> None:
        if not self._busy:
            self._trigger_layout()


class Stack(_Laid):
    """Children one under the other, each as wide as the stack and as high as it wants; the stack's height follows.

    `gap_mm` lies between children, `pad_mm` around them.
    """

    def __init__(self, ui: Ui, children: Iterable[Widget] = (), *, gap_mm: float = 5.0, pad_mm: float = 0.0) -> None:
        self._pad_mm = pad_mm
        super().__init__(ui, children, gap_mm)

    def do_layout(self, *_: object) -> None:
        """Widths first, since heights follow from them; then positions from the top."""
        gap, pad = self.ui.px(self._gap_mm), self.ui.px(self._pad_mm) if self._pad_mm else 0.0
        inner = self.width - 2 * pad
        shown = list(reversed(self.children))
        self._busy = True
        for child in shown:
            if child.size_hint_x is not None:
                child.width = inner * child.size_hint_x
            settle(child)
        self._busy = False
        tall = [child for child in shown if child.height > 0]
        self.height = sum(child.height for child in tall) + gap * max(0, len(tall) - 1) + 2 * pad
        top = self.top - pad
        for child in shown:
            child.x = self.x + pad
            child.top = top
            if child.height > 0:
                top -= child.height + gap


class Row(_Laid):
    """Children side by side, all as high as the highest needs to be.

    A child with `size_hint_x` None keeps its width; the others share what is left by their hints. A child may say how
    high it needs to be by `natural_height`; otherwise its height counts.
    """

    natural_height = NumericProperty(0.0)

    def __init__(self, ui: Ui, children: Iterable[Widget] = (), *, gap_mm: float = 4.0, align: str = "stretch") -> None:
        self._align = align
        super().__init__(ui, children, gap_mm)

    def follows(self, child: Widget) -> tuple[str, ...]:
        return ("width", "natural_height" if hasattr(child, "natural_height") else "height")

    def do_layout(self, *_: object) -> None:
        """Share the width, then level the heights."""
        shown = list(reversed(self.children))
        if not shown:
            return
        gap = self.ui.px(self._gap_mm)
        self._busy = True
        for child in shown:
            if child.size_hint_x is None:
                settle(child)
        free = self.width - gap * (len(shown) - 1) - sum(c.width for c in shown if c.size_hint_x is None)
        shares = sum(c.size_hint_x for c in shown if c.size_hint_x is not None) or 1.0
        for child in shown:
            if child.size_hint_x is not None:
                child.width = max(1.0, free * child.size_hint_x / shares)
                settle(child)
        needs = [getattr(child, "natural_height", child.height) for child in shown]
        self._busy = False
        self.natural_height = self.height = max(needs)
        x = self.x
        for child, need in zip(shown, needs, strict=True):
            if self._align == "stretch" and hasattr(child, "natural_height"):
                child.height = self.height
            else:
                child.height = need
            child.x = x
            child.center_y = self.y + self.height / 2
            x += child.width + gap
