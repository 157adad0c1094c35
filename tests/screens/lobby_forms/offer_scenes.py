"""Places where what was read on a paper is offered: synthetic papers, read as the reading process would."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PIL import Image, ImageDraw

from drivers.scenes.sheet import Face, font
from kiosk.flow import events as ev
from kiosk.flow.draft import EvidenceDraft, FormSlot, Represented
from kiosk.flow.page_events import PageUnderstood
from kiosk.flow.scanning import PageState
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Answers, Path
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.session.pages import keep_cuttings
from kiosk.session.scratch import ScratchKey
from tests.journeys.papers_read import CARD, COMPANY, IOU, LICENCE, OTHER_NUMBER, reading
from tests.screens.lobby_forms.desk import Desk, a_page
from tests.screens.lobby_forms.scenes import at_question, defendant_organisation, evidence, others, review


def cutting(text: str, lines: int = 1) -> bytes:
    """The picture of a stretch of paper with words on it."""
    picture = Image.new("RGB", (560, 80 * lines), (250, 248, 242))
    ImageDraw.Draw(picture).text((24, 16), text, font=font(Face.SERIF, 40), fill=(30, 30, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75)
    return out.getvalue()


def has_paper(desk: Desk, *readings: FieldProposal) -> ScratchKey:
    """The person has scanned a page as evidence; it is not read yet."""
    key = desk.session.scratch.put(a_page(7))
    keep_cuttings(desk.session.scratch, key, tuple(cutting(one.value, len(one.quads)) for one in readings))
    draft = desk.journey.require_draft()
    line = EvidenceDraft(Answers(), (key,))
    desk.open(
        desk.journey.with_draft(evidence=(*draft.evidence, line), pages={**draft.pages, key: PageState(waiting=False)})
    )
    return key


def read(desk: Desk, paper: PageClass, *readings: FieldProposal) -> ScratchKey:
    """The person has scanned a page as evidence, and it was read."""
    key = has_paper(desk, *readings)
    desk.happen(PageUnderstood(key, "", paper, readings))
    return key


def offered_amount(desk: Desk) -> None:
    """A loan note at the page that asks for the amount."""
    at_question(desk, "agreed_amount")
    read(desk, PageClass.IOU, *IOU)


def two_amounts(desk: Desk) -> None:
    """A loan note whose figures and capitals differ."""
    at_question(desk, "agreed_amount")
    read(desk, PageClass.IOU, reading("amount", "50000.00", sure=0.5), reading("amount", "5000.00", sure=0.5))


def lender_and_borrower(desk: Desk) -> None:
    at_question(desk, "lender")
    read(desk, PageClass.IOU, *IOU)


def doubtful(desk: Desk) -> None:
    """Handwriting that was read badly, beside an answer that differs."""
    at_question(desk, "contract_date")
    desk.happen(ev.FieldAnswered(Path("contract_date"), "2025年1月"))
    read(desk, PageClass.IOU, reading("date", "2025-01-15", sure=0.6))


def defendant_by_card(desk: Desk) -> None:
    """A copy of the defendant's identity card at the page with the most offers."""
    others(desk, people=1)
    read(desk, PageClass.IDENTITY_CARD, *CARD)
    desk.happen(ev.FieldAnswered(Path("defendant_name", "defendants", 0), "李示例"))
    desk.open(desk.journey.at(Stage.OTHERS, page="defendants[0]/defendant_person"))


def defendant_by_licence(desk: Desk) -> None:
    defendant_organisation(desk)
    read(desk, PageClass.BUSINESS_LICENCE, *LICENCE)
    desk.happen(ev.FieldAnswered(Path("defendant_name", "defendants", 0), COMPANY))


def who_is_sued(desk: Desk) -> None:
    """Nothing is said of the defendant yet, and the loan note names two people."""
    others(desk, people=1)
    desk.happen(ev.FieldAnswered(Path("defendant_name", "defendants", 0), None))
    read(desk, PageClass.IOU, *IOU)
    desk.open(desk.journey.at(Stage.OTHERS, page="defendants[0]/defendant"))


def represented_plaintiff(desk: Desk) -> None:
    """An agent with a copy of the plaintiff's identity card."""
    desk.sit(Stage.COURT)
    desk.open(desk.journey.with_draft(represented=Represented.OTHER_PERSON, answers={}).at(Stage.PLAINTIFF))
    read(desk, PageClass.IDENTITY_CARD, *CARD)


def _filled(desk: Desk) -> None:
    """A loan note says another amount and another date than the form, a card another number."""
    read(desk, PageClass.IOU, *IOU)
    read(desk, PageClass.IDENTITY_CARD, *CARD)
    answers = desk.journey.require_draft().answers
    claim = Answers({"agreed_amount": Decimal(5000), "contract_date": date(2025, 1, 16)})
    party = Answers({"defendant_kind": "natural", "defendant_name": "李示例", "defendant_id_number": OTHER_NUMBER})
    desk.open(
        desk.journey.with_draft(
            answers={**answers, FormSlot.CLAIM: claim, FormSlot.OTHERS: Answers({"defendants": (party,)})}
        )
    )


def differs_in_list(desk: Desk) -> None:
    at_question(desk, "agreed_amount")
    lending = desk.journey.require_draft().cause
    evidence(desk, 2)
    desk.open(desk.journey.with_draft(cause=lending))
    _filled(desk)


def differs_in_review(desk: Desk) -> None:
    at_question(desk, "agreed_amount")
    lending = desk.journey.require_draft().cause
    review(desk)
    desk.open(desk.journey.with_draft(cause=lending))
    _filled(desk)


def materials(desk: Desk) -> None:
    desk.sit(Stage.MATERIALS)


OFFER_SCENES: dict[str, Callable[[Desk], None]] = {
    "offered_amount": offered_amount,
    "two_amounts": two_amounts,
    "lender_and_borrower": lender_and_borrower,
    "doubtful": doubtful,
    "defendant_by_card": defendant_by_card,
    "defendant_by_licence": defendant_by_licence,
    "who_is_sued": who_is_sued,
    "represented_plaintiff": represented_plaintiff,
    "differs_in_list": differs_in_list,
    "differs_in_review": differs_in_review,
    "materials": materials,
}
