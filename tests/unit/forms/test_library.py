"""The forms that ship: complete, reachable, translated, short, and asking no more than the statute allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs are not worth a dependency
import pytest

from kiosk.forms.answers import Answers
from kiosk.forms.answers_json import to_json
from kiosk.forms.evaluate import evaluate
from kiosk.forms.findings import Severity
from kiosk.forms.library import BUILT_IN, FormLibrary
from kiosk.forms.model import MOST_FIELDS_PER_PAGE, Form, Group, Item, Question, QuestionType
from kiosk.forms.paths import SAMPLE_DAY, Walk, sample_answers, walks
from kiosk.forms.problems import FormError
from kiosk.forms.report import report
from kiosk.forms.schema import answers_schema
from kiosk.i18n import Text
from kiosk.identity.checks import check
from kiosk.identity.codes import Sex
from kiosk.identity.model import IdentityNumber
from kiosk.law.causes import table
from tests.unit.forms.workbooks import question, yaml_form

LIBRARY = FormLibrary.load()
FORMS = LIBRARY.all()
ELEMENT = ("private_lending", "sale_contract", "divorce", "labour_dispute", "property_service", "house_lease")
COMPLAINTS = (*ELEMENT, "general")
FEE_KINDS = {
    *("property", "divorce", "personality", "ip", "labour", "payment-order", "preservation", "bankruptcy"),
    *("public-summons", "arbitration", "confirmation", "special"),
}
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form_id)


@cache
def walked(form_id: str) -> tuple[Walk, ...]:
    return tuple(walks(LIBRARY.get(form_id)))


def wordings(form: Form) -> Iterator[Text]:
    def inside(items: tuple[Item, ...]) -> Iterator[Text]:
        for item in items:
            yield from (text for text in (item.label, item.hint) if text is not None and text.zh)
            if isinstance(item, Question):
                yield from (text for text in (item.constraint_message, item.speak, item.evidence) if text is not None)
                yield from (choice.label for choice in item.choices)
            else:
                yield from inside(item.items)

    yield form.title
    yield from inside(form.items)


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.yaml")), ids=lambda path: path.stem)
def test_report_finds_nothing(path: Path) -> None:
    assert report(path) == ()


@each_form
def test_every_question_and_choice_is_walked_to(form: Form) -> None:
    """S0-18: the walks visit every question on a page, and leave nothing missing there."""
    shown: set[str] = set()
    for walk in walked(form.form_id):
        state = evaluate(form, walk.answers, SAMPLE_DAY)
        shown |= {view.question.name for page in state.pages for view in page.questions}
        target = walk.leads_to.partition("=")[0]
        assert target in {view.question.name for page in state.pages for view in page.questions}
        assert not [f for f in state.findings if f.severity is Severity.MISSING]
    assert shown == {name for name, entry in form.entries.items() if entry.question.is_shown}


@each_form
def test_pages_hold_one_topic_and_at_most_five_fields(form: Form) -> None:
    """ux-rules 10 and 11."""
    for walk in walked(form.form_id):
        for page in evaluate(form, walk.answers, SAMPLE_DAY).pages:
            assert page.title.zh
            assert sum(view.question.is_asked for view in page.questions) <= MOST_FIELDS_PER_PAGE


@each_form
def test_samples_are_complete_valid_and_repeatable(form: Form) -> None:
    for seed in range(20):
        answers = sample_answers(form, seed)
        state = evaluate(form, answers, SAMPLE_DAY)
        assert [f for f in state.findings if f.severity is not Severity.ADVICE] == []
        assert sample_answers(form, seed) == answers
        for name, entry in form.entries.items():
            value = None if entry.repeat else answers.get(name)
            if entry.question.pii is not None and entry.question.pii.value == "address" and value is not None:
                assert "示例" in str(value)


def test_sample_identity_agrees_with_itself() -> None:
    for seed in range(20):
        person = sample_answers(LIBRARY.get("plaintiff_natural"), seed)
        if person["id_number"] is not None:
            number = check(str(person["id_number"]))
            assert isinstance(number, IdentityNumber)
            assert (number.birth, number.sex) == (person["birth"], Sex.MALE if person["sex"] == "male" else Sex.FEMALE)
        organisation = sample_answers(LIBRARY.get("plaintiff_organisation"), seed)
        if organisation["uscc"] is not None:
            assert isinstance(check(str(organisation["uscc"])), IdentityNumber)


def test_sample_opponents_agree_with_themselves() -> None:
    """A clerk who tries the console with sample complaints is not shown people who cannot be."""
    told = set()
    for seed in range(40):
        for opponent in sample_answers(LIBRARY.get("defendants"), seed).instances("defendants"):
            typed = opponent.value("defendant_id_number")
            if typed is None:
                continue
            number = check(str(typed))
            assert isinstance(number, IdentityNumber)
            assert opponent.value("defendant_birth") in (None, number.birth)
            sex = {Sex.MALE: "male", Sex.FEMALE: "female", None: None}[number.sex]
            assert opponent.value("defendant_sex") in (None, sex)
            told.add(typed)
    assert len(told) > 5


@each_form
def test_answers_match_their_json_schema(form: Form) -> None:
    """S0-18: the envelope is validated at both ends."""
    schema = answers_schema(form)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for walk in walked(form.form_id)[::5]:
        validator.validate(to_json(evaluate(form, walk.answers, SAMPLE_DAY).answers))
    validator.validate({})
    assert not validator.is_valid({"unheard_of": "x"})


def test_schema_refuses_what_is_no_answer() -> None:
    validator = jsonschema.Draft202012Validator(answers_schema(LIBRARY.get("private_lending")))
    for wrong in (
        {"principal_owed": 1.5},
        {"principal_owed": "1,000"},
        {"claim_interest": "maybe"},
        {"provided_how": ["gold"]},
        {"contract_date": "5.3.2024"},
    ):
        assert not validator.is_valid(wrong)


@each_form
def test_required_is_only_what_the_statute_names(form: Form) -> None:
    """Requirements section 0 item 5: a required row cites the article that asks for it."""
    allowed = (
        "《中华人民共和国民事诉讼法》第一百二十四条",
        "《中华人民共和国民事诉讼法》第六十二条",
        "《最高人民法院关于民事诉讼证据的若干规定》第十九条",
        "《最高人民法院关于以法院专递方式邮寄送达民事诉讼文书的若干规定》第四条",
    )
    for entry in form.entries.values():
        if entry.question.required:
            assert any(article in entry.question.clause for article in allowed), entry.question.name
            assert entry.question.name not in {"id_number", "defendant_id_number"}


@each_form
def test_everything_stands_somewhere_in_the_pleading(form: Form) -> None:
    for entry in form.entries.values():
        if entry.question.is_asked:
            assert entry.question.doc, entry.question.name
            assert entry.question.clause, entry.question.name


@each_form
def test_chinese_clauses_are_short(form: Form) -> None:
    """ux-rules 19: at most 25 characters between punctuation marks."""
    for text in wordings(form):
        for clause in re.split(r"[，。；：、？！（）“”]", text.zh):
            assert len(clause) <= 25, clause


@each_form
def test_wordings_are_in_their_language(form: Form) -> None:
    """Korean follows Yanbian usage: 림대, 로동, 리혼, 리자, 년, 녀 at the head of words, not 임대, 노동, 이혼, 이자."""
    southern = re.compile(r"(?<![가-힣])(임대|노동|이혼|이자|이행|이유|연락|여성|연도|용도지|유형|임금|입법)")
    for text in wordings(form):
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert re.search(r"[\uac00-\ud7a3]", text.ko)
        assert not re.search(r"[\u4e00-\u9fff]", text.ko)
        assert not southern.search(text.ko), text.ko
        assert not re.search(r"[\u4e00-\u9fff\uac00-\ud7a3]", text.en)


@pytest.mark.parametrize("form_id", COMPLAINTS)
def test_every_complaint_gives_what_the_fee_needs(form_id: str) -> None:
    form = LIBRARY.get(form_id)
    for seed in range(10):
        values = evaluate(form, sample_answers(form, seed), SAMPLE_DAY).values
        assert values["fee_kind"] in FEE_KINDS
        amount = values["amount_in_dispute"]
        assert isinstance(amount, Decimal)
        assert amount >= 0


@pytest.mark.parametrize("form_id", COMPLAINTS)
def test_every_complaint_has_what_article_124_asks_for(form_id: str) -> None:
    """民诉法 124 items 3: claims, and the facts and reasons; agreed forum and preservation as on the official forms."""
    form = LIBRARY.get(form_id)
    assert form.entries["facts"].question.required
    docs = {entry.question.doc for entry in form.entries.values()}
    assert {"claims", "facts"} <= docs
    if (
        form_id != "labour_dispute"
    ):  # labour disputes go to the commission of the place (调解仲裁法 21), no forum is agreed
        assert {"forum", "preservation"} <= docs


@pytest.mark.parametrize("form_id", [form_id for form_id in ELEMENT if form_id != "divorce"])
def test_amounts_add_up_on_every_walk(form_id: str) -> None:
    """All money on the pages of the claims is in the total, and nothing else is."""
    form = LIBRARY.get(form_id)
    for walk in walked(form_id):
        state = evaluate(form, walk.answers, SAMPLE_DAY)
        claimed = Decimal(0)
        for name, value in state.answers.items():
            question = form.entries[name].question if name in form.entries else None
            if isinstance(value, Decimal) and question is not None and question.doc == "claims" and question.is_money:
                claimed += value
        assert state.values["amount_in_dispute"] == claimed


CONTRACTS = "合同、准合同纠纷/合同纠纷"
LABOUR = "劳动争议、人事争议、新就业形态用工纠纷"


@pytest.mark.parametrize(
    ("code", "path", "form_id"),
    [
        ("108.03", f"{CONTRACTS}/借款合同纠纷/民间借贷纠纷", "private_lending"),
        ("088", f"{CONTRACTS}/买卖合同纠纷", "sale_contract"),
        ("088.08", f"{CONTRACTS}/买卖合同纠纷/信息网络买卖合同纠纷", "sale_contract"),
        ("014", "婚姻家庭、继承纠纷/婚姻家庭纠纷/离婚纠纷", "divorce"),
        ("205.05", f"{LABOUR}/劳动争议/劳动合同纠纷/追索劳动报酬纠纷", "labour_dispute"),
        ("126", f"{CONTRACTS}/物业服务合同纠纷", "property_service"),
        ("116.02", f"{CONTRACTS}/租赁合同纠纷/房屋租赁合同纠纷", "house_lease"),
        ("116", f"{CONTRACTS}/租赁合同纠纷", "general"),
        ("096", f"{CONTRACTS}/房屋买卖合同纠纷", "general"),
        ("210", f"{LABOUR}/人事争议/聘用合同纠纷", "general"),
        ("232", "海事海商纠纷/海事海商纠纷/船舶买卖合同纠纷", "general"),
        ("015", "婚姻家庭、继承纠纷/婚姻家庭纠纷/离婚后财产纠纷", "general"),
    ],
)
def test_form_of_a_cause(code: str, path: str, form_id: str) -> None:
    assert LIBRARY.for_cause(code, path).form_id == form_id


def test_supporting_forms_have_what_the_card_fills_in() -> None:
    person = LIBRARY.get("plaintiff_natural").entries
    assert {"name", "sex", "birth", "nation", "id_kind", "id_number", "address", "habitual_residence"} <= person.keys()
    assert {"phone", "occupation", "employer"} <= person.keys()
    assert "e_service" not in " ".join(LIBRARY.get("service_address").entries)


def test_a_court_can_replace_a_form(tmp_path: Path) -> None:
    path = yaml_form(tmp_path, question("text", "x"))
    path.write_text(path.read_text(encoding="utf-8").replace("form_id: sample", "form_id: general"), encoding="utf-8")
    library = FormLibrary.load(tmp_path)
    assert list(library.get("general").entries) == ["x"]
    assert library.get("divorce") is LIBRARY.get("divorce")
    (tmp_path / "broken.yaml").write_text("survey: x", encoding="utf-8")
    with pytest.raises(FormError):
        FormLibrary.load(tmp_path)


def test_sections_hold_pages_only() -> None:
    """A question outside a page would be a page of its own, with its label as heading; the library groups by topic."""
    for form in FORMS:
        for entry in form.entries.values():
            if entry.question.type not in {QuestionType.CALCULATE, QuestionType.HIDDEN}:
                last = entry.parents[-1]
                assert isinstance(last, Group), entry.question.name
                assert last.is_page


def test_every_cause_in_force_has_a_form_and_a_fee_kind() -> None:
    """The names in the forms are those of the table in force, so a renamed cause is noticed here."""
    causes = list(table())
    for form_id in ELEMENT:
        (named,) = LIBRARY.get(form_id).causes
        found = [cause for cause in causes if LIBRARY.for_cause(cause.code, cause.text_path).form_id == form_id]
        assert named in {cause.name for cause in found}
        assert all(named in cause.path for cause in found)
    general = LIBRARY.get("general")
    kinds = {
        str(evaluate(general, Answers({"cause_path": cause.text_path}), SAMPLE_DAY).values["fee_kind"])
        for cause in causes
    }
    assert kinds == FEE_KINDS - {"divorce"}
