"""Handing in, the dated receipt, and the slip for the window."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime

from kivy.uix.widget import Widget

from kiosk.clock import CHINA
from kiosk.flow.events import CommitProblem, Continue, Finish, PaperState, PrintA4
from kiosk.flow.journey import Filed, Journey, Remark
from kiosk.law.deadlines import due
from kiosk.services.slips import DECISION_DEADLINE
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    ListTable,
    Notice,
    NoticeKind,
    QrView,
    Row,
    Spinner,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.days import day_words, moment_words
from screens.lobby.emblem import Drawing
from screens.lobby.frame import FramedScreen
from screens.lobby.slip_news import SLIP_KIND, reprint_button


class SubmittingScreen(FramedScreen):
    """Papers are being made and stored; after a failure nothing is lost and the same is tried again."""

    title_key = "lobby.submitting.title"

    def on_continue(self) -> Action | None:
        return None

    def on_back(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        notice = self.journey.notice
        if not isinstance(notice, CommitProblem):
            return [Spinner(self.ui, words("lobby.submitting.wait"))]
        again = Button(
            self.ui,
            name="submitting.again",
            text=words("lobby.submitting.again"),
            style=ButtonStyle.PRIMARY,
            min_height_mm=18,
            on_press=self.context.send(Continue()),
        )
        detail = self.journey.notice_detail
        return [
            Notice(self.ui, words(f"lobby.submitting.problem.{notice.value}"), kind=NoticeKind.ERROR),
            *([Notice(self.ui, detail, kind=NoticeKind.WARNING)] if detail is not None else []),
            Notice(self.ui, words("lobby.submitting.nothing_lost")),
            again,
        ]

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.notice


class ReceiptScreen(FramedScreen):
    """收件回执: number, date, what happens next; the slip and the A4 print are on their way or plainly are not."""

    title_key = "lobby.receipt.title"

    def on_back(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        filed = self.journey.filed
        if filed is None:
            return []
        dates = ListTable(
            self.ui,
            [
                TableRow("received", words("lobby.receipt.received"), moment_words(filed.received_at)),
                TableRow("due", words("lobby.receipt.due"), day_words(_decision_due(filed.received_at).isoformat())),
            ],
            name="receipt",
        )
        known = Stack(self.ui, (dates, TextBlock(self.ui, words("lobby.receipt.next"))), gap_mm=3.0)
        return [
            Stack(
                self.ui,
                (
                    TextBlock(self.ui, words("lobby.receipt.number"), ink="hint"),
                    TextBlock(self.ui, filed.receipt_no, role=TextRole.NUMBER, bold=True),
                ),
                gap_mm=1.0,
            ),
            Row(
                self.ui,
                (known, self._code(filed.receipt_no)),
                gap_mm=8.0,
                align="center",
            ),
            *self._papers(filed),
            self._buttons(filed),
        ]

    def _code(self, receipt_no: str) -> QrView:
        side = 62 if self.ui.panel.portrait else 45
        return QrView(self.ui, receipt_no, spoken=words("lobby.receipt.qr"), side_mm=side)

    def _papers(self, filed: Filed) -> list[Widget]:
        """What became of the filing and of each paper; news of one never hides another."""
        found = [
            self._delivery(filed.acknowledged),
            Notice(self.ui, words(f"lobby.receipt.slip.{filed.slip.value}"), kind=SLIP_KIND[filed.slip]),
        ]
        if filed.a4 is not None:
            found.append(Notice(self.ui, words(f"lobby.receipt.a4.{filed.a4.value}"), kind=SLIP_KIND[filed.a4]))
        return [Stack(self.ui, found, gap_mm=2.6)]

    def _buttons(self, filed: Filed) -> Widget:
        reprint = reprint_button(self.context, "receipt", filed.slip)
        complaint = Button(
            self.ui,
            name="receipt.a4",
            text=words("lobby.receipt.print_a4"),
            icon=Icon.DOCUMENT,
            enabled=filed.a4 is not PaperState.WAITING,
            min_height_mm=18,
            on_press=self.context.send(PrintA4()),
        )
        return Row(self.ui, (reprint, complaint), gap_mm=4.0)

    def _delivery(self, acknowledged: bool) -> Notice:
        key = "lobby.receipt.acknowledged" if acknowledged else "lobby.receipt.on_its_way"
        return Notice(self.ui, words(key), kind=NoticeKind.SUCCESS if acknowledged else NoticeKind.INFO)

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.receipt.finish")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.ALREADY_SUBMITTED:
            found.append(Notice(self.ui, words("lobby.receipt.already")))
        if journey.notice is Remark.RECEIVED_BEFORE:
            found.append(Notice(self.ui, words("processes.received_before"), kind=NoticeKind.SUCCESS))
        return found

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.filed


def _decision_due(received_at: str) -> date:
    """The last day on which the court decides (登记立案规定 8, 民诉法 126), the same as on the slip."""
    return due(DECISION_DEADLINE, datetime.fromisoformat(received_at).astimezone(CHINA).date()).last_day


class WindowTicketScreen(FramedScreen):
    """Going on at a window (S0-25)."""

    title_key = "lobby.window_ticket.title"
    intro_key = "lobby.window_ticket.intro"

    def on_back(self) -> Action | None:
        return None

    def progress(self) -> None:
        return None

    def body(self) -> list[Widget]:
        state = self.journey.ticket or PaperState.WAITING
        return [
            Drawing(self.ui, Icon.COUNTER, side_mm=70 if self.ui.panel.portrait else 45),
            Notice(self.ui, words(f"lobby.window_ticket.slip.{state.value}"), kind=SLIP_KIND[state]),
            Notice(self.ui, words("lobby.window_ticket.take"), kind=NoticeKind.WARNING),
        ]

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.receipt.finish")

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.ticket
