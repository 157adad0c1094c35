"""From a picture in the scratch to the page: what the page worker is asked, and what comes of its answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from drivers.api.records import Flaw, FlawKind
from kiosk.flow.page_events import PageCleaned, PageNews, PageSpoiled, PageUnderstood
from kiosk.ocr.model import FieldProposal, PageClass, PageRead, PageText, PageUnread, PaperGuess, Reading, TextLine
from kiosk.pages.client import Done
from kiosk.pages.model import CleanedPage, PageHints, PageKind, PageUnusable, StoredPage, Turn, Unusable, WayStrips
from kiosk.services.page_desk import PageDesk
from kiosk.session.pages import kept_cutting, kept_page, kept_picture, kept_text
from kiosk.session.scratch import ScratchKey
from kiosk.session.session import Session

PICTURE = b"\xff\xd8 a picture"
BORROWER = FieldProposal("borrower", "李示例", (((0, 0), (8, 0), (8, 4), (0, 4)),), 0.99, False)
STRIPS = WayStrips((b"a line",), ())
WORDS = PageText(8, 8, (TextLine("借条", ((0, 0), (8, 0), (8, 4), (0, 4)), 0.99),))


@dataclass
class Worker:
    """Answers when the test says so."""

    asked: list[tuple[bytes, PageHints, Done]] = field(default_factory=list)
    together: list[tuple[tuple[bytes, ...], tuple[PageHints, ...], PageHints, Done]] = field(default_factory=list)

    def start(self) -> None:
        """Nothing to warm."""

    def clean(self, picture: bytes, hints: PageHints, done: Done) -> None:
        """Note the request."""
        self.asked.append((picture, hints, done))

    def lay_together(
        self, pictures: tuple[bytes, ...], each: tuple[PageHints, ...], hints: PageHints, done: Done
    ) -> None:
        """Note the request."""
        self.together.append((pictures, each, hints, done))

    def stop(self) -> None:
        """Nothing to end."""

    def answer(self, mark: int, *findings: Flaw, turned: Turn = Turn.UPRIGHT, strips: WayStrips | None = None) -> None:
        """The oldest request is done."""
        strips = STRIPS if turned is Turn.UNKNOWN else strips
        self.asked.pop(0)[2](CleanedPage(page(mark, turned), findings, 0.0, strips))


@dataclass
class Reader:
    """Reads when the test says so."""

    asked: list[tuple[StoredPage | bytes, Callable[[Reading], None]]] = field(default_factory=list)
    lying: list[tuple[WayStrips, Callable[[Turn], None]]] = field(default_factory=list)

    def start(self) -> None:
        """Nothing to warm."""

    def read(self, page: StoredPage | bytes, done: Callable[[Reading], None]) -> None:
        """Note the request."""
        self.asked.append((page, done))

    def tell_way(self, strips: WayStrips, told: Callable[[Turn], None]) -> None:
        """Note the question."""
        self.lying.append((strips, told))

    def stop(self) -> None:
        """Nothing to end."""

    def answer(self, reading: Reading) -> None:
        """The oldest request is done."""
        self.asked.pop(0)[1](reading)


def page(mark: int, turned: Turn = Turn.UPRIGHT) -> StoredPage:
    """A page that is told from others by its hash."""
    return StoredPage(PageKind.TEXT, 8, 8, 300, b"ink", b"", b"small", bytes([mark]) * 32, 0.1, False, turned)


@dataclass
class Table:
    """A session, a desk and its worker."""

    session: Session = field(default_factory=Session)
    worker: Worker = field(default_factory=Worker)
    reader: Reader = field(default_factory=Reader)
    news: list[PageNews] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = PageDesk(self.news.append, lambda: self.worker, lambda: self.reader)

    def lay(self) -> ScratchKey:
        """A picture comes and is handed to the worker."""
        key = self.session.scratch.put(PICTURE)
        self.desk.clean(self.session, key, PageHints())
        return key


@pytest.fixture
def table() -> Table:
    """An empty desk."""
    return Table()


def test_the_page_takes_the_place_of_its_picture_under_the_same_key(table: Table) -> None:
    key = table.lay()
    assert kept_page(table.session.scratch, key) == PICTURE
    table.worker.answer(1)
    assert kept_page(table.session.scratch, key) == page(1)
    assert table.news == [PageCleaned(key, (), Turn.UPRIGHT)]


def test_a_page_can_be_turned_until_it_is_accepted_and_then_its_picture_is_gone(table: Table) -> None:
    """N5: no more of a paper is kept than is handed in."""
    key = table.lay()
    table.worker.answer(1)
    table.desk.clean_again(table.session, key, Turn.LEFT)
    picture, hints, _ = table.worker.asked[0]
    assert (picture, hints.turned) == (PICTURE, Turn.LEFT)
    table.worker.answer(2, turned=Turn.LEFT)
    assert kept_page(table.session.scratch, key) == page(2, Turn.LEFT)
    table.desk.accept(table.session, key)
    assert kept_picture(table.session.scratch, key) is None
    assert len(table.session.scratch) == 1


def test_a_page_kept_in_colour_stays_as_it_was_turned_and_can_be_black_and_white_again(table: Table) -> None:
    key = table.lay()
    table.worker.answer(1)
    table.desk.clean_again(table.session, key, Turn.LEFT)
    table.worker.answer(2, turned=Turn.LEFT)
    for kind in (PageKind.PICTURE, None):
        table.desk.clean_again(table.session, key, None, kind)
        picture, hints, _ = table.worker.asked[0]
        assert (picture, hints.turned, hints.kind) == (PICTURE, Turn.LEFT, kind)
        table.worker.answer(3, turned=Turn.LEFT)


def test_the_picture_of_a_page_accepted_before_it_was_made_goes_when_it_is_made(table: Table) -> None:
    key = table.lay()
    table.desk.accept(table.session, key)
    table.worker.answer(1)
    assert kept_picture(table.session.scratch, key) is None
    assert kept_page(table.session.scratch, key) == page(1)


def test_a_page_whose_lines_tell_nothing_is_read_and_turned_before_it_is_shown(table: Table) -> None:
    key = table.lay()
    table.worker.answer(1, turned=Turn.UNKNOWN)
    assert table.news == []
    strips, told = table.reader.lying.pop()
    assert strips == STRIPS
    told(Turn.UPSIDE_DOWN)
    picture, hints, _ = table.worker.asked[0]
    assert (picture, hints.seems, hints.turned) == (PICTURE, Turn.UPSIDE_DOWN, None)
    table.worker.answer(2, Flaw(FlawKind.TURNED), turned=Turn.UPSIDE_DOWN)
    assert table.news == [PageCleaned(key, (Flaw(FlawKind.TURNED),), Turn.UPSIDE_DOWN)]
    assert kept_page(table.session.scratch, key) == page(2, Turn.UPSIDE_DOWN)


@pytest.mark.parametrize("told", [Turn.UPRIGHT, Turn.UNKNOWN])
def test_a_page_that_already_lies_as_it_reads_is_not_made_again(table: Table, told: Turn) -> None:
    key = table.lay()
    table.worker.answer(1, turned=Turn.UNKNOWN)
    table.reader.lying.pop()[1](told)
    assert table.worker.asked == []
    assert table.news == [PageCleaned(key, (), told)]


@pytest.mark.parametrize(("told", "asked"), [(Turn.LEFT, 0), (Turn.UNKNOWN, 0), (Turn.UPRIGHT, 1), (Turn.RIGHT, 1)])
def test_words_overrule_lines_that_were_not_sure(table: Table, told: Turn, asked: int) -> None:
    key = table.lay()
    table.worker.answer(1, turned=Turn.LEFT, strips=STRIPS)
    assert table.news == []
    table.reader.lying.pop()[1](told)
    assert [hints.seems for _, hints, _ in table.worker.asked] == [told] * asked
    if not asked:
        assert table.news == [PageCleaned(key, (), Turn.LEFT)]


def test_the_scanner_goes_on_only_once_a_page_lies_upright(table: Table) -> None:
    """S3-1: a long run never lies here as large pictures."""
    gone_on: list[bool] = []
    key = table.session.scratch.put(PICTURE)
    table.desk.clean(table.session, key, PageHints(), lambda: gone_on.append(True))
    table.worker.answer(1, turned=Turn.UNKNOWN)
    table.reader.lying.pop()[1](Turn.LEFT)
    assert gone_on == []
    table.worker.answer(2, turned=Turn.LEFT)
    assert gone_on == [True]


def test_what_cannot_be_made_into_a_page_stays_as_it_came(table: Table) -> None:
    key = table.lay()
    table.worker.asked.pop()[2](PageUnusable(Unusable.FAILED))
    assert table.news == [PageSpoiled(key, Unusable.FAILED)]
    assert kept_page(table.session.scratch, key) == PICTURE


def test_it_is_said_which_page_looks_the_same(table: Table) -> None:
    first, second = table.lay(), table.lay()
    table.worker.answer(1)
    table.worker.answer(2)
    third = table.lay()
    assert table.worker.asked[0][1].earlier == (bytes([1]) * 32, bytes([2]) * 32)
    assert table.desk.hashes(table.session) == table.worker.asked[0][1].earlier
    table.worker.answer(2, Flaw(FlawKind.SAME, page=2))
    cleaned = table.news[-1]
    assert isinstance(cleaned, PageCleaned)
    assert (cleaned.key, cleaned.same) == (third, second)
    assert first != second


def test_a_page_that_was_thrown_away_is_not_compared_with_and_not_told_of(table: Table) -> None:
    gone, late = table.lay(), table.lay()
    table.worker.answer(1)
    table.desk.drop(table.session, gone)
    table.desk.drop(table.session, late)
    table.worker.answer(2)
    table.lay()
    assert table.worker.asked[0][1].earlier == ()
    assert [news.key for news in table.news if isinstance(news, PageCleaned)] == [gone]
    assert len(table.session.scratch) == 1


def test_an_answer_after_the_session_leaves_nothing_behind(table: Table) -> None:
    """N5."""
    table.lay()
    table.session.end()
    table.worker.answer(1)
    assert (table.news, len(table.session.scratch)) == ([], 0)


def test_a_page_is_read_once_it_is_kept_and_its_words_lie_beside_it(table: Table) -> None:
    """S1-32: the volume can be searched."""
    key = table.lay()
    table.worker.answer(1)
    assert table.reader.asked == []
    table.desk.accept(table.session, key)
    assert table.reader.asked[0][0] == page(1)
    table.reader.answer(PageRead(WORDS, PaperGuess(PageClass.IOU, 0.9), "借条", (BORROWER,), (b"cut",)))
    assert kept_text(table.session.scratch, key) == WORDS
    assert table.news[-1] == PageUnderstood(key, "借条", PageClass.IOU, (BORROWER,))


def test_the_picture_of_a_reading_lies_beside_its_page_and_goes_with_it(table: Table) -> None:
    """N5."""
    key, other = table.lay(), table.lay()
    for one in (key, other):
        table.worker.answer(1)
        table.desk.accept(table.session, one)
        table.reader.answer(PageRead(WORDS, PaperGuess(PageClass.IOU, 0.9), "", (BORROWER,), (b"cut",)))
    assert kept_cutting(table.session.scratch, key, 0) == b"cut"
    assert kept_cutting(table.session.scratch, key, 1) == b""
    table.desk.drop(table.session, key)
    assert kept_cutting(table.session.scratch, key, 0) == b""
    table.session.end()
    assert kept_cutting(table.session.scratch, other, 0) == b""


def test_what_stands_on_a_paper_is_not_in_what_may_be_logged() -> None:
    """N4."""
    assert "李示例" not in repr(PageUnderstood(ScratchKey("a"), "李示例的借条", PageClass.IOU, (BORROWER,)))


def test_a_page_kept_before_it_was_made_is_read_when_it_is(table: Table) -> None:
    key = table.lay()
    table.desk.accept(table.session, key)
    assert table.reader.asked == []
    table.worker.answer(1)
    table.reader.answer(PageUnread())
    assert table.news == [PageCleaned(key, (), Turn.UPRIGHT)]
    assert kept_text(table.session.scratch, key) is None


def test_handing_in_waits_until_every_page_is_made_and_read(table: Table) -> None:
    key = table.lay()
    table.desk.accept(table.session, key)

    def answer() -> None:
        table.worker.answer(1)
        table.reader.answer(PageRead(WORDS, PaperGuess(PageClass.IOU, 0.9), "", ()))

    table.desk.wait(made_within=0.0, read_within=0.0)
    assert kept_page(table.session.scratch, key) == PICTURE  # nothing is waited for longer than was said
    answering = threading.Thread(target=answer)
    answering.start()
    table.desk.wait(made_within=20.0, read_within=20.0)
    assert kept_page(table.session.scratch, key) == page(1)
    assert kept_text(table.session.scratch, key) == WORDS
    answering.join()


def test_things_are_laid_on_one_page_upright_as_they_were_found_to_lie(table: Table) -> None:
    whole = table.session.scratch.put(b"\xff\xd8 all of them")
    first, second = table.lay(), table.lay()
    table.worker.answer(1, turned=Turn.UPSIDE_DOWN)
    table.worker.answer(2)
    table.desk.lay_together(table.session, whole, {first: PageHints(dpi=300), second: PageHints(dpi=300)}, Turn.LEFT)
    ((pictures, each, hints, done),) = table.worker.together
    assert pictures == (PICTURE, PICTURE)
    assert each == (PageHints(dpi=300, turned=Turn.UPSIDE_DOWN), PageHints(dpi=300, turned=Turn.UPRIGHT))
    assert hints == PageHints(turned=Turn.LEFT)  # the things are no pages that came before
    done(CleanedPage(page(3), (), 0.0))
    assert kept_page(table.session.scratch, whole) == page(3)
    assert table.news[-1] == PageCleaned(whole, (), Turn.UPRIGHT)
    assert kept_picture(table.session.scratch, whole) == b"\xff\xd8 all of them"  # if it shall be kept as it lies


def test_a_page_of_known_size_keeps_it_when_it_is_turned(table: Table) -> None:
    key = table.session.scratch.put(PICTURE)
    table.desk.clean(table.session, key, PageHints(dpi=300, straight=False))
    table.worker.answer(1)
    table.desk.clean_again(table.session, key, Turn.LEFT)
    assert table.worker.asked[0][1] == PageHints(dpi=300, straight=False, turned=Turn.LEFT)
