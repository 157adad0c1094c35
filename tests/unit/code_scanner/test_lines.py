"""Lines and codes of a handheld scanner, whatever bytes arrive in whatever pieces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.api.records import CodeKind, PaperCode
from drivers.code_scanner.protocol import GAP, LONGEST_LINE, LONGEST_TEXT, Line, LineCollector, code_of

CODES = st.lists(
    st.binary(min_size=1, max_size=60)
    .map(lambda data: bytes(byte for byte in data if byte >= 0x20 and byte != 0x7F))
    .filter(bool),
    max_size=6,
)


@given(CODES, st.sampled_from([b"\r", b"\n", b"\r\n"]), st.lists(st.integers(0, 400)))
def test_codes_come_whole_however_they_are_cut(codes: list[bytes], end: bytes, cuts: list[int]) -> None:
    stream = b"".join(code + end for code in codes)
    lines, at, now = LineCollector(), 0, 0.0
    found: list[Line] = []
    for cut in [*sorted(min(cut, len(stream)) for cut in cuts), len(stream)]:
        now += GAP / 2
        found += lines.feed(stream[at:cut], now)
        at = cut
    assert [line.data for line in found] == codes


@given(st.lists(st.tuples(st.binary(max_size=80), st.floats(0, 2 * GAP)), max_size=20))
def test_whatever_comes_no_line_holds_a_control_or_is_too_long(pieces: list[tuple[bytes, float]]) -> None:
    lines, now = LineCollector(longest=100), 0.0
    for data, pause in pieces:
        now += pause
        for line in lines.feed(data, now):
            assert line.began <= now
            assert line.data is None or (0 < len(line.data) <= 100 and all(byte >= 0x20 for byte in line.data))


def test_a_line_of_which_nothing_more_comes_is_torn_and_forgotten() -> None:
    lines = LineCollector()
    assert lines.feed(b"T01-2026", 1.0) == []
    assert lines.quiet(1.0 + GAP) == []
    assert lines.quiet(1.01 + GAP) == [Line(1.0, None)]
    assert lines.feed(b"next\r", 3.0) == [Line(3.0, b"next")]


def test_a_line_torn_by_silence_is_told_before_the_one_that_follows() -> None:
    lines = LineCollector()
    lines.feed(b"half", 1.0)
    assert lines.feed(b"whole\r", 5.0) == [Line(1.0, None), Line(5.0, b"whole")]


def test_an_endless_line_takes_no_more_room_than_the_longest() -> None:
    lines = LineCollector()
    for step in range(200):
        assert lines.feed(b"9" * 1000, step * 0.01) == []
    assert len(lines._data) <= LONGEST_LINE
    assert lines.feed(b"\r1\r", 2.0) == [Line(0.0, None), Line(2.0, b"1")]


@given(st.text(max_size=40), st.sampled_from(["utf-8", "gb18030"]))
def test_no_code_holds_what_nobody_sees(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return
    code = code_of(data, encoding, aim=False)
    seen = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    assert (code.text if code is not None else "") == seen.strip()


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "gb18030", "ascii"]), st.booleans())
def test_any_bytes_are_a_code_or_none(data: bytes, encoding: str, aim: bool) -> None:
    code = code_of(data, encoding, aim=aim)
    assert code is None or (code.text and code.corners is None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"]Q1T01", PaperCode(CodeKind.QR, "T01")),
        (b"]C0T01", PaperCode(CodeKind.CODE_128, "T01")),
        (b"]E0690", PaperCode(CodeKind.OTHER, "690")),
        (b"T01]Q1", PaperCode(CodeKind.UNKNOWN, "T01]Q1")),
        (b"]Q1", None),
    ],
)
def test_the_symbology_is_cut_off(data: bytes, code: PaperCode | None) -> None:
    assert code_of(data, "utf-8", aim=True) == code


def test_a_code_is_at_most_so_long() -> None:
    longest = code_of("民".encode() * LONGEST_TEXT, "utf-8", aim=False)
    assert longest is not None
    assert code_of("民".encode() * (LONGEST_TEXT + 1), "utf-8", aim=False) is None
