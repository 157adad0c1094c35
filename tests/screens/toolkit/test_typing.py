"""Fields, the keyboard and their errors in a real window."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from kiosk.i18n import Language, Text
from screens.components import (
    DateField,
    FieldError,
    KeyboardKind,
    MoneyField,
    TextField,
)

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow
from tests.screens.toolkit.window_pages import page_of

pytestmark = pytest.mark.window


def test_pinyin_reaches_the_field(kiosk_window: KioskWindow) -> None:
    field = TextField(kiosk_window.ui, name="cause", label="案由")
    page_of(kiosk_window, field)
    kiosk_window.tap("cause")
    kiosk_window.type_keys(*"minjianjiedai")
    assert field.value == ""
    kiosk_window.tap("candidate.0")
    kiosk_window.type_keys(*"zs", "backspace", "backspace", "。")
    assert field.value == "民间借贷。"


def test_korean_and_english_layers(kiosk_window: KioskWindow) -> None:
    field = TextField(kiosk_window.ui, name="name", label="이름", kind=KeyboardKind.NAME)
    kiosk_window.ui.look = kiosk_window.ui.look.with_(language=Language.KO)
    page_of(kiosk_window, field)
    kiosk_window.tap("name")
    kiosk_window.type_keys(*"ㄱㅣㅁ", "layer.latin", "shift", "K", "i", "m", "done")
    assert field.value == "김Kim"
    assert "key.a" not in kiosk_window.names()


def test_rare_character_by_strokes(kiosk_window: KioskWindow) -> None:
    """𬭎 has no reading in most tables; its reading hong and strokes lead to it. 土 by three strokes here."""
    field = TextField(kiosk_window.ui, name="name", label="姓名")
    page_of(kiosk_window, field)
    kiosk_window.tap("name")
    kiosk_window.type_keys("layer.stroke", "h", "s", "h")
    candidates = [w.text for w in kiosk_window.reachable() if str(getattr(w, "name", "")).startswith("candidate.")]
    assert candidates[0] in "土士工"
    kiosk_window.tap("candidate.0")
    assert field.value == candidates[0]


def test_leaving_a_field_drops_what_was_not_decided(kiosk_window: KioskWindow) -> None:
    one = TextField(kiosk_window.ui, name="one", label="一")
    two = TextField(kiosk_window.ui, name="two", label="二", kind=KeyboardKind.ID_NUMBER, max_length=18)
    page_of(kiosk_window, one, two)
    kiosk_window.tap("one")
    kiosk_window.type_keys(*"wei")
    kiosk_window.tap("two")
    kiosk_window.type_keys(*"1101", "X", "done")
    assert (one.value, two.value) == ("", "1101X")
    kiosk_window.tap("one")
    assert not any(name.startswith("candidate.") for name in kiosk_window.names())


def test_money_and_date_fields(kiosk_window: KioskWindow) -> None:
    money = MoneyField(kiosk_window.ui, name="sum", label="金额")
    day = DateField(kiosk_window.ui, name="day", label="日期")
    page_of(kiosk_window, money, day)
    kiosk_window.tap("sum")
    kiosk_window.type_keys(*"12345.67")
    assert money.amount == Decimal("12345.67")
    assert "= 12,345.67 元（1万2345.67元）" in kiosk_window.texts()
    kiosk_window.type_keys("8")
    assert money.amount is None
    kiosk_window.tap("day")
    kiosk_window.type_keys(*"20240229")
    assert (day.value, day.day) == ("2024-02-29", date(2024, 2, 29))
    kiosk_window.type_keys("backspace", "backspace", *"30")
    assert (day.value, day.day) == ("2024-02-30", None)
    kiosk_window.type_keys("clear")
    assert day.value == ""


def test_caret_goes_where_the_finger_points(kiosk_window: KioskWindow) -> None:
    field = TextField(kiosk_window.ui, name="name", label="姓名", value="王明", kind=KeyboardKind.LATIN)
    page_of(kiosk_window, field)
    kiosk_window.tap("name")
    box = kiosk_window.find("name")
    em = kiosk_window.ui.font_px()
    kiosk_window.tap_at(box.x + kiosk_window.ui.px(3.0) + em * 1.1, box.center_y)
    kiosk_window.type_keys("a")
    assert field.value == "王a明"


def test_forty_thousand_characters_stay_editable(kiosk_window: KioskWindow) -> None:
    """Facts of 40,000 characters: what is typed at the end is there, and the caret line is in view."""
    field = TextField(kiosk_window.ui, name="facts", label="事实", lines=6, value="原告与被告签订合同，" * 4000)
    page_of(kiosk_window, field)
    field.focus()
    kiosk_window.frames()
    kiosk_window.type_keys("layer.latin", "a", "b", "c")
    assert field.value.endswith("，abc")
    assert len(field.value) == 40_003


def test_masked_field_shows_and_says_nothing(kiosk_window: KioskWindow) -> None:
    """Rule 14: masked entry is not spoken."""
    field = TextField(
        kiosk_window.ui, name="pin", label=Text("密码", "비밀번호", "Password"), masked=True, value="271828"
    )
    kiosk_window.ui.look = kiosk_window.ui.look.with_(sound=True)
    page_of(kiosk_window, field)
    field.focus()
    assert "271828" not in " ".join(kiosk_window.speaker.said)
    assert "密码" in kiosk_window.speaker.said[-1]


def test_errors_stand_on_top_and_at_the_field_in_the_same_words(kiosk_window: KioskWindow) -> None:
    """Rule 12: summary with jump links, identical wording, focus and speech on the summary."""
    message = Text("请填写日期", "날짜를 입력하십시오", "Enter the date")
    filler = [TextField(kiosk_window.ui, name=f"f{i}", label=f"{i}") for i in range(14)]
    day = DateField(kiosk_window.ui, name="day", label="日期")
    kiosk_window.ui.look = kiosk_window.ui.look.with_(sound=True)
    page = page_of(kiosk_window, *filler, day)
    day.error = message
    page.show_errors([FieldError("day", message, day.focus)])
    kiosk_window.frames()
    assert kiosk_window.texts().count("请填写日期") == 2
    assert "有 1 处需要修改" in kiosk_window.texts()
    assert kiosk_window.ui.focused is kiosk_window.find("errors.day")
    assert kiosk_window.speaker.said[-1] == "请填写日期"
    kiosk_window.tap("errors.day")
    assert kiosk_window.ui.focused is day.box
    page.show_errors([])
    kiosk_window.frames()
    assert "errors.day" not in kiosk_window.names()
