"""Pages and their text in the scratch: together as long as the page is there, and gone with it (N5)."""

from __future__ import annotations

import gc

from kiosk.ocr.model import PageText, TextLine
from kiosk.pages.model import PageKind, StoredPage, Turn
from kiosk.session.pages import keep_page, keep_text, kept_page, kept_text
from kiosk.session.scratch import Scratch

PAGE = StoredPage(PageKind.TEXT, 100, 140, 300, b"\x00\x01ink", b"", b"small", bytes(32), 0.1, False, Turn.UPRIGHT)
TEXT = PageText(100, 140, (TextLine("今借到示例", ((1, 1), (9, 1), (9, 3), (1, 3)), 0.9),))


def test_a_page_and_its_text_come_back() -> None:
    scratch = Scratch()
    key = keep_page(scratch, PAGE)
    assert kept_text(scratch, key) is None
    keep_text(scratch, key, TEXT)
    assert (kept_page(scratch, key), kept_text(scratch, key)) == (PAGE, TEXT)


def test_a_plain_picture_stays_what_it_is() -> None:
    scratch = Scratch()
    for picture in (b"\xff\xd8\xff\xe0 jpeg", b"\x89PNG\r\n\x1a\n", b""):
        assert kept_page(scratch, scratch.put(picture)) == picture


def test_text_read_again_takes_the_place_of_the_first() -> None:
    scratch = Scratch()
    key = keep_page(scratch, PAGE)
    keep_text(scratch, key, TEXT)
    keep_text(scratch, key, PageText(100, 140, ()))
    assert kept_text(scratch, key) == PageText(100, 140, ())
    assert len(scratch) == 2


def test_text_that_comes_after_its_page_was_dropped_is_not_kept() -> None:
    """The reader is slower than a person who retakes a page."""
    scratch = Scratch()
    key = keep_page(scratch, PAGE)
    scratch.drop(key)
    keep_text(scratch, key, TEXT)
    assert kept_text(scratch, key) is None
    assert len(scratch) == 0


def test_dropping_a_page_overwrites_its_text() -> None:
    scratch = Scratch()
    key = keep_page(scratch, PAGE)
    keep_text(scratch, key, TEXT)
    buffers = [buffer for buffer in gc.get_referents(scratch._buffers) if isinstance(buffer, bytearray)]
    scratch.drop(key)
    assert len(buffers) == 2
    assert not any(any(buffer) for buffer in buffers)
    assert len(scratch) == 0


def test_text_that_comes_after_the_end_is_not_kept() -> None:
    scratch = Scratch()
    key = keep_page(scratch, PAGE)
    scratch.wipe()
    keep_text(scratch, key, TEXT)
    assert kept_text(scratch, key) is None
