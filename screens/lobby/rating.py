"""Rating at the terminal (服务评价): what is rated, one touch on a grade, why if it was a bad one, thanks."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import partial

from kivy.uix.widget import Widget

from kiosk.agent.rating_messages import Findings, MatterToRate
from kiosk.court.rating import RatingKind
from kiosk.flow.events import ChooseIdentityMethod, Continue, Finish, IdentityMethod, PersonEvent
from kiosk.flow.journey import Journey, Remark
from kiosk.flow.rating_events import AskRating, ChooseGrade, GiveReasons, RateNext
from kiosk.i18n import Language, Text, catalogue
from kiosk.rating.pad_state import LONGEST_CALL_BACK, LONGEST_COMMENT
from kiosk.receipts.words import written_day
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Choice,
    ChoiceList,
    Icon,
    KeyboardKind,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    Stack,
    TextBlock,
    TextField,
    TextRole,
    Words,
    words,
)
from screens.lobby.cards import choice_card
from screens.lobby.code_reading import TypedCodeScreen
from screens.lobby.emblem import Drawing
from screens.lobby.frame import FramedScreen
from screens.lobby.identity import CardScreen

_CODE_LENGTH = 14
"""Twelve characters in three groups, with what stands between them."""


class RatingScreen(TypedCodeScreen):
    """By the code on the paper, or by the card with which the number was taken."""

    title_key = "lobby.rating.title"
    intro_key = "lobby.rating.intro"
    name = "rating.code"
    longest = _CODE_LENGTH

    def other_ways(self) -> list[Widget]:
        self._by_card = choice_card(
            self.ui,
            name="rating.card",
            text=words("lobby.rating.by_card"),
            hint=words("lobby.rating.by_card_hint"),
            icon=Icon.CARD,
            enabled=self.context.surroundings.reader_works,
            on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.CARD)),
        )
        return [self._by_card]

    def surroundings_changed(self) -> None:
        super().surroundings_changed()
        if not self.journey.querying:
            self._by_card.enabled = self.context.surroundings.reader_works

    def asked(self, typed: str) -> PersonEvent:
        return AskRating(typed)

    def continue_text(self) -> Words:
        return words("lobby.rating.find")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.RATING_CODE_WRONG:
            found.append(Notice(self.ui, words("lobby.rating.code_wrong"), kind=NoticeKind.ERROR))
        elif isinstance(journey.notice, Findings):
            found.append(_nothing_found(self, journey.notice))
        return found


def _nothing_found(screen: FramedScreen, found: Findings) -> Notice:
    kind = NoticeKind.SUCCESS if found is Findings.DONE else NoticeKind.ERROR
    return Notice(screen.ui, words(f"lobby.rating.found.{found.value}"), kind=kind)


class RatingCardScreen(CardScreen):
    """Waiting for the card with which the number was taken; only its number is used, and only to look."""

    intro_key = "lobby.rating.card_intro"
    may_type = False

    def _failed(self, notice: object) -> list[Widget]:
        if not isinstance(notice, Findings):
            return super()._failed(notice)
        again = Button(
            self.ui,
            name="rating_card.again",
            text=words("lobby.card.again"),
            style=ButtonStyle.PRIMARY,
            icon=Icon.CARD,
            min_height_mm=18,
            on_press=self.context.send(Continue()),
        )
        return [_nothing_found(self, notice), again]


class RatingGradeScreen(FramedScreen):
    """The one question; the grades stand as large the one as the other, and none is chosen."""

    title_key = "rating.phone.question"

    def place(self, journey: Journey) -> Hashable:
        return (super().place(journey), journey.rating, journey.notice)

    def intro(self) -> Words:
        return matter_words(self.journey.require_rating().matter)

    def on_continue(self) -> Action | None:
        return self.context.send(Continue()) if self.journey.notice is Remark.RATING_NOT_KEPT else None

    def continue_text(self) -> Words | None:
        return words("lobby.rating.again") if self.journey.notice is Remark.RATING_NOT_KEPT else None

    def on_back(self) -> Action | None:
        return super().on_back() if self.journey.require_rating().grade is None else None

    def body(self) -> list[Widget]:
        draft = self.journey.require_rating()
        if self.journey.notice is Remark.RATING_NOT_KEPT:
            return [Notice(self.ui, words("lobby.rating.not_kept"), kind=NoticeKind.ERROR)]
        if draft.saving:
            return [Spinner(self.ui, words("touchpad.saving.title"))]
        again = draft.matter.question.kind is RatingKind.AGAIN
        grades: list[Widget] = [
            Button(
                self.ui,
                name=f"grade.{grade.value}",
                text=Text(zh=grade.names.zh, ko=grade.names.ko, en=grade.names.en),
                role=TextRole.TITLE,
                min_height_mm=28 if self.ui.panel.portrait else 18,
                on_press=self.context.send(ChooseGrade(grade.value)),
            )
            for grade in draft.matter.question.grades
        ]
        told = Notice(self.ui, words("rating.phone.again" if again else "rating.phone.voluntary"))
        return [Stack(self.ui, grades, gap_mm=5.0), told]


def matter_words(matter: MatterToRate) -> Text:
    """What it was, where and when."""

    def line(language: Language) -> str:
        names = matter.names
        what = Text(zh=names.zh, ko=names.ko, en=names.en) if names is not None else catalogue()["slips.matter.other"]
        window = catalogue()["rating.phone.place"].in_(language).format(window=matter.window)
        return " · ".join((written_day(date.fromisoformat(matter.day), language), window, what.in_(language)))

    return Text(*(line(language) for language in Language))


class RatingReasonsScreen(FramedScreen):
    """Why? All of it may be left out; the grade stands already, so that there is no way back to it."""

    title_key = "rating.phone.why"
    from_top = True

    def on_back(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        self._reasons: tuple[str, ...] = ()
        question = self.journey.require_rating().matter.question
        self._comment = TextField(
            self.ui,
            name="rating.comment",
            label=words("rating.phone.comment"),
            hint=words("touchpad.comment.hint"),
            lines=2 if self.ui.panel.portrait else 1,
            max_length=LONGEST_COMMENT,
            on_change=lambda _: self.context.presence(),
        )
        self._call_back = TextField(
            self.ui,
            name="rating.call_back",
            label=words("lobby.rating.call_back"),
            hint=words("touchpad.call_back.hint"),
            kind=KeyboardKind.DIGITS,
            max_length=LONGEST_CALL_BACK,
            on_change=lambda _: self.context.presence(),
        )
        reasons = ChoiceList(
            self.ui,
            name="reason",
            choices=[
                Choice(reason.code, Text(zh=reason.names.zh, ko=reason.names.ko, en=reason.names.en))
                for reason in question.reasons
            ],
            selected=(),
            multiple=True,
            columns=2,
            on_change=self._chosen,
        )
        if self.ui.panel.portrait:
            return [reasons, self._comment, self._call_back]
        return [reasons, Row(self.ui, (self._comment, self._call_back), gap_mm=6.0, align="top")]

    def _chosen(self, codes: tuple[str, ...]) -> None:
        self._reasons = codes
        self.context.presence()

    def on_continue(self) -> Action:
        return self._given

    def _given(self) -> None:
        self.context.dispatch(GiveReasons(self._reasons, self._comment.value, self._call_back.value))

    def continue_text(self) -> Words:
        return words("rating.phone.submit")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.RATING_NOT_KEPT:
            found.append(Notice(self.ui, words("lobby.rating.not_kept"), kind=NoticeKind.ERROR))
        return found


class RatingDoneScreen(FramedScreen):
    """It is on disk."""

    title_key = "rating.phone.done_title"

    def on_back(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        shown: list[Widget] = [
            Drawing(self.ui, Icon.SUCCESS, side_mm=50 if self.ui.panel.portrait else 36, ink="success"),
            TextBlock(self.ui, words("touchpad.thanks.rated"), role=TextRole.TITLE, halign="center"),
        ]
        matters = self.journey.require_rating().matters
        if matters:
            shown.append(TextBlock(self.ui, words("lobby.rating.more"), bold=True, halign="center"))
            shown.append(
                Button(
                    self.ui,
                    name="rating_done.next",
                    text=matter_words(matters[0]),
                    icon=Icon.FORWARD,
                    min_height_mm=20,
                    on_press=partial(self.context.dispatch, RateNext()),
                )
            )
        return shown

    def on_continue(self) -> Action:
        return self.context.send(Finish())

    def continue_text(self) -> Words:
        return words("lobby.ticket.finish")
