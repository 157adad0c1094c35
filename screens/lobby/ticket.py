"""Taking a number (取号): the matter, for whom, with the card or without."""

from __future__ import annotations

from collections.abc import Hashable

from kivy.uix.widget import Widget

from drivers.api.records import ReadFailure
from kiosk.agent.ticket_messages import OfferView, TicketRefusal
from kiosk.flow.events import (
    ChooseIdentityMethod,
    ChooseMatter,
    ChooseSeveral,
    ChooseTicketClass,
    Continue,
    GiveProof,
    HaveAppointment,
    IdentityMethod,
    WithoutAppointment,
    WithoutCard,
)
from kiosk.flow.journey import Journey, Remark
from kiosk.flow.ticketing import ASK_BOARD_AGAIN, ASK_CODE_AGAIN, LONGEST_PROOF
from kiosk.flow.visit import Visit
from kiosk.i18n import Language, Text
from kiosk.services.slips import wait_text
from screens.components import (
    Action,
    Button,
    ButtonStyle,
    Icon,
    KeyboardKind,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    TextField,
    TextRole,
    Words,
    words,
)
from screens.lobby.cards import choice_card, in_columns, side_by_side
from screens.lobby.frame import FramedScreen
from screens.lobby.identity import CardScreen


class TicketMatterScreen(FramedScreen):
    """What the person comes for: how many wait and how long; what is closed says why."""

    title_key = "lobby.ticket_matter.title"

    def place(self, journey: Journey) -> Hashable:
        visit = journey.visit
        several = visit is not None and visit.several
        return (super().place(journey), several, several and visit is not None and bool(visit.service))

    def intro(self) -> Words:
        return words("lobby.ticket_matter.several_intro") if self.journey.require_visit().several else ""

    def on_continue(self) -> Action | None:
        visit = self.journey.require_visit()
        return self.context.send(Continue()) if visit.several and visit.service else None

    def continue_text(self) -> Words | None:
        return words("lobby.ticket_matter.chosen") if self.journey.require_visit().several else None

    def body(self) -> list[Widget]:
        visit = self.journey.require_visit()
        if self.journey.notice is Remark.QUEUES_UNAVAILABLE:
            again = Button(
                self.ui,
                name="ticket_matter.again",
                text=words("lobby.ticket_matter.again"),
                style=ButtonStyle.PRIMARY,
                min_height_mm=18,
                on_press=self.context.send(Continue()),
            )
            return [Notice(self.ui, words("lobby.ticket_matter.unavailable"), kind=NoticeKind.ERROR), again]
        if visit.offers is None:
            return [Spinner(self.ui, words("lobby.ticket_matter.asking"))]
        if not visit.offers:
            return [Notice(self.ui, words("lobby.ticket_matter.none"))]
        offline = [Notice(self.ui, words("lobby.ticket_matter.offline"), kind=NoticeKind.WARNING)]
        matters: list[Widget] = [self._matter(offer, visit) for offer in visit.offers]
        return [*(offline if visit.offline else []), in_columns(self.ui, matters), *self._besides(visit)]

    def _besides(self, visit: Visit) -> list[Widget]:
        """What few people need, below what everybody does and smaller: it costs the others no page and no choice."""
        if visit.several:
            return []
        several = Button(
            self.ui,
            name="ticket_matter.several",
            text=words("lobby.ticket_matter.several"),
            icon=Icon.LIST,
            min_height_mm=16,
            on_press=self.context.send(ChooseSeveral()),
        )
        booked = Button(
            self.ui,
            name="ticket_matter.appointment",
            text=words("lobby.ticket_matter.appointment"),
            icon=Icon.CLOCK,
            min_height_mm=16,
            on_press=self.context.send(HaveAppointment()),
        )
        return [Row(self.ui, (booked, several), gap_mm=5.0)]

    def _matter(self, offer: OfferView, visit: Visit) -> Button:
        names = offer.names
        text = Text(zh=names.zh, ko=names.ko, en=names.en)
        chosen = visit.several and offer.service in visit.matters
        if chosen:
            place = visit.matters.index(offer.service) + 1
            text = Text(*(f"{place}. {text.in_(language)}" for language in Language))
        return Button(
            self.ui,
            name=f"ticket_matter.{offer.service}",
            text=text,
            hint=_standing(offer),
            icon=Icon.CHECK if chosen else None,
            style=ButtonStyle.CHOICE,
            role=TextRole.TITLE,
            min_height_mm=26 if self.ui.panel.portrait else 20,
            enabled=offer.closed is None,
            on_press=self.context.send(ChooseMatter(offer.service)),
        )

    def body_follows(self, journey: Journey) -> Hashable:
        return journey.visit, journey.notice


def _standing(offer: OfferView) -> Words | None:
    """How it stands with one matter; None where nothing is known."""
    if offer.closed is not None:
        return Text(zh=offer.closed.zh, ko=offer.closed.ko, en=offer.closed.en)
    if offer.waiting is None:
        return None
    if offer.windows_open == 0:
        return words("lobby.ticket_matter.no_window", count=offer.waiting)
    if offer.waiting == 0:
        return words("lobby.ticket_matter.nobody")
    if offer.wait is None:
        return words("lobby.ticket_matter.waiting", count=offer.waiting)
    return words("lobby.ticket_matter.waiting_range", count=offer.waiting, wait=wait_text(offer.wait))


class TicketClassScreen(FramedScreen):
    """For whom the number is; no choice is made beforehand."""

    title_key = "lobby.ticket_class.title"
    intro_key = "lobby.ticket_class.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        offer = self.journey.require_visit().offer
        classes = offer.classes if offer is not None else ()
        buttons: list[Widget] = [
            Button(
                self.ui,
                name=f"ticket_class.{one.value}",
                text=words(f"ticket_class.{one.value}"),
                hint=words(f"ticket_class_hint.{one.value}"),
                style=ButtonStyle.CHOICE,
                role=TextRole.TITLE,
                min_height_mm=30 if self.ui.panel.portrait else 24,
                on_press=self.context.send(ChooseTicketClass(one)),
            )
            for one in classes
        ]
        return [in_columns(self.ui, buttons)]


class TicketProofScreen(FramedScreen):
    """The number of a professional's licence."""

    title_key = "lobby.ticket_proof.title"
    intro_key = "lobby.ticket_proof.intro"

    def body(self) -> list[Widget]:
        self._number = TextField(
            self.ui,
            name="ticket_proof.number",
            label=words("lobby.ticket_proof.number"),
            value=self.journey.require_visit().proof,
            kind=KeyboardKind.CODE,
            max_length=LONGEST_PROOF,
            on_submit=self._given,
            on_change=lambda _: self.context.presence(),
        )
        return [self._number]

    def _given(self) -> None:
        if self._number.value.strip():
            self.context.dispatch(GiveProof(self._number.value))

    def on_continue(self) -> Action:
        return self._given


class TicketHolderScreen(FramedScreen):
    """With the identity card or without, as large the one as the other; what the card is read for stands above."""

    title_key = "lobby.ticket_holder.title"
    intro_key = "lobby.ticket_holder.intro"

    def on_continue(self) -> Action | None:
        return None

    def body(self) -> list[Widget]:
        works = self._works = self.context.surroundings.reader_works
        card = choice_card(
            self.ui,
            name="ticket_holder.card",
            text=words("lobby.ticket_holder.card"),
            hint=words("lobby.ticket_holder.card_hint"),
            icon=Icon.CARD,
            enabled=works,
            on_press=self.context.send(ChooseIdentityMethod(IdentityMethod.CARD)),
        )
        without = choice_card(
            self.ui,
            name="ticket_holder.without",
            text=words("lobby.ticket_holder.without"),
            hint=words("lobby.ticket_holder.without_hint"),
            icon=Icon.TICKET,
            on_press=self.context.send(WithoutCard()),
        )
        told = Notice(self.ui, words("lobby.ticket_holder.purpose"))
        if not works:
            told = Notice(self.ui, words("lobby.ticket_holder.no_reader"), kind=NoticeKind.WARNING)
        return [told, side_by_side(self.ui, (card, without))]

    def surroundings_changed(self) -> None:
        if self._works is not self.context.surroundings.reader_works:
            self.rebuild_body()


class TicketCardScreen(CardScreen):
    """Waiting for the card of who takes a number; without it the number comes too."""

    intro_key = "lobby.ticket_card.intro"

    def failure_words(self, failure: str) -> str:
        if failure in {ReadFailure.READER_GONE.value, ReadFailure.UNKNOWN_LAYOUT.value}:
            return f"lobby.ticket_card.{failure}"
        return super().failure_words(failure)

    def _typing(self, style: ButtonStyle) -> list[Button]:
        return [
            Button(
                self.ui,
                name="ticket_card.without",
                text=words("lobby.ticket_card.without"),
                style=style,
                icon=Icon.TICKET,
                min_height_mm=18,
                on_press=self.context.send(WithoutCard()),
            )
        ]


class TicketTakingScreen(FramedScreen):
    """The number is on its way; where none comes, why, and what can be done."""

    @property
    def _refusal(self) -> TicketRefusal | None:
        notice = self.journey.notice
        return notice if isinstance(notice, TicketRefusal) else None

    def place(self, journey: Journey) -> Hashable:
        return (super().place(journey), journey.notice)

    def title(self) -> Words:
        return words("lobby.ticket_taking.title" if self._refusal is None else "lobby.ticket_taking.title_refused")

    def on_continue(self) -> Action | None:
        if self._refusal is TicketRefusal.APPOINTMENT_AWAY:
            return self.context.send(WithoutAppointment())
        return self.context.send(Continue()) if self._refusal is not None else None

    def continue_text(self) -> Words:
        if self._refusal is TicketRefusal.APPOINTMENT_AWAY:
            return words("lobby.ticket_taking.ordinary")
        if self._refusal in ASK_CODE_AGAIN:
            return words("lobby.ticket_taking.code_again")
        return words(f"lobby.ticket_taking.{'choose' if self._refusal in ASK_BOARD_AGAIN else 'again'}")

    def on_back(self) -> Action | None:
        return super().on_back() if self._refusal is not None else None

    def body(self) -> list[Widget]:
        if self._refusal is None:
            return [Spinner(self.ui, words("lobby.ticket_taking.wait"))]
        told = words(f"lobby.ticket_taking.refused.{self._refusal.value}")
        return [Notice(self.ui, told, kind=NoticeKind.ERROR), *self._other_way()]

    def _other_way(self) -> list[Widget]:
        """Beside the primary button, for whoever comes for an appointment."""
        if self.journey.require_visit().appointment is None:
            return []
        away = self._refusal is TicketRefusal.APPOINTMENT_AWAY
        return [
            Button(
                self.ui,
                name="ticket_taking.again" if away else "ticket_taking.ordinary",
                text=words(f"lobby.ticket_taking.{'again' if away else 'ordinary'}"),
                icon=None if away else Icon.TICKET,
                min_height_mm=18,
                on_press=self.context.send(Continue() if away else WithoutAppointment()),
            )
        ]
