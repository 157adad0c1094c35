"""Pages of forms, filled in by touch: typing, choosing, findings, and what appears and goes with an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kiosk.flow.draft import FormSlot
from kiosk.flow.stage import Stage
from kiosk.forms.model import QuestionType
from kiosk.i18n import Language
from screens.components import InputBox, KeyboardKind, PageFrame
from screens.components.audit import box_of
from screens.theme import Look, Panel, TextSize, Theme
from tests.screens.conftest import LANDSCAPE, PORTRAIT, KioskWindow
from tests.screens.lobby.bench import reference
from tests.screens.lobby_forms.desk import Desk
from tests.screens.lobby_forms.scenes import (
    at_question,
    claim,
    defendant_organisation,
    document,
    interest,
    others,
    person,
)

pytestmark = pytest.mark.window


def page(desk: Desk) -> PageFrame:
    """The page that is shown."""
    shown = desk.window.stage.page
    assert isinstance(shown, PageFrame)
    return shown


def box(desk: Desk, name: str) -> InputBox:
    """The field called `name`."""
    found = desk.window.find(name)
    assert isinstance(found, InputBox)
    return found


def summary(desk: Desk) -> list[str]:
    """The fields that the error summary leads to."""
    return [name.removeprefix("errors.") for name in desk.window.names() if name.startswith("errors.")]


# -- typing


def test_what_is_typed_goes_to_the_journey_at_once(desk: Desk) -> None:
    at_question(desk, "principal_owed")
    desk.window.tap("principal_as_of")
    desk.window.type_keys(*"20251101")
    desk.window.tap("principal_owed")
    desk.window.type_keys(*"50000.5")
    answers = desk.answers(FormSlot.CLAIM)
    assert answers["principal_as_of"] == date(2025, 11, 1)
    assert answers["principal_owed"] == Decimal("50000.5")


def test_an_amount_is_read_back_the_way_it_is_spoken(desk: Desk) -> None:
    """A zero too many is seen before it is filed."""
    at_question(desk, "principal_owed")
    desk.window.tap("principal_owed")
    desk.window.type_keys(*"1149824")
    assert "= 1,149,824 元（114万9824元）" in desk.window.texts()


def test_what_cannot_be_a_date_is_kept_as_typed_and_found(desk: Desk) -> None:
    at_question(desk, "principal_owed")
    desk.window.tap("principal_as_of")
    desk.window.type_keys(*"20251399")
    assert desk.answers(FormSlot.CLAIM)["principal_as_of"] == "2025-13-99"
    desk.window.tap("nav.continue")
    assert "principal_as_of" in summary(desk)
    desk.window.tap("nav.continue")
    desk.window.tap("nav.back")
    assert box(desk, "principal_as_of").editor.text == "2025-13-99"


@pytest.mark.parametrize(
    ("language", "keys", "written"),
    [
        (Language.KO, ["ㄱ", "ㅣ", "ㅁ", "ㅅ", "ㅣ"], "김시"),
        (Language.EN, ["k", "i", "m"], "kim"),
    ],
)
def test_names_are_typed_in_the_language_of_the_screen(
    kiosk_window: KioskWindow, language: Language, keys: list[str], written: str
) -> None:
    kiosk_window.reset(PORTRAIT, Look(language=language))
    desk = Desk(kiosk_window)
    person(desk)
    desk.window.tap("name")
    desk.window.type_keys(*keys)
    desk.window.tap("key.done")
    assert desk.answers(FormSlot.PERSON)["name"] == written


def test_a_chinese_name_is_composed_in_the_field(desk: Desk) -> None:
    person(desk)
    desk.window.tap("name")
    desk.window.type_keys(*"li")
    desk.window.until(lambda: "candidate.0" in desk.window.names())
    chosen = desk.window.find("candidate.0").accessible_text(Language.ZH)
    desk.window.tap("candidate.0")
    assert desk.answers(FormSlot.PERSON)["name"] == chosen != "li"


def test_the_keyboard_of_a_number_follows_the_document_that_was_chosen(desk: Desk) -> None:
    document(desk)
    assert box(desk, "id_number").kind is KeyboardKind.CODE
    desk.window.tap("id_kind.resident")
    assert box(desk, "id_number").kind is KeyboardKind.ID_NUMBER
    desk.window.tap("id_kind.passport")
    assert box(desk, "id_number").kind is KeyboardKind.CODE
    desk.window.tap("id_kind.military")
    assert box(desk, "id_number").kind is KeyboardKind.TEXT


def test_a_credit_code_is_typed_without_changing_the_keyboard(desk: Desk) -> None:
    """统一社会信用代码: digits and capital letters, whatever language the person speaks."""
    code = "91220102MA0000015C"
    defendant_organisation(desk)
    desk.window.tap("defendants[0]/defendant_uscc")
    desk.window.type_keys(*code, "done")
    (defendant,) = desk.answers(FormSlot.OTHERS)["defendants"]
    assert defendant["defendant_uscc"] == code


def test_every_credit_code_of_every_form_opens_that_keyboard() -> None:
    asked = [
        entry.question
        for form in reference().forms.all()
        for entry in form.entries.values()
        if "社会信用代码" in entry.question.label.zh and entry.question.type is QuestionType.TEXT
    ]
    assert len(asked) >= 2
    assert all("code" in question.appearance for question in asked)


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("size", [TextSize.NORMAL, TextSize.LARGEST])
def test_question_and_field_stay_in_sight_above_the_keyboard(
    kiosk_window: KioskWindow, panel: Panel, size: TextSize
) -> None:
    kiosk_window.reset(panel, Look(size=size))
    desk = Desk(kiosk_window)
    interest(desk)
    desk.window.tap("interest_method")
    desk.window.frames(5)
    frame = page(desk)
    assert frame.keyboard is not None
    view = box_of(frame.scroll)
    assert view.bottom >= frame.keyboard.top
    field = box(desk, "interest_method").field
    assert box_of(field.label).inside(view)
    assert box_of(field.box).inside(view)


# -- choices


def test_a_choice_can_be_given_up_but_not_by_a_double_touch(desk: Desk) -> None:
    """ "I do not know" is leaving it open, also after having said something."""
    at_question(desk, "claim_interest")
    desk.window.tap("claim_interest.yes")
    choice = desk.window.find("claim_interest.yes")
    desk.window.tap_at(choice.center_x, choice.center_y, pause=0.5)
    assert desk.answers(FormSlot.CLAIM)["claim_interest"] == "yes"
    desk.window.tap_at(choice.center_x, choice.center_y, pause=2.0)
    assert desk.answers(FormSlot.CLAIM)["claim_interest"] is None
    assert "interest_method" not in desk.window.names()


# -- what appears and goes


def test_questions_appear_and_the_others_keep_what_they_have(desk: Desk) -> None:
    at_question(desk, "claim_interest")
    choice = desk.window.find("claim_interest.yes")
    desk.window.tap("claim_interest.yes")
    assert {"interest_as_of", "interest_amount", "interest_method"} <= set(desk.window.names())
    assert desk.window.find("claim_interest.yes") is choice
    desk.window.tap("interest_amount")
    desk.window.type_keys(*"1200")
    desk.window.tap("claim_interest.no")
    assert "interest_amount" not in desk.window.names()
    desk.window.tap("claim_interest.yes")
    assert box(desk, "interest_amount").editor.text == "1200"


def test_typing_keeps_focus_and_keyboard_while_a_note_goes(desk: Desk) -> None:
    """The note about too little information goes with the first letter of an address."""
    from tests.screens.lobby_forms.scenes import others

    others(desk, people=1)
    desk.window.tap("defendants.0.edit")
    desk.window.tap("nav.continue")
    desk.window.tap("nav.continue")
    notes = [text for text in desk.window.texts() if "信息较少" in text]
    assert notes
    desk.window.tap("defendants[0]/defendant_address")
    keyboard, field = page(desk).keyboard, box(desk, "defendants[0]/defendant_address")
    desk.window.tap("key.layer.latin")
    desk.window.type_keys("a")
    assert "信息较少" not in "".join(desk.window.texts())
    desk.window.type_keys("b")
    assert desk.window.ui.focused is field
    assert page(desk).keyboard is keyboard
    assert field.editor.text == "ab"


# -- findings


def test_findings_are_told_once_and_the_second_continue_goes_on(desk: Desk) -> None:
    """登记立案规定 2, 7: summary and field say the same, the focus goes to the summary, nothing blocks."""
    at_question(desk, "principal_owed")
    before = desk.journey.page
    desk.window.tap("nav.continue")
    assert summary(desk) == ["principal_owed"]
    assert desk.window.texts().count("请填写“还欠本金多少元”") == 2
    assert desk.window.ui.focused is desk.window.find("errors.principal_owed")
    desk.window.tap("nav.continue")
    assert desk.journey.page != before
    assert summary(desk) == []


def test_a_finding_leads_to_its_field(desk: Desk) -> None:
    at_question(desk, "principal_owed")
    desk.window.tap("nav.continue")
    desk.window.tap("errors.principal_owed")
    assert desk.window.ui.focused is box(desk, "principal_owed")
    assert page(desk).keyboard is not None


def test_what_is_mended_is_no_longer_said_and_the_field_stays_where_it_is(kiosk_window: KioskWindow) -> None:
    kiosk_window.reset(LANDSCAPE, Look(size=TextSize.LARGE))
    desk = Desk(kiosk_window)
    interest(desk)
    desk.window.tap("nav.continue")
    assert summary(desk) == ["interest_amount"]
    desk.window.tap("interest_amount")
    desk.window.frames(5)
    bottom = box(desk, "interest_amount").y
    desk.window.type_keys("1")
    desk.window.frames(5)
    assert box(desk, "interest_amount").y == pytest.approx(bottom, abs=2)
    assert summary(desk) == []
    assert not any(text.startswith("请填写") for text in desk.window.texts())
    assert desk.window.ui.focused is box(desk, "interest_amount")
    desk.window.type_keys("2")
    assert desk.answers(FormSlot.CLAIM)["interest_amount"] == Decimal(12)


def test_the_summary_shrinks_while_the_rest_is_still_open(desk: Desk) -> None:
    desk.open(desk.journey_at_empty(FormSlot.PLAINTIFF, Stage.PLAINTIFF))
    desk.window.tap("nav.continue")
    found = summary(desk)
    assert {"name", "sex", "birth"} <= set(found)
    desk.window.tap("sex.female")
    assert summary(desk) == [name for name in found if name != "sex"]
    assert f"有 {len(found) - 1} 处需要修改" in desk.window.texts()


# -- language, size, theme


def test_nothing_typed_is_lost_when_the_look_changes(desk: Desk) -> None:
    """ux-rule 6: settings change without losing an answer."""
    at_question(desk, "principal_owed")
    desk.window.tap("principal_owed")
    desk.window.type_keys(*"50000")
    field = box(desk, "principal_owed")
    desk.window.ui.look = Look(size=TextSize.LARGEST, theme=Theme.YELLOW_ON_BLACK, language=Language.EN)
    desk.window.frames()
    assert box(desk, "principal_owed") is field
    assert field.editor.text == "50000"
    assert desk.journey.language is Language.EN
    assert "= 50,000 yuan" in desk.window.texts()


def test_a_long_form_can_be_gone_through_with_continue_alone(desk: Desk) -> None:
    claim(desk)
    for _ in range(80):
        if desk.journey.stage is not Stage.CLAIM:
            break
        desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.OTHERS


# -- room


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_a_single_question_is_the_heading_and_its_answers_are_large(kiosk_window: KioskWindow, panel: Panel) -> None:
    """ux-rules 11 and 17: a page with one question wastes neither room nor reach, and stays while it is answered."""
    kiosk_window.reset(panel)
    desk = Desk(kiosk_window)
    at_question(desk, "claim_interest")
    frame = page(desk)
    assert desk.window.ui.say(frame.title.text) == "要求支付利息吗？"
    assert desk.window.texts().count("要求支付利息吗？") == 1
    yes, before = desk.window.find("claim_interest.yes"), frame.title.top
    assert panel.mm(yes.height) >= 20
    assert panel.mm(panel.height - yes.top) >= (110 if panel is PORTRAIT else 60)
    place = yes.to_window(*yes.pos)
    desk.window.tap("claim_interest.no")
    assert (yes.to_window(*yes.pos), frame.title.top) == (place, before)


def test_a_page_of_many_questions_begins_below_its_heading(desk: Desk) -> None:
    at_question(desk, "provided_how")
    frame = page(desk)
    assert frame.title.top - frame.scroll.top < desk.window.ui.px(20.0)
    assert desk.window.find("provided_how.cash").height < desk.window.ui.px(20.0)


def test_advice_is_shown_and_stops_nobody(desk: Desk) -> None:
    """A note is nothing to correct: one touch of Continue goes on."""
    others(desk, people=1)
    desk.open(replace(desk.journey, page="defendants[0]/defendant_contact"))
    advice = "信息较少，法院可能会请您补充"
    assert advice in desk.window.texts()
    desk.window.tap("nav.continue")
    assert desk.journey.page == "defendants"
