"""From a journey to the slips a person carries away; names are masked, since slips are left lying about (N4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.agent.ticket_messages import TicketView, Wait
from kiosk.clock import CHINA
from kiosk.court.queueing import TicketClass
from kiosk.documents.papers import ReceiptLine
from kiosk.flow.journey import Journey
from kiosk.flow.visit import Visit
from kiosk.i18n import Language, Text, catalogue
from kiosk.identity.masking import mask_name
from kiosk.law.courts import CourtRegistry
from kiosk.law.deadlines import due
from kiosk.law.fee_payment import PrepayTime
from kiosk.receipts import (
    BILINGUAL,
    CopyMark,
    FilingReceipt,
    HandedIn,
    OriginalOrCopy,
    QueueTicket,
    Slip,
    WindowTicket,
    render,
    to_png,
)
from kiosk.services.dossier import Dossier
from kiosk.services.papers import court_name

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
    courts: CourtRegistry,
    *,
    receipt_no: str,
    received: datetime,
    phone: str,
    lines: tuple[ReceiptLine, ...],
) -> FilingReceipt:
    """The dated receipt of one filing; `lines` are the documents that were received."""
    draft = dossier.draft
    submitter = dossier.submitter
    return FilingReceipt(
        court=court_name(courts, draft.handling_court),
        receipt_no=receipt_no,
        received=received,
        filer=submitter if draft.represented.is_organisation else mask_name(submitter),
        cause=dossier.cause_text,
        documents=tuple(_handed_in(line) for line in lines),
        handling_court=court_name(courts, draft.handling_court),
        competent_court=court_name(courts, draft.competent_court),
        fee=dossier.fee.fee if dossier.fee is not None else None,
        next_steps=tuple(_next_steps(dossier)),
        decision_due=due(DECISION_DEADLINE, received).last_day,
        phone=phone,
        qr=receipt_no,
    )


def _handed_in(line: ReceiptLine) -> HandedIn:
    name = line.name if isinstance(line.name, Text) else _plain(line.name)
    return HandedIn(name, line.pages, line.copies, OriginalOrCopy(line.exemplar.value))


def _next_steps(dossier: Dossier) -> Iterator[Text]:
    yield catalogue()["slips.next.review"]
    if dossier.prepayment is not None and dossier.prepayment.time is PrepayTime.AFTER_NOTICE:
        yield catalogue()["slips.next.fee"]
    yield catalogue()["slips.next.bring"]
    opponents = len(dossier.defendants)
    if opponents:
        wording = catalogue()["slips.next.copies"]
        yield Text(*(wording.in_(language).format(count=opponents) for language in Language))


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


def queue_ticket(visit: Visit, courts: CourtRegistry, *, court: str) -> QueueTicket:
    """The slip of the number that `visit` holds. Raises LookupError where it holds none."""
    ticket = visit.ticket
    if ticket is None:
        raise LookupError("no number")
    ordinary = ticket.ticket_class is TicketClass.ORDINARY
    return QueueTicket(
        court=court_name(courts, court),
        number=ticket.number,
        service=matter_name(visit),
        ticket_class=None if ordinary else catalogue()[f"ticket_class.{ticket.ticket_class.value}"],
        issued=datetime.fromisoformat(ticket.issued),
        ahead=ticket.ahead,
        wait=wait_text(ticket.wait) if ticket.wait is not None else None,
        windows=ticket.windows,
        further=further_matters(visit),
        appointed=appointed_time(ticket),
        holder=mask_name(visit.identity.name) if visit.identity is not None else "",
        offline=ticket.offline,
        qr=ticket.follow,
    )


def matter_name(visit: Visit) -> Text:
    """What the number of `visit` is for; who had one before may have it for something else than was chosen now."""
    return _service_name(visit, visit.ticket.service if visit.ticket is not None else visit.service)


def further_matters(visit: Visit) -> tuple[Text, ...]:
    """What follows it in the same visit, in order."""
    ticket = visit.ticket
    return tuple(_service_name(visit, service) for service in ticket.further) if ticket is not None else ()


def further_names(visit: Visit) -> Text:
    """The same in one line, numbered from the second on, as they are chosen and printed."""
    names = tuple(enumerate(further_matters(visit), 2))
    return Text(*("　".join(f"{place}. {name.in_(language)}" for place, name in names) for language in Language))


def appointed_time(ticket: TicketView) -> str:
    """The appointed time of day in China, empty where there was no appointment."""
    return f"{datetime.fromisoformat(ticket.appointed).astimezone(CHINA):%H:%M}" if ticket.appointed else ""


def _service_name(visit: Visit, service: str) -> Text:
    offer = next((offer for offer in visit.offers or () if offer.service == service), None)
    if offer is None:
        return catalogue()["slips.matter.other"]
    return Text(zh=offer.names.zh, ko=offer.names.ko, en=offer.names.en)


def wait_text(wait: Wait) -> Text:
    """The range in words."""
    wording = catalogue()["wait.about" if wait.low == wait.high else "wait.range"]
    return Text(*(wording.in_(language).format(low=wait.low, high=wait.high) for language in Language))


def slip_png(slip: Slip, width: int, language: Language, copy: CopyMark | None = None) -> bytes:
    """The slip as the printer wants it; `copy` marks it as a copy."""
    return to_png(render(slip, width, slip_languages(language), copy))


def _plain(text: str) -> Text:
    return Text(text, text, text)
