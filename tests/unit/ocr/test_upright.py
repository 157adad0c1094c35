"""How much is read until it is plain which way up a page is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kiosk.ocr.upright import LinesRead, which_way
from kiosk.pages.model import Turn, WayStrips
from kiosk.pages.pixels import Image

WORDS = "原告与被告民间借贷纠纷"


def strip(level: int) -> bytes:
    """A line that is brighter at its end by `level`, so that one on its head is known."""
    line = np.full((48, 400), 100, np.uint8)
    line[:, 200:] = 100 + level
    return bytes(cv2.imencode(".jpg", line)[1])


class Reader:
    """Reads so many characters of lines whose brighter end is at the right; columns are the brighter ones."""

    def __init__(self, rows: int, columns: int = 0, *, sure: float = 0.98) -> None:
        self.rows, self.columns, self.sure = rows, columns, sure
        self.count = 0

    def __call__(self, pieces: list[Image]) -> LinesRead:
        self.count += len(pieces)
        return [self._read(piece) for piece in pieces]

    def _read(self, piece: Image) -> tuple[str, float]:
        left, right = float(piece[:, :150].mean()), float(piece[:, 250:].mean())
        if right < left:
            return "口口口", 0.6
        return (WORDS[: self.columns], self.sure) if right > 170 else (WORDS[: self.rows], self.sure)


ROWS, COLUMNS = (strip(40),) * 4, (strip(100),) * 4


def test_one_plain_line_is_enough() -> None:
    read = Reader(rows=9)
    assert which_way(WayStrips(ROWS, COLUMNS), read) is Turn.UPRIGHT
    assert read.count == 4, "one line of every direction"


def test_short_lines_are_read_until_they_tell() -> None:
    read = Reader(rows=0, columns=3)
    assert which_way(WayStrips(ROWS, COLUMNS), read) is Turn.LEFT
    assert 4 < read.count <= 16


def test_lines_that_run_one_way_are_read_two_ways() -> None:
    read = Reader(rows=9)
    assert which_way(WayStrips(ROWS, ()), read) is Turn.UPRIGHT
    assert read.count == 2


@pytest.mark.parametrize("read", [Reader(rows=0), Reader(rows=5, columns=4), Reader(rows=9, sure=0.3)])
def test_what_makes_no_clear_sense_is_not_told(read: Reader) -> None:
    assert which_way(WayStrips(ROWS, COLUMNS), read) is Turn.UNKNOWN
    assert read.count == 16


def test_a_strip_that_is_no_picture_is_an_error() -> None:
    with pytest.raises(ValueError, match="no picture"):
        which_way(WayStrips((b"no picture",), ()), Reader(rows=9))
