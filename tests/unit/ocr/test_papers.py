"""What papers propose: drawn papers as the engine read them, and wordings that loan notes and contracts use (S1-32)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.i18n import Language
from kiosk.ocr.model import FieldProposal, PageClass, PageText
from kiosk.ocr.papers.amounts import amounts
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.running import plain
from kiosk.ocr.understand import proposals_of, understood
from kiosk.ocr.words import field_words, paper_words
from tests.unit.ocr.layouts import LAYOUTS
from tests.unit.ocr.record import recorded
from tests.unit.ocr.typeset import line, page, written

KINDS = {
    "identity_front": PageClass.IDENTITY_CARD,
    "identity_back": PageClass.IDENTITY_CARD,
    "card_copy": PageClass.IDENTITY_CARD,
    "licence": PageClass.BUSINESS_LICENCE,
    "licence_in_columns": PageClass.BUSINESS_LICENCE,
    "iou": PageClass.IOU,
    "debt_note": PageClass.IOU,
    "lease": PageClass.CONTRACT,
    "judgment": PageClass.JUDGMENT,
    "mediation": PageClass.JUDGMENT,
    "transfer": PageClass.TRANSFER,
    "chat": PageClass.CHAT,
    "fee_notice": PageClass.OTHER,
    "slip": PageClass.OTHER,
    "columns": PageClass.OTHER,
}
OWN_NAMES = {
    "licence": {"company": "name", "head": "legal_representative"},
    "iou": {"number": "borrower_number"},
    "lease": {"landlord": "party_a", "tenant": "party_b", "rent": "amount"},
    "judgment": {"case": "case_number", "amount": "", "filed": ""},
    "chat": {"partner": ""},
    "fee_notice": {"reference": "", "fee": ""},
    "slip": {"total": ""},
    "columns": {"first": "", "second": ""},
}


def proposed(text: PageText, kind: PageClass) -> dict[str, FieldProposal]:
    return {one.field: one for one in reversed(proposals_of(text, kind))}


def like(value: str) -> str:
    """A value as proposals write it."""
    text = plain(value)
    if day := re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text):
        return date(*(int(part) for part in day.groups())).isoformat()
    if re.fullmatch(r"[\d,]+(\.\d{2})?", text) and ("," in text or "." in text):
        return format(Decimal(text.replace(",", "")), ".2f")
    return text


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_drawn_paper_is_told_and_its_fields_are_exact(name: str) -> None:
    kept = recorded(name)
    read = understood(kept.text)
    assert read.paper.kind is KINDS[name]
    values = {one.field: plain(one.value) for one in reversed(read.proposals)}
    for field, value in kept.fields.items():
        key = OWN_NAMES.get(name, {}).get(field, field)
        if key:
            assert values.get(key) == like(value), (field, value)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_proposal_says_where_it_stands_and_has_words(name: str) -> None:
    read = understood(recorded(name).text)
    assert all(paper_words(read.paper.kind).in_(language) for language in Language)
    for one in read.proposals:
        assert all(field_words(read.paper.kind, one).in_(language) for language in Language)
        assert one.quads
        assert 0 < one.confidence <= 1


TITLES = {
    "identity_front": r".{3}的居民身份证",
    "identity_back": "居民身份证（国徽面）",
    "licence": ".*有限公司营业执照",
    "iou": "借条（.{3}，20..年.*日）",
    "debt_note": "欠条（.{3}，20..年.*日）",
    "lease": "房屋租赁合同",
    "judgment": "示例市示例区人民法院（20..）示0101民初.*号民事判决书",
    "mediation": "吉林省延吉市人民法院（2025）吉2401民初1234号民事调解书",
    "transfer": ".*转账凭证（20..年.*日）",
    "chat": "聊天记录",
    "fee_notice": "诉讼费用交纳通知书",
    "columns": "诉讼服务指南",
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_for_the_evidence_list_says_what_it_is(name: str) -> None:
    assert re.fullmatch(TITLES[name], understood(recorded(name).text).title)


def test_what_a_card_says_of_birth_and_sex_is_checked_by_its_number() -> None:
    front = recorded("identity_front").text
    card = proposed(front, PageClass.IDENTITY_CARD)
    assert [card[field].checked for field in ("number", "birth", "sex", "name")] == [True, True, True, False]
    born = tuple(msgspec.structs.replace(one, text=re.sub(r"\d{4}年", "1951年", one.text)) for one in front.lines)
    other = proposed(PageText(front.width, front.height, born), PageClass.IDENTITY_CARD)["birth"]
    assert (other.value[:4], other.checked) == ("1951", False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["借条", "今向张示例借款人民币伍万元整（50000元），期限12个月，月息1分。", "借款人：李示范", "2024.3.1"],
            {"lender": "张示例", "borrower": "李示范", "amount": "50000.00", "term": "12个月", "rate": "月息1分"}
            | {"date": "2024-03-01"},
        ),
        (
            ["欠条", "今欠示例市王氏建材商店货款12,345.60元，2025年5月1日前付清。", "欠款人：赵样例", "2025.1.5"],
            {"lender": "示例市王氏建材商店", "borrower": "赵样例", "amount": "12345.60"}
            | {"due": "2025-05-01", "date": "2025-01-05"},
        ),
        (
            ["收条", "今收到金示例交来购房定金人民币贰万元整。", "收款人：朴示范", "二〇二四年十月八日"],
            {"lender": "金示例", "borrower": "朴示范", "amount": "20000.00", "date": "2024-10-08"},
        ),
        (
            ["借据", "出借人：周样本", "借款人：吴样例", "借款金额：人民币3万元", "借款期限：2年", "年利率：12%"],
            {"lender": "周样本", "borrower": "吴样例", "amount": "30000.00", "term": "2年", "rate": "年利率:12%"},
        ),
    ],
)  # fmt: skip
def test_notes_of_debt_in_common_wordings(words: list[str], expected: dict[str, str]) -> None:
    read = understood(written(words))
    assert read.paper.kind is PageClass.IOU
    values = {one.field: one.value for one in reversed(read.proposals)}
    assert values == expected


def test_figures_and_capitals_that_differ_are_both_proposed_and_neither_is_checked() -> None:
    note = written(["借条", "今借到张示例人民币伍万元整（¥5,000.00）。", "借款人：李示范"])
    both = [one for one in proposals_of(note, PageClass.IOU) if one.field == "amount"]
    assert [(one.value, one.checked) for one in both] == [("50000.00", False), ("5000.00", False)]
    assert all(one.confidence < 0.6 for one in both)


def test_a_contract_says_what_its_parties_are_called() -> None:
    text = written(
        [
            "买卖合同",
            "合同编号：SL-2024-018",
            "出卖人（甲方）：示例市李氏示例钢材有限公司",
            "买受人（乙方）：张示范",
            "签订日期：2024年7月9日",
            "第一条  标的物为示例牌钢材十吨。",
            "第二条  合同总价款为人民币叁万陆仟元整（¥36,000.00元）。",
            "第三条  逾期付款的，按日支付违约金50.00元。",
        ]
    )
    values = {one.field: one for one in reversed(proposals_of(text, PageClass.CONTRACT))}
    assert {field: one.value for field, one in values.items()} == {
        "title": "买卖合同",
        "number": "SL-2024-018",
        "party_a": "示例市李氏示例钢材有限公司",
        "party_b": "张示范",
        "amount": "36000.00",
        "date": "2024-07-09",
    }
    assert values["amount"].checked


def test_a_complaint_that_lists_name_and_number_is_no_identity_card() -> None:
    fields = ["原告姓名：李示例", "性别：男", "民族：汉族", "住址：吉林省延吉市示例街1号", "公民身份号码：见身份证"]
    words = ["民事起诉状", *fields, *(f"事实与理由第{number}段，被告至今没有归还。" for number in range(28))]
    assert understood(written(words)).paper.kind is PageClass.OTHER


def test_a_page_without_words_is_other_and_proposes_nothing() -> None:
    read = understood(PageText(100, 100, ()))
    assert (read.paper.kind, read.title, read.proposals) == (PageClass.OTHER, "", ())


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0}年{1}月{2}日", "{0}.{1:02}.{2:02}", "{0}-{1}-{2}"]),
)
def test_days_are_read_as_they_were_written(day: date, form: str) -> None:
    text = f"于{form.format(day.year, day.month, day.day)}，"
    assert [found.value for found in days(text)] == [day]


@given(st.integers(1, 99_999_999), st.integers(0, 99))
def test_an_amount_in_figures_is_read_as_it_was_written(yuan: int, fen: int) -> None:
    value = Decimal(yuan) + Decimal(fen) / 100
    for text in (f"共¥{value:,.2f}。", f"共{value:.2f}元。"):
        assert [one.value for one in amounts(text)] == [value]


@given(st.text("借条今到人民币伍万元整¥50,.0()（）：:\n年月日一二三四李示例OI身份证号码222401", max_size=120))
def test_no_text_makes_reading_fail(text: str) -> None:
    for kind in PageClass:
        proposals_of(written(text.split("\n")), kind)
    understood(written(text.split("\n")))


def test_a_label_spread_over_two_pieces_and_a_value_over_two_rows_are_found() -> None:
    text = page(
        line("姓", 100, 100),
        line("名", 180, 100),
        line("李示例", 260, 100),
        line("住址", 100, 200),
        line("吉林省延吉市示例街", 260, 200),
        line("样本", 900, 215),
        line("12号3单元", 260, 245),
        line("公民身份号码", 100, 400),
    )
    card = proposed(text, PageClass.IDENTITY_CARD)
    assert (card["name"].value, card["address"].value) == ("李示例", "吉林省延吉市示例街12号3单元")
