"""Components in a real window, touched by real touch events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.i18n import Language, Text
from screens.components import (
    Button,
    Choice,
    ChoiceList,
    ConfirmDialog,
    DateField,
    FieldError,
    IdleWarning,
    ImageView,
    KeyboardKind,
    ListTable,
    MoneyField,
    PageFrame,
    QrView,
    ServiceActions,
    SignaturePad,
    Stack,
    TableRow,
    TextBlock,
    TextField,
    TextSize,
    Theme,
)
from screens.gallery import pages, variants
from screens.keyboard.methods import input_methods

if TYPE_CHECKING:
    from tests.screens.conftest import KioskWindow

pytestmark = pytest.mark.window


class Log:
    """Remembers what was called, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, name: str):
        return lambda: self.calls.append(name)


def page_of(window: KioskWindow, *body: object, log: Log | None = None) -> PageFrame:
    log = log or Log()
    service = ServiceActions(log("call_person"), log("more_time"), log("at_window"))
    page = PageFrame(
        window.ui,
        name="page",
        title=Text("问题", "질문", "Question"),
        body=Stack(window.ui, body),
        service=service,
        on_continue=log("continue"),
        on_back=log("back"),
        methods=input_methods(),
    )
    window.show(page)
    return page


# Touch


def test_a_touch_activates_and_every_page_offers_its_services(kiosk_window: KioskWindow) -> None:
    """Rule 11 and the service bar: back, continue, call a person, more time, at the window, on every page."""
    log = Log()
    page_of(kiosk_window, log=log)
    for name in ("nav.continue", "nav.back", "service.call_person", "service.more_time", "service.at_window"):
        kiosk_window.tap(name)
    assert log.calls == ["continue", "back", "call_person", "more_time", "at_window"]


def test_a_bouncing_touch_counts_once(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    target = kiosk_window.find("nav.continue")
    kiosk_window.tap_at(*target.center)
    kiosk_window.tap_at(*target.center, pause=0.1)
    assert log.calls == ["continue"]
    kiosk_window.tap_at(*target.center, pause=0.5)
    assert log.calls == ["continue", "continue"]


def test_a_finger_that_slides_off_does_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    target = kiosk_window.find("nav.continue")
    kiosk_window.drag([target.center, (target.center_x, target.top + 200)])
    assert log.calls == []


def test_a_touch_that_changes_the_page_does_not_reach_the_next_one(kiosk_window: KioskWindow) -> None:
    """One touch must not act on two screens (kivy#7756)."""
    log = Log()
    second = PageFrame(
        kiosk_window.ui,
        name="second",
        title="二",
        body=Stack(kiosk_window.ui),
        service=ServiceActions(log("a"), log("b"), log("c")),
        on_continue=log("second continue"),
        on_back=log("second back"),
    )
    first = page_of(kiosk_window, log=log)
    first.continue_button.action = lambda: kiosk_window.stage.show(second)
    kiosk_window.tap("nav.continue")
    assert kiosk_window.stage.page is second
    assert log.calls == []


def test_a_disabled_button_does_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    button = Button(kiosk_window.ui, name="b", text="按", on_press=log("b"), enabled=False)
    page_of(kiosk_window, button, log=log)
    kiosk_window.tap("b")
    assert log.calls == []
    button.enabled = True
    kiosk_window.tap("b")
    assert log.calls == ["b"]


def test_pressing_is_seen_on_the_next_frame(kiosk_window: KioskWindow) -> None:
    """Rule 18: the colour changes while the finger is still down."""
    page_of(kiosk_window)
    target = kiosk_window.find("nav.continue")
    spot = (int(target.x + 30), int(kiosk_window.ui.panel.height - target.center_y))
    before = kiosk_window.image().getpixel(spot)
    target.pressed = True
    kiosk_window.frames(1)
    assert kiosk_window.image().getpixel(spot) != before


# Choices


def test_one_of_several_and_any_of_several(kiosk_window: KioskWindow) -> None:
    heard: list[tuple[str, ...]] = []
    choices = [Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙")]
    one = ChoiceList(kiosk_window.ui, name="one", choices=choices, on_change=heard.append)
    many = ChoiceList(kiosk_window.ui, name="many", choices=choices, multiple=True, columns=3)
    page_of(kiosk_window, one, many)
    for name in ("one.a", "one.c", "many.a", "many.c", "many.a"):
        kiosk_window.tap(name)
    assert one.selected == ("c",)
    assert many.selected == ("c",)
    assert heard == [("a",), ("c",)]


def test_a_choice_says_whether_it_is_chosen(kiosk_window: KioskWindow) -> None:
    """Rule 20: not by colour alone, and not by sight alone."""
    page_of(kiosk_window, ChoiceList(kiosk_window.ui, name="x", choices=[Choice("a", "甲")]))
    item = kiosk_window.find("x.a")
    assert item.accessible_text(Language.EN).endswith("not selected")
    kiosk_window.tap("x.a")
    assert not item.accessible_text(Language.EN).endswith("not selected")
    assert item.accessible_text(Language.EN).endswith("selected")


# Typing


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


# Errors


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


# Scrolling


def test_everything_is_reached_with_the_page_buttons(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page = page_of(kiosk_window, *buttons, log=log)
    assert page.scroll.more_below
    for _ in range(20):
        if not page.scroll.more_below:
            break
        kiosk_window.tap("page.scroll.down")
    target = kiosk_window.find("b59")
    kiosk_window.tap_at(target.center_x, target.center_y)
    assert log.calls == ["b59"]
    assert not page.scroll.more_below


def test_dragging_scrolls_and_presses_nothing(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page = page_of(kiosk_window, *buttons, log=log)
    x, y = buttons[5].center
    kiosk_window.drag([(x, y), (x, y + 120), (x, y + 240)])
    assert page.scroll.offset == pytest.approx(240, abs=30)
    assert log.calls == []


def test_what_is_scrolled_out_of_sight_cannot_be_touched(kiosk_window: KioskWindow) -> None:
    log = Log()
    buttons = [Button(kiosk_window.ui, name=f"b{i}", text=f"第 {i} 项", on_press=log(f"b{i}")) for i in range(60)]
    page_of(kiosk_window, *buttons, log=log)
    hidden = next(b for b in buttons if b.center_y < kiosk_window.find("nav.continue").center_y)
    kiosk_window.tap_at(hidden.center_x, hidden.center_y)
    assert not [call for call in log.calls if call.startswith("b") and call != "back"]


# Dialogs


def test_a_dialog_keeps_touches_and_keys_to_itself(kiosk_window: KioskWindow) -> None:
    log = Log()
    page_of(kiosk_window, log=log)
    continue_at = kiosk_window.find("nav.continue").center
    dialog = ConfirmDialog(
        kiosk_window.ui, name="cancel", title="要取消吗？", text="内容会被清除。", yes="取消办理", no="继续办理",
        on_yes=log("yes"), on_no=log("no"),
    )  # fmt: skip  # one dialog
    kiosk_window.ui.open_overlay(dialog)
    kiosk_window.frames()
    kiosk_window.tap_at(*continue_at)
    assert log.calls == []
    assert set(kiosk_window.names()) == {"cancel.yes", "cancel.no"}
    kiosk_window.key(9)
    kiosk_window.key(9)
    kiosk_window.key(13)
    assert log.calls == ["no"]
    kiosk_window.ui.close_overlay(dialog)
    kiosk_window.tap("nav.continue")
    assert log.calls == ["no", "continue"]


def test_idle_warning_counts_down_and_can_be_answered(kiosk_window: KioskWindow) -> None:
    """Rule 7."""
    log = Log()
    page_of(kiosk_window, log=log)
    warning = IdleWarning(kiosk_window.ui, seconds=25, on_more_time=log("more"), on_end=log("end"))
    kiosk_window.ui.open_overlay(warning)
    kiosk_window.frames()
    assert "25 秒" in kiosk_window.texts()
    warning.set_seconds(24)
    assert "24 秒" in kiosk_window.texts()
    assert kiosk_window.findings() == []
    kiosk_window.tap("idle.more_time")
    assert log.calls == ["more"]


# Look


def test_look_changes_live_and_loses_nothing(kiosk_window: KioskWindow) -> None:
    """Rule 6: size, contrast and language change in the middle of typing."""
    field = TextField(kiosk_window.ui, name="name", label=Text("姓名", "이름", "Name"), value="王")
    page_of(kiosk_window, field)
    kiosk_window.tap("name")
    kiosk_window.type_keys("layer.latin", "a")
    height = field.height
    background = kiosk_window.image().getpixel((500, 1300))
    for name in ("service.text_size", "service.contrast"):
        kiosk_window.tap(name)
    assert kiosk_window.ui.look.size is TextSize.LARGE
    assert kiosk_window.ui.look.theme is Theme.DARK
    assert field.height > height
    assert kiosk_window.image().getpixel((500, 1300)) != background
    kiosk_window.tap("service.language")
    kiosk_window.tap("language.en")
    assert "Name" in kiosk_window.texts()
    assert "Continue" in kiosk_window.texts()
    assert field.value == "王a"


def test_what_was_off_screen_catches_up(kiosk_window: KioskWindow) -> None:
    block = TextBlock(kiosk_window.ui, Text("你好", "안녕", "Hello"))
    page_of(kiosk_window)
    kiosk_window.ui.look = kiosk_window.ui.look.with_(language=Language.EN)
    page_of(kiosk_window, block)
    assert block.lines == ["Hello"]


@pytest.mark.parametrize("panel", ["kiosk_window", "landscape_window"])
@pytest.mark.parametrize("name", ["home", "party", "claim"])
def test_layout_comes_to_rest(panel: str, name: str, request: pytest.FixtureRequest) -> None:
    """A page at which nobody touches anything draws nothing: otherwise it would cost a core day and night."""
    window: KioskWindow = request.getfixturevalue(panel)
    restless = []
    for look in variants("some"):
        window.ui.look = look
        window.show(pages(window.ui)[name]())
        window.frames(4)
        if window.flips(8) >= 4:  # the X server may ask for a picture or two of its own
            restless.append(look)
    assert restless == []


def test_time_left_stands_on_the_button(kiosk_window: KioskWindow) -> None:
    """Rule 7: the person sees how long is left, and that more can be had."""
    page = page_of(kiosk_window)
    page.set_time_left(Text("还剩 5 分钟", "5분 남음", "5 minutes left"))
    assert "还剩 5 分钟" in kiosk_window.texts()
    page.set_time_left(None)
    assert "还剩 5 分钟" not in kiosk_window.texts()


@pytest.mark.parametrize("panel", ["kiosk_window", "landscape_window"])
@pytest.mark.parametrize("name", ["home", "party", "claim", "review"])
def test_no_page_breaks_a_measurable_rule(panel: str, name: str, request: pytest.FixtureRequest) -> None:
    """Rules 1, 2, 3, 21: every size and language, and the low-reach layout; with and without the keyboard."""
    window: KioskWindow = request.getfixturevalue(panel)
    broken = []
    for look in variants("some"):
        window.ui.look = look
        window.show(pages(window.ui)[name]())
        broken += [(look, str(finding)) for finding in window.findings()]
        fields = getattr(window.stage.page, "fields", ())
        for field in fields:
            field.focus()
            window.frames(2)
            broken += [(look, str(finding)) for finding in window.findings()]
    assert broken == []


def test_low_reach_keeps_every_control_in_the_lower_part(kiosk_window: KioskWindow) -> None:
    """Rule 17 (EN 301 549 8.3)."""
    kiosk_window.ui.look = kiosk_window.ui.look.with_(low_reach=True)
    kiosk_window.show(pages(kiosk_window.ui)["claim"]())
    height = kiosk_window.ui.panel.height
    shown = [kiosk_window.find(name) for name in kiosk_window.names()]
    page = kiosk_window.stage.page
    for widget in shown:
        inside = widget.top <= page.scroll.top or widget in page.scroll.content.walk()
        assert inside
        assert min(widget.top, page.scroll.top) <= height * 0.6 + 1


def test_capital_height_as_drawn(kiosk_window: KioskWindow) -> None:
    """Rule 3 measured on the glass: the letter H of the default size is at least 4.8 mm high."""
    block = TextBlock(kiosk_window.ui, "H")
    page_of(kiosk_window, block)
    picture = kiosk_window.image().convert("L")
    top = kiosk_window.ui.panel.height - int(block.y + block.height)
    left = int(block.x)
    letter = picture.crop((left, top, left + 40, top + int(block.height)))
    ink = letter.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    assert 4.8 <= kiosk_window.ui.panel.mm(ink[3] - ink[1]) <= 5.6


# Pictures, signature, table


def test_signature_gives_strokes_and_a_picture(kiosk_window: KioskWindow) -> None:
    heard: list[bool] = []
    pad = SignaturePad(kiosk_window.ui, on_change=heard.append)
    page_of(kiosk_window, pad)
    area = pad.area
    kiosk_window.drag([(area.x + 50 + 8 * i, area.y + 100 + (i % 7) * 10) for i in range(40)])
    assert heard == [True]
    assert len(pad.ink) == 1
    assert len(pad.ink[0]) == 40
    assert all(0 <= p.x <= kiosk_window.ui.panel.mm(area.width) for p in pad.ink[0])
    picture = Image.open(BytesIO(pad.png()))
    assert picture.getchannel("A").getbbox() is not None
    kiosk_window.tap("signature.clear")
    assert pad.ink == ()
    assert not pad.signed


def test_a_slip_of_the_finger_is_no_signature(kiosk_window: KioskWindow) -> None:
    pad = SignaturePad(kiosk_window.ui)
    page_of(kiosk_window, pad)
    kiosk_window.tap_at(pad.area.center_x, pad.area.center_y)
    assert not pad.signed


def test_qr_code_on_the_screen_can_be_read(kiosk_window: KioskWindow) -> None:
    """In the darkest theme too: black on white with its quiet zone."""
    cv2 = pytest.importorskip("cv2")
    numpy = pytest.importorskip("numpy")
    kiosk_window.ui.look = kiosk_window.ui.look.with_(theme=Theme.YELLOW_ON_BLACK)
    view = QrView(kiosk_window.ui, "court-kiosk:receipt:20260305-0001", spoken="回执")
    page_of(kiosk_window, view)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(numpy.array(kiosk_window.image()))
    assert text == "court-kiosk:receipt:20260305-0001"


def test_pictures_are_shown_and_broken_ones_said(kiosk_window: KioskWindow) -> None:
    out = BytesIO()
    Image.new("RGB", (800, 600), (200, 30, 30)).save(out, "JPEG")
    view = ImageView(kiosk_window.ui, out.getvalue(), spoken="身份证照片")
    page_of(kiosk_window, view)
    panel = kiosk_window.ui.panel
    red = kiosk_window.image().getpixel((int(view.center_x), int(panel.height - view.center_y)))
    assert red[0] > 150
    assert red[1] < 80
    view.show(b"\xff\xd8 torn")
    kiosk_window.frames()
    assert "图片无法显示" in kiosk_window.texts()


def test_table_rows_lead_to_their_question(kiosk_window: KioskWindow) -> None:
    log = Log()
    rows = [TableRow("name", "姓名", "王明", log("name")), TableRow("phone", "电话", "", log("phone"))]
    page_of(kiosk_window, ListTable(kiosk_window.ui, rows))
    assert "未填写" in kiosk_window.texts()
    kiosk_window.tap("table.phone.change")
    assert log.calls == ["phone"]


def test_characters_outside_the_font_are_shown_by_their_code(
    kiosk_window: KioskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURT_KIOSK_SUPPLEMENT_FONT", "/nonexistent")
    block = TextBlock(kiosk_window.ui, "王\U0002b736")
    page_of(kiosk_window, block)
    assert block.lines == ["王〔U+2B736〕"]
