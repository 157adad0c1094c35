"""Mediation wish, electronic service, undertaking."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.court.envelope import MediationWish
from kiosk.flow.consents import Purpose
from kiosk.flow.events import AnswerConsent, AnswerMediation, Continue
from screens.components import (
    Action,
    Button,
    Choice,
    ChoiceList,
    Icon,
    Notice,
    NoticeKind,
    TextBlock,
    TextRole,
    Words,
    words,
)
from screens.lobby.cards import side_by_side
from screens.lobby.frame import FramedScreen
from screens.lobby.points import Point, point_list


class MediationScreen(FramedScreen):
    """是否考虑先行调解: yes, no, not sure, and why it may help; no answer is pre-selected and none is needed."""

    title_key = "lobby.mediation.title"
    intro_key = "lobby.mediation.intro"

    def body(self) -> list[Widget]:
        wish = self.journey.require_draft().mediation
        choices = [Choice(one.value, words(f"lobby.mediation.{one.value}")) for one in MediationWish]
        upright = self.ui.panel.portrait
        benefits = [
            Point(self.ui, Icon.CHECK, text=words(f"lobby.mediation.benefit{number}"), ink="success")
            for number in range(1, 6)
        ]
        return [
            ChoiceList(
                self.ui,
                name="mediation",
                choices=choices,
                selected=(wish.value,) if wish is not None else (),
                columns=1 if upright else 3,
                min_height_mm=28 if upright else 20,
                on_change=self._chosen,
            ),
            TextBlock(self.ui, words("lobby.mediation.benefits"), bold=True),
            point_list(self.ui, benefits, columns=1 if upright else 2),
        ]

    def _chosen(self, values: tuple[str, ...]) -> None:
        if values:
            self.context.dispatch(AnswerMediation(MediationWish(values[0])))


class EServiceScreen(FramedScreen):
    """电子送达, a question of its own: yes or no, both lead on (民诉法 90)."""

    title_key = "lobby.e_service.title"
    intro_key = "lobby.e_service.intro"

    @property
    def _given(self) -> bool | None:
        consent = self.journey.require_draft().consent(Purpose.E_SERVICE)
        return None if consent is None else consent.granted

    def on_continue(self) -> Action | None:
        return self.context.send(Continue()) if self._given is not None else None

    def body(self) -> list[Widget]:
        points = [
            Point(self.ui, icon, text=words(f"lobby.e_service.{what}"))
            for what, icon in (("effect", Icon.CHECK), ("paper", Icon.DOCUMENT))
        ]
        return [
            point_list(self.ui, points),
            side_by_side(self.ui, [self._answer(granted) for granted in (True, False)]),
        ]

    def _answer(self, granted: bool) -> Button:
        name = "yes" if granted else "no"
        return Button(
            self.ui,
            name=f"e_service.{name}",
            text=words(f"lobby.e_service.{name}"),
            icon=Icon.CHECK if self._given is granted else None,
            role=TextRole.TITLE,
            min_height_mm=30,
            on_press=self.context.send(AnswerConsent(granted)),
        )


class UndertakingScreen(FramedScreen):
    """诚信诉讼承诺: what is promised and what follows from a lie; not promising is possible and is noted."""

    title_key = "lobby.undertaking.title"

    def body(self) -> list[Widget]:
        points = [
            Point(self.ui, Icon.CHECK, text=words(f"lobby.undertaking.point{number}"), ink="success")
            for number in range(1, 5)
        ]
        refuse = Button(
            self.ui,
            name="undertaking.refuse",
            text=words("lobby.undertaking.refuse"),
            icon=Icon.COUNTER,
            min_height_mm=16,
            on_press=self.context.send(AnswerConsent(granted=False)),
        )
        return [
            point_list(self.ui, points),
            Notice(self.ui, words("lobby.undertaking.consequence"), kind=NoticeKind.WARNING),
            refuse,
        ]

    def on_continue(self) -> Action:
        return self.context.send(AnswerConsent(granted=True))

    def continue_text(self) -> Words:
        return words("lobby.undertaking.agree")
