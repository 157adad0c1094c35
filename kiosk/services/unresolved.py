"""What could not be got done, in the words of its pages and of its slip."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from kiosk.court.unresolved import UnresolvedPlace
from kiosk.flow.unresolved_draft import UnresolvedDraft
from kiosk.i18n import Language, Text, catalogue
from kiosk.law.courts import CourtRegistry
from kiosk.receipts import UnresolvedSlip
from kiosk.services.papers import court_name


def place_text(draft: UnresolvedDraft) -> Text:
    """Where it happened: the window's number, the service's name, or the kind of place. Raises LookupError where the
    place was not said."""
    match draft.place:
        case UnresolvedPlace.WINDOW:
            wording = catalogue()["unresolved.notice.window"]
            return Text(*(wording.in_(language).format(window=draft.window) for language in Language))
        case UnresolvedPlace.SERVICE:
            names = next((offer.names for offer in draft.offers or () if offer.service == draft.service), None)
            if names is None:
                return catalogue()["unresolved.place.service"]
            return Text(zh=names.zh, ko=names.ko, en=names.en)
        case UnresolvedPlace.TERMINAL | UnresolvedPlace.PHONE | UnresolvedPlace.ONLINE | UnresolvedPlace.ELSEWHERE:
            return catalogue()[f"unresolved.place.{draft.place.value}"]
        case None:
            raise LookupError("no place")
        case _:
            assert_never(draft.place)


def unresolved_slip(draft: UnresolvedDraft, courts: CourtRegistry, *, court: str, phone: str) -> UnresolvedSlip:
    """The slip of a report that is kept. Raises LookupError for one that is not."""
    kept = draft.kept
    if kept is None or draft.kind is None or draft.happened is None:
        raise LookupError("no report was kept")
    return UnresolvedSlip(
        court=court_name(courts, court),
        number=kept.number,
        reference=kept.reference,
        received=datetime.fromisoformat(kept.received),
        kind=catalogue()[f"unresolved.kind.{draft.kind.value}"],
        where=place_text(draft),
        happened=draft.happened,
        answer_by=date.fromisoformat(kept.answer_by) if kept.answer_by else None,
        wrote=bool(draft.account.strip()),
        call_back=draft.call_back is True,
        phone=phone,
    )
