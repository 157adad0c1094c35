"""The code of a kept draft: like no other code, its typing errors noticed, opening nothing but its draft (S0-32)."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.court.draft_codes import (
    ALPHABET,
    WRITTEN_LENGTH,
    DraftRefusedError,
    fresh_code,
    lookup_id,
    normalise_draft_code,
    open_draft,
    seal_draft,
)
from kiosk.court.invitations import normalise_code
from kiosk.court.kept_drafts import KeptDraft
from kiosk.court.paper_codes import PaperText, PaperUse, is_appointment_code, read_paper
from kiosk.court.receipt_numbers import ReceiptNumberError, normalise

DOCUMENT = Path(__file__).parents[3] / "docs" / "kept-drafts.md"
CODES = st.builds(lambda _: fresh_code(), st.integers())
PLACES = st.integers(0, 17)
LETTERS = st.sampled_from(ALPHABET)


@given(CODES, st.sampled_from(["", " ", "-", "  -  ", "/", ". "]), st.booleans())
def test_a_code_is_known_however_it_was_typed(code: str, between: str, small: bool) -> None:
    typed = code.replace("-", between)
    assert len(code) == WRITTEN_LENGTH
    assert normalise_draft_code(typed.lower() if small else typed) == code


@given(CODES, PLACES, LETTERS)
def test_one_wrong_letter_is_noticed(code: str, place: int, letter: str) -> None:
    letters = code.replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assert normalise_draft_code(wrong) == (code if wrong == letters else None)


@given(CODES, PLACES, PLACES)
def test_two_letters_that_changed_places_are_noticed(code: str, one: int, other: int) -> None:
    letters = list(code.replace("-", ""))
    letters[one], letters[other] = letters[other], letters[one]
    assert normalise_draft_code("".join(letters)) == (code if letters == list(code.replace("-", "")) else None)


@given(CODES)
def test_no_other_paper_has_such_a_code(code: str) -> None:
    """Ratings have twelve letters, appointments six digits, and every receipt's day holds a zero."""
    assert read_paper(code) == PaperText(PaperUse.DRAFT, code)
    assert read_paper(f"https://court.example/d/{code}") == PaperText(PaperUse.DRAFT, code)
    assert read_paper(f"https://court.example/zh/d#{code.lower()}") == PaperText(PaperUse.DRAFT, code)
    assert normalise_code(code) is None
    assert not is_appointment_code(code)
    with pytest.raises(ReceiptNumberError):
        normalise(code)


@given(st.text(max_size=40))
def test_any_text_is_a_code_in_its_one_spelling_or_none(text: str) -> None:
    found = normalise_draft_code(text)
    assert found is None or normalise_draft_code(found) == found


@given(CODES, st.binary(max_size=500))
def test_only_its_code_opens_a_draft(code: str, document: bytes) -> None:
    sealed = seal_draft(document, code)
    assert open_draft(sealed, code) == document
    with pytest.raises(DraftRefusedError):
        open_draft(sealed, fresh_code())


@given(st.data())
def test_a_changed_draft_does_not_open(data: st.DataObject) -> None:
    """A byte changed, cut off or added anywhere, the version included."""
    code = fresh_code()
    sealed = seal_draft(b"{}" * 20, code)
    place = data.draw(st.integers(0, len(sealed) - 1))
    change = data.draw(st.integers(1, 255))
    changed = sealed[:place] + bytes([sealed[place] ^ change]) + sealed[place + 1 :]
    for wrong in (changed, sealed[:place], sealed + b"\x00"):
        with pytest.raises(DraftRefusedError):
            open_draft(wrong, code)


def test_codes_lookup_ids_and_sealings_do_not_repeat() -> None:
    codes = [fresh_code() for _ in range(200)]
    assert len(set(codes)) == len({lookup_id(code) for code in codes}) == 200
    assert seal_draft(b"x", codes[0]) != seal_draft(b"x", codes[0])
    assert all(re.fullmatch(r"[0-9a-f]{32}", lookup_id(code)) for code in codes)
    assert all(one != other for one, other in pairwise(sorted(codes)))


def test_the_documented_vector_holds() -> None:
    """docs/kept-drafts.md is what another channel is written from: its vector opens here, and its document is one."""
    text = DOCUMENT.read_text(encoding="utf-8")
    vector = json.loads(re.search(r"```json vector\n(.*?)```", text, re.S)[1])
    code = vector["code"]
    assert normalise_draft_code(code.lower().replace("-", "")) == code
    assert lookup_id(code) == vector["lookup"]
    document = open_draft(bytes.fromhex(vector["sealed"]), code)
    assert document.decode() == vector["document"]
    example = re.search(r"```json document\n(.*?)```", text, re.S)[1]
    assert KeptDraft.model_validate_json(example).version == "1"
