"""The life of a window: how often it does what is not drawing, and Kivy's application object around it."""

from __future__ import annotations

from kivy.app import App
from kivy.uix.widget import Widget

ALIVE_EVERY = 2.0
"""Seconds between two signs of life to the launcher."""

TICK_EVERY = 0.25
"""Seconds between two looks at the idle clock."""


class WindowApp(App):
    """Kivy's application object with one root; everything else is in the window's own class."""

    def __init__(self, root: Widget, title: str) -> None:
        super().__init__()
        self._root = root
        self.title = title

    def build(self) -> Widget:
        return self._root

    def open_settings(self, *_: object) -> bool:
        return False  # F1 would open Kivy's own settings over the court's page
