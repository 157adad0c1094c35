"""Pinyin and strokes by librime, with the dictionaries as script/setup builds them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.law.causes import table
from kiosk.law.courts import registry_shipped
from screens.keyboard import methods
from screens.keyboard.rime import (
    PINYIN_SCHEMA,
    STROKE_SCHEMA,
    RimeEngine,
    RimeInput,
    RimeLibrary,
    RimeUnavailableError,
)
from screens.keyboard.rime_data import RIME_DATA, UNIHAN, pinyin_of, standard_characters, standard_readings, strokes
from screens.keyboard.vocabulary import is_blocked, vocabulary


def _missing() -> str:
    try:
        RimeLibrary()
    except RimeUnavailableError as reason:
        return str(reason)
    needed = (RIME_DATA / "stroke.dict.yaml", RIME_DATA / "pinyin_simp.dict.yaml", UNIHAN / "Unihan_Readings.txt.bz2")
    built = methods.rime_directory() / "build" / f"{PINYIN_SCHEMA}.table.bin"
    return ", ".join(str(file) for file in (*needed, built) if not file.is_file())


pytestmark = pytest.mark.skipif(bool(_missing()), reason=f"not installed: {_missing()}")


@pytest.fixture(scope="module")
def engine() -> RimeEngine:
    """The one engine of this process."""
    return methods.engine()


@pytest.fixture
def pinyin(engine: RimeEngine) -> Iterator[RimeInput]:
    method = engine.input_method(PINYIN_SCHEMA)
    yield method
    method.clear()


@pytest.fixture
def stroke(engine: RimeEngine) -> Iterator[RimeInput]:
    method = engine.input_method(STROKE_SCHEMA)
    yield method
    method.clear()


def candidates(method: RimeInput, keys: str) -> tuple[str, ...]:
    method.clear()
    for key in keys:
        assert method.type(key) == ""
    return tuple(method.candidates)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("minjianjiedaijiufen", "民间借贷纠纷"),
        ("changchunshinanguanqu", "长春市南关区"),
        ("gongzhulingshi", "公主岭市"),
        ("minshiqisuzhuang", "民事起诉状"),
        ("yuangao", "原告"),
        ("sifaqueren", "司法确认"),
        ("zhangsan", "张三"),
        ("wangjianguo", "王建国"),
        ("yanbianchaoxianzuzizhizhou", "延边朝鲜族自治州"),
        ("xiejun", "解军"),
        ("qiuwei", "仇伟"),
    ],
)
def test_words_of_the_court_come_first(pinyin: RimeInput, keys: str, text: str) -> None:
    found = candidates(pinyin, keys)
    assert text in found[: 1 if len(keys) > 8 else 8]


def test_every_cause_and_court_comes_first_when_typed_in_full(pinyin: RimeInput) -> None:
    names = [cause.name for cause in table().fileable()] + [court.zh for court in registry_shipped().all()]
    missed = []
    for name in dict.fromkeys(names):
        found = candidates(pinyin, pinyin_of(name).replace(" ", "'"))
        if name not in found[:3]:
            missed.append(name)
    assert missed == []


def test_every_standard_character_is_reachable(pinyin: RimeInput, stroke: RimeInput) -> None:
    """All 8,105 characters of 通用规范汉字表, by a reading or by strokes: no name is beyond the keyboard."""
    wanted = set(standard_characters())
    assert len(wanted) == 8105
    found: set[str] = set()
    for reading in {reading for readings in standard_readings().values() for reading in readings}:
        found.update(candidates(pinyin, reading))
    codes: dict[str, list[str]] = {}
    for entry in strokes():
        codes.setdefault(entry.text, []).append(entry.code)
    for char in wanted - found:
        if any(char in candidates(stroke, code) for code in codes.get(char, ())):
            found.add(char)
    assert wanted - found == set()


def test_strokes_alone_reach_what_the_table_has(stroke: RimeInput) -> None:
    """Whoever cannot read a character aloud writes it: 㛃 (女, then 丰 and 刀 …) and friends."""
    order = standard_characters()
    sample = [entry for entry in strokes() if order.get(entry.text, 0) > 8000]
    assert len(sample) > 50
    missed = [entry.text for entry in sample if entry.text not in candidates(stroke, entry.code)]
    assert missed == []
    assert candidates(stroke, "hs")[0] == "十"


def test_flat_and_retroflex_initials_match_both_ways(pinyin: RimeInput) -> None:
    assert "中国人民" in candidates(pinyin, "zongguorenmin")
    assert "司法确认" in candidates(pinyin, "shifaqueren")


def test_vulgar_words_are_not_offered_but_words_of_law_are(pinyin: RimeInput) -> None:
    assert not any(
        is_blocked(text) for keys in ("xa", "xingai", "zuoai", "tamade") for text in candidates(pinyin, keys)
    )
    assert "妈妈的" in candidates(pinyin, "mamade")[:5]
    assert "性骚扰" in candidates(pinyin, "xingsaorao")[:5]
    assert not {word for word in vocabulary().legal_words if is_blocked(word)}


def test_choosing_part_of_the_input_keeps_the_rest(pinyin: RimeInput) -> None:
    found = candidates(pinyin, "zhaoxxx")
    assert pinyin.choose(found.index("赵")) == ""
    assert pinyin.preedit.startswith("赵")
    while pinyin.backspace():
        pass
    assert pinyin.preedit == ""


def test_other_characters_end_the_composition(pinyin: RimeInput) -> None:
    candidates(pinyin, "fayuan")
    assert pinyin.type("，") == "法院，"
    assert pinyin.preedit == ""


def test_nothing_that_is_typed_is_kept(pinyin: RimeInput, engine: RimeEngine) -> None:
    """No user dictionary: the second visitor sees what the first saw, and no file was written."""
    before = candidates(pinyin, "qulan")
    for _ in range(5):
        found = candidates(pinyin, "qulan")
        pinyin.choose(min(4, len(found) - 1))
    assert candidates(pinyin, "qulan") == before
    written = [file.name for file in Path(engine._user.name).rglob("*") if "userdb" in file.name]
    assert written == []


def test_two_methods_do_not_disturb_each_other(pinyin: RimeInput, stroke: RimeInput) -> None:
    candidates(pinyin, "fa")
    candidates(stroke, "hs")
    assert pinyin.candidates[0] in "发法"
    assert stroke.candidates[0] == "十"


def test_a_key_answers_within_a_tenth_of_a_second(pinyin: RimeInput) -> None:
    """Rule 18, with four hundred candidates fetched after every key."""
    slowest = 0.0
    for key in "shengmingquanshentiquanjiankangquanjiufen":
        started = time.perf_counter()
        pinyin.type(key)
        assert pinyin.candidates
        slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 0.1


def test_missing_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(RimeUnavailableError, match="script/setup"):
        RimeEngine(tmp_path)
