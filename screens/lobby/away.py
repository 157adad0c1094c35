"""Called to a window in the middle of a filing: the question, and the page that guards the place meanwhile."""

from __future__ import annotations

from datetime import datetime

from kivy.uix.widget import Widget

from kiosk.clock import CHINA
from kiosk.flow.events import AnswerQuestion, EnterCode, GoNow
from kiosk.flow.journey import Journey, Remark
from kiosk.flow.meanwhile import CODE_LENGTH, KEPT_FOR, TRIES
from kiosk.flow.stage import DONE_STAGES
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Dialog,
    KeyboardKind,
    Notice,
    NoticeKind,
    TextBlock,
    TextField,
    TextRole,
    Words,
    words,
)
from screens.lobby.frame import FramedScreen
from screens.lobby.screen import ScreenContext


def called_dialog(context: ScreenContext) -> Dialog:
    """Which window calls, and what to do: finish first stands last, where it changes nothing."""
    journey = context.session.journey
    visit = journey.require_visit()
    number = visit.ticket.number if visit.ticket is not None else ""
    done = journey.stage in DONE_STAGES
    minutes = int(KEPT_FOR.total_seconds() // 60)
    text = words("lobby.called.text_done") if done else words("lobby.called.text", minutes=minutes)
    code = TextBlock(context.ui, visit.code, role=TextRole.NUMBER, bold=True, halign="center")

    def button(name: str, event: AnswerQuestion | GoNow, style: ButtonStyle) -> Button:
        return Button(
            context.ui,
            name=f"called.{name}",
            text=words(f"lobby.called.{name}"),
            style=style,
            min_height_mm=18,
            on_press=context.send(event),
        )

    choices = [
        button("keep", GoNow(keep=True), ButtonStyle.PRIMARY),
        button("discard", GoNow(keep=False), ButtonStyle.DANGER),
        button("later", AnswerQuestion(yes=False), ButtonStyle.SECONDARY),
    ]
    return Dialog(
        context.ui,
        name="called",
        title=words("lobby.called.title", window=visit.window, number=number),
        text=text,
        body=None if done else code,
        buttons=[button("go", AnswerQuestion(yes=True), ButtonStyle.PRIMARY)] if done else choices,
        stacked=True,
    )


class AwayScreen(FramedScreen):
    """Nothing of what was written is here; only who knows the code goes on."""

    title_key = "lobby.away.title"

    def intro(self) -> Words:
        visit = self.journey.require_visit()
        until = datetime.fromisoformat(visit.kept_until).astimezone(CHINA)
        number = visit.ticket.number if visit.ticket is not None else ""
        return words("lobby.away.intro", number=number, time=f"{until:%H:%M}")

    def on_back(self) -> Action | None:
        return None

    def progress(self) -> None:
        return None

    def body(self) -> list[Widget]:
        self._code = TextField(
            self.ui,
            name="away.code",
            label=words("lobby.away.code"),
            kind=KeyboardKind.DIGITS,
            masked=True,
            max_length=CODE_LENGTH,
            on_submit=self._entered,
        )
        return [self._code]

    def _entered(self) -> None:
        typed = self._code.value.strip()
        if len(typed) == CODE_LENGTH:
            self._code.value = ""
            self.context.dispatch(EnterCode(typed))

    def on_continue(self) -> Action:
        return self._entered

    def continue_text(self) -> Words:
        return words("lobby.away.go_on")

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        if journey.notice is Remark.CODE_WRONG:
            left = TRIES - journey.require_visit().tries
            found.append(Notice(self.ui, words("lobby.away.wrong", left=left), kind=NoticeKind.ERROR))
        return found

    def above_follows(self, journey: Journey) -> tuple[object, ...]:
        return (*super().above_follows(journey), journey.require_visit().tries)
