"""The window of a touchpad at a service window: wires flow, agent and pages together. It waits there until somebody is
invited to rate, and makes room for a fresh process once something personal was typed into it."""

from __future__ import annotations

import argparse
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.agent import messages as agent
from kiosk.agent.rating_messages import (
    PadWindow,
    RatingEnded,
    RatingInvited,
    RatingKept,
    RatingShown,
    RatingWaits,
    ShowPad,
)
from kiosk.agent.unresolved_messages import UnresolvedKept, UnresolvedRefused
from kiosk.clock import SystemClock
from kiosk.flow.journey import Overlay
from kiosk.flow.unresolved_events import ReportKept, ReportNotKept
from kiosk.i18n import Text
from kiosk.link import Link, LinkDownError
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_runtime import PadRuntime
from kiosk.rating.pad_state import NEVER, Pad, PadLimits, PadStage
from screens.components import Stage
from screens.components.context import Ui
from screens.focus import FocusManager
from screens.introspection import Introspection
from screens.life import ALIVE_EVERY, TICK_EVERY, WindowApp
from screens.runtime_setup import show_spare
from screens.speech import EspeakSpeaker, SpeechGuide
from screens.theme import Panel
from screens.touchpad.page import Connection, IdlePage
from screens.touchpad.presenter import PadPresenter

CLOCK_EVERY = 5.0

ASK_EVERY = 3.0
SILENT_AFTER = 8.0
"""Seconds: an agent that is connected and says nothing is asked, and one that does not answer hangs."""


class TouchpadWindow:
    """One window."""

    def __init__(self, arguments: argparse.Namespace, *, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown = False
        self._linked = False
        self._heard_at = NEVER
        self._hub = agent.HubState.UNKNOWN
        self._window: str | None = None
        clock = SystemClock()
        self.ui = Ui(Panel(Window.width, Window.height, arguments.pitch), clock=clock)
        self.page = IdlePage(self.ui)
        self._root = Stage(self.ui)
        self._runtime = PadRuntime(run=self._do, clock=clock, limits=PadLimits(), on_change=self._show_pad)
        self._presenter = PadPresenter(self._root, self.ui, self.page, self._runtime.dispatch)
        self._speaker = EspeakSpeaker()
        self.ui.has_speech = self._speaker.available
        self._keys = FocusManager(self.ui)
        self._speech = SpeechGuide(self.ui, self._speaker)
        self._agent: Link[Any, Any] = Link(
            arguments.agent, agent.Event, self._later(self._heard), self._later(self._up)
        )
        self._introspection = (
            Introspection(arguments.introspect, self.ui, self._place, lambda: self._shown)
            if arguments.introspect
            else None
        )

    # -- life

    def run(self) -> None:
        """Show the idle page and run until told to leave."""
        self._presenter.show(self._runtime.pad)
        self._agent.start()
        Window.bind(
            on_flip=self._first_frame,
            on_request_close=lambda *_: True,
            on_touch_down=self._somebody_is_there,
            on_key_down=self._key_down,
            on_textinput=self._keys.text_input,
        )
        Clock.schedule_interval(lambda _: self._runtime.tick(), TICK_EVERY)
        Clock.schedule_interval(lambda _: self.page.show_time(), CLOCK_EVERY)
        Clock.schedule_interval(lambda _: self._say("alive"), ALIVE_EVERY)
        Clock.schedule_interval(lambda _: self._listen_for_agent(), ASK_EVERY)
        WindowApp(self._root, "court-kiosk touchpad").run()

    def show(self) -> None:
        """The launcher says that this window's turn has come. Callable from any thread."""
        Clock.schedule_once(lambda _: self._to_front())

    def leave(self) -> None:
        """The launcher says that this window is done. Callable from any thread."""
        self._agent.stop()
        self._speaker.stop()
        os._exit(0)

    def _somebody_is_there(self, *_: object) -> bool:
        self._runtime.dispatch(ev.Touched())
        return False

    def _key_down(self, *key: Any) -> bool:
        self._runtime.dispatch(ev.Touched())
        return self._keys.key_down(*key[:5])

    def _to_front(self) -> None:
        show_spare(lambda: self._say("shown"))
        self._shown = True
        self._ask_to_be_told()

    def _first_frame(self, *_: object) -> None:
        Window.unbind(on_flip=self._first_frame)
        self._say("ready")

    # -- the agent

    def _later(self, handle: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda message: Clock.schedule_once(lambda _: handle(message))

    def _send(self, request: agent.Request) -> None:
        try:
            self._agent.send(request)
        except LinkDownError:
            self._linked = False  # the link comes back by itself, and what must be kept is sent again

    def _up(self, up: bool) -> None:
        self._linked = up
        if up:
            self._heard_at = self.ui.clock.monotonic()
            self._send(agent.GetConfig(uuid.uuid4().hex))
            self._ask_to_be_told()
        else:
            self.page.window = PadWindow(self.page.window.window)
        self._show_connection()

    def _ask_to_be_told(self) -> None:
        """A spare that nobody sees must not take part."""
        if self._shown and self._linked and self._window:
            for waiting in self._runtime.pad.following:
                self._send(RatingWaits(waiting.invitation_id))
            self._send(ShowPad(self._runtime.pad.answering))

    def _listen_for_agent(self) -> None:
        """Ask one that is silent for a sign of life: a program that is stopped keeps its connections."""
        if self._linked and self.ui.clock.monotonic() - self._heard_at >= ASK_EVERY:
            self._send(agent.GetConfig(uuid.uuid4().hex))
        self._show_connection()

    @property
    def _answers(self) -> bool:
        return self._linked and self.ui.clock.monotonic() - self._heard_at < SILENT_AFTER

    def _heard(self, message: agent.Event) -> None:
        self._heard_at = self.ui.clock.monotonic()
        match message:
            case agent.AgentStatus(hub):
                self._hub = hub
                self._show_connection()
            case agent.Config(config=config):
                names = message.court_name
                self.page.court = Text(zh=names.zh, ko=names.ko, en=names.en)
                self._runtime.limits = PadLimits(config.rating.timeout_seconds, config.rating.thanks_seconds)
                if config.window != self._window:
                    self._window = config.window
                    self.page.window = PadWindow(config.window)
                    self._ask_to_be_told()
                self._show_connection()
            case PadWindow():
                self.page.window = message
                self._show_connection()
            case RatingInvited():
                self._runtime.dispatch(ev.Invited(message))
            case RatingEnded(invitation_id, answered):
                self._runtime.dispatch(ev.Ended(invitation_id, answered))
            case RatingKept(request):
                self._runtime.dispatch(ev.Kept(request))
            case UnresolvedKept():
                self._runtime.dispatch(ReportKept(message))
            case UnresolvedRefused(_, reason):
                self._runtime.dispatch(ReportNotKept(reason))
            case agent.Refused(request):
                self._runtime.dispatch(ev.NotKept(request))
            case _:
                pass  # filings and queries are the lobby's

    def _do(self, effect: ev.Effect) -> None:
        match effect:
            case ev.TellShown(invitation_id):
                self._send(RatingShown(invitation_id))
            case ev.TellWaiting(invitation_id):
                self._send(RatingWaits(invitation_id))
            case ev.Keep(answer):
                self._send(answer)
            case ev.KeepReport(report):
                self._send(report)
            case ev.ReplaceWindow():
                self._say("ended rated")
            case _:
                assert_never(effect)

    # -- drawing

    def _show_pad(self, pad: Pad) -> None:
        self._presenter.show(pad)

    def _place(self) -> PadPlace:
        pad = self._runtime.pad
        return PadPlace(pad.stage, overlay=Overlay.NONE if pad.left is None else Overlay.IDLE)

    def _show_connection(self) -> None:
        self.page.takes_reports = self._answers and bool(self._window)
        self.page.connection = connection(
            linked=self._answers, hub=self._hub, heard=self.page.window.heard, window=self._window
        )


@dataclass(frozen=True, slots=True)
class PadPlace:
    """Where the pad is, as tests are told it."""

    stage: PadStage
    page: str | None = None
    overlay: Overlay = Overlay.NONE


def connection(*, linked: bool, hub: agent.HubState, heard: bool, window: str | None) -> Connection:
    """What the pad says of its connection. `heard`: the hub's events come in; `window` None: the configuration has not
    come yet."""
    if window == "":
        return Connection.NO_WINDOW
    if not linked or hub is agent.HubState.UNKNOWN:
        return Connection.STARTING
    if hub is agent.HubState.OFFLINE:
        return Connection.NO_COURT
    return Connection.READY if heard else Connection.STARTING
