"""One person's way to a number (取号), and the number they hold. Lives only inside the Session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kiosk.agent.ticket_messages import OfferView, TicketView
from kiosk.court.queueing import TicketClass, TicketStatus
from kiosk.flow.draft import Identity
from kiosk.flow.events import PaperState


@dataclass(frozen=True, slots=True)
class Visit:
    """What is wanted and what was given.

    `offers` is None while the board is asked for; `offline`: it is what the terminal can give by itself. `request_id`
    names the wish: asked again under it, the same number comes. `identity` is that of the card, None without one. Of
    the number: its `slip` (None: none was asked for) and where it stands, `window` being where it was called to.
    While the person files: `called` to a window without having answered; the `code` to come back with, how often it was
    tried, and until when (ISO 8601) what is written is kept.
    """

    request_id: UUID
    offers: tuple[OfferView, ...] | None = None
    offline: bool = False
    service: str = ""
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

    @property
    def offer(self) -> OfferView | None:
        """The matter that was chosen, as the board offers it."""
        return next((offer for offer in self.offers or () if offer.service == self.service), None)
