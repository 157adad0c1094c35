"""A filing begun elsewhere is taken up by its code, and one begun here is kept under one (S0-32)."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from kiosk.agent.draft_messages import DraftRefusal
from kiosk.agent.messages import HubState
from kiosk.court.draft_codes import WRITTEN_LENGTH
from kiosk.court.kept_drafts import KEEP_DAYS
from kiosk.flow.draft import Draft
from kiosk.flow.draft_events import AskErase, AskKeep, GiveDraftCode
from kiosk.flow.events import AnswerConsent, Continue, Finish, PersonEvent
from kiosk.flow.journey import Journey, Remark
from kiosk.forms.answers import Answers, Value, is_instances
from screens.components import (
    Action,
    Button,
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
from screens.lobby.cards import side_by_side
from screens.lobby.code_reading import TypedCodeScreen
from screens.lobby.days import day_words
from screens.lobby.frame import FramedScreen
from screens.lobby.points import Point, point_list
from screens.lobby.screen import ScreenContext
from screens.lobby.slip_news import SLIP_KIND, reprint_button

LONGEST_SHOWN = 300
"""Characters of something left out: enough to write it again from, or to know what it was."""


def keep_button(context: ScreenContext, name: str) -> Button:
    """The choice to keep what is written, in the dialogs by which a filing is left."""
    around = context.surroundings
    there = around.agent_up and around.agent.hub is not HubState.OFFLINE
    return Button(
        context.ui,
        name=f"{name}.keep",
        text=words(f"lobby.keep.{'choice' if there else 'offline'}"),
        enabled=there,
        min_height_mm=18,
        on_press=context.send(AskKeep()),
    )


class DraftCodeScreen(TypedCodeScreen):
    """The code, typed or held under the camera; going on without it is the way back."""

    title_key = "lobby.draft_code.title"
    intro_key = "lobby.draft_code.intro"
    name = "draft_code.code"
    longest = WRITTEN_LENGTH

    def asked(self, typed: str) -> PersonEvent:
        return GiveDraftCode(typed)

    def continue_text(self) -> Words:
        return words("lobby.draft_code.find")

    def back_text(self) -> Words:
        return words("lobby.draft_code.back")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.DRAFT_CODE_WRONG:
            found.append(Notice(self.ui, words("lobby.draft_code.wrong"), kind=NoticeKind.ERROR))
        elif isinstance(journey.notice, DraftRefusal):
            told = words(f"lobby.draft_code.refused.{journey.notice.value}")
            found.append(Notice(self.ui, told, kind=NoticeKind.ERROR))
        return found


class DraftFoundScreen(FramedScreen):
    """What was begun elsewhere, in short, and what of it cannot be taken over."""

    title_key = "lobby.draft_found.title"

    def body(self) -> list[Widget]:
        if self.journey.querying:
            return [Spinner(self.ui, words("lobby.draft_found.erasing"))]
        here = self.journey.require_taken_up()
        erase = Button(
            self.ui,
            name="draft_found.erase",
            text=words("lobby.draft_found.erase"),
            min_height_mm=16,
            on_press=self.context.send(AskErase()),
        )
        parts: list[Widget] = [
            ListTable(self.ui, self._rows(here.draft, here.until), name="draft_found"),
            Notice(self.ui, words("lobby.draft_found.scan")),
        ]
        if here.left_out:
            lost = [
                TableRow(f"left_out.{number}", one.label, _shortened(one.written))
                for number, one in enumerate(here.left_out)
            ]
            parts.append(Notice(self.ui, words("lobby.draft_found.left_out"), kind=NoticeKind.WARNING))
            parts.append(ListTable(self.ui, lost, name="left_out"))
        return [*parts, erase]

    def _rows(self, draft: Draft, until: str) -> list[TableRow]:
        rows = []
        if draft.origin is not None:
            day = day_words(draft.origin.begun.isoformat())
            begun = words(f"lobby.draft_found.begun_in.{draft.origin.begun_in.value}", day=day)
            rows.append(TableRow("begun", words("lobby.draft_found.begun"), begun))
        cause = draft.cause.name if draft.cause is not None else words("lobby.draft_found.no_cause")
        represented = words(f"lobby.capacity.{draft.represented.value}")
        said = words("lobby.draft_found.count", count=answers_given(draft))
        return [
            *rows,
            TableRow("for_whom", words("lobby.draft_found.for_whom"), represented),
            TableRow("cause", words("lobby.draft_found.cause"), cause),
            TableRow("answers", words("lobby.draft_found.answers"), said),
            TableRow("until", words("lobby.draft_found.until"), day_words(until)),
        ]

    def on_continue(self) -> Action | None:
        return self.context.send(Continue())

    def continue_text(self) -> Words:
        return words("lobby.draft_found.go_on")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if isinstance(journey.notice, DraftRefusal):
            found.append(Notice(self.ui, words("lobby.draft_found.stays"), kind=NoticeKind.ERROR))
        return found

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.querying


def answers_given(draft: Draft) -> int:
    """How many questions have an answer."""
    return sum(_given(answers) for answers in (*draft.answers.values(), *(line.answers for line in draft.evidence)))


def _given(answers: Answers) -> int:
    return sum(_count(value) for value in answers.values())


def _count(value: Value | tuple[Answers, ...]) -> int:
    if is_instances(value):
        return sum(_given(one) for one in value)
    return 0 if value is None or value == "" else 1


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}……"


class DraftKeepingScreen(FramedScreen):
    """A free yes or no: what is kept, where, for whom, until when."""

    title_key = "lobby.draft_keeping.title"
    intro_key = "lobby.draft_keeping.intro"

    def progress(self) -> None:
        return None

    def on_continue(self) -> Action | None:
        return None

    def on_back(self) -> Action | None:
        return None  # "no" is the way back

    def body(self) -> list[Widget]:
        if self.journey.querying:
            return [Spinner(self.ui, words("lobby.draft_keeping.saving"))]
        told = (
            (Icon.DOCUMENT, words("lobby.draft_keeping.what")),
            (Icon.CHECK, words("lobby.draft_keeping.where")),
            (Icon.TICKET, words("lobby.draft_keeping.who")),
            (Icon.CLOCK, words("lobby.draft_keeping.until", days=KEEP_DAYS)),
        )
        points = [Point(self.ui, icon, text=text) for icon, text in told]
        return [
            point_list(self.ui, points),
            side_by_side(self.ui, [self._answer(granted) for granted in (True, False)]),
        ]

    def _answer(self, granted: bool) -> Button:
        name = "yes" if granted else "no"
        return Button(
            self.ui,
            name=f"draft_keeping.{name}",
            text=words(f"lobby.draft_keeping.{name}"),
            role=TextRole.TITLE,
            min_height_mm=26,
            on_press=self.context.send(AnswerConsent(granted)),
        )

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if isinstance(journey.notice, DraftRefusal):
            told = words(f"lobby.draft_keep_refused.{journey.notice.value}")
            found.append(Notice(self.ui, told, kind=NoticeKind.ERROR))
        return found

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.querying


class DraftKeptScreen(FramedScreen):
    """The code. It stays until the person goes: with no paper it is all they have."""

    title_key = "lobby.draft_kept.title"

    def on_back(self) -> Action | None:
        return None

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.draft_kept.finish")

    def body(self) -> list[Widget]:
        keeping = self.journey.require_keeping()
        if not keeping.code or keeping.slip is None:
            return []
        number = Stack(
            self.ui,
            (
                TextBlock(self.ui, words("lobby.draft_kept.code"), ink="hint"),
                TextBlock(self.ui, _in_two_lines(keeping.code), role=TextRole.NUMBER, bold=True),
                TextBlock(self.ui, words("lobby.draft_kept.until"), ink="hint"),
                TextBlock(self.ui, day_words(keeping.until), role=TextRole.TITLE, bold=True),
            ),
            gap_mm=2.0,
        )
        side = 62 if self.ui.panel.portrait else 45
        picture = QrView(self.ui, keeping.code, spoken=words("lobby.draft_kept.qr"), side_mm=side)
        slip = words(f"lobby.draft_kept.slip.{keeping.slip.value}")
        return [
            Row(self.ui, (number, picture), gap_mm=8.0, align="center"),
            TextBlock(self.ui, words("lobby.draft_kept.how")),
            Notice(self.ui, words("lobby.draft_kept.not_filed"), kind=NoticeKind.WARNING),
            Notice(self.ui, words("lobby.draft_kept.gone")),
            Notice(self.ui, slip, kind=SLIP_KIND[keeping.slip]),
            reprint_button(self.context, "draft_kept", keeping.slip),
        ]

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.keeping


def _in_two_lines(code: str) -> str:
    groups = code.split("-")
    half = len(groups) // 2
    return "-".join(groups[:half]) + "-\n" + "-".join(groups[half:])
