"""The leader on duty (带班院领导): who receives people today, when and where, and a number for the reception."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from kiosk.agent.unresolved_messages import DutyFound, LeaderView
from kiosk.clock import CHINA
from kiosk.flow.events import ChooseMatter, Continue
from kiosk.flow.journey import Journey
from kiosk.i18n import Language, Text
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    Notice,
    NoticeKind,
    Spinner,
    TextRole,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.points import Point, point_list


class DutyScreen(FramedScreen):
    """The roster of today as the court keeps it, and plainly where it is not known or nobody stands on it."""

    title_key = "lobby.duty.title"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        duty = self.journey.require_unresolved().duty
        if duty is None:
            return [Spinner(self.ui, words("lobby.duty.asking"))]
        if not duty.known:
            again = Button(
                self.ui,
                name="duty.again",
                text=words("lobby.duty.again"),
                style=ButtonStyle.PRIMARY,
                min_height_mm=18,
                on_press=self.context.send(Continue()),
            )
            return [Notice(self.ui, words("lobby.duty.unknown"), kind=NoticeKind.ERROR), again]
        if not duty.on_duty:
            return [Notice(self.ui, words("lobby.duty.nobody"), kind=NoticeKind.WARNING)]
        return [point_list(self.ui, [self._leader(one) for one in duty.on_duty]), *self._number(duty)]

    def _leader(self, one: LeaderView) -> Point:
        now = f"{self.context.world().now.astimezone(CHINA):%H:%M}"
        receiving = one.opens <= now < one.closes
        hours = words(f"lobby.duty.hours{'_now' if receiving else ''}", opens=one.opens, closes=one.closes)
        where = words("lobby.duty.place", place=Text(zh=one.place.zh, ko=one.place.ko, en=one.place.en))
        title = Text(*(f"{words(f'unresolved.post.{one.post.value}').in_(each)}　{one.name}" for each in Language))
        text = Text(*("\n".join(line.in_(each) for line in (hours, where)) for each in Language))
        return Point(self.ui, Icon.PERSON, title=title, text=text)

    def _number(self, duty: DutyFound) -> list[Widget]:
        if not duty.reception:
            return [Notice(self.ui, words("lobby.duty.no_number"))]
        draft = self.journey.require_unresolved()
        offer = draft.reception
        if offer is None:
            if draft.offers is None:
                return [Spinner(self.ui, words("lobby.ticket_matter.asking"))]
            return [Notice(self.ui, words("lobby.duty.number_unknown"), kind=NoticeKind.WARNING)]
        if offer.closed is not None:
            closed = Text(zh=offer.closed.zh, ko=offer.closed.ko, en=offer.closed.en)
            return [Notice(self.ui, closed, kind=NoticeKind.WARNING)]
        return [
            Button(
                self.ui,
                name="duty.take",
                text=words("lobby.duty.take"),
                icon=Icon.TICKET,
                style=ButtonStyle.PRIMARY,
                role=TextRole.TITLE,
                min_height_mm=24,
                on_press=self.context.send(ChooseMatter(offer.service)),
            )
        ]

    def body_follows(self, journey: Journey) -> Hashable:
        draft = journey.require_unresolved()
        return draft.duty, draft.offers
