"""What a code on a paper is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court import receipt_numbers
from kiosk.court.invitations import short_code
from kiosk.court.paper_codes import PaperText, PaperUse, read_paper

TERMINALS = st.from_regex(r"[A-Z][A-Z0-9]{1,11}", fullmatch=True)
HUBS = st.sampled_from(["https://hub.court.example", "http://192.0.2.7:8420", "https://court.example/terminals"])


@given(TERMINALS, st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_every_receipt_number_is_one(terminal: str, day: date, serial: int) -> None:
    number = receipt_numbers.make(terminal, day, serial)
    for written in (number, number.lower(), f" {number} ", number.replace("-", "")):
        assert read_paper(written) == PaperText(PaperUse.RECEIPT, number)


@given(st.uuids(), HUBS)
def test_every_rating_code_is_one_alone_and_as_an_address(invitation: UUID, hub: str) -> None:
    code = short_code(invitation)
    for written in (code, code.replace("-", " ").lower(), f"{hub}/r/{code}"):
        assert read_paper(written) == PaperText(PaperUse.RATING, code)


@given(st.uuids(), HUBS)
def test_the_page_of_a_number_is_a_number_slip(ticket: UUID, hub: str) -> None:
    assert read_paper(f"{hub}/t/{ticket}") == PaperText(PaperUse.TICKET)


@given(st.text(max_size=200))
def test_any_text_is_something(text: str) -> None:
    found = read_paper(text, ("SLFY",))
    assert bool(found.value) is (found.use in (PaperUse.RECEIPT, PaperUse.RATING, PaperUse.APPOINTMENT))


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("204816", PaperUse.APPOINTMENT),
        ("２０４８１６", PaperUse.APPOINTMENT),
        ("20481", PaperUse.UNKNOWN),
        ("T01-20260305-00001-5", PaperUse.UNKNOWN),  # its check character does not fit
        ("https://court.example/fees/SLFY01-20250305-00012", PaperUse.FEE_NOTICE),
        ("https://pay.court.example/x", PaperUse.FEE_NOTICE),
        ("SLFY01-20250305-00012", PaperUse.FEE_NOTICE),
        ("https://court.example/t/no-ticket", PaperUse.UNKNOWN),
        ("https://court.example/r/tooshort", PaperUse.UNKNOWN),
        ("http://[", PaperUse.UNKNOWN),
        ("javascript:fees/1", PaperUse.UNKNOWN),
    ],
)
def test_one_of_each(text: str, use: PaperUse) -> None:
    assert read_paper(text, ("SLFY",)).use is use


def test_how_fee_notices_begin_is_configured_and_never_hides_our_own() -> None:
    assert read_paper("SLFY01-20250305-00012").use is PaperUse.UNKNOWN
    assert read_paper("T01-20260305-00001-6", ("T01",)).use is PaperUse.RECEIPT
