"""Material lists by cause (S1-27)."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.law.causes import table
from kiosk.law.editions import NoEditionError, latest
from kiosk.law.materials import Filer, Need, _table, materials_for


def test_every_cause_has_its_list_with_something_of_its_own():
    """S1-27: for all 514 level-3 causes and their 470 sub-causes a list resolves, beyond the papers of every case."""
    common = {"complaint", "application", "identity", "opponent-details", "evidence", "address-confirmation"}
    for cause in table().fileable():
        ids = {line.id for line in materials_for(cause, filer=Filer.PERSON).lines}
        assert "identity" in ids, cause.name
        assert {"complaint", "application"} & ids, cause.name
        assert ids - common, cause.name


def test_lists_and_items_fit_together():
    """Lists name causes and items that exist; no item is unused; each has a basis and three languages."""
    data = _table(latest("materials"))
    used = {item for entry in data.lists for item in entry.items}
    assert used == set(data.items)
    assert all(entry.code == "" or entry.code in table() for entry in data.lists)
    assert len({entry.code for entry in data.lists}) == len(data.lists)
    for item in data.items.values():
        assert all((item.basis, item.text.zh, item.text.ko, item.text.en))


@pytest.mark.parametrize(("opponents", "copies"), [(0, 1), (1, 2), (3, 4)])
def test_copies_follow_the_number_of_opposing_parties(opponents: int, copies: int):
    """登记立案规定 6(四): the original and as many copies as there are opposing parties."""
    lines = {line.id: line for line in materials_for(table().named("民间借贷纠纷"), opponents=opponents).lines}
    assert lines["complaint"].count == copies
    assert lines["identity"].count == 1
    assert lines["loan-note"].show_original


def test_organisations_and_agents_bring_their_own_papers():
    """登记立案规定 6(一)(二)."""
    cause = table().named("买卖合同纠纷")
    person = {line.id for line in materials_for(cause).lines}
    firm = {line.id for line in materials_for(cause, filer=Filer.ORGANISATION, agent=True).lines}
    assert {"licence", "representative", "power-of-attorney", "agent-identity"} <= firm
    assert not {"licence", "power-of-attorney"} & person
    assert "identity" not in firm


def test_the_defendants_identity_number_is_never_asked_for():
    """Requirements 0.5, 解释 209: no item asks for the defendant's number or copy; the one naming them says so."""
    item = _table(latest("materials")).items["opponent-details"]
    assert "不要求被告身份证号码" in item.text.zh


def test_labour_disputes_need_the_award_and_say_when_not():
    lines = materials_for(table().named("追索劳动报酬纠纷")).lines
    assert [line.id for line in lines if line.item.need is Need.REQUIRED].count("arbitration-award") == 1
    assert "wage-note" in [line.id for line in lines]


def test_applications_bring_an_application_not_a_complaint():
    ids = [line.id for line in materials_for(table().named("申请司法确认调解协议")).lines]
    assert "complaint" not in ids
    assert {"application", "mediation-agreement", "joint-identity"} <= set(ids)


def test_statutory_papers_come_first():
    needs = [line.item.need for line in materials_for(table().named("离婚纠纷")).lines]
    assert needs == sorted(needs, key=list(Need).index)


def test_lists_are_dated():
    cause = table().named("离婚纠纷")
    assert materials_for(cause, on=date(2026, 6, 1)).edition.version == "2026-01-01"
    with pytest.raises(NoEditionError):
        materials_for(cause, on=date(2020, 1, 1))
    with pytest.raises(ValueError, match="negative"):
        materials_for(cause, opponents=-1)
