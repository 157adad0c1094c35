"""Which reading is offered where: the questions exist, take what is read, and no reading was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from kiosk.flow.offers.model import CHECKABLE
from kiosk.flow.offers.table import ANY_FORM, PARTIES, QUESTIONS, SUBJECTS, About
from kiosk.flow.offers.values import as_answer, same
from kiosk.forms.library import FormLibrary
from kiosk.forms.model import Form, Question
from kiosk.i18n import catalogue
from kiosk.ocr.model import PageClass

FORMS = FormLibrary.load()

EXAMPLES = {
    "amount": "50000.00",
    "rate": "年利率3.45%",
    "date": "2025-01-15",
    "due": "2025-12-31",
    "birth": "1980-01-01",
    "sex": "女",
    "type": "个体工商户",
}
"""How the readers write what is not a text."""

NOT_OFFERED = {
    (PageClass.IDENTITY_CARD, "authority"),
    (PageClass.IDENTITY_CARD, "valid_from"),
    (PageClass.IDENTITY_CARD, "valid_until"),
    (PageClass.BUSINESS_LICENCE, "capital"),
    (PageClass.BUSINESS_LICENCE, "founded"),
    (PageClass.IOU, "term"),  # how long, not until when; no form asks it
    (PageClass.JUDGMENT, "kind"),  # decides which ruling it is
}
"""Readings that no form asks for."""


def rows() -> Iterator[tuple[Form, Question, PageClass, str]]:
    """Every way from a reading to a question."""
    for form_id, questions in QUESTIONS.items():
        for name, sources in questions.items():
            forms = [FORMS.get(form_id)] if form_id else [form for form in FORMS.all() if name in form.entries]
            assert forms, name
            for form in forms:
                for source in sources:
                    yield form, form.entries[name].question, source.paper, source.reading
    for form_id, places in PARTIES.items():
        form = FORMS.get(form_id)
        for place in places:
            assert not place.repeat or place.repeat in form.repeats
            assert not place.kind or place.kind in form.entries
            for about, names in place.fields.items():
                for name in names:
                    assert form.entries[name].repeat == place.repeat
                    for paper, roles in SUBJECTS.items():
                        for reading, (_, what) in roles.items():
                            if what is about:
                                yield form, form.entries[name].question, paper, reading


ROWS = list(rows())


@pytest.mark.parametrize(
    ("form", "question", "paper", "reading"),
    ROWS,
    ids=[f"{paper.value}.{reading}-{form.form_id}.{question.name}" for form, question, paper, reading in ROWS],
)
def test_every_mapped_question_exists_and_takes_what_is_read(
    form: Form, question: Question, paper: PageClass, reading: str
) -> None:
    """S0-18."""
    assert f"ocr.field.{paper.value}.{reading}" in catalogue(), "no reader reads this"
    assert question.is_asked
    assert as_answer(question, reading, EXAMPLES.get(reading, "示例")) is not None, form.form_id


def test_no_reading_was_forgotten() -> None:
    readable = {tuple(key.split(".")[2:]) for key in catalogue() if key.startswith("ocr.field.")}
    mapped = {(paper.value, reading) for _, _, paper, reading in ROWS}
    assert readable - mapped == {(paper.value, reading) for paper, reading in NOT_OFFERED}
    assert all((paper.value, one) in readable for paper, checkable in CHECKABLE.items() for one in checkable)


def test_every_form_is_thought_of() -> None:
    unmapped = {form.form_id for form in FORMS.all()} - {*QUESTIONS, *PARTIES, ANY_FORM}
    # Who stands here said so before anything is scanned; a claim stands on no paper; a title is offered by itself.
    assert unmapped == {"identity_typed", "general", "evidence_item"}


@pytest.mark.parametrize(
    ("written", "percent", "period"),
    [
        ("年利率3.45%", "3.45", "year"),
        ("月利率1%", "1", "month"),
        ("月息2分", "2", "month"),
        ("月息两分", "2", "month"),
        ("月息一分五厘", "1.5", "month"),
        ("月息一分半", "1.5", "month"),
        ("月利息5厘", "0.5", "month"),
        ("年息1分", "10", "year"),
        ("年利率为12‰", "1.2", "year"),
        ("年利息百分之十二", "12", "year"),
        ("年利率百分之三点四五", "3.45", "year"),
        ("利率6%", "6", None),
        ("利息2分", None, None),  # of a month by custom, of a year by the book: only the person knows
        ("年息", None, "year"),
    ],
)
def test_a_rate_is_read_as_percent_of_its_time(written: str, percent: str | None, period: str | None) -> None:
    form = FORMS.get("private_lending")
    rate = as_answer(form.entries["rate"].question, "rate", written)
    assert rate == (Decimal(percent) if percent is not None else None)
    assert as_answer(form.entries["rate_period"].question, "rate", written) == period


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("有限责任公司（自然人独资）", "limited"),
        ("股份有限公司(非上市)", "stock"),
        ("个人独资企业", "sole_proprietor"),
        ("普通合伙企业", "partnership"),
        ("个体工商户", "individual_business"),
        ("看不清", None),
    ],
)
def test_a_kind_of_company_is_chosen_by_its_name(written: str, kind: str | None) -> None:
    question = FORMS.get("plaintiff_organisation").entries["organisation_kind"].question
    assert as_answer(question, "type", written) == kind


def test_an_ethnic_group_is_written_as_the_form_has_it() -> None:
    question = FORMS.get("plaintiff_natural").entries["nation"].question
    assert as_answer(question, About.NATION.value, "朝鲜") == "朝鲜族"
    assert as_answer(question, About.NATION.value, "满族") == "满族"


def test_what_is_no_value_makes_no_answer() -> None:
    entries = FORMS.get("private_lending").entries
    assert as_answer(entries["contract_date"].question, "date", "长期") is None
    assert as_answer(entries["agreed_amount"].question, "amount", "伍万") is None
    assert as_answer(entries["agreed_amount"].question, "amount", "NaN") is None
    assert as_answer(entries["lender"].question, "lender", "  ") is None


def test_widths_and_blanks_are_no_difference() -> None:
    assert same("长春示例（集团）公司", "长春 示例(集团)公司")
    assert same(Decimal("50000.00"), Decimal(50000))
    assert not same("李示例", "李例示")
