"""From a journey to the slips a person carries away; names are masked, since slips are left lying about (N4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kiosk.flow.journey import Journey
from kiosk.i18n import Language, Text, catalogue
from kiosk.identity.masking import mask_name
from kiosk.law.courts import CourtRegistry
from kiosk.law.deadlines import due
from kiosk.receipts import BILINGUAL, CopyMark, FilingReceipt, HandedIn, OriginalOrCopy, WindowTicket, render, to_png
from kiosk.services.dossier import Dossier
from kiosk.services.papers import PaperMaker, court_name

DECISION_DEADLINE = "registration-decision"
"""登记立案规定 8, 民诉法 126: seven days from the day after receipt."""


def slip_languages(language: Language) -> tuple[Language, ...]:
    """Chinese always, Korean beside it where it was chosen; English alone would not be understood at the window."""
    match language:
        case Language.ZH:
            return (Language.ZH,)
        case Language.KO:
            return BILINGUAL
        case Language.EN:
            return (Language.ZH, Language.EN)


def filing_receipt(
    dossier: Dossier,
    maker: PaperMaker,
    courts: CourtRegistry,
    *,
    receipt_no: str,
    received: datetime,
    phone: str,
    pages: Mapping[str, int],
) -> FilingReceipt:
    """The dated receipt of one filing. `pages` of each paper made here, by its name in the catalogue."""
    draft = dossier.draft
    documents = [HandedIn(_paper(name), count, 1, OriginalOrCopy.ORIGINAL) for name, count in pages.items()]
    documents += [HandedIn(_plain(entry.title), len(entry.pages), 1, OriginalOrCopy.SCAN) for entry in dossier.evidence]
    steps = ["review", "fee", "bring"] if dossier.fee is not None and dossier.fee.highest > 0 else ["review", "bring"]
    return FilingReceipt(
        court=court_name(courts, draft.handling_court),
        receipt_no=receipt_no,
        received=received,
        filer=mask_name(maker.submitter),
        cause=_plain(dossier.cause_name),
        documents=tuple(documents),
        handling_court=court_name(courts, draft.handling_court),
        competent_court=court_name(courts, draft.competent_court),
        fee=dossier.fee.fee if dossier.fee is not None else None,
        next_steps=tuple(catalogue()[f"slips.next.{step}"] for step in steps),
        decision_due=due(DECISION_DEADLINE, received.date()).last_day,
        phone=phone,
        qr=receipt_no,
    )


def window_ticket(
    journey: Journey, courts: CourtRegistry, *, court: str, reference: str, now: datetime, phone: str
) -> WindowTicket:
    """The slip for who goes on at a window (S0-25): what is entered already, named but not repeated."""
    draft = journey.draft
    entered: list[Text] = []
    if draft is not None and draft.identity is not None:
        entered.append(catalogue()["slips.entered.identity"])
    if draft is not None and draft.cause is not None:
        entered.append(_plain(draft.cause.name))
    if draft is not None and draft.evidence:
        entered.append(catalogue()["slips.entered.evidence"])
    return WindowTicket(
        court=court_name(courts, court),
        reference=reference,
        issued=now,
        matter=catalogue()["slips.matter.filing" if draft is not None else "slips.matter.other"],
        window=catalogue()["slips.window.filing"],
        entered=tuple(entered),
        bring=(catalogue()["slips.bring.identity"], catalogue()["slips.bring.papers"]),
        phone=phone,
    )


def slip_png(
    slip: FilingReceipt | WindowTicket, width: int, language: Language, copied: datetime | None = None
) -> bytes:
    """The slip as the printer wants it; `copied` marks it as a copy made at that time."""
    return to_png(render(slip, width, slip_languages(language), CopyMark(copied) if copied is not None else None))


def _paper(name: str) -> Text:
    return catalogue()[f"papers.{name}"]


def _plain(text: str) -> Text:
    return Text(text, text, text)
