"""Tells a test where things are on the screen: names and rectangles of what can be touched, over a Unix socket.

Only opened with `--introspect FOLDER` (one socket a window), which a provisioned terminal's units never pass. It
answers one JSON line per connection line: {"shown", "stage", "page", "overlay", "size", "widgets": [{"name", "kind",
"x", "y", "width", "height", "text", "disabled"}], "notices": [text]} with x, y in pixels from the top left, as a
pointer needs them. Field contents are never told; notices are what the banners on the screen say.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kivy.clock import Clock
from kivy.core.window import Window

from screens.components.context import Ui, in_language, in_visual_order
from screens.components.notice import Notice
from screens.components.touch_target import TouchTarget

ANSWER_WITHIN = 10.0


class Place(Protocol):
    """Where a window is in what it does: a lobby window's journey, or a pad."""

    @property
    def stage(self) -> StrEnum:
        """The screen."""
        ...

    @property
    def page(self) -> str | None:
        """The page of a screen that has several."""
        ...

    @property
    def overlay(self) -> StrEnum:
        """What lies over it."""
        ...


class Introspection:
    """Answers from the window's own thread, so that what is told is what is drawn."""

    def __init__(self, folder: Path, ui: Ui, place: Callable[[], Place | None], shown: Callable[[], bool]) -> None:
        self._ui = ui
        self._place = place
        self._shown = shown
        path = folder / f"window-{os.getpid()}.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        path.chmod(0o600)
        self._socket.listen(4)
        threading.Thread(target=self._accept, name="introspection", daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            for _ in lines:
                lines.write(json.dumps(self._ask(), ensure_ascii=False) + "\n")
                lines.flush()

    def _ask(self) -> dict[str, object]:
        found: dict[str, object] = {}
        there = threading.Event()

        def look(_: float) -> None:
            found.update(self._describe())
            there.set()

        Clock.schedule_once(look, 0)
        there.wait(ANSWER_WITHIN)
        return found

    def _describe(self) -> dict[str, object]:
        place = self._place()
        root = self._ui.root
        widgets: list[dict[str, object]] = []
        notices: list[str] = []
        for widget in in_visual_order(root) if root is not None else ():
            if isinstance(widget, Notice):
                notices.append(in_language(widget.text, self._ui.language))
            if not isinstance(widget, TouchTarget) or widget.get_root_window() is None:
                continue
            left, bottom = widget.to_window(*widget.pos)
            widgets.append(
                {
                    "name": widget.name,
                    "kind": type(widget).__name__,
                    "x": left,
                    "y": Window.height - bottom - widget.height,
                    "width": widget.width,
                    "height": widget.height,
                    "text": widget.accessible_text(self._ui.language) if not getattr(widget, "masked", False) else "",
                    "disabled": bool(widget.disabled),
                }
            )
        return {
            "shown": self._shown(),
            "stage": place.stage.value if place else None,
            "page": place.page if place else None,
            "overlay": place.overlay.value if place else None,
            "size": [Window.width, Window.height],
            "widgets": widgets,
            "notices": notices,
        }
