"""Large cards to choose from, for pages whose choices lead on by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.uix.widget import Widget

from screens.components import Action, Button, ButtonStyle, Icon, Row, Stack, TextRole, Words
from screens.components.context import Ui

_ICON_MM = {True: 30.0, False: 28.0}
_HEIGHT_MM = {True: 76.0, False: 78.0}
"""By whether the screen stands upright, where there is more room below than beside."""


def choice_card(
    ui: Ui, *, name: str, text: Words, hint: Words, icon: Icon, on_press: Action, enabled: bool = True
) -> Button:
    """One card: a big drawing, what it is, and a line of explanation."""
    return Button(
        ui,
        name=name,
        text=text,
        hint=hint,
        icon=icon,
        style=ButtonStyle.CHOICE,
        role=TextRole.TITLE,
        icon_mm=_ICON_MM[ui.panel.portrait],
        min_height_mm=_HEIGHT_MM[ui.panel.portrait],
        enabled=enabled,
        on_press=on_press,
    )


def side_by_side(ui: Ui, widgets: Sequence[Widget], *, gap_mm: float = 6.0) -> Widget:
    """`widgets` one under the other on an upright screen, in pairs on a wide one."""
    if ui.panel.portrait:
        return Stack(ui, widgets, gap_mm=gap_mm)
    return Stack(ui, [Row(ui, widgets[i : i + 2], gap_mm=gap_mm) for i in range(0, len(widgets), 2)], gap_mm=gap_mm)


MANY = 6
"""Choices more than that stand in two columns on an upright screen too."""


def in_columns(ui: Ui, buttons: Sequence[Widget], *, gap_mm: float = 5.0) -> Widget:
    """Large buttons, one under the other as long as they fit."""
    if ui.panel.portrait and len(buttons) <= MANY:
        return Stack(ui, buttons, gap_mm=gap_mm)
    return Stack(ui, [Row(ui, buttons[i : i + 2], gap_mm=gap_mm) for i in range(0, len(buttons), 2)], gap_mm=gap_mm)
