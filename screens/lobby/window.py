"""The lobby window of one person: wires flow, sockets and screens together and draws the screen that is due."""

from __future__ import annotations

import argparse
import logging
import os
import uuid
from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window

from drivers.api import messages as device
from kiosk.agent import messages as agent
from kiosk.clock import SystemClock
from kiosk.court.uuid7 import uuid7
from kiosk.flow.events import ChooseLanguage, Event
from kiosk.flow.journey import Journey
from kiosk.flow.runtime import Runtime
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.world import World
from kiosk.i18n import Text
from kiosk.services.filing import FilingService
from kiosk.services.reference import Reference
from kiosk.session.idle import IdleLimits
from kiosk.session.session import Session
from screens.components import Stage as Root
from screens.components.context import Ui
from screens.effects import SocketEffects, filing_news
from screens.focus import FocusManager
from screens.introspection import Introspection
from screens.life import ALIVE_EVERY, TICK_EVERY, WindowApp
from screens.lobby.presenter import Presenter
from screens.lobby.screen import ScreenContext, Surroundings
from screens.runtime_setup import show_spare
from screens.speech import EspeakSpeaker, SpeechGuide
from screens.theme import Look, Panel

log = logging.getLogger("screens")

AWAY_FOR = 3.0
"""Seconds that the agent may be away before somebody in the middle of a form is told; a restart takes less."""

GOODBYE_FOR = 5.0
"""Seconds that thanks and "take your papers" stay, unless the next person touches them away."""

_NAME_BEFORE_CONFIG = Text(zh="人民法院", ko="인민법원", en="People's Court")


class LobbyWindow:
    """One window for one person."""

    def __init__(self, arguments: argparse.Namespace, *, say: Callable[[str], None]) -> None:
        self._say = say
        self._clock = SystemClock()
        self._session = Session()
        self._reference = Reference.load(self._clock.now().date())
        self._surroundings = Surroundings(_NAME_BEFORE_CONFIG, "")
        self._filing = FilingService(self._reference, self._clock)
        self._effects = SocketEffects(
            arguments.devices,
            arguments.agent,
            post=self._post,
            filing=self._filing,
            on_device=self._later(self._device_event),
            on_agent=self._later(self._agent_event),
            on_link=lambda name, up: Clock.schedule_once(lambda _: self._link(name, up)),
        )
        self._runtime = Runtime(
            self._session,
            world=self._world,
            runner=self._effects,
            clock=self._clock,
            limits=IdleLimits(),
            on_change=self._show_journey,
            on_end=self._ended,
        )
        self.ui = Ui(Panel(Window.width, Window.height, arguments.pitch), clock=self._clock)
        self._root = Root(self.ui)
        self.ui.on_look(self._look_changed)
        context = ScreenContext(
            ui=self.ui,
            dispatch=self._runtime.dispatch,
            session=self._session,
            world=self._world,
            reference=self._reference,
            surroundings=self._surroundings,
            presence=self._runtime.presence,
            seconds_left=self._runtime.seconds_left,
        )
        self._speaker = EspeakSpeaker()
        self.ui.has_speech = self._speaker.available
        self._presenter = Presenter(self._root, context, on_goodbye=self._say_ended)
        self._outcome: Outcome | None = None
        self._shown = False
        self._keys = FocusManager(self.ui)
        self._speech = SpeechGuide(self.ui, self._speaker)
        self._introspection = (
            Introspection(arguments.introspect, self.ui, self._journey, lambda: self._shown)
            if arguments.introspect
            else None
        )

    # -- life

    def run(self) -> None:
        """Show the idle picture (to nobody, while hidden) and run until told to leave."""
        self._show_journey(self._session.journey)
        self._effects.start()
        Window.bind(
            on_flip=self._first_frame,
            on_request_close=lambda *_: True,
            on_touch_down=self._somebody_is_there,
            on_key_down=self._key_down,
            on_textinput=self._keys.text_input,
        )
        Clock.schedule_interval(lambda _: self._runtime.tick() if self._shown else None, TICK_EVERY)
        Clock.schedule_interval(lambda _: self._say("alive"), ALIVE_EVERY)
        WindowApp(self._root, "court-kiosk").run()

    def show(self) -> None:
        """The launcher says that this window's turn has come. Callable from any thread."""
        Clock.schedule_once(lambda _: self._to_front())

    def leave(self) -> None:
        """The launcher says that this window is done. Callable from any thread."""
        # Everything personal was dropped when the session ended; ending the process drops the rest at once.
        self._effects.stop()
        self._speaker.stop()
        os._exit(0)

    def _somebody_is_there(self, *_: object) -> bool:
        """A touch that meets nothing, or only scrolls, still shows that somebody is there."""
        self._runtime.presence()
        return False

    def _key_down(self, *key: Any) -> bool:
        self._runtime.presence()
        return self._keys.key_down(*key[:5])

    def _to_front(self) -> None:
        show_spare(lambda: self._say("shown"))
        self._shown = True
        self._runtime.presence()
        self._effects.shown()

    def _first_frame(self, *_: object) -> None:
        Window.unbind(on_flip=self._first_frame)
        self._say("ready")

    def _ended(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._speaker.stop()
        if outcome is Outcome.WALKED_AWAY:
            self._say_ended()  # nobody is there to be thanked
        else:
            Clock.schedule_once(lambda _: self._say_ended(), GOODBYE_FOR)

    def _say_ended(self) -> None:
        """Make room for the next person, once."""
        if self._outcome is not None:
            self._say(f"ended {self._outcome.value}")
            self._outcome = None

    # -- events

    def _post(self, event: Event) -> None:
        Clock.schedule_once(lambda _: self._runtime.dispatch(event))

    def _later(self, handle: Callable[[Any], None]) -> Callable[[Any], None]:
        return lambda message: Clock.schedule_once(lambda _: handle(message))

    def _journey(self) -> Journey | None:
        return None if self._session.ended else self._session.journey

    def _world(self) -> World:
        now = self._clock.now()
        return self._filing.world(now, uuid7(now))

    def _device_event(self, message: device.Event) -> None:
        match message:
            case device.StatusChanged(device_class, value):
                self._surroundings.devices[device_class] = value
                self._surroundings_changed()
            case device.SlipWidth(dots):
                self._filing.slip_width = dots
            case device.PreviewFrame():
                if not self._session.ended:
                    self._presenter.preview(message)
            case _:
                pass  # cards laid down unasked, and jobs of earlier people

    def _agent_event(self, message: agent.Event) -> None:
        match message:
            case agent.AgentStatus():
                self._surroundings.agent = message
            case agent.Config():
                self._filing.configure(message)
                names = message.court_name
                self._surroundings.court = Text(zh=names.zh, ko=names.ko, en=names.en)
                self._surroundings.terminal = message.terminal
            case agent.SlipState() | agent.Acknowledged():
                journey = self._journey()
                news = filing_news(message, journey) if journey is not None else None
                if news is not None:
                    self._runtime.dispatch(news)
                return
            case _:
                return
        self._surroundings_changed()

    def _link(self, name: str, up: bool) -> None:
        if name == "agent":
            self._surroundings.agent_up = up
            Clock.unschedule(self._agent_stays_away)
            self._surroundings.agent_stays_away = False
            if up:
                self._effects.ask_config(uuid.uuid4().hex)
            else:
                Clock.schedule_once(self._agent_stays_away, AWAY_FOR)
        else:
            self._surroundings.daemon_up = up
        self._surroundings_changed()

    def _agent_stays_away(self, _: float) -> None:
        self._surroundings.agent_stays_away = True
        self._surroundings_changed()

    def _surroundings_changed(self) -> None:
        if not self._session.ended:
            self._presenter.surroundings_changed()

    # -- drawing

    def _look_changed(self, look: Look) -> None:
        journey = self._journey()
        if journey is not None and look.language is not journey.language:
            self._runtime.dispatch(ChooseLanguage(look.language))

    def _show_journey(self, journey: Journey) -> None:
        self._presenter.show(journey)
        if journey.stage is Stage.RECEIPT and journey.filed is not None and journey.outcome is None:
            self._effects.receipt_shown(str(journey.filed.submission_id))
