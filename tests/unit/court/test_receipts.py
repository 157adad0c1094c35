"""Receipts: the court's word is believed only for exactly this submission; numbers survive being typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.court import receipt_numbers
from kiosk.court.contract import Receipt
from kiosk.court.keys import SigningKey
from kiosk.court.receipt_numbers import ReceiptNumberError, make, normalise
from kiosk.court.receipts import ReceiptRefusedError, sign_receipt, verify_receipt

COURT = SigningKey.generate()
ID = uuid4()
HASH = "ab" * 32
NUMBER = make("DEV123", date(2026, 9, 1), 1)


def receipt(key: SigningKey = COURT) -> Receipt:
    return sign_receipt(
        key,
        submission_id=ID,
        manifest_sha256=HASH,
        receipt_no=NUMBER,
        epoch="e1",
        server_time=datetime(2026, 9, 1, 8, tzinfo=UTC),
    )


def test_the_courts_receipt_is_accepted_after_the_wire() -> None:
    arrived = Receipt.model_validate_json(receipt().model_dump_json())
    verify_receipt(arrived, COURT.verify_key, submission_id=ID, manifest_sha256=HASH)


def test_a_receipt_for_something_else_is_refused() -> None:
    """N3: an acknowledgement counts only for the id and the hash it was asked for."""
    with pytest.raises(ReceiptRefusedError, match="another submission"):
        verify_receipt(receipt(), COURT.verify_key, submission_id=uuid4(), manifest_sha256=HASH)
    with pytest.raises(ReceiptRefusedError, match="another content"):
        verify_receipt(receipt(), COURT.verify_key, submission_id=ID, manifest_sha256="cd" * 32)


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": "e2"},
        {"server_time": datetime(2027, 1, 1, tzinfo=UTC)},
        {"receipt_no": make("DEV124", date(2026, 9, 1), 1)},
        {"signature": ""},
        {"signature": "not base64!"},
        {"signature": "AAAA"},
    ],
)
def test_a_changed_receipt_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ReceiptRefusedError):
        verify_receipt(receipt().model_copy(update=change), COURT.verify_key, submission_id=ID, manifest_sha256=HASH)


def test_another_courts_receipt_is_refused() -> None:
    with pytest.raises(ReceiptRefusedError, match="not signed by this court"):
        verify_receipt(receipt(SigningKey.generate()), COURT.verify_key, submission_id=ID, manifest_sha256=HASH)


TERMINALS = st.from_regex(r"[A-Z0-9]{2,12}", fullmatch=True)
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
SERIALS = st.integers(1, 99_999)


@given(TERMINALS, DAYS, SERIALS)
def test_numbers_have_the_form_of_the_contract(terminal: str, day: date, serial: int) -> None:
    assert Receipt.model_validate({**receipt().model_dump(), "receipt_no": make(terminal, day, serial)})


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(
    TERMINALS,
    DAYS,
    SERIALS,
    st.sampled_from([str.lower, str.upper, full_width, lambda t: f"  {t} "]),
    st.sampled_from(["", " ", "-", "－", "—", "–", "−", "_", "ー"]),
)
def test_a_number_is_understood_as_people_type_it(
    terminal: str, day: date, serial: int, spelling: object, dash: str
) -> None:
    number = make(terminal, day, serial)
    assert callable(spelling)
    assert normalise(spelling(number.replace("-", dash))) == number


@given(TERMINALS, DAYS, SERIALS, st.integers(0, 40), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_found(terminal: str, day: date, serial: int, place: int, digit: str) -> None:
    number = make(terminal, day, serial)
    assume(place < len(number) and number[place].isdigit() and number[place] != digit)
    with pytest.raises(ReceiptNumberError):
        normalise(number[:place] + digit + number[place + 1 :])


@given(TERMINALS, DAYS, SERIALS, st.integers(0, 40))
def test_two_swapped_digits_are_found(terminal: str, day: date, serial: int, place: int) -> None:
    number = make(terminal, day, serial).replace("-", "")
    assume(place + 1 < len(number))
    left, right = number[place], number[place + 1]
    assume(left.isdigit() and right.isdigit() and left != right)
    with pytest.raises(ReceiptNumberError):
        normalise(number[:place] + right + left + number[place + 2 :])


@given(st.text(max_size=40) | st.from_regex(r"[A-Z0-9]{2,12}-?[0-9]{8}-?[0-9]{5}-?[0-9X]", fullmatch=True))
def test_any_text_is_a_number_or_a_clear_refusal(text: str) -> None:
    try:
        number = normalise(text)
    except ReceiptNumberError:
        return
    assert normalise(number) == number


def test_days_that_do_not_exist_are_refused() -> None:
    body = "DEV123" + "20260230" + "00001"
    with pytest.raises(ReceiptNumberError, match="does not exist"):
        normalise(body + receipt_numbers.check_character(body))


@pytest.mark.parametrize(("terminal", "serial"), [("D", 1), ("DEV-1", 1), ("dev1", 1), ("DEV1", 0), ("DEV1", 100_000)])
def test_numbers_outside_the_format_are_not_made(terminal: str, serial: int) -> None:
    with pytest.raises(ReceiptNumberError):
        make(terminal, date(2026, 9, 1), serial)
