"""The window of a touchpad at a service window. It waits there until somebody is invited to answer something."""

from __future__ import annotations

import argparse
import os
import uuid
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk.agent import messages as agent
from kiosk.clock import SystemClock
from kiosk.flow.journey import Journey
from kiosk.i18n import Text
from kiosk.link import Link, LinkDownError
from screens.components import Stage
from screens.components.context import Ui
from screens.introspection import Introspection
from screens.life import ALIVE_EVERY
from screens.runtime_setup import show_spare
from screens.theme import Panel
from screens.touchpad.page import Connection, IdlePage

CLOCK_EVERY = 5.0


class _PadApp(App):
    """Kivy's application object; everything else is in TouchpadWindow."""

    def __init__(self, root: Widget) -> None:
        super().__init__()
        self._root = root
        self.title = "court-kiosk touchpad"

    def build(self) -> Widget:
        return self._root

    def open_settings(self, *_: object) -> bool:
        return False  # F1 would open Kivy's own settings over the court's page


class TouchpadWindow:
    """One window. It holds nothing personal: there is no session without an invitation."""

    def __init__(self, arguments: argparse.Namespace, *, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown = False
        self._linked = False
        self._hub = agent.HubState.UNKNOWN
        self.ui = Ui(Panel(Window.width, Window.height, arguments.pitch), clock=SystemClock())
        self.page = IdlePage(self.ui)
        self._root = Stage(self.ui)
        self._agent: Link[Any, Any] = Link(
            arguments.agent, agent.Event, self._later(self._heard), self._later(self._up)
        )
        # To a test the pad is where every journey begins: idle.
        self._introspection = (
            Introspection(arguments.introspect, self.ui, Journey, lambda: self._shown) if arguments.introspect else None
        )

    # -- life

    def run(self) -> None:
        """Show the idle page and run until told to leave."""
        self._root.show(self.page)
        self._agent.start()
        Window.bind(on_flip=self._first_frame, on_request_close=lambda *_: True)
        Clock.schedule_interval(lambda _: self.page.show_time(), CLOCK_EVERY)
        Clock.schedule_interval(lambda _: self._say("alive"), ALIVE_EVERY)
        _PadApp(self._root).run()

    def show(self) -> None:
        """The launcher says that this window's turn has come. Callable from any thread."""
        Clock.schedule_once(lambda _: self._to_front())

    def leave(self) -> None:
        """The launcher says that this window is done. Callable from any thread."""
        self._agent.stop()
        os._exit(0)

    def _to_front(self) -> None:
        show_spare(lambda: self._say("shown"))
        self._shown = True

    def _first_frame(self, *_: object) -> None:
        Window.unbind(on_flip=self._first_frame)
        self._say("ready")

    # -- the agent

    def _later(self, handle: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda message: Clock.schedule_once(lambda _: handle(message))

    def _up(self, up: bool) -> None:
        self._linked = up
        if up:
            try:
                self._agent.send(agent.GetConfig(uuid.uuid4().hex))
            except LinkDownError:
                self._linked = False  # gone again at once; the link comes back by itself
        self._show_connection()

    def _heard(self, message: agent.Event) -> None:
        match message:
            case agent.AgentStatus(hub):
                self._hub = hub
                self._show_connection()
            case agent.Config():
                names = message.court_name
                self.page.court = Text(zh=names.zh, ko=names.ko, en=names.en)
            case _:
                pass  # filings and queries are the lobby's

    def _show_connection(self) -> None:
        self.page.connection = connection(linked=self._linked, hub=self._hub)


def connection(*, linked: bool, hub: agent.HubState) -> Connection:
    """What the pad says of its connection."""
    if not linked or hub is agent.HubState.UNKNOWN:
        return Connection.STARTING
    return Connection.READY if hub is agent.HubState.ONLINE else Connection.NO_COURT
