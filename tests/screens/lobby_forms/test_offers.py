"""What was read on a paper, beside the field it could fill: taken and refused by touch or keys, and never by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft import FormSlot
from kiosk.flow.page_events import PageUnderstood
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path, get_value
from kiosk.i18n import Language
from kiosk.ocr.model import PageClass
from screens.components import ImageView, TextField
from screens.components.audit import box_of
from screens.theme import Look, Panel, TextSize, Theme
from tests.journeys.papers_read import IOU, NUMBER, OTHER_NUMBER
from tests.screens.conftest import LANDSCAPE, PORTRAIT, KioskWindow
from tests.screens.lobby_forms.desk import Desk
from tests.screens.lobby_forms.offer_scenes import (
    OFFER_SCENES,
    defendant_by_card,
    differs_in_list,
    differs_in_review,
    doubtful,
    has_paper,
    lender_and_borrower,
    materials,
    offered_amount,
    two_amounts,
    who_is_sued,
)
from tests.screens.lobby_forms.scenes import at_question
from tests.screens.lobby_forms.test_every_page import problems

pytestmark = pytest.mark.window

AMOUNT = "agreed_amount"


def claim(desk: Desk, name: str) -> object:
    """What the claim says."""
    return desk.answers(FormSlot.CLAIM).value(name)


def typed(desk: Desk, name: str) -> str:
    """What a text field on the screen shows."""
    fields = (one for one in desk.window.reachable() if isinstance(one, TextField))
    return next(one.value for one in fields if one.box.name == name)


def cuttings(desk: Desk) -> list[ImageView]:
    """The pictures on the screen."""
    return [one for one in desk.window.reachable() if isinstance(one, ImageView) and one.shown]


# -- by touch


def test_an_empty_field_stays_empty_until_the_person_takes_what_was_read(desk: Desk) -> None:
    """S0-18."""
    offered_amount(desk)
    assert (claim(desk, AMOUNT), typed(desk, AMOUNT)) == (None, "")
    assert "50,000.00元" in desk.window.texts()
    assert any("借条" in text and "金额" in text for text in desk.window.texts())
    assert len(cuttings(desk)) == 1
    desk.window.tap(f"{AMOUNT}.offer.0.use")
    assert claim(desk, AMOUNT) == Decimal("50000.00")
    assert typed(desk, AMOUNT) == "50000"
    assert not any(".offer." in name for name in desk.window.names())
    assert desk.events[-1].__class__.__name__ == "TakeReading"


def test_what_was_taken_is_edited_like_any_other_answer(desk: Desk) -> None:
    offered_amount(desk)
    desk.window.tap(f"{AMOUNT}.offer.0.use")
    desk.window.tap(AMOUNT)
    desk.window.type_keys("backspace")
    desk.window.frames()
    assert claim(desk, AMOUNT) == Decimal(5000)
    assert not any(".offer." in name for name in desk.window.names())


def test_no_is_remembered_for_the_session(desk: Desk) -> None:
    lender_and_borrower(desk)
    desk.window.tap("lender.offer.0.leave")
    assert "lender.offer.0.use" not in desk.window.names()
    assert "borrower.offer.0.use" in desk.window.names()
    assert claim(desk, "lender") is None
    desk.window.tap("nav.continue")
    desk.window.tap("nav.back")
    assert "lender.offer.0.use" not in desk.window.names()
    assert "borrower.offer.0.use" in desk.window.names()


def test_an_offer_holds_nobody_up(desk: Desk) -> None:
    offered_amount(desk)
    page = desk.journey.page
    desk.window.tap("nav.continue")
    assert desk.journey.page != page
    assert claim(desk, AMOUNT) is None


@pytest.mark.parametrize("which", ["desk", "wide_desk"])
def test_two_readings_stand_side_by_side_and_one_choice_settles_both(
    which: str, request: pytest.FixtureRequest
) -> None:
    desk: Desk = request.getfixturevalue(which)
    two_amounts(desk)
    left, right = cuttings(desk)
    assert left.right < right.x
    assert abs(left.top - right.top) < 2
    assert sum("核对" in text for text in desk.window.texts()) == 2
    desk.window.tap(f"{AMOUNT}.offer.1.use")
    assert claim(desk, AMOUNT) == Decimal("5000.00")
    assert not any(".offer." in name for name in desk.window.names())


def test_a_poor_reading_is_said_to_be_one_and_a_good_one_is_not(desk: Desk) -> None:
    doubtful(desk)
    assert any("可能读错" in text for text in desk.window.texts())
    offered_amount(desk)
    assert not any("可能读错" in text for text in desk.window.texts())


def test_a_choice_is_made_by_what_was_read(desk: Desk) -> None:
    defendant_by_card(desk)
    desk.window.tap("defendants[0]/defendant_sex.offer.0.use")
    others = desk.answers(FormSlot.OTHERS)
    assert get_value(others, Path("defendant_sex", "defendants", 0)) == "male"
    assert get_value(others, Path("defendant_birth", "defendants", 0)) is None
    desk.window.tap("defendants[0]/defendant_sex.female")
    assert get_value(desk.answers(FormSlot.OTHERS), Path("defendant_sex", "defendants", 0)) == "female"


def test_who_is_sued_is_asked_and_not_guessed(desk: Desk) -> None:
    who_is_sued(desk)
    names = [one for one in ("赵示例", "李示例") if one in desk.window.texts()]
    assert names == ["赵示例", "李示例"]
    desk.window.tap("defendants[0]/defendant_name.offer.1.use")
    assert typed(desk, "defendants[0]/defendant_name") == "李示例"
    assert not any(".offer." in name for name in desk.window.names())


# -- news and what is typed


def test_a_reading_that_comes_late_does_not_disturb_who_is_typing_and_is_spoken_of(desk: Desk) -> None:
    at_question(desk, AMOUNT)
    key = has_paper(desk, *IOU)
    desk.window.ui.look = desk.window.ui.look.with_(sound=True)
    desk.window.tap(AMOUNT)
    field = desk.window.find(AMOUNT)
    desk.happen(PageUnderstood(key, "", PageClass.IOU, IOU))
    desk.window.frames()
    assert desk.window.find(AMOUNT) is field
    assert any(name.startswith("key.") for name in desk.window.names())
    assert any("读到了" in said for said in desk.window.speaker.said)
    assert f"{AMOUNT}.offer.0.use" in desk.window.names()


def test_an_offer_goes_when_the_person_types_the_same(desk: Desk) -> None:
    offered_amount(desk)
    desk.window.tap(AMOUNT)
    desk.window.type_keys(*"5000")
    assert f"{AMOUNT}.offer.0.use" in desk.window.names()
    desk.window.type_keys("0")
    assert f"{AMOUNT}.offer.0.use" not in desk.window.names()


def test_a_page_that_is_thrown_away_takes_its_offers_along(desk: Desk) -> None:
    """N5."""
    offered_amount(desk)
    desk.open(desk.journey.with_draft(evidence=(), pages={}))
    assert not any(".offer." in name for name in desk.window.names())


def test_nothing_of_a_paper_stays_with_a_page_that_was_left(desk: Desk) -> None:
    """N5."""
    two_amounts(desk)
    shown = cuttings(desk)
    assert len(shown) == 2
    desk.window.tap("nav.continue")
    assert not any(picture.shown for picture in shown)


# -- by keys and by ear


@pytest.mark.parametrize("language", list(Language))
def test_each_button_says_what_it_would_fill_in(kiosk_window: KioskWindow, language: Language) -> None:
    """Spoken alone, "use this" would mean nothing."""
    kiosk_window.reset(PORTRAIT, Look(language=language))
    desk = Desk(kiosk_window)
    offered_amount(desk)
    for name in ("use", "leave"):
        assert "50,000.00" in desk.window.find(f"{AMOUNT}.offer.0.{name}").accessible_text(language)
    assert "50,000.00" in cuttings(desk)[0].accessible_text(language)


def test_offers_come_after_their_field_and_are_decided_by_keys(desk: Desk) -> None:
    tab, enter = 9, 13
    lender_and_borrower(desk)
    order = desk.window.names()
    assert order.index("lender") < order.index("lender.offer.0.use") < order.index("borrower")
    desk.window.ui.focus_on(desk.window.find("lender.offer.0.use"))
    desk.window.key(tab)
    assert desk.window.ui.focused is desk.window.find("lender.offer.0.leave")
    desk.window.key(enter)
    assert "lender.offer.0.use" not in desk.window.names()
    assert desk.window.ui.focused is desk.window.find("lender")
    desk.window.ui.focus_on(desk.window.find("borrower.offer.0.use"))
    desk.window.key(enter)
    assert claim(desk, "borrower") == "李示例"
    assert desk.window.ui.focused is desk.window.find("borrower")


def test_what_was_filled_in_is_spoken(desk: Desk) -> None:
    offered_amount(desk)
    desk.window.ui.look = desk.window.ui.look.with_(sound=True)
    desk.window.tap(f"{AMOUNT}.offer.0.use")
    assert any("已填入" in said and "50,000.00" in said for said in desk.window.speaker.said)


# -- where an answer contradicts a paper


@pytest.mark.parametrize("scene", [differs_in_list, differs_in_review])
def test_a_contradiction_is_shown_and_the_person_changes_or_keeps(desk: Desk, scene) -> None:  # type: ignore[no-untyped-def]  # a scene
    scene(desk)
    stage = desk.journey.stage
    assert any("5,000.00元" in text and "50,000.00元" in text for text in desk.window.texts())
    line = next(n for n in range(3) if "50,000" in desk.window.find(f"differs.{n}.change").accessible_text(Language.ZH))
    desk.window.tap(f"differs.{line}.change")
    assert (desk.journey.stage, claim(desk, AMOUNT)) == (stage, Decimal("50000.00"))
    while "differs.0.keep" in desk.window.names():
        desk.window.tap("differs.0.keep")
    assert not any("不一样" in text for text in desk.window.texts())
    assert get_value(desk.answers(FormSlot.OTHERS), Path("defendant_id_number", "defendants", 0)) == OTHER_NUMBER


def test_the_review_shows_the_changed_answer_and_nothing_of_where_it_came_from(desk: Desk) -> None:
    differs_in_review(desk)
    while "differs.0.change" in desk.window.names():
        desk.window.tap("differs.0.change")
    desk.window.frames(60)
    assert any("50,000.00元" in text for text in desk.window.texts())
    assert not any("材料上" in text for text in desk.window.texts())


def test_onlookers_read_no_whole_number_in_the_list(desk: Desk) -> None:
    """N4: only the signs in which the two differ."""
    differs_in_list(desk)
    said = [text for text in desk.window.texts() if "证件号码" in text]
    assert said
    assert not any(number in text for text in desk.window.texts() for number in (NUMBER, OTHER_NUMBER))
    assert any(NUMBER[-4:] in text and OTHER_NUMBER[-4:] in text for text in said)


# -- scanning first


def test_a_paper_is_scanned_from_the_list_of_papers_and_back(desk: Desk) -> None:
    materials(desk)
    desk.window.tap("scan_first")
    assert desk.effects == [fx.StartPreview()]
    desk.preview(1)
    desk.window.tap("scan.take")
    desk.page_comes()
    desk.window.tap("scan.accept")
    desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.MATERIALS
    assert len(desk.journey.require_draft().evidence[-1].pages) == 1
    assert any("再扫描" in text for text in desk.window.texts())


def test_the_claim_of_a_filing_without_papers_looks_as_before(desk: Desk) -> None:
    at_question(desk, AMOUNT)
    assert not any(".offer." in name or name == "scan_first" for name in desk.window.names())
    desk.happen(ev.FieldAnswered(Path(AMOUNT), Decimal(5)))
    assert not any(".offer." in name for name in desk.window.names())


# -- measurable rules


@pytest.mark.parametrize(
    ("panel", "look"),
    [
        (PORTRAIT, Look(language=Language.EN, size=TextSize.LARGEST, theme=Theme.YELLOW_ON_BLACK)),
        (LANDSCAPE, Look(language=Language.KO)),
        pytest.param(LANDSCAPE, Look(language=Language.EN, size=TextSize.LARGEST), marks=pytest.mark.exhaustive),
        pytest.param(PORTRAIT, Look(language=Language.KO, size=TextSize.LARGEST), marks=pytest.mark.exhaustive),
        pytest.param(PORTRAIT, Look(), marks=pytest.mark.exhaustive),
    ],
)
def test_every_offer_is_in_order(kiosk_window: KioskWindow, panel: Panel, look: Look) -> None:
    """ux-rule 21."""
    wrong = []
    for name, scene in OFFER_SCENES.items():
        kiosk_window.reset(panel, look)
        scene(Desk(kiosk_window))
        kiosk_window.frames(5)
        wrong += [f"{name}: {problem}" for problem in problems(kiosk_window)]
    assert wrong == []


def test_larger_letters_on_the_way_clip_nothing(desk: Desk) -> None:
    two_amounts(desk)
    small = box_of(cuttings(desk)[0])
    desk.window.ui.look = desk.window.ui.look.with_(size=TextSize.LARGEST)
    desk.window.frames(5)
    assert problems(desk.window) == []
    assert box_of(cuttings(desk)[0]) != small
