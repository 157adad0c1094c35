"""Case numbers: what courts write, what people type, and what is refused with its reason."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.law.case_numbers import CaseNumber, CaseNumberError, CaseNumberProblem, parse, prefixes, types


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（2024）吉7502民初22号", (2024, "吉7502", "", "民初", 22)),
        ("（2021）川0104民诉前调801号", (2021, "川0104", "", "民诉前调", 801)),
        ("（2024）浙02民诉前调595号", (2024, "浙02", "", "民诉前调", 595)),
        ("（2024）粤0604诉前调确1716号", (2024, "粤0604", "", "诉前调确", 1716)),
        ("（2026）吉0102诉前调书7号", (2026, "吉0102", "", "诉前调书", 7)),
        ("(2025)吉0102民初123号", (2025, "吉0102", "", "民初", 123)),
        ("（2020）最高法知民终1号", (2020, "最高法", "知", "民终", 1)),
        ("（2023）京73民初1号", (2023, "京73", "", "民初", 1)),
        ("（2025）沪74民初9号", (2025, "沪74", "", "民初", 9)),
        ("（2024）京0491民初19067号", (2024, "京0491", "", "民初", 19067)),
        ("（2026）吉执1号", (2026, "吉", "", "执", 1)),
        ("（2026）吉75破申2号", (2026, "吉75", "", "破申", 2)),
        ("（2026）吉0102财保3号", (2026, "吉0102", "", "财保", 3)),
        ("（2026）吉0102民特5号", (2026, "吉0102", "", "民特", 5)),
        ("（2026）吉0102民督6号", (2026, "吉0102", "", "民督", 6)),
        ("（2026）吉0102民保令1号", (2026, "吉0102", "", "民保令", 1)),
        ("（2019）最高法商初1号", (2019, "最高法", "", "商初", 1)),
        ("（2024）兵0102民初3号", (2024, "兵0102", "", "民初", 3)),
    ],
)
def test_numbers_as_courts_write_them(text: str, expected: tuple[int, str, str, str, int]):
    assert parse(text) == CaseNumber(*expected, suffix="")


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("（（2024）吉7502民初22号", "（2024）吉7502民初22号"),
        ("（（2024））吉7502民初22号", "（2024）吉7502民初22号"),
        ("〔2024〕吉7502民初22号", "（2024）吉7502民初22号"),
        ("（2019）内蒙古0105民初4号", "（2019）内0105民初4号"),
        ("（2024）吉林省7502民初22号", "（2024）吉7502民初22号"),
        ("[2024]吉7502民初22號", "（2024）吉7502民初22号"),
        ("２０２４吉7502民初22", "（2024）吉7502民初22号"),
        ("2024）吉7502民初22号", "（2024）吉7502民初22号"),
        ("（2024） 吉 7502 民初 22 号", "（2024）吉7502民初22号"),
        ("（2024年）吉7502民初22号", "（2024）吉7502民初22号"),
        ("（二〇二四）吉7502民初22号", "（2024）吉7502民初22号"),
        ("（2024）吉7502民初00022号", "（2024）吉7502民初22号"),
        ("（2024）吉75O2民初22号", "（2024）吉7502民初22号"),
        ("（2024）吉7502民初第22号", "（2024）吉7502民初22号"),
        ("（2024）吉7502民初字第22号", "（2024）吉7502民初22号"),
        ("案号：（2024）吉7502民初22号民事判决书。", "（2024）吉7502民初22号"),
        ("（2024）吉0102执123号之一", "（2024）吉0102执123号之一"),
        ("（2024）吉0102执123之2号", "（2024）吉0102执123号之二"),
        ("（2024）吉0102执123-1号", "（2024）吉0102执123号之一"),
        ("（2024）吉0102执123号之十二", "（2024）吉0102执123号之十二"),
    ],
)
def test_what_can_be_read_in_one_way_is_repaired(text: str, normalised: str):
    assert parse(text).normalised == normalised


@pytest.mark.parametrize(
    ("text", "court", "type_", "serial", "normalised"),
    [
        ("(2015)芙民初字第7479号", "芙", "民初", 7479, "（2015）芙民初字第7479号"),
        ("(2013)民提字第135号", "", "民提", 135, "（2013）民提字第135号"),
        ("（2014）沪一中民四(民)终字第0123号", "沪一中", "民四(民)终", 123, "（2014）沪一中民四(民)终字第123号"),
        ("(2012)浙杭商终字第1号", "浙杭", "商终", 1, "（2012）浙杭商终字第1号"),
        ("(2011)长经开民初字第9", "长经开", "民初", 9, "（2011）长经开民初字第9号"),
    ],
)
def test_numbers_before_2016(text: str, court: str, type_: str, serial: int, normalised: str):
    number = parse(text)
    assert (number.court, number.type, number.serial, number.old_style) == (court, type_, serial, True)
    assert number.normalised == normalised


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", CaseNumberProblem.EMPTY),
        (" 　", CaseNumberProblem.EMPTY),
        ("（2024）吉0102民初" + "1" * 100, CaseNumberProblem.TOO_LONG),
        ("（2024）吉0102民初1382号-1429号", CaseNumberProblem.RANGE),
        ("（2024）吉0102民初1382-1429号", CaseNumberProblem.RANGE),
        ("（2024）吉0102民初1382-1429", CaseNumberProblem.RANGE),
        ("（2024）吉0102民初12号至15号", CaseNumberProblem.RANGE),
        ("（2024）吉0102民初1、2、3号", CaseNumberProblem.RANGE),
        ("（2024）吉0102民初1号、（2024）吉0102民初2号", CaseNumberProblem.RANGE),
        ("吉0102民初1号", CaseNumberProblem.MISSING_YEAR),
        ("（24）吉0102民初1号", CaseNumberProblem.BAD_YEAR),
        ("（20240）吉0102民初1号", CaseNumberProblem.BAD_YEAR),
        ("（1024）吉0102民初1号", CaseNumberProblem.BAD_YEAR),
        ("（2024）美0102民初1号", CaseNumberProblem.UNKNOWN_COURT),
        ("（2024）吉010民初1号", CaseNumberProblem.UNKNOWN_COURT),
        ("（2024）吉0102民乱1号", CaseNumberProblem.UNKNOWN_TYPE),
        ("（2024）吉0102知初1号", CaseNumberProblem.UNKNOWN_TYPE),
        ("（2024）吉0102民初号", CaseNumberProblem.MISSING_SERIAL),
        ("（2024）吉0102民初0号", CaseNumberProblem.MISSING_SERIAL),
        ("abc", CaseNumberProblem.NOT_A_CASE_NUMBER),
        ("12345", CaseNumberProblem.NOT_A_CASE_NUMBER),
        ("22010219540612011X", CaseNumberProblem.NOT_A_CASE_NUMBER),
    ],
)
def test_what_is_not_one_case_number_is_refused_with_the_reason(text: str, problem: CaseNumberProblem):
    with pytest.raises(CaseNumberError) as refused:
        parse(text)
    assert refused.value.problem is problem
    assert refused.value.text.zh
    assert refused.value.text.ko


NUMBERS = st.builds(
    CaseNumber,
    year=st.integers(2016, 2099),
    court=st.builds(
        str.__add__,
        st.sampled_from(sorted(prefix for prefix in prefixes() if prefix != "最高法")),
        st.from_regex(r"[0-9]{2}|[0-9]{4}|", fullmatch=True).map(lambda digits: digits.strip()),
    )
    | st.just("最高法"),
    special=st.sampled_from(["", "", "知"]),
    type=st.sampled_from(sorted(types())),
    serial=st.integers(1, 999_999),
    suffix=st.sampled_from(["", "", "之一", "之二十"]),
)


@given(NUMBERS)
def test_whatever_a_court_can_write_is_read_back(number: CaseNumber):
    assert parse(number.normalised) == number


@given(NUMBERS, st.randoms(use_true_random=False))
def test_careless_typing_changes_nothing(number: CaseNumber, random: Random):
    """Half width, blanks anywhere, no 号: still the same number."""
    text = number.normalised.replace("（", "(").replace("）", ")")
    text = text.removesuffix("号")
    spaced = "".join(sign + (" " if random.random() < 0.3 else "") for sign in text)[:80]
    if len(spaced.replace(" ", "")) == len(text):
        assert parse(spaced) == number


@given(st.text(max_size=60) | st.text(alphabet="（）()[]〔〕2024吉0102民初字第号之一-至、 ", max_size=40))
def test_any_text_is_a_number_or_refused_and_repair_is_stable(text: str):
    try:
        number = parse(text)
    except CaseNumberError:
        return
    assert parse(number.normalised) == number
