"""Parties, claims and the like: their summary, adding, editing, taking away."""

from __future__ import annotations

import pytest

from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path
from tests.screens.lobby_forms.desk import Desk
from tests.screens.lobby_forms.scenes import others

pytestmark = pytest.mark.window


def names(desk: Desk) -> list[object]:
    """The defendants' names."""
    return [instance.get("defendant_name") for instance in desk.answers(FormSlot.OTHERS).instances("defendants")]


def test_each_line_says_who_it_is_and_what_is_open(desk: Desk) -> None:
    others(desk)
    desk.happen(ev.FieldAnswered(Path("defendant_phone", "defendants", 1), "12"))
    texts = desk.window.texts()
    assert "1. 李示甲" in texts
    assert "2. 李示乙" in texts
    assert texts.count("还有 1 处没有填好") == 1


def test_a_defendant_is_added_by_touch_and_stands_in_the_list(desk: Desk) -> None:
    others(desk, people=1)
    desk.window.tap("defendants.add")
    desk.window.tap("defendants[1]/defendant_kind.natural")
    desk.window.tap("defendants[1]/defendant_name")
    desk.window.tap("key.layer.latin")
    desk.window.type_keys(*"kim", "done")
    for _ in range(8):
        if desk.journey.page == "defendants":
            break
        desk.window.tap("nav.continue")
    assert names(desk) == ["李示甲", "kim"]
    assert "2. kim" in desk.window.texts()


def test_editing_leads_into_the_line_and_back_to_the_list(desk: Desk) -> None:
    others(desk)
    desk.window.tap("defendants.1.edit")
    assert "defendants[1]/defendant_name" in desk.window.names()
    desk.window.tap("nav.back")
    assert "defendants.add" in desk.window.names()


def test_nothing_is_removed_without_being_asked(desk: Desk) -> None:
    others(desk)
    desk.window.tap("defendants.0.remove")
    assert any("李示甲" in text for text in desk.window.texts())
    desk.window.tap("remove.no")
    assert names(desk) == ["李示甲", "李示乙"]
    desk.window.tap("defendants.0.remove")
    desk.window.tap("remove.yes")
    assert names(desk) == ["李示乙"]
    assert "1. 李示乙" in desk.window.texts()
    assert desk.window.stage.overlays == ()


def test_a_required_repeat_with_nobody_says_so_and_lets_on(desk: Desk) -> None:
    others(desk, people=0)
    assert any("被告" in text and "至少" in text for text in desk.window.texts())
    assert not any(name.endswith(".remove") for name in desk.window.names())
    desk.window.tap("nav.continue")
    assert desk.journey.page == "third_party_page"
    desk.window.tap("nav.back")
    desk.window.tap("defendants.add")
    assert desk.journey.page == "defendants[0]/defendant"


def test_an_added_line_left_untouched_is_not_in_the_list(desk: Desk) -> None:
    others(desk, people=1)
    desk.window.tap("defendants.add")
    desk.window.tap("nav.back")
    assert names(desk) == ["李示甲"]
    assert desk.journey.stage is Stage.OTHERS
