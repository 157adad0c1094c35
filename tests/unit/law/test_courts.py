"""Courts, the way of appeal, and groups that accept for each other."""

from __future__ import annotations

import pytest

from kiosk.law.case_numbers import prefixes
from kiosk.law.courts import Court, CourtData, CourtDataError, CourtGroup, CourtLevel, registry_from, registry_shipped


def test_the_way_of_appeal():
    names = [court.code for court in registry_shipped().appeals("吉7502")]
    assert names == ["吉75", "吉", "最高法"]


def test_every_court_has_three_names_a_known_prefix_and_ends_at_the_supreme_court():
    registry = registry_shipped()
    for court in registry.all():
        assert all((court.name.zh, court.name.ko, court.name.en))
        assert court.level is CourtLevel.SUPREME or court.province in prefixes()
        assert [court, *registry.appeals(court.code)][-1].code == "最高法"


def test_any_member_of_a_group_accepts_for_any_other():
    """S2-8: 林区任何一个法院就近跨域立案."""
    registry = registry_shipped()
    assert registry.accepts_for("吉7502", "吉75")
    assert registry.accepts_for("吉75", "吉7502")
    assert registry.accepts_for("吉2401", "吉2401")
    assert not registry.accepts_for("吉2401", "吉7502")
    assert [court.code for court in registry.accepted_at("吉7502")] == ["吉7502", "吉75"]


def test_yanbian_forest_courts_are_spelled_as_in_yanbian():
    assert "림구" in registry_shipped().get("吉7502").name.ko


PACK = """
[[courts]]
code = "吉7599"
level = "basic"
appeal_to = "吉75"
zh = "示例林区基层法院"
ko = "시범림구기층법원"
en = "Example Forest Region Basic Court"

[[groups]]
id = "yanbian-forest"
members = ["吉75", "吉7502", "吉7599"]
zh = "延边林区法院通办"
ko = "연변림구법원 통합처리"
en = "Yanbian forest region courts"
"""


def test_a_courts_own_pack_adds_courts_and_replaces_a_group():
    registry = registry_from([PACK.encode()])
    assert registry.accepts_for("吉7599", "吉7502")
    assert "吉7599" not in registry_shipped()


@pytest.mark.parametrize(
    "data",
    [
        CourtData((Court("甲01", CourtLevel.BASIC, "甲", "甲", "갑", "A"),)),
        CourtData((Court("甲", CourtLevel.HIGH, "甲", "甲", "갑", "A"),)),
        CourtData(groups=(CourtGroup("g", ("乙",), "组", "조", "G"),)),
    ],
)
def test_data_that_contradicts_itself_is_refused(data: CourtData):
    with pytest.raises(CourtDataError):
        registry_shipped().extended(data)


def test_search_by_code_or_name():
    registry = registry_shipped()
    assert [court.code for court in registry.search("南关")] == ["吉0102"]
    assert "吉2401" in [court.code for court in registry.search("yanji")]
    assert registry.search(" ") == ()
