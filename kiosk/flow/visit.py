"""One person's way to a number (取号), and the number they hold. Lives only inside the Session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kiosk.agent.ticket_messages import OfferView, TicketView
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow.draft import Identity
from kiosk.flow.events import PaperState
from kiosk.flow.stage import Stage


@dataclass(frozen=True, slots=True)
class Visit:
    """What is wanted and what was given.

    `offers` is None while the board is asked for; `offline`: it is what the terminal can give by itself. `request_id`
    names the wish: asked again under it, the same number comes. `identity` is that of the card, None without one. Of
    the number: its `slip` (None: none was asked for) and where it stands, `window` being where it was called to.
    While the person files: `called` to a window without having answered; the `code` to come back with, how often it was
    tried, and until when (ISO 8601) what is written is kept. `chosen_at` is the page on which the matter was chosen.
    `further` are the matters that follow `service` in the same visit; `several`: the person is choosing them one after
    the other. `appointment` is the code of the appointment the person comes for, empty where the card tells it, None
    without one.
    """

    request_id: UUID
    offers: tuple[OfferView, ...] | None = None
    offline: bool = False
    service: str = ""
    further: tuple[str, ...] = ()
    several: bool = False
    appointment: str | None = None
    ticket_class: TicketClass | None = None
    proof: str = ""
    identity: Identity | None = None
    ticket: TicketView | None = None
    slip: PaperState | None = None
    status: TicketStatus = TicketStatus.WAITING
    window: str = ""
    called: bool = False
    code: str = ""
    tries: int = 0
    kept_until: str = ""
    chosen_at: Stage = Stage.TICKET_MATTER

    @property
    def matters(self) -> tuple[str, ...]:
        """What was chosen, in order."""
        return (self.service, *self.further) if self.service else ()

    def with_or_without(self, service: str) -> Visit:
        """This visit with a matter more, chosen last; or, where it was chosen already, with one fewer."""
        chosen = self.matters
        chosen = tuple(one for one in chosen if one != service) if service in chosen else (*chosen, service)
        return replace(self, service=chosen[0] if chosen else "", further=chosen[1:])

    @property
    def offer(self) -> OfferView | None:
        """The matter that was chosen, as the board offers it."""
        return next((offer for offer in self.offers or () if offer.service == self.service), None)
