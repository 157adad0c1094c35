"""Several things in one picture, by touch: looked at one by one, kept as pages, on one page, or as they lie."""

from __future__ import annotations

import pytest

from drivers.api.records import Flaw, FlawKind
from kiosk.flow import effects as fx
from kiosk.flow.page_events import PageSpoiled
from kiosk.flow.several_events import Several
from kiosk.flow.stage import Stage
from kiosk.pages.model import Turn, Unusable
from kiosk.session.scratch import ScratchKey
from screens.components import Button
from screens.components.audit import audit
from tests.screens.lobby_forms.desk import Desk, a_frame
from tests.screens.lobby_forms.scenes import scan

pytestmark = pytest.mark.window


def pages(desk: Desk) -> tuple[ScratchKey, ...]:
    return desk.journey.require_evidence()[1].pages


def come(desk: Desk, count: int = 2, *, cards: bool = True, cleaned: bool = True) -> Several:
    """They are taken where two pages are kept already."""
    scan(desk)
    desk.window.tap("scan.take")
    found = desk.several_come(count, cards=cards, cleaned=cleaned)
    desk.window.frames(3)
    return found


def button(desk: Desk, name: str) -> Button:
    found = desk.window.find(name)
    assert isinstance(found, Button)
    return found


def test_each_becomes_a_page_with_one_touch(desk: Desk) -> None:
    """S1-32."""
    found = come(desk, 4, cards=False)
    assert any("这里有 4 张" in text for text in desk.window.texts())
    desk.window.tap("several.separate")
    assert pages(desk)[2:] == tuple(item.key for item in found.items)
    assert "scan.take" in desk.window.names()
    desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.EVIDENCE_ITEM


def test_neither_way_is_put_before_the_other(desk: Desk) -> None:
    come(desk)
    separate, together = button(desk, "several.separate"), button(desk, "several.together")
    assert separate.size == together.size
    assert separate.style is together.style
    assert not button(desk, "nav.continue").enabled


def test_both_sides_of_a_card_go_on_one_page_that_is_looked_at(desk: Desk) -> None:
    found = come(desk)
    assert any("正反两面放在同一页" in text for text in desk.window.texts())
    desk.window.tap("several.together")
    assert fx.LayTogether(found.whole, tuple(item.key for item in found.items)) in desk.effects
    desk.page_is_cleaned(found.whole)
    desk.window.tap("several.choose_again")
    assert "several.separate" in desk.window.names()
    desk.window.tap("several.together")
    desk.page_is_cleaned(found.whole)
    desk.window.tap("scan.accept")
    assert pages(desk)[2:] == (found.whole,)
    for key in (found.overview, *(item.key for item in found.items)):
        with pytest.raises(KeyError):
            desk.session.scratch.get(key)


def test_receipts_are_not_called_sides(desk: Desk) -> None:
    come(desk, 3, cards=False)
    assert any("全部放在同一页" in text for text in desk.window.texts())


def test_one_is_looked_at_turned_and_left_out(desk: Desk) -> None:
    found = come(desk, 3, cards=False)
    desk.window.tap("several.1")
    assert any("第 2 张，共 3 张" in text for text in desk.window.texts())
    desk.window.tap("scan.turn")
    assert fx.CleanAgain(found.items[1].key, Turn.LEFT) in desk.effects
    desk.page_is_cleaned(found.items[1].key)
    desk.window.tap("several.leave_out")
    assert any("这里有 2 张" in text for text in desk.window.texts())
    desk.window.tap("several.0")
    desk.window.tap("several.all")
    desk.window.tap("several.separate")
    assert pages(desk)[2:] == (found.items[0].key, found.items[2].key)


def test_whoever_knows_better_keeps_them_as_they_lie_or_takes_them_again(desk: Desk) -> None:
    found = come(desk)
    desk.window.tap("several.as_it_lies")
    assert fx.CleanWhole(found.whole) in desk.effects
    desk.page_is_cleaned(found.whole)
    desk.window.tap("scan.accept")
    assert pages(desk)[2:] == (found.whole,)
    held = len(desk.session.scratch)
    desk.window.tap("scan.take")
    desk.several_come(2)
    desk.window.tap("scan.retake")
    assert "scan.take" in desk.window.names()
    assert len(desk.session.scratch) == held


def test_one_page_has_to_wait_until_all_are_made_and_separate_pages_have_not(desk: Desk) -> None:
    """Nothing waits for the page worker that need not."""
    found = come(desk, cleaned=False)
    assert not button(desk, "several.together").enabled
    for item in found.items:
        desk.page_is_cleaned(item.key)
    assert button(desk, "several.together").enabled
    desk.happen(PageSpoiled(found.items[0].key, Unusable.DAMAGED))
    assert not button(desk, "several.together").enabled


def test_what_is_wrong_with_one_is_said_when_it_is_looked_at(desk: Desk) -> None:
    found = come(desk, cleaned=False)
    desk.page_is_cleaned(found.items[0].key)
    desk.page_is_cleaned(found.items[1].key, Flaw(FlawKind.BLANK))
    assert "!" in desk.window.texts()
    desk.window.tap("several.1")
    assert any("空白" in text for text in desk.window.texts())


def test_the_live_picture_tells_how_many_are_seen(desk: Desk) -> None:
    scan(desk)
    desk.window.clock.advance(2.0)
    desk.presenter.preview(a_frame(1, items=2))
    desk.window.until(lambda: any("看到 2 张" in text for text in desk.window.texts()))


@pytest.mark.parametrize("which", ["desk", "wide_desk"])
def test_choice_and_pictures_fit_without_scrolling(which: str, request: pytest.FixtureRequest) -> None:
    desk: Desk = request.getfixturevalue(which)
    come(desk, 6, cards=False)
    desk.window.frames(5)
    scroll = desk.window.stage.page.scroll  # type: ignore[union-attr]
    assert scroll.content.height <= scroll.height + 1
    assert audit(desk.window.ui) == []
