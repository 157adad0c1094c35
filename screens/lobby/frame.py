"""The frame of every lobby screen: PageFrame wired to the flow, with progress, help state and the court's name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache

from kivy.uix.widget import Widget

from kiosk.flow.events import AskLeave, AskWindow, Back, CallPerson, Continue, HelpState, NeedTime, Service
from kiosk.flow.journey import Journey
from kiosk.flow.route import progress
from kiosk.flow.stage import DONE_STAGES, Stage
from kiosk.flow.transition import may_leave
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
from screens.components.context import in_visual_order
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


def service_actions(context: ScreenContext, journey: Journey) -> ServiceActions:
    """The services of a screen: help and time always, leaving wherever there is something to leave."""
    leavable = may_leave(journey)
    under_way = journey.service is not None and journey.stage not in DONE_STAGES
    return ServiceActions(
        call_person=context.send(CallPerson()),
        more_time=context.send(NeedTime()) if journey.stage is not Stage.AWAY else None,
        at_window=context.send(AskWindow()) if leavable else None,
        stop=context.send(AskLeave()) if leavable and under_way else None,
    )


class FramedScreen(Screen):
    """A screen inside the frame. Subclasses build `body()` and name their title in the catalogue."""

    from_top = False
    """Whether a short page begins at the very top: those that grow while they are looked at."""

    title_key: str
    intro_key: str = ""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        super().__init__(context, journey)
        self._body = Stack(context.ui, (), gap_mm=5.0)
        self._above = Stack(context.ui, (), gap_mm=3.0)
        self._above_shows: tuple[object, ...] | None = None
        self._fill_body(self._body)
        self.frame = PageFrame(
            context.ui,
            name=journey.stage.value,
            title=self.title(),
            intro=self.intro(),
            body=Stack(context.ui, (self._above, self._body), gap_mm=3.0),
            service=service_actions(context, journey),
            on_continue=self.on_continue(),
            on_back=self.on_back(),
            continue_text=self.continue_text(),
            back_text=self.back_text(),
            progress=self.progress(),
            methods=keyboard_methods(),
            court=context.surroundings.court,
            continue_style=self.continue_style(),
            from_top=self.from_top,
        )

    @property
    def widget(self) -> Widget:
        return self.frame

    def place(self, journey: Journey) -> Hashable:
        return (super().place(journey), may_leave(journey))

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
        if draft is None or self.journey.service is not Service.FILE_CASE:
            return None
        came_from = self.journey.scanning.left if self.journey.stage is Stage.SCAN else None
        step, total = progress(draft, came_from.stage if came_from is not None else self.journey.stage)
        return Progress(step, total, words(f"lobby.part.{self.journey.stage.value}"))

    # -- refreshing

    def _fill_body(self, body: Stack) -> None:
        for widget in self.body():
            body.add_widget(widget)

    def rebuild_body(self) -> None:
        """Build the body anew, for screens whose content follows the journey."""
        self._body.clear_widgets()
        self._fill_body(self._body)

    def insert_into_body(self, widget: Widget, place: int) -> None:
        """Add one widget to the body as the `place`-th from the top, leaving the others alone."""
        self._body.add_widget(widget, len(self._body.children) - place)

    def remove_from_body(self, widget: Widget) -> None:
        """Take one widget out of the body; a focus in it is given up."""
        if self.ui.focused is not None and self.ui.focused in in_visual_order(widget):
            self.ui.focus_on(None)
        self._body.remove_widget(widget)

    def above(self, journey: Journey) -> list[Widget]:
        """Notices above the body; the state of a call for help is always among them."""
        found: list[Widget] = []
        if journey.help in _HELP:
            kind, key = _HELP[journey.help]
            found.append(Notice(self.ui, words(key), kind=kind))
        if self._cannot_save(journey):
            found.append(Notice(self.ui, words("processes.saving_away"), kind=NoticeKind.WARNING))
        return found

    def _cannot_save(self, journey: Journey) -> bool:
        """Whether what is being filled in could not be handed in at this moment."""
        begun = journey.draft is not None or (journey.unresolved is not None and not journey.is_public)
        return begun and journey.stage not in DONE_STAGES and self.context.surroundings.agent_stays_away

    def above_follows(self, journey: Journey) -> tuple[object, ...]:
        """What the notices above are made from; while it stays the same they are left alone."""
        evidence = journey.draft.evidence if journey.draft is not None else ()
        return (journey.help, journey.notice, journey.findings_shown, evidence, self._cannot_save(journey))

    def body_follows(self, journey: Journey) -> Hashable:
        """What the body is made from; while it stays the same it is left alone."""
        del journey  # most bodies stay as they were built
        return None

    def refresh(self, journey: Journey) -> None:
        made_from = self.body_follows(self.journey)
        super().refresh(journey)
        self._refresh_above(journey)
        if self.body_follows(journey) != made_from:
            self.rebuild_body()

    def _refresh_above(self, journey: Journey) -> None:
        follows = self.above_follows(journey)
        if follows == self._above_shows:
            return
        self._above_shows = follows
        self._above.clear_widgets()
        for widget in self.above(journey):
            self._above.add_widget(widget)
