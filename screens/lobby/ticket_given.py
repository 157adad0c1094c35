"""The number on the screen: large, how many are before it, where to wait, its slip, a code to follow it by phone."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from kiosk.agent.ticket_messages import TicketView
from kiosk.court.queueing import TicketStatus
from kiosk.flow.events import AskGiveUp, ChooseService, Finish, Service
from kiosk.flow.journey import Journey
from kiosk.flow.visit import Visit
from kiosk.identity.masking import mask_name
from kiosk.services.slips import appointed_time, further_names, matter_name, wait_text
from screens.components import (
    Action,
    Button,
    Icon,
    Notice,
    NoticeKind,
    QrView,
    Row,
    Stack,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.slip_news import SLIP_KIND, reprint_button

_AT_WINDOW = {TicketStatus.CALLED, TicketStatus.SERVING}
_OVER = {TicketStatus.FINISHED, TicketStatus.CANCELLED, TicketStatus.NO_SHOW}


class TicketScreen(FramedScreen):
    """排队号. It stays until the person goes: with no paper it is all they have."""

    title_key = "lobby.ticket.title"

    def title(self) -> Words:
        ticket = self.journey.require_visit().ticket
        already = ticket is not None and ticket.already
        return words("lobby.ticket.title_already" if already else "lobby.ticket.title")

    def on_back(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        visit = self.journey.require_visit()
        ticket = visit.ticket
        if ticket is None:
            return []
        said = Stack(self.ui, self._said(visit, ticket), gap_mm=3.0)
        shown: list[Widget] = [said, self._code(ticket)] if ticket.follow else [said]
        return [
            TextBlock(self.ui, ticket.number, role=TextRole.PLACE, bold=True, halign="center"),
            Row(self.ui, shown, gap_mm=8.0, align="center"),
            *self._notices(visit, ticket),
            self._buttons(visit),
        ]

    def _said(self, visit: Visit, ticket: TicketView) -> list[Widget]:
        lines: list[Widget] = [TextBlock(self.ui, matter_name(visit), role=TextRole.TITLE, bold=True)]
        if ticket.further:
            named = further_names(visit)
            lines.append(TextBlock(self.ui, words("lobby.ticket.further", matters=named)))
        if ticket.appointed:
            key = "lobby.ticket.late" if ticket.late else "lobby.ticket.appointed"
            lines.append(TextBlock(self.ui, words(key, time=appointed_time(ticket))))
        if visit.identity is not None:
            holder = words("lobby.ticket.holder", name=mask_name(visit.identity.name))
            lines.append(TextBlock(self.ui, holder, ink="hint"))
        if visit.status is TicketStatus.WAITING and ticket.ahead is not None:
            key = "lobby.ticket.ahead" if ticket.ahead else "lobby.ticket.next"
            lines.append(TextBlock(self.ui, words(key, count=ticket.ahead), role=TextRole.TITLE))
            if ticket.wait is not None:
                lines.append(TextBlock(self.ui, words("lobby.ticket.wait", wait=wait_text(ticket.wait))))
        if ticket.windows:
            lines.append(TextBlock(self.ui, words("lobby.ticket.windows", windows=", ".join(ticket.windows))))
        return lines

    def _code(self, ticket: TicketView) -> Widget:
        side = 62 if self.ui.panel.portrait else 45
        picture = QrView(self.ui, ticket.follow, spoken=words("lobby.ticket.qr"), side_mm=side)
        caption = TextBlock(self.ui, words("lobby.ticket.qr"), ink="hint", halign="center")
        column = Stack(self.ui, (picture, caption), gap_mm=2.0)
        column.size_hint_x, column.width = None, self.ui.px(side)
        return column

    def _notices(self, visit: Visit, ticket: TicketView) -> list[Widget]:
        found = []
        if visit.status in _AT_WINDOW and visit.window:
            called = words("lobby.ticket.called", window=visit.window)
            found.append(Notice(self.ui, called, kind=NoticeKind.SUCCESS))
        elif visit.status in _OVER:
            found.append(Notice(self.ui, words("lobby.ticket.over"), kind=NoticeKind.WARNING))
        elif ticket.already:
            found.append(Notice(self.ui, words("lobby.ticket.already")))
        if ticket.offline:
            found.append(Notice(self.ui, words("lobby.ticket.offline"), kind=NoticeKind.WARNING))
        if visit.slip is not None:
            slip = words(f"lobby.ticket.slip.{visit.slip.value}")
            found.append(Notice(self.ui, slip, kind=SLIP_KIND[visit.slip]))
        return [Stack(self.ui, found, gap_mm=2.6)] if found else []

    def _buttons(self, visit: Visit) -> Widget:
        reprint = reprint_button(self.context, "ticket", visit.slip)
        give_up = Button(
            self.ui,
            name="ticket.give_up",
            text=words("lobby.ticket.give_up"),
            enabled=visit.status is TicketStatus.WAITING,
            min_height_mm=18,
            on_press=self.context.send(AskGiveUp()),
        )
        meanwhile = Button(
            self.ui,
            name="ticket.file",
            text=words("lobby.meanwhile.file"),
            icon=Icon.DOCUMENT,
            enabled=visit.status is TicketStatus.WAITING and self.context.surroundings.agent.accepting,
            min_height_mm=18,
            on_press=self.context.send(ChooseService(Service.FILE_CASE)),
        )
        return Stack(self.ui, (meanwhile, Row(self.ui, (reprint, give_up), gap_mm=4.0)), gap_mm=4.0)

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.ticket.finish")

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.visit
