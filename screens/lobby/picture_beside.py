"""A small picture with words at its right."""

from __future__ import annotations

from kivy.uix.widget import Widget

from screens.components import ImageView, Row, Ui, Words

SIZE_MM = (24.0, 32.0)


def picture_beside(ui: Ui, data: bytes, spoken: Words, widget: Widget) -> Widget:
    """`widget` with the picture before it."""
    width, height = SIZE_MM
    return Row(ui, (ImageView(ui, data, spoken=spoken, width_mm=width, height_mm=height), widget), align="center")
