"""From the picture of a paper, through the page worker and the reading process, to what the person is offered."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import cv2
import numpy as np
import pytest

from drivers.scenes import cards, documents
from drivers.scenes.sheet import Paper
from kiosk.flow.draft import FormSlot
from kiosk.flow.journey import Journey
from kiosk.flow.offers.find import offered
from kiosk.flow.offers.model import Offer
from kiosk.flow.page_events import PageCleaned, PageNews, PageUnderstood
from kiosk.flow.scanning import PageState
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers, Path
from kiosk.ocr.client import PageReader
from kiosk.ocr.model import PageClass, PageRead, Reading
from kiosk.pages.model import PageHints
from kiosk.services.page_desk import PageDesk
from kiosk.session.pages import kept_cutting
from kiosk.session.session import Session
from tests.journeys.papers_read import filing
from tests.journeys.world import world

SECONDS = 120.0


@dataclass
class Table:
    """A session with a desk whose page worker and reader are the real processes."""

    session: Session = field(default_factory=Session)
    news: queue.SimpleQueue[PageNews] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self.desk = PageDesk(self.news.put)

    def scanned(self, paper: Paper, journey: Journey) -> Journey:
        """The journey after a page was taken, kept, cleaned and read."""
        picture = cv2.imencode(".jpg", paper.image, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
        key = self.session.scratch.put(picture)
        journey = journey.with_draft(pages={**journey.require_draft().pages, key: PageState()})
        self.desk.clean(self.session, key, PageHints(dpi=paper.dpi))
        self.desk.accept(self.session, key)
        while True:
            news = self.news.get(timeout=SECONDS)
            assert isinstance(news, PageCleaned | PageUnderstood)
            journey = transition(journey, news, world()).journey
            if isinstance(news, PageUnderstood):
                return journey


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    made = Table()
    yield made
    made.desk.stop()
    made.session.end()


def at(journey: Journey, slot: FormSlot, path: Path) -> tuple[Offer, ...]:
    """What is offered at a question."""
    pages = world().evaluate_slot(journey, slot).pages
    view = next(view for page in pages for view in page.questions if view.path == path)
    return offered(journey, world(), slot, view)


def words_on(reader: PageReader, picture: bytes) -> str:
    """What somebody reads on a picture alone."""
    answers: queue.SimpleQueue[Reading] = queue.SimpleQueue()
    reader.read(picture, answers.put)
    found = answers.get(timeout=SECONDS)
    assert isinstance(found, PageRead)
    return "".join(line.text for line in found.text.lines)


def test_a_loan_note_fills_nothing_and_offers_what_stands_on_it_with_its_picture(
    table: Table, reader: PageReader
) -> None:
    """S0-18."""
    note = documents.iou(np.random.default_rng(5), 200.0)
    journey = table.scanned(note, filing(world(), Stage.CLAIM))
    assert journey.require_draft().answers == {}
    (state,) = journey.require_draft().pages.values()
    assert state.paper is PageClass.IOU
    (amount,) = at(journey, FormSlot.CLAIM, Path("agreed_amount"))
    assert amount.value == Decimal(note.fields["amount"].replace(",", ""))
    assert not amount.doubtful
    (borrower,) = at(journey, FormSlot.CLAIM, Path("borrower"))
    assert borrower.value == note.fields["borrower"]
    (made,) = at(journey, FormSlot.CLAIM, Path("contract_date"))
    assert isinstance(made.value, date)
    for offer, says in ((amount, note.fields["amount"]), (borrower, note.fields["borrower"]), (made, "年")):
        cutting = kept_cutting(table.session.scratch, offer.page, offer.number)
        assert says in words_on(reader, cutting)
        assert len(cutting) < 60_000


def test_a_copy_of_a_card_offers_the_defendant_it_names_sure_of_the_number(table: Table) -> None:
    card = cards.identity_front(np.random.default_rng(1), 300.0)
    party = Answers({"defendant_kind": "natural", "defendant_name": card.fields["name"]})
    start = filing(world(), Stage.OTHERS, others=Answers({"defendants": (party,)}))
    journey = table.scanned(card, start)
    (number,) = at(journey, FormSlot.OTHERS, Path("defendant_id_number", "defendants", 0))
    assert (number.value, number.doubtful) == (card.fields["number"], False)
    (address,) = at(journey, FormSlot.OTHERS, Path("defendant_address", "defendants", 0))
    assert address.value == card.fields["address"]
    assert number.page in journey.require_draft().pages
