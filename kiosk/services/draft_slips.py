"""The slip of a kept draft, from the journey that keeps it."""

from __future__ import annotations

from datetime import date

from kiosk.flow.draft_state import Keeping
from kiosk.law.courts import CourtRegistry
from kiosk.receipts import DraftSlip
from kiosk.services.papers import court_name


def draft_slip(keeping: Keeping, courts: CourtRegistry, *, court: str, phone: str) -> DraftSlip:
    """The slip with the code. Raises LookupError where nothing is kept."""
    if not keeping.code:
        raise LookupError("no draft is kept")
    return DraftSlip(
        court=court_name(courts, court), code=keeping.code, until=date.fromisoformat(keeping.until), phone=phone
    )
