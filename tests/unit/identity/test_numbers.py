"""Identity numbers and credit codes: recognised, checked, refused with the reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from kiosk.i18n import Language
from kiosk.identity import IdentityNumber, NumberKind, Problem, Rejection, Sex, check, check_as
from kiosk.identity.organisations import credit_check_character, organisation_check_character
from kiosk.identity.personal import check_character

TODAY = date(2026, 3, 1)


def accepted(number: str) -> IdentityNumber:
    found = check(number, today=TODAY)
    assert isinstance(found, IdentityNumber), found
    return found


def refused(number: str) -> Rejection:
    found = check(number, today=TODAY)
    assert isinstance(found, Rejection), found
    return found


@pytest.mark.parametrize(
    ("number", "kind", "birth", "sex"),
    [
        ("22010219540612011X", NumberKind.RESIDENT, date(1954, 6, 12), Sex.MALE),
        ("22010220080930024X", NumberKind.RESIDENT, date(2008, 9, 30), Sex.FEMALE),
        ("222406195406120113", NumberKind.RESIDENT, date(1954, 6, 12), Sex.MALE),
        ("222406200809300243", NumberKind.RESIDENT, date(2008, 9, 30), Sex.FEMALE),
        ("410212195406120113", NumberKind.RESIDENT, date(1954, 6, 12), Sex.MALE),
        ("410212200809300243", NumberKind.RESIDENT, date(2008, 9, 30), Sex.FEMALE),
        ("810000195406120111", NumberKind.HMT_PERMIT, date(1954, 6, 12), Sex.MALE),
        ("810000200809300241", NumberKind.HMT_PERMIT, date(2008, 9, 30), Sex.FEMALE),
        ("830000195406120115", NumberKind.HMT_PERMIT, date(1954, 6, 12), Sex.MALE),
        ("830000200809300245", NumberKind.HMT_PERMIT, date(2008, 9, 30), Sex.FEMALE),
        ("11010519491231002x", NumberKind.RESIDENT, date(1949, 12, 31), Sex.FEMALE),
        ("440524188001010014", NumberKind.RESIDENT, date(1880, 1, 1), Sex.MALE),
        ("911124198108030024", NumberKind.FOREIGNER_2023, date(1981, 8, 3), None),
        ("110105491231002", NumberKind.RESIDENT_15, date(1949, 12, 31), Sex.FEMALE),
        ("KOR220181010112", NumberKind.FOREIGNER_2017, None, None),
        ("91350100M000100Y43", NumberKind.USCC, None, None),
        ("12201201510123456", NumberKind.LAWYER, None, None),
        ("E12345678", NumberKind.PASSPORT, None, None),
        ("EA1234567", NumberKind.PASSPORT, None, None),
        ("H12345678", NumberKind.HK_MACAU_PASS, None, None),
        ("M1234567801", NumberKind.HK_MACAU_PASS, None, None),
        ("12345678", NumberKind.TAIWAN_PASS, None, None),
    ],
)
def test_recognised(number: str, kind: NumberKind, birth: date | None, sex: Sex | None):
    found = accepted(number)
    assert (found.kind, found.birth, found.sex) == (kind, birth, sex)


@pytest.mark.parametrize(
    ("number", "problem", "kind"),
    [
        ("222401199002290120", Problem.BIRTH_DATE, NumberKind.RESIDENT),
        ("410481199002290126", Problem.BIRTH_DATE, NumberKind.RESIDENT),
        ("500241199002290126", Problem.BIRTH_DATE, NumberKind.RESIDENT),
        ("820000199002290122", Problem.BIRTH_DATE, NumberKind.HMT_PERMIT),
        ("110105194912310021", Problem.CHECK_DIGIT, NumberKind.RESIDENT),
        ("911124198108030023", Problem.CHECK_DIGIT, NumberKind.FOREIGNER_2023),
        ("110105203001010012", Problem.BIRTH_IN_FUTURE, NumberKind.RESIDENT),
        ("11010519491231002", Problem.LENGTH, NumberKind.RESIDENT),
        ("1101051949123100211", Problem.LENGTH, NumberKind.RESIDENT),
        ("110105499931002", Problem.BIRTH_DATE, NumberKind.RESIDENT_15),
        ("91350100M000100Y44", Problem.CHECK_DIGIT, NumberKind.USCC),
        ("91350100I000100Y43", Problem.CHARACTERS, NumberKind.USCC),
        ("000000000000000000", Problem.BIRTH_DATE, NumberKind.RESIDENT),
        ("22O102195406120113", Problem.CHARACTERS, NumberKind.RESIDENT),
        ("", Problem.EMPTY, None),
        (" 　", Problem.EMPTY, None),
        ("张三", Problem.CHARACTERS, None),
        ("1" * 41, Problem.TOO_LONG, None),
        ("1" * 100_000, Problem.TOO_LONG, None),
        ("abc", Problem.NOT_RECOGNISED, None),
        ("XYZ9999", Problem.NOT_RECOGNISED, None),
    ],
)
def test_refused_with_the_reason(number: str, problem: Problem, kind: NumberKind | None):
    found = refused(number)
    assert (found.problem, found.kind) == (problem, kind)
    for language in Language:
        words = found.text.in_(language)
        assert words
        assert number not in words or len(number) < 4


@pytest.mark.parametrize(
    "typed",
    [
        "22010219540612011x",
        "２２０１０２１９５４０６１２０１１Ｘ",
        " 220102 19540612 011X ",
        "220102-19540612-011X",
        "22010219540612011X\u200b",
        "22010219540612011×",
        "22010219540612011Х",
    ],
)
def test_however_it_is_typed(typed: str):
    assert accepted(typed).number == "22010219540612011X"


def test_a_withdrawn_area_code_is_accepted():
    """Codes withdrawn from GB/T 2260 stay valid on cards; even an unknown province is only noted."""
    assert accepted("440524188001010014").notes == ()
    first = "16010119900101001"
    unknown = check(first + check_character(first), today=TODAY)
    assert isinstance(unknown, IdentityNumber)
    assert unknown.notes


def test_an_old_number_tells_todays():
    assert "11010519491231002X" in accepted("110105491231002").notes[0].zh


def test_the_organisation_code_inside_has_its_own_check():
    """GB 11714 inside GB 32100: a wrong inner check is refused even where the outer one fits."""
    inner = "9135010" + "0M000100Y5"
    whole = inner + credit_check_character(inner)
    assert uscc.is_valid(whole)
    assert refused(whole).problem is Problem.ORGANISATION_CHECK


@pytest.mark.parametrize(
    ("kind", "number", "problem"),
    [
        (NumberKind.PASSPORT, "AB1234567", None),
        (NumberKind.PASSPORT, "123456789", None),
        (NumberKind.PASSPORT, "ABCDEFG", Problem.STRUCTURE),
        (NumberKind.PASSPORT, "1", Problem.STRUCTURE),
        (NumberKind.RESIDENT, "22010219540612011X", None),
        (NumberKind.RESIDENT, "810000195406120111", Problem.STRUCTURE),
        (NumberKind.RESIDENT, "110105491231002", Problem.LENGTH),
        (NumberKind.RESIDENT, "91350100M000100Y43", Problem.CHARACTERS),
        (NumberKind.HMT_PERMIT, "810000195406120111", None),
        (NumberKind.USCC, "91350100M000100Y43", None),
        (NumberKind.USCC, "91350100", Problem.LENGTH),
        (NumberKind.USCC, "000000000000000000", Problem.STRUCTURE),
        (NumberKind.TAIWAN_PASS, "E12345678", Problem.STRUCTURE),
        (NumberKind.HK_MACAU_PASS, "", Problem.EMPTY),
    ],
)
def test_a_number_of_the_document_that_was_chosen(kind: NumberKind, number: str, problem: Problem | None):
    found = check_as(kind, number, today=TODAY)
    assert found.kind is kind
    assert (found.problem if isinstance(found, Rejection) else None) is problem


CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)
BIRTHS = st.dates(date(1900, 1, 1), TODAY)
AREAS = st.sampled_from(["220102", "222401", "110105", "410212", "500241"])


@given(AREAS, BIRTHS, st.integers(0, 999))
def test_residents_agree_with_the_oracle(area: str, birth: date, sequence: int):
    first = f"{area}{birth:%Y%m%d}{sequence:03d}"
    number = first + check_character(first)
    assert number[17] == ric.calc_check_digit(number)
    found = accepted(number)
    assert (found.kind, found.birth) == (NumberKind.RESIDENT, birth)
    assert found.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(AREAS, BIRTHS, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(area: str, birth: date, sequence: int, place: int, by: int):
    """MOD 11-2 catches every single mistake."""
    first = f"{area}{birth:%Y%m%d}{sequence:03d}"
    number = first + check_character(first)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    found = check(wrong, today=TODAY)
    assert isinstance(found, Rejection) or found.kind is not NumberKind.RESIDENT


@given(st.sampled_from("159"), st.integers(0, 9), st.integers(100000, 659999), CODES)
def test_credit_codes_agree_with_the_oracle(office: str, kind: int, area: int, organisation: str):
    first = f"{office}{kind}{area}{organisation}{organisation_check_character(organisation)}"
    code = first + credit_check_character(first)
    assert uscc.is_valid(code)
    found = check_as(NumberKind.USCC, code)
    assert isinstance(found, IdentityNumber)


@given(st.text(max_size=60) | st.text(alphabet="0123456789X- ", max_size=24))
def test_any_text_is_a_number_or_refused(text: str):
    found = check(text, today=TODAY)
    if isinstance(found, IdentityNumber):
        assert check(found.number, today=TODAY) == found
        assert found.birth is None or found.birth <= TODAY
