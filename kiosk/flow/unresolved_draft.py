"""What one person says could not be got done (办不成事), and who is on duty. Lives only inside the Session."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kiosk.agent.ticket_messages import OfferView
from kiosk.agent.unresolved_messages import DutyFound, UnresolvedKept
from kiosk.court.unresolved import LONGEST_CALL_BACK, UnresolvedKind, UnresolvedPlace
from kiosk.flow.events import PaperState

WINDOW = re.compile(r"[A-Z0-9]{1,4}")
"""A window's name (kiosk/court/unresolved.py, UnresolvedReport)."""

_PHONE = re.compile(r"\+?\d{7,15}")
LONGEST_PHONE = 20
LONGEST_NAME = LONGEST_CALL_BACK - LONGEST_PHONE - 1


def phone_number(typed: str) -> str:
    """A telephone number without the signs people set between its digits; empty for what is none."""
    plain = re.sub(r"[\s()（）-]", "", typed)
    return plain if _PHONE.fullmatch(plain) else ""


@dataclass(frozen=True, slots=True)
class UnresolvedDraft:
    """One report in the making, and who is on duty.

    `request_id` names the report: handed in again under it, it is the same. `offers` are the matters of the board, None
    while it is asked for and empty where nobody knows; `duty` is None while it is asked for. `asked` is the place whose
    window or service is being asked for. `call_back` None: not answered. `correcting`: the person came from the summary
    and goes back to it. `kept` is what the agent said, `slip` what became of the paper.
    """

    request_id: UUID
    offers: tuple[OfferView, ...] | None = None
    offline: bool = False
    duty: DutyFound | None = None
    kind: UnresolvedKind | None = None
    asked: UnresolvedPlace | None = None
    place: UnresolvedPlace | None = None
    window: str = ""
    service: str = ""
    happened: date | None = None
    account: str = ""
    call_back: bool | None = None
    name: str = ""
    phone: str = ""
    correcting: bool = False
    kept: UnresolvedKept | None = None
    slip: PaperState = PaperState.WAITING

    @property
    def is_personal(self) -> bool:
        """Whether something of the person themselves stands in it."""
        return bool(self.account or self.name or self.phone or self.kept)

    @property
    def windows(self) -> tuple[str, ...]:
        """The windows of the board, each once, in the order of their numbers."""
        found = {window for offer in self.offers or () for window in offer.windows}
        return tuple(sorted(found, key=lambda window: (len(window), window)))

    @property
    def reception(self) -> OfferView | None:
        """The matter of the reception by the leader on duty, where the court gives numbers for it."""
        wanted = self.duty.reception if self.duty is not None else ""
        return next((offer for offer in self.offers or () if offer.service == wanted), None)
