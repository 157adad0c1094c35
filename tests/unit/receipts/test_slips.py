"""What must be readable on a slip, in every language, on both papers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from PIL import Image

from drivers.receipt_printer.raster import dots_of, encode
from kiosk.i18n import Language
from kiosk.receipts import BILINGUAL, CopyMark, CorrectionList, Slip, render, to_png
from kiosk.receipts.blocks import Glyphs, Ink, Laid, Paragraph, Picture, stack
from kiosk.receipts.compose import compose
from kiosk.receipts.fonts import DOTS_PER_INCH, FontMissingError, Style, Weight, drawable, font_file, text_width
from kiosk.receipts.paint import paint
from kiosk.receipts.words import written_day
from tests.unit.receipts.slips import CORRECTIONS, COURT, EVERY, LONG, NUMBER, RECEIVED, TYPICAL, UNRESOLVED, WINDOW

LANGUAGES = [(Language.ZH,), (Language.KO,), (Language.EN,), BILINGUAL, tuple(reversed(BILINGUAL))]
WIDTHS = [384, 576]


def laid(slip: Slip, width: int, languages: tuple[Language, ...], copy: CopyMark | None = None) -> Laid:
    return stack(compose(slip, width, languages, copy), width)


def words(slip: Slip, languages: tuple[Language, ...], copy: CopyMark | None = None) -> str:
    """Everything written on the slip, without the line breaks of its layout."""
    marks = laid(slip, 576, languages, copy).marks
    return "".join("".join(mark.text.split()) for mark in marks if isinstance(mark, Glyphs))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("languages", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_clipped_or_overprinted(name: str, languages: tuple[Language, ...], width: int) -> None:
    """Every mark lies on the paper, and no line of text on another."""
    slip = laid(EVERY[name], width, languages, CopyMark(RECEIVED))
    boxes: list[tuple[float, float, float, float]] = []
    for mark in slip.marks:
        match mark:
            case Glyphs():
                box = (mark.x, mark.y, mark.x + text_width(mark.text, mark.style), mark.y + mark.style.leading)
                boxes.append(box)
            case Ink():
                box = (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
            case Picture():
                box = (mark.x, mark.y, mark.x + mark.image.width, mark.y + mark.image.height)
                boxes.append(box)
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= width + 0.5
        assert box[3] <= slip.height
    boxes.sort(key=lambda box: box[1])
    for index, (left, _, right, bottom) in enumerate(boxes):
        for other in boxes[index + 1 :]:
            if other[1] >= bottom:
                break
            assert other[0] >= right or other[2] <= left, "two texts overlap"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVERY)
def test_no_print_is_below_ten_points(name: str, width: int) -> None:
    """Design rule: print is at least 10 pt."""
    sizes = {mark.style.size for mark in laid(EVERY[name], width, BILINGUAL).marks if isinstance(mark, Glyphs)}
    assert min(sizes) * 72 / DOTS_PER_INCH >= 10


@pytest.mark.parametrize("languages", LANGUAGES)
def test_filing_receipt_has_every_field_the_law_asks_for(languages: tuple[Language, ...]) -> None:
    """登记立案规定 2 (date received), 民诉法 69 (name, pages, copies, original or copy, time), 登记立案规定 8 (day of
    decision)."""
    text = words(TYPICAL, languages)
    for language in languages:
        for wording in (TYPICAL.court, TYPICAL.cause, *(document.name for document in TYPICAL.documents)):
            assert "".join(wording.in_(language).split()) in text
    assert TYPICAL.receipt_no in text
    assert {Language.ZH: "2026年7月7日14:05", Language.KO: "2026년7월7일14:05", Language.EN: "7July202614:05"}[
        languages[0]
    ] in text
    assert "¥2,300.00" in text
    assert "金**" in text
    for language, parts in {
        Language.ZH: ["3页×2份，原件", "1页×1份，复印件", "2026年7月14日", "12368"],
        Language.KO: ["3쪽×2부,원본", "1쪽×1부,복사본", "2026년7월14일", "12368"],
        Language.EN: ["Pages3,copies2,original", "Pages1,copies1,copy", "14July2026", "12368"],
    }.items():
        assert language not in languages or all(part in text for part in parts)


def test_received_at_is_told_in_china_time() -> None:
    """The date received is the litigant's proof; it is never a day off."""
    receipt = CorrectionList(COURT, "X", datetime(2026, 7, 7, 16, 30, tzinfo=UTC), "金*", CORRECTIONS.items, "", "")
    assert "2026年7月8日00:30" in words(receipt, (Language.ZH,))


def test_chinese_stands_first() -> None:
    """S2-1: both names of the court, Chinese first by default, the other order on request."""
    chinese_first, korean_first = words(TYPICAL, BILINGUAL), words(TYPICAL, tuple(reversed(BILINGUAL)))
    assert chinese_first.index(COURT.zh) < chinese_first.index(COURT.ko)
    assert korean_first.index(COURT.ko) < korean_first.index(COURT.zh)


def test_cross_region_names_both_courts() -> None:
    """S0-27: handling and competent court are separate; one line where they are the same."""
    text = words(LONG, (Language.ZH,))
    assert text.index("协作法院" + LONG.handling_court.zh) < text.index("管辖法院")
    assert "协作法院" not in words(TYPICAL, (Language.ZH,))


def test_copy_is_marked_in_every_language_on_top_and_at_the_foot() -> None:
    """A reprint is never taken for a second receipt, whatever language the slip is in."""
    text = words(TYPICAL, (Language.EN,), CopyMark(RECEIVED))
    assert text.startswith("副本/사본/COPY")
    assert text.endswith("副本/사본/COPY")
    assert "COPY" not in words(TYPICAL, (Language.EN,))


def test_every_correction_is_on_the_list() -> None:
    """登记立案规定 7: told once and completely."""
    text = words(CORRECTIONS, BILINGUAL)
    assert all("".join(item.text.in_(language).split()) in text for item in CORRECTIONS.items for language in BILINGUAL)
    assert all(item.basis.replace(" ", "") in text for item in CORRECTIONS.items)
    assert all(f"{number}." in text for number in range(1, len(CORRECTIONS.items) + 1))
    with pytest.raises(ValueError, match="without corrections"):
        CorrectionList(COURT, "X", RECEIVED, "金*", (), "", "")


def test_window_ticket_says_where_and_what() -> None:
    """S0-25: whoever goes on at the window loses nothing."""
    text = words(WINDOW, BILINGUAL)
    assert all(part in text for part in ("W-0042", "3号窗口", "3번창구", "身份信息", "起诉状和证据"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("receipt", [TYPICAL, LONG, NUMBER])
def test_code_can_be_read_from_the_slip(receipt: Slip, width: int) -> None:
    picture = np.asarray(render(receipt, width).convert("L"))
    framed = cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(255,))
    assert cv2.QRCodeDetector().detectAndDecode(framed)[0] == receipt.qr


@pytest.mark.parametrize("width", WIDTHS)
def test_picture_is_one_bit_and_as_wide_as_the_paper(width: int) -> None:
    picture = render(TYPICAL, width, BILINGUAL)
    assert (picture.mode, picture.width) == ("1", width)
    again = Image.open(io.BytesIO(to_png(picture)))
    assert again.mode == "1"
    assert again.tobytes() == picture.tobytes()


def test_receipt_number_is_the_largest_print() -> None:
    marks = [mark for mark in laid(TYPICAL, 384, BILINGUAL).marks if isinstance(mark, Glyphs)]
    largest = max(mark.style.size for mark in marks)
    assert "".join(mark.text for mark in marks if mark.style.size == largest) == TYPICAL.receipt_no


@pytest.mark.parametrize("width", WIDTHS)
def test_a_place_in_the_queue_is_read_across_a_room(width: int) -> None:
    """S2-6: capitals of at least 9 mm, twice as large as anything else on the slip, on one line."""
    marks = [mark for mark in laid(NUMBER, width, BILINGUAL).marks if isinstance(mark, Glyphs)]
    (number,) = [mark for mark in marks if mark.text == NUMBER.number]
    assert number.style.size * 0.733 / DOTS_PER_INCH * 25.4 >= 9
    assert number.style.size >= 2 * max(mark.style.size for mark in marks if mark is not number)


@pytest.mark.parametrize("languages", LANGUAGES)
def test_a_number_says_what_who_waits_needs(languages: tuple[Language, ...]) -> None:
    """S1-24, S2-6: matter, class, people ahead, wait, windows, time; of the person only the masked name (N4)."""
    text = words(NUMBER, languages)
    assert NUMBER.ticket_class is not None
    assert NUMBER.wait is not None
    for language in languages:
        for wording in (NUMBER.service, *NUMBER.further, NUMBER.ticket_class, NUMBER.wait):
            assert "".join(wording.in_(language).split()) in text
    for part in ("AB1012", "金*洙", "1,2,3", "14:05", "12"):
        assert part in text


@pytest.mark.parametrize("languages", LANGUAGES)
def test_a_report_says_by_when_the_court_answers(languages: tuple[Language, ...]) -> None:
    """S2-11: number, what, where, when, and the day; of the person's own words and telephone nothing (N4)."""
    text = words(UNRESOLVED, languages)
    assert UNRESOLVED.answer_by is not None
    for part in ("B20260707-001", "T-3F9A12C7", written_day(UNRESOLVED.happened, languages[0]), "14:05"):
        assert "".join(part.split()) in text
    for language in languages:
        assert "".join(written_day(UNRESOLVED.answer_by, language).split()) in text
        for wording in (UNRESOLVED.kind, UNRESOLVED.where):
            assert "".join(wording.in_(language).split()) in text


def test_a_report_without_the_court_promises_no_day() -> None:
    """The terminal's own reference instead, and that the number follows."""
    alone = replace(UNRESOLVED, number="", answer_by=None)
    text = words(alone, (Language.ZH,))
    assert "T-3F9A12C7" in text
    assert "法院编号随后给出" in text
    assert "答复，或者说明原因" not in text
    picture = np.asarray(render(alone, 576).convert("L"))
    framed = cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(255,))
    assert cv2.QRCodeDetector().detectAndDecode(framed)[0] == alone.reference


def test_a_number_without_more_says_no_more() -> None:
    """Given by the terminal alone: how many are ahead is not known, and nothing is made up."""
    bare = replace(NUMBER, ahead=None, wait=None, windows=(), holder="", ticket_class=None, further=(), appointed="")
    text = words(bare, (Language.ZH,))
    assert not any(label in text for label in ("前面还有", "预计等候", "办理窗口", "取号人", "类别"))
    assert "号码有效" in text
    assert "号码有效" not in words(replace(bare, offline=False), (Language.ZH,))


@pytest.mark.parametrize(("languages", "seconds"), [((Language.ZH,), 1.5), (BILINGUAL, 2.3)])
def test_a_number_is_quickly_sent(languages: tuple[Language, ...], seconds: float) -> None:
    """An ordinary number on 80 mm paper over a serial line of 115200 baud: nobody waits for the slip."""
    slip = replace(NUMBER, court=COURT, number="A012", ticket_class=None, offline=False, further=(), appointed="")
    commands = encode(dots_of(render(slip, 576, languages), 576))
    assert sum(map(len, commands)) <= seconds * 11_520


def test_rare_characters_show_and_unknown_ones_leave_a_mark() -> None:
    """A name character outside the face is a visible gap to write in, never nothing (㐂 and 䶮 are in the face)."""
    assert drawable("㐂䶮𠮷 金哲洙\u200b") == "㐂䶮𠮷 金哲洙"
    assert [drawable(c) for c in ("\U000323af", "\ue000", "\U0003fffd", "\ud842")] == ["〓"] * 4


def test_missing_face_names_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("COURT_KIOSK_FONTS", str(tmp_path))
    with pytest.raises(FontMissingError, match=r"NotoSansCJKsc-Bold\.otf"):
        font_file(Weight.BOLD)


def test_thin_strokes_survive() -> None:
    """Every character of a label leaves ink in each of its rows of strokes: 一 is a whole line, not dots."""
    style = Style(Weight.REGULAR, 29)
    dots = ~np.asarray(paint(Paragraph("一", style).lay(60), 60))
    assert dots.sum(axis=1).max() >= 24
