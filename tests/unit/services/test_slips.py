"""What is on the slip a person carries away."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from msgspec import structs
from PIL import Image

from kiosk.agent.assembly import Part
from kiosk.agent.ticket_messages import OfferView, TicketView, Wait
from kiosk.clock import CHINA
from kiosk.config.model import Names
from kiosk.court.contract import BlobRole
from kiosk.court.queueing import TicketClass
from kiosk.flow.draft import FormSlot, Represented
from kiosk.flow.journey import Filed
from kiosk.flow.visit import Visit
from kiosk.forms.answers import Answers
from kiosk.i18n import Language
from kiosk.receipts import FilingReceipt, OriginalOrCopy
from kiosk.services.filing import FilingService
from kiosk.services.slips import queue_ticket, window_ticket
from tests.unit.services.filings import (
    COURT,
    NOW,
    OTHER_COURT,
    RECEIPT_NO,
    SUBMISSION,
    Filing,
    evidence,
    filing,
    reference,
    service,
)


def slip_of(made: Filing, received: datetime = NOW) -> FilingReceipt:
    receipt = service().make(made.session, RECEIPT_NO, received.isoformat(), lambda _: None).receipt
    assert receipt is not None
    return receipt


def test_documents_pages_and_forms() -> None:
    """民诉法 69: name, pages, copies, original or copy of each document that was received, and of no other."""
    made = filing(scans=2)
    made.changed(evidence=(*made.draft.evidence, evidence("录音")))
    parts: list[Part] = []
    service().make(made.session, RECEIPT_NO, NOW.isoformat(), parts.append)
    slip = slip_of(made)
    papers = [BlobRole.COMPLAINT, BlobRole.ADDRESS_CONFIRMATION, BlobRole.EVIDENCE_LIST, BlobRole.UNDERTAKING]
    assert [part.role for part in parts if part.role in papers] == papers
    assert [d.form for d in slip.documents[:4]] == [OriginalOrCopy.ELECTRONIC] * 4
    assert [d.pages for d in slip.documents[4:]] == [1, 2]
    assert all(d.form is not OriginalOrCopy.ORIGINAL and d.copies == 1 for d in slip.documents)
    assert "录音" not in [d.name.zh for d in slip.documents]


def test_people_are_masked_and_organisations_are_not() -> None:
    """N4: a slip is left lying about; the name of a company is no personal data."""
    person = filing()
    name = person.dossier().submitter
    assert slip_of(person).filer != name
    assert slip_of(person).filer.startswith(name[0])
    company = filing(represented=Represented.OWN_ORGANISATION)
    assert slip_of(company).filer == company.dossier().submitter
    ours = company.draft.identity
    assert ours is not None
    assert ours.name not in str(slip_of(company))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=CHINA), date(2026, 11, 30)),
        (datetime(2026, 11, 21, 9, 0, tzinfo=CHINA), date(2026, 11, 30)),  # the seventh day is a Saturday
        (datetime(2026, 9, 25, 9, 0, tzinfo=CHINA), date(2026, 10, 8)),  # the seventh day is in the National Day week
    ],
)
def test_day_of_the_decision_rolls_over_days_off(received: datetime, due: date) -> None:
    """民诉法 85 and 126."""
    assert slip_of(filing(), received).decision_due == due


def test_next_steps_and_fee() -> None:
    """诉讼费用交纳办法 20: nobody who claims wages is told to pay in advance."""
    slip = slip_of(filing())
    assert slip.fee is not None
    assert any("交费" in step.zh for step in slip.next_steps)
    wages = slip_of(filing("labour_dispute").answering(FormSlot.CLAIM, filed_by="employee"))
    assert not any("交费" in step.zh for step in wages.next_steps)
    names = tuple(Answers({"defendant_name": name}) for name in ("李示例", "孙示例", "周示例"))
    many = filing(answers={FormSlot.OTHERS: Answers({"defendants": names})})
    assert any("副本 3 份" in step.zh for step in slip_of(many).next_steps)


def test_cause_not_chosen_and_another_court() -> None:
    made = filing("general", named=False).changed(competent_court=OTHER_COURT)
    slip = slip_of(made)
    assert slip.cause.in_(Language.KO) != slip.cause.zh == "由人民法院确定"
    assert slip.handling_court != slip.competent_court


@pytest.mark.parametrize("language", list(Language))
def test_drawn_in_every_language_and_width(language: Language) -> None:
    """S2-1: Chinese always, Korean or English beside it, on both widths of paper."""
    heights = {}
    for width in (384, 576):
        drawing = replace(service(), slip_width=width)
        made = drawing.make(filing(language=language).session, RECEIPT_NO, NOW.isoformat(), lambda _: None)
        picture = Image.open(io.BytesIO(made.slip))
        assert (picture.mode, picture.width) == ("1", width)
        heights[width] = picture.height
    assert heights[384] > heights[576]


def filed(service_: FilingService, made: Filing) -> None:
    service_._made = service_.make(made.session, RECEIPT_NO, NOW.isoformat(), lambda _: None)
    made.session.journey = replace(made.journey, filed=Filed(SUBMISSION, RECEIPT_NO, NOW.isoformat()))


def test_a_reprint_says_when_it_was_reprinted() -> None:
    """The copy kept for a crash cannot know its time and does not claim one."""
    made, making = filing(), service()
    filed(making, made)
    assert making._made is not None
    first = making.slip_copy(made.journey)
    making.clock.advance(300)  # type: ignore[attr-defined]
    later = making.slip_copy(made.journey)
    made_copy = making._made.slip_copy
    assert len({first, later, making._made.slip, made_copy}) == 4
    tall = {
        name: Image.open(io.BytesIO(data)).height for name, data in (("timed", later), ("kept", making._made.slip_copy))
    }
    assert tall["timed"] > tall["kept"] > Image.open(io.BytesIO(making._made.slip)).height


def test_window_ticket_names_what_is_entered_without_repeating_it() -> None:
    """S0-25: nothing personal stands on it."""
    made = filing()
    ticket = window_ticket(made.journey, reference().courts, court=COURT, reference="0930-AB12", now=NOW, phone="12368")
    said = str(ticket)
    identity = made.draft.identity
    assert identity is not None
    assert identity.name not in said
    assert identity.number not in said
    assert [text.zh for text in ticket.entered] == ["身份信息已录入", "民间借贷纠纷", "证据目录已录入"]
    assert service().window_ticket(made.journey).startswith(b"\x89PNG")


A_TICKET = TicketView(
    "01a206bb-66d4-7bcf-a945-751c67d52384",
    "A012",
    "advice",
    TicketClass.SPECIAL,
    NOW.isoformat(),
    3,
    Wait(5, 15),
    "https://court.example/t/01a206bb-66d4-7bcf-a945-751c67d52384",
    ("5",),
)
VISIT = Visit(
    SUBMISSION,
    offers=(
        OfferView("filing", "A", Names(zh="立案", ko="립안", en="Filing"), (TicketClass.ORDINARY,)),
        OfferView("advice", "C", Names(zh="咨询", ko="상담", en="Advice"), (TicketClass.SPECIAL,)),
    ),
    service="filing",
    ticket=A_TICKET,
)


def test_the_slip_of_a_number_says_what_the_number_is_for() -> None:
    """S2-6: whoever had a number for advice and asked for another gets the slip of the one they have."""
    slip = queue_ticket(VISIT, reference().courts, court=COURT)
    assert (slip.service.zh, slip.number, slip.windows, slip.qr) == ("咨询", "A012", ("5",), A_TICKET.follow)
    assert slip.ticket_class is not None
    assert slip.wait is not None
    assert (slip.wait.zh, slip.wait.ko) == ("5至15分钟", "5~15분")


def test_the_slip_lists_the_matters_that_follow_and_the_appointed_time() -> None:
    """S2-6: one slip for the whole visit, in the order in which the windows will call."""
    ticket = structs.replace(A_TICKET, further=("filing", "advice"), appointed="2026-11-23T01:30:00+00:00")
    slip = queue_ticket(replace(VISIT, ticket=ticket), reference().courts, court=COURT)
    assert [name.zh for name in slip.further] == ["立案", "咨询"]
    assert slip.appointed == "09:30"  # China's time of day, whatever the hub's clock is set to


def test_the_slip_of_a_number_names_nobody() -> None:
    """N4: of who used the card the masked name, of who did not nothing."""
    person = filing().draft.identity
    assert person is not None
    slip = queue_ticket(replace(VISIT, identity=person), reference().courts, court=COURT)
    assert slip.holder.startswith(person.name[0])
    assert person.name not in str(slip)
    assert person.number not in str(slip)
    assert queue_ticket(VISIT, reference().courts, court=COURT).holder == ""
