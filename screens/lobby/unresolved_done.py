"""What could not be got done: everything once more, handing it in, and the number with the day of the answer."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from kiosk.agent.unresolved_messages import UnresolvedKept, UnresolvedRefusal
from kiosk.flow.events import Continue, Finish, JumpTo
from kiosk.flow.journey import Journey, Remark
from kiosk.flow.stage import Stage
from kiosk.flow.unresolved_draft import UnresolvedDraft
from kiosk.flow.unresolved_handing_in import MAY_HAVE_IT, TRY_AGAIN
from kiosk.i18n import Text
from kiosk.services.unresolved import place_text
from screens.components import (
    Action,
    ListTable,
    Notice,
    NoticeKind,
    Spinner,
    Stack,
    TableRow,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.days import day_words, moment_words
from screens.lobby.frame import FramedScreen
from screens.lobby.slip_news import SLIP_KIND, reprint_button

LONGEST_SHOWN = 120
"""Characters of the account in the summary; the whole of it is on its own page."""


class UnresolvedReviewScreen(FramedScreen):
    """Everything once more, each with the way to where it is changed."""

    title_key = "lobby.unresolved_review.title"

    def body(self) -> list[Widget]:
        draft = self.journey.require_unresolved()
        if draft.kind is None or draft.happened is None:
            return []
        return [
            ListTable(
                self.ui,
                [
                    self._row("kind", Stage.UNRESOLVED_KIND, words(f"unresolved.kind.{draft.kind.value}")),
                    self._row("place", Stage.UNRESOLVED_PLACE, place_text(draft)),
                    self._row("day", Stage.UNRESOLVED_DAY, day_words(draft.happened.isoformat())),
                    self._row("account", Stage.UNRESOLVED_ACCOUNT, _account(draft)),
                    self._row("call_back", Stage.UNRESOLVED_CALL_BACK, _call_back(draft)),
                ],
                name="unresolved_review",
            )
        ]

    def _row(self, name: str, stage: Stage, value: Words) -> TableRow:
        label = words(f"lobby.unresolved_review.{name}")
        return TableRow(name, label, value, self.context.send(JumpTo(stage)))

    def continue_text(self) -> Words:
        return words("lobby.unresolved_review.hand_in")


def _account(draft: UnresolvedDraft) -> Words:
    text = draft.account.strip()
    if not text:
        return words("lobby.unresolved_review.nothing")
    if len(text) > LONGEST_SHOWN:
        return words("lobby.review.shortened", start=text[:LONGEST_SHOWN], count=len(text))
    return text


def _call_back(draft: UnresolvedDraft) -> Words:
    if draft.call_back is not True:
        return words("lobby.unresolved_review.no_call")
    return "\n".join(filter(None, (draft.phone.strip(), draft.name.strip())))


class UnresolvedSendingScreen(FramedScreen):
    """It is being kept; where it is not, why, and what can be done."""

    @property
    def _refusal(self) -> UnresolvedRefusal | None:
        notice = self.journey.notice
        return notice if isinstance(notice, UnresolvedRefusal) else None

    def place(self, journey: Journey) -> Hashable:
        return (super().place(journey), journey.notice)

    def title(self) -> Words:
        return words(f"lobby.unresolved_sending.{'title' if self._refusal is None else 'title_refused'}")

    def on_continue(self) -> Action | None:
        return self.context.send(Continue()) if self._refusal is not None else None

    def continue_text(self) -> Words:
        return words(f"lobby.unresolved_sending.{'again' if self._refusal in TRY_AGAIN else 'window'}")

    def on_back(self) -> Action | None:
        changeable = self._refusal is not None and self._refusal not in MAY_HAVE_IT
        return super().on_back() if changeable else None

    def body(self) -> list[Widget]:
        if self._refusal is None:
            return [Spinner(self.ui, words("lobby.unresolved_sending.wait"))]
        told = words(f"lobby.unresolved_sending.refused.{self._refusal.value}")
        return [Notice(self.ui, told, kind=NoticeKind.ERROR)]


class UnresolvedDoneScreen(FramedScreen):
    """“办不成事”反映回执. It stays until the person goes: with no paper it is all they have."""

    def title(self) -> Words:
        kept = self.journey.require_unresolved().kept
        return words(f"lobby.unresolved_done.{'title' if kept is not None and kept.number else 'title_kept'}")

    def on_back(self) -> Action | None:
        return None

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.unresolved_done.finish")

    def body(self) -> list[Widget]:
        draft = self.journey.require_unresolved()
        kept = draft.kept
        if kept is None:
            return []
        reprint = reprint_button(self.context, "unresolved_done", draft.slip)
        slip = Notice(self.ui, words(f"lobby.unresolved_done.slip.{draft.slip.value}"), kind=SLIP_KIND[draft.slip])
        call = "call_back" if draft.call_back is True else "no_call_back"
        told = [] if not kept.number and call == "no_call_back" else [words(f"lobby.unresolved_done.{call}")]
        return [
            self._number(kept),
            ListTable(self.ui, self._rows(draft, kept), name="unresolved_done"),
            *self._told(kept, told),
            slip,
            reprint,
        ]

    def _number(self, kept: UnresolvedKept) -> Widget:
        label = "number" if kept.number else "reference"
        return Stack(
            self.ui,
            (
                TextBlock(self.ui, words(f"lobby.unresolved_done.{label}"), ink="hint"),
                TextBlock(self.ui, kept.number or kept.reference, role=TextRole.NUMBER, bold=True),
            ),
            gap_mm=1.0,
        )

    def _rows(self, draft: UnresolvedDraft, kept: UnresolvedKept) -> list[TableRow]:
        rows = []
        if kept.answer_by:
            label = words("lobby.unresolved_done.answer_by")
            rows.append(TableRow("answer_by", label, day_words(kept.answer_by)))
        rows.append(TableRow("received", words("lobby.unresolved_done.received"), moment_words(kept.received)))
        if draft.kind is not None:
            what = words(f"unresolved.kind.{draft.kind.value}")
            rows.append(TableRow("kind", words("lobby.unresolved_review.kind"), what))
        return rows

    def _told(self, kept: UnresolvedKept, further: list[Text]) -> list[Widget]:
        if kept.number:
            lines = [words("lobby.unresolved_done.promise"), *further]
            return [Stack(self.ui, [TextBlock(self.ui, line) for line in lines], gap_mm=2.0)]
        lines = [words("lobby.unresolved_done.ask"), *further]
        return [
            Notice(self.ui, words("lobby.unresolved_done.follows"), kind=NoticeKind.WARNING),
            Stack(self.ui, [TextBlock(self.ui, line) for line in lines], gap_mm=2.0),
        ]

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.ALREADY_SUBMITTED:
            found.append(Notice(self.ui, words("lobby.receipt.already"), kind=NoticeKind.WARNING))
        return found

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.require_unresolved().slip
