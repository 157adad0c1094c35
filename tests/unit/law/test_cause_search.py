"""Finding the cause in plain words: zh, ko, en, pinyin."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.law.cause_lexicon import lexicon, syllables_of
from kiosk.law.cause_pinyin import readings
from kiosk.law.cause_search import Why, search
from kiosk.law.causes import table
from kiosk.law.editions import read_csv

QUERIES = [
    (row["query"], row["expected"])
    for row in csv.DictReader(
        Path(__file__).with_name("cause_queries.csv").read_text(encoding="utf-8").splitlines(), strict=True
    )
]


def test_there_are_enough_queries():
    assert len(QUERIES) >= 60


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_plain_words_find_the_cause_in_the_first_three(query: str, expected: str):
    """S1-27 and the journey's "what happened": any of the codes named in the list is right."""
    found = [entry.cause.code for entry in search(query, limit=3)]
    assert set(found) & set(expected.split("|")), f"{query}: {found}"


def test_every_cause_is_found_by_its_official_name():
    """All 514 and 470: the full name comes first, or shares the first place with a namesake."""
    missed = [cause.name for cause in table().fileable() if search(cause.name, limit=1)[0].cause.name != cause.name]
    assert missed == []


def test_a_word_of_many_names_finds_nothing_by_itself():
    """That a company is in the story says nothing about company law."""
    codes = {entry.cause.code for entry in search("公司不给交社保")}
    assert "206" in codes
    assert not codes & {"299", "301", "311"}


def test_every_result_explains_itself():
    """The words that matched are told, and are words of the query."""
    first = search("他借钱不还")[0]
    assert first.reasons[0].why is Why.PHRASE
    assert all(word in "他借钱不还" for word in first.reasons[0].words)


def test_an_unfinished_syllable_still_finds():
    """Results follow while pinyin is being typed."""
    assert search("minjianjied")[0].cause.code == "108.03"


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("lihun", "|li|hun|"), ("xian", "|xian|"), ("jieqianb", "|jie|qian|b"), ("qwrt", ""), ("", "")],
)
def test_pinyin_is_cut_into_syllables(letters: str, expected: str):
    assert syllables_of(letters) == expected


@pytest.mark.parametrize("query", ["", " ", "。。。", "🙂", "zzzzqq", "\udcff", "a" * 40_000, "借" * 40_000])
def test_odd_input_finds_little_and_breaks_nothing(query: str):
    assert len(search(query)) <= 10


@given(st.text(max_size=80))
def test_any_text_gives_fileable_causes_in_order(query: str):
    found = search(query)
    assert all(entry.cause.fileable for entry in found)
    assert [entry.score for entry in found] == sorted((entry.score for entry in found), reverse=True)


def test_it_is_fast():
    """Typing must not wait: the median over all queries stays below 30 ms."""
    search("暖")
    took = []
    for query, _ in QUERIES:
        start = time.perf_counter()
        search(query)
        took.append(time.perf_counter() - start)
    assert median(took) < 0.030


def test_the_lexicon_speaks_of_causes_that_exist():
    fileable = {cause.code for cause in table().fileable()}
    assert set(lexicon().rules) <= fileable
    assert lexicon().common <= fileable


def test_the_pinyin_table_is_fresh():
    """If this fails: python -m kiosk.law.cause_pinyin."""
    assert {row["text"]: row["pinyin"] for row in read_csv("cause-pinyin.csv")} == readings()
