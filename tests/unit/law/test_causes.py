"""The table of civil causes of 2026-01-01 (法〔2025〕227号) and its editions."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from kiosk.i18n import Language
from kiosk.law.causes import CAUSE, HEADING, PART, SUBCAUSE, table, table_today
from kiosk.law.editions import NoEditionError, editions


def test_counts_of_the_official_text():
    """12 parts, 59 headings, 514 causes, 470 sub-causes; the causes are numbered without a gap."""
    causes = table("2026-01-01")
    assert Counter(cause.level for cause in causes) == {PART: 12, HEADING: 59, CAUSE: 514, SUBCAUSE: 470}
    assert [cause.code for cause in causes if cause.level == CAUSE] == [f"{number:03d}" for number in range(1, 515)]


def test_every_entry_hangs_below_its_parent():
    causes = table()
    for cause in causes:
        if cause.level == PART:
            assert cause.parent == ""
            continue
        above = causes.get(cause.parent)
        assert above.level == cause.level - 1
        assert cause.path == (*above.path, cause.name)
        assert cause in causes.children(above.code)


def test_names_are_whole():
    """The published transcript dropped three closing brackets; the table has them."""
    for cause in table():
        assert cause.name == cause.name.strip()
        assert cause.name.count("（") == cause.name.count("）")


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("108.03", "合同、准合同纠纷/合同纠纷/借款合同纠纷/民间借贷纠纷"),
        ("014", "婚姻家庭、继承纠纷/婚姻家庭纠纷/离婚纠纷"),
        ("005", "人格权纠纷/人格权纠纷/声音保护纠纷"),
        (
            "214.02",
            "劳动争议、人事争议、新就业形态用工纠纷/新就业形态用工纠纷/新就业形态用工合同纠纷/新就业形态追索劳动报酬纠纷",
        ),
        ("514", "特殊诉讼程序案件案由/执行程序中的异议之诉/执行分配方案异议之诉"),
    ],
)
def test_paths(code: str, path: str):
    assert table().get(code).text_path == path


def test_a_name_shared_with_its_heading_means_the_cause():
    assert table().named("不当得利纠纷").code == "148"
    with pytest.raises(KeyError):
        table().named("没有这个案由")


def test_a_case_keeps_its_edition():
    """Requirements 0.2: the edition follows the day of filing. A clock before the oldest one is wrong (F11)."""
    assert table_today(date(2026, 1, 1)).version == "2026-01-01"
    assert table_today(date(2031, 5, 5)) is table("2026-01-01")
    assert table_today(date(1970, 1, 1)) is table("2026-01-01")
    with pytest.raises(NoEditionError):
        table("1999-01-01")


def test_editions_follow_one_another():
    for name in ("causes", "fees", "materials", "deadlines"):
        found = editions(name)
        assert list(found) == sorted(found, key=lambda edition: edition.effective_from)
        for older, newer in pairwise(found):
            assert older.effective_to is not None
            assert older.effective_to < newer.effective_from


def test_parts_and_headings_are_translated_and_the_official_name_is_always_shown():
    for cause in table():
        if cause.level <= HEADING:
            assert cause.ko
            assert cause.en
        for language in Language:
            assert cause.name in cause.display(language)


def test_at_least_sixty_common_causes_are_translated():
    assert sum(bool(cause.ko and cause.en) for cause in table().fileable()) >= 60
