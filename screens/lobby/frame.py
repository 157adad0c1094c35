"""The frame of every lobby screen: PageFrame wired to the flow, with progress, help state and the court's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kivy.uix.widget import Widget

from kiosk.flow.events import AskWindow, Back, CallPerson, Continue, HelpState, NeedTime
from kiosk.flow.journey import Journey
from kiosk.flow.route import progress
from screens.components import (
    Action,
    ButtonStyle,
    Notice,
    NoticeKind,
    PageFrame,
    Progress,
    ServiceActions,
    Stack,
    Words,
    words,
)
from screens.components.context import Ui
from screens.keyboard.kinds import Layer
from screens.keyboard.methods import input_methods
from screens.keyboard.typist import InputMethod
from screens.lobby.screen import Screen, ScreenContext


@cache
def keyboard_methods() -> Mapping[Layer, InputMethod]:
    """The typing methods of this process, loaded once."""
    return input_methods()


_HELP = {
    HelpState.CALLING: (NoticeKind.INFO, "lobby.help.calling"),
    HelpState.CALLED: (NoticeKind.SUCCESS, "lobby.help.called"),
    HelpState.QUEUED: (NoticeKind.WARNING, "lobby.help.queued"),
}


def service_actions(context: ScreenContext) -> ServiceActions:
    """The three services of every screen."""
    return ServiceActions(
        call_person=context.send(CallPerson()),
        more_time=context.send(NeedTime()),
        at_window=context.send(AskWindow()),
    )


class FramedScreen(Screen):
    """A screen inside the frame. Subclasses build `body()` and name their title in the catalogue."""

    title_key: str
    intro_key: str = ""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        super().__init__(context, journey)
        self._body = Stack(context.ui, (), gap_mm=5.0)
        self._above = Stack(context.ui, (), gap_mm=3.0)
        self._shown_help = HelpState.NONE
        self._fill_body(self._body)
        self.frame = PageFrame(
            context.ui,
            name=journey.stage.value,
            title=self.title(),
            intro=self.intro(),
            body=Stack(context.ui, (self._above, self._body), gap_mm=3.0),
            service=service_actions(context),
            on_continue=self.on_continue(),
            on_back=self.on_back(),
            continue_text=self.continue_text(),
            back_text=self.back_text(),
            progress=self.progress(),
            methods=keyboard_methods(),
            court=context.surroundings.court,
            continue_style=self.continue_style(),
        )

    @property
    def widget(self) -> Widget:
        return self.frame

    # -- what subclasses say

    def title(self) -> Words:
        """The heading: a question."""
        return words(self.title_key)

    def intro(self) -> Words:
        """One or two sentences under it."""
        return words(self.intro_key) if self.intro_key else ""

    def body(self) -> list[Widget]:
        """The widgets of the page."""
        return []

    def on_continue(self) -> Action | None:
        """What the primary button does; None for pages whose choices lead on by themselves."""
        return self.context.send(Continue())

    def on_back(self) -> Action | None:
        """What Back does; None where there is nothing to go back to."""
        return self.context.send(Back())

    def continue_text(self) -> Words | None:
        """Other words for the primary button."""
        return None

    def back_text(self) -> Words | None:
        """Other words for Back."""
        return None

    def continue_style(self) -> ButtonStyle:
        """How the primary button looks."""
        return ButtonStyle.PRIMARY

    def progress(self) -> Progress | None:
        """How far along the filing is; None outside of it."""
        draft = self.journey.draft
        if draft is None or self.journey.service is None:
            return None
        step, total = progress(draft, self.journey.stage)
        return Progress(step, total, words(f"lobby.part.{self.journey.stage.value}"))

    # -- refreshing

    def _fill_body(self, body: Stack) -> None:
        for widget in self.body():
            body.add_widget(widget)

    def rebuild_body(self) -> None:
        """Build the body anew, for screens whose content follows the journey."""
        self._body.clear_widgets()
        self._fill_body(self._body)

    def above(self, journey: Journey) -> list[Widget]:
        """Notices above the body; the state of a call for help is always among them."""
        found: list[Widget] = []
        if journey.help in _HELP:
            kind, key = _HELP[journey.help]
            found.append(Notice(self.ui, words(key), kind=kind))
        return found

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        self._above.clear_widgets()
        for widget in self.above(journey):
            self._above.add_widget(widget)


def ui_of(screen: Screen) -> Ui:
    """The window's Ui of a screen."""
    return screen.ui
