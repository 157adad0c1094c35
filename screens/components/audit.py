"""The measurable rules of the touch screens, checked over a living page: sizes, gaps, clipped and unspoken things.

Used by the tests over every screen, text size, language and theme, and by the gallery.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from kivy.uix.widget import Widget

from screens.components.context import Ui, in_visual_order
from screens.components.scroll_area import ScrollArea
from screens.components.text_block import TextBlock
from screens.components.touch_target import TouchTarget
from screens.theme import MIN_GAP_MM, MIN_TARGET_MM

_SLACK_PX = 1.5
"""Rounding of positions to whole pixels."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken by one element."""

    rule: str
    element: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.element}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in window pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def inside(self, other: Box) -> bool:
        """Whether it lies in `other`, to a pixel."""
        return (
            self.left >= other.left - _SLACK_PX
            and self.bottom >= other.bottom - _SLACK_PX
            and self.right <= other.right + _SLACK_PX
            and self.top <= other.top + _SLACK_PX
        )

    def apart(self, other: Box) -> float:
        """Distance of the nearest edges; negative where they overlap."""
        across = max(self.left - other.right, other.left - self.right)
        along = max(self.bottom - other.top, other.bottom - self.top)
        return max(across, along)


def box_of(widget: Widget) -> Box:
    """Where `widget` is."""
    return Box(widget.x, widget.y, widget.x + widget.width, widget.y + widget.height)


def ink_of(block: TextBlock) -> Box:
    """Where the letters of `block` are."""
    left = block.drawn_left(block.drawn_width)
    return Box(left, block.y, left + block.drawn_width, block.y + block.height)


def scroll_area_of(widget: Widget) -> ScrollArea | None:
    """The innermost scroll area whose content `widget` is part of."""
    child, parent = widget, widget.parent
    while parent is not None and parent is not child:
        if isinstance(parent, ScrollArea) and child not in (parent.up, parent.down):
            return parent
        child, parent = parent, parent.parent
    return None


def top_layer(root: Widget) -> list[Widget]:
    """Everything a finger can reach: the topmost dialog, or the page."""
    shown: list[Widget] = []
    for widget in in_visual_order(root):
        if getattr(widget, "modal", False):
            shown = []
        shown.append(widget)
    return shown


def audit(ui: Ui) -> list[Finding]:
    """Every broken rule of what is on the screen now."""
    if ui.root is None:
        return []
    shown = top_layer(ui.root)
    targets = [widget for widget in shown if isinstance(widget, TouchTarget)]
    return [
        *_sizes(ui, targets),
        *_gaps(ui, targets),
        *_texts(ui, shown),
        *_labels(ui, targets),
        *_outside(ui, shown),
        *_names(ui, targets),
    ]


def _sizes(ui: Ui, targets: list[TouchTarget]) -> Iterator[Finding]:
    least = ui.px(MIN_TARGET_MM) - _SLACK_PX
    for target in targets:
        if min(target.width, target.height) < least:
            size = f"{ui.panel.mm(target.width):.1f} × {ui.panel.mm(target.height):.1f} mm"
            yield Finding("target size", target.name, size)


def _gaps(ui: Ui, targets: list[TouchTarget]) -> Iterator[Finding]:
    least = ui.px(MIN_GAP_MM) - _SLACK_PX
    for one, other in combinations(targets, 2):
        if scroll_area_of(one) is not scroll_area_of(other):
            continue
        gap = box_of(one).apart(box_of(other))
        if gap < least:
            yield Finding("gap", f"{one.name} | {other.name}", f"{ui.panel.mm(gap):.2f} mm")


def _texts(ui: Ui, shown: list[Widget]) -> Iterator[Finding]:
    for widget in shown:
        if not isinstance(widget, TextBlock) or not widget.lines or widget.opacity == 0:
            continue
        said = ui.say(widget.text)[:24]
        if widget.drawn_width > widget.width + _SLACK_PX:
            yield Finding("clipped text", said, f"{widget.drawn_width:.0f} px in {widget.width:.0f} px")
        parent = widget.parent
        if isinstance(parent, TouchTarget) and not ink_of(widget).inside(box_of(parent)):
            yield Finding("text outside its target", said, parent.name)
        if not isinstance(widget.parent, TouchTarget) and scroll_area_of(widget) is None:
            whole = Box(0, 0, ui.panel.width, ui.panel.height)
            if not box_of(widget).inside(whole):
                yield Finding("text off the screen", said, str(box_of(widget)))


def _labels(ui: Ui, targets: list[TouchTarget]) -> Iterator[Finding]:
    for target in targets:
        width, height = getattr(target, "ink_size", (0.0, 0.0))
        if width > target.width or height > target.height:
            words = target.accessible_text(ui.language)
            detail = f"{words}: {width:.0f} × {height:.0f} in {target.width:.0f} × {target.height:.0f} px"
            yield Finding("clipped label", target.name, detail)


def _outside(ui: Ui, shown: list[Widget]) -> Iterator[Finding]:
    whole = Box(0, 0, ui.panel.width, ui.panel.height)
    for widget in shown:
        if not isinstance(widget, TouchTarget):
            continue
        area = scroll_area_of(widget)
        if area is None:
            if not box_of(widget).inside(whole):
                yield Finding("target off the screen", widget.name, str(box_of(widget)))
        elif widget.height > area.height + _SLACK_PX:
            yield Finding("target higher than its view", widget.name, f"{widget.height:.0f} > {area.height:.0f} px")
        elif widget.width > area.width + _SLACK_PX:
            yield Finding("target wider than its view", widget.name, f"{widget.width:.0f} > {area.width:.0f} px")


def _names(ui: Ui, targets: list[TouchTarget]) -> Iterator[Finding]:
    seen: set[str] = set()
    for target in targets:
        if target.name in seen:
            yield Finding("name used twice", target.name, "")
        seen.add(target.name)
        if not target.accessible_text(ui.language).strip():
            yield Finding("nothing to speak", target.name, "")
