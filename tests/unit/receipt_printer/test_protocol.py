"""Status bytes: what the printer said, and nothing it did not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.status import Paper, PrinterNeedsAttention, PrinterReady, Unknown
from drivers.receipt_printer.protocol import Health, Query, Reply, ask, feed, health, kind_of, words

WELL = {Query.PRINTER: 0x12, Query.OFFLINE_CAUSE: 0x12, Query.ERROR_CAUSE: 0x12, Query.PAPER: 0x12}
ANSWERS = st.integers(min_value=0, max_value=255).map(lambda byte: byte & 0x6C | 0x12)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, PrinterReady(Paper.ENOUGH)),
        ({Query.PAPER: 0x1E}, PrinterReady(Paper.NEAR_END)),
        (
            {Query.PRINTER: 0x1A, Query.OFFLINE_CAUSE: 0x32, Query.PAPER: 0x7E},
            PrinterNeedsAttention(Paper.OUT, cover_open=False, cutter_error=False, offline=True),
        ),
        (
            {Query.PRINTER: 0x1A, Query.OFFLINE_CAUSE: 0x16},
            PrinterNeedsAttention(Paper.ENOUGH, cover_open=True, cutter_error=False, offline=True),
        ),
        (
            {Query.PRINTER: 0x1A, Query.OFFLINE_CAUSE: 0x52, Query.ERROR_CAUSE: 0x1A},
            PrinterNeedsAttention(Paper.ENOUGH, cover_open=False, cutter_error=True, offline=True),
        ),
        ({Query.OFFLINE_CAUSE: None, Query.ERROR_CAUSE: None}, PrinterReady(Paper.ENOUGH)),
    ],
)
def test_health(answers: dict[Query, int | None], status: Health) -> None:
    """Bytes as in the command reference's tables for DLE EOT."""
    assert health({**WELL, **answers}) == status


@given(st.dictionaries(st.sampled_from(Query), st.one_of(st.none(), ANSWERS)))
def test_silence_is_never_health(answers: dict[Query, int | None]) -> None:
    """No answer about the printer or its paper is Unknown, never "paper enough"."""
    silent = answers.get(Query.PRINTER) is None or answers.get(Query.PAPER) is None
    assert isinstance(health(answers), Unknown) == silent


@given(ANSWERS, ANSWERS, ANSWERS, ANSWERS)
def test_every_trouble_has_words(printer: int, cause: int, error: int, paper: int) -> None:
    told = health(dict(zip(Query, (printer, cause, error, paper), strict=True)))
    assert isinstance(told, PrinterReady) or words(told)
    if isinstance(told, PrinterReady):
        assert not printer & 0x08
        assert told.paper is not Paper.OUT


def test_answers_are_told_apart() -> None:
    """Fixed bits of DLE EOT and GS r answers; XON and XOFF are neither."""
    assert {kind_of(byte) for byte in (0x12, 0x16, 0x1A, 0x1E, 0x72, 0x7E)} == {Reply.STATUS}
    assert {kind_of(byte) for byte in (0x00, 0x03, 0x0C, 0x0F)} == {Reply.FENCE}
    assert {kind_of(byte) for byte in (0x11, 0x13, 0x10, 0xFF)} == {Reply.OTHER}


def test_question_and_feed() -> None:
    assert ask(Query.PAPER) == b"\x10\x04\x04"
    assert feed(600) == b"\x1bJ\xff\x1bJ\xff\x1bJ\x5a"
    assert feed(0) == b""
