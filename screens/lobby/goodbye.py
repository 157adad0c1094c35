"""The end of a session: thanks, what was wiped, what to take along. Nothing personal is on it or behind it."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.flow.journey import Journey
from screens.components import Action, Icon, Notice, NoticeKind, TextBlock, TextRole, words
from screens.lobby.cover import Cover
from screens.lobby.emblem import Drawing
from screens.lobby.screen import Screen, ScreenContext


class GoodbyeScreen(Screen):
    """Stays for a few seconds, or until it is touched by whoever comes next."""

    def __init__(self, context: ScreenContext, journey: Journey, on_touch: Action) -> None:
        super().__init__(context, journey)
        ui = context.ui
        self._cover = Cover(
            ui,
            name="goodbye",
            spoken=words("lobby.goodbye.title"),
            on_press=on_touch,
            drawing=Drawing(ui, Icon.SUCCESS, side_mm=40, ink="success"),
            parts=(
                TextBlock(ui, words("lobby.goodbye.title"), role=TextRole.DISPLAY, bold=True, halign="center"),
                TextBlock(ui, words("lobby.goodbye.text"), role=TextRole.TITLE, halign="center"),
                Notice(ui, words("lobby.goodbye.papers"), kind=NoticeKind.WARNING),
            ),
        )

    @property
    def widget(self) -> Widget:
        return self._cover
