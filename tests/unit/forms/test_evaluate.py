"""Evaluation: which pages, which amounts, which findings. Findings inform; whatever is answered evaluates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.forms.answers import Answers, Path, Value, add_instance, set_value
from kiosk.forms.evaluate import Evaluation, evaluate
from kiosk.forms.findings import Severity
from kiosk.forms.library import FormLibrary
from kiosk.forms.paths import sample_answers
from tests.unit.forms.workbooks import choice, form, message, question

TODAY = date(2026, 3, 2)
LIBRARY = FormLibrary.load()
LENDING = LIBRARY.get("private_lending")


def page_keys(state: Evaluation) -> list[str]:
    return [page.key for page in state.pages]


def severities(state: Evaluation) -> dict[str, Severity]:
    return {str(finding.path): finding.severity for finding in state.findings}


def lending(**answers: Value) -> Evaluation:
    return evaluate(LENDING, Answers(answers), TODAY)


def test_loan_total_is_principal_interest_and_costs() -> None:
    state = lending(
        principal_owed=Decimal("100000.00"),
        claim_interest="yes",
        interest_amount=Decimal("1234.56"),
        claim_costs="yes",
        costs_amount=Decimal("5000"),
    )
    assert state.values == {"amount_in_dispute": Decimal("106234.56"), "fee_kind": "property"}


def test_withdrawn_claim_counts_no_longer_but_is_remembered() -> None:
    """Answering no takes interest out of the total and the envelope; the amount comes back with the answer."""
    answers = Answers({"principal_owed": Decimal(100), "claim_interest": "no", "interest_amount": Decimal(50)})
    state = evaluate(LENDING, answers, TODAY)
    assert state.values["amount_in_dispute"] == Decimal(100)
    assert "interest_amount" not in state.answers
    again = evaluate(LENDING, set_value(answers, Path("claim_interest"), "yes"), TODAY)
    assert again.values["amount_in_dispute"] == Decimal(150)


def test_empty_form_lists_only_what_the_statute_asks_for() -> None:
    """登记立案规定 7: the correction list is complete; nothing beyond 民诉法 124 is on it."""
    state = lending()
    assert severities(state) == {"principal_owed": Severity.MISSING, "facts": Severity.MISSING}
    assert next(f.message.zh for f in state.findings) == "请填写“还欠本金多少元”"


def test_details_are_asked_only_after_yes() -> None:
    def asked(state: Evaluation) -> list[str]:
        return [view.question.name for page in state.pages if page.key == "interest" for view in page.questions]

    assert asked(lending()) == ["claim_interest"]
    assert asked(lending(claim_interest="no")) == ["claim_interest"]
    assert len(asked(lending(claim_interest="yes"))) == 5


def test_page_appears_where_its_condition_holds() -> None:
    assert "security_register" not in page_keys(lending())
    keys = page_keys(lending(real_security_contract="yes"))
    assert keys.index("security_register") == keys.index("real_security") + 1


@pytest.mark.parametrize(
    ("name", "value", "severity"),
    [
        ("principal_owed", Decimal(0), Severity.INVALID),
        ("principal_owed", Decimal("1.001"), Severity.INVALID),
        ("principal_owed", "一万", Severity.INVALID),
        ("principal_owed", Decimal("NaN"), Severity.INVALID),
        ("principal_as_of", date(2026, 3, 3), Severity.INVALID),
        ("claim_interest", "maybe", Severity.INVALID),
        ("provided_how", ("cash", "gold"), Severity.INVALID),
        ("facts", "  ", Severity.MISSING),
    ],
)
def test_wrong_answer_is_found_and_blocks_nothing(name: str, value: Value, severity: Severity) -> None:
    state = lending(**{name: value})
    assert severities(state)[name] is severity
    assert len(state.pages) == len(lending().pages)


def test_finding_stands_beside_its_question_with_the_same_words() -> None:
    """ux-rules 12: the summary and the field say the same."""
    state = lending(principal_owed=Decimal(-5))
    beside = [view.finding for page in state.pages for view in page.questions if view.finding is not None]
    assert tuple(beside) == state.findings


def test_advice_informs_without_asking_for_correction() -> None:
    state = lending(agreed_amount=Decimal(100), provided_amount=Decimal(90), principal_owed=Decimal(90), facts="经过")
    assert severities(state) == {"deducted_note": Severity.ADVICE}


def test_divorce_property_is_added_up_over_the_instances() -> None:
    divorce = LIBRARY.get("divorce")
    answers = Answers({"has_property": "yes"})
    for index, value in enumerate(("300000", "200000.50")):
        answers = set_value(answers, Path("property_value", "properties", index), Decimal(value))
    state = evaluate(divorce, add_instance(answers, "properties"), TODAY)
    assert state.values == {"amount_in_dispute": Decimal("500000.50"), "fee_kind": "divorce"}
    assert [key for key in page_keys(state) if key.startswith("properties")] == [
        "properties[0]/property_item",
        "properties[1]/property_item",
        "properties[2]/property_item",
        "properties",
    ]
    none = evaluate(divorce, set_value(answers, Path("has_property"), "no"), TODAY)
    assert none.values["amount_in_dispute"] == Decimal(0)
    assert "properties" not in none.answers


def test_required_repeat_opens_with_an_instance_and_misses_it_if_left() -> None:
    defendants = LIBRARY.get("defendants")
    state = evaluate(defendants, Answers(), TODAY)
    assert state.pages[0].key == "defendants[0]/defendant"
    assert severities(state)["defendants"] is Severity.MISSING
    first = state.pages[0].questions[1].path
    filled = evaluate(defendants, set_value(Answers(), first, "张示例"), TODAY)
    assert "defendants" not in severities(filled)
    summary = next(page.repeat for page in filled.pages if page.key == "defendants")
    assert summary is not None
    assert [(line.summary.zh, line.first_page) for line in summary.instances] == [("张示例", "defendants[0]/defendant")]


def test_number_of_the_defendant_is_never_asked_for() -> None:
    """Requirements section 0 item 5: a defendant who can be told apart needs no number."""
    answers = Answers({"defendants": (Answers({"defendant_name": "李样例", "defendant_address": "示例路1号"}),)})
    assert evaluate(LIBRARY.get("defendants"), answers, TODAY).findings == ()


def test_findings_in_an_instance_point_at_it() -> None:
    answers = Answers({"defendants": (Answers({"defendant_name": "甲"}), Answers())})
    state = evaluate(LIBRARY.get("defendants"), answers, TODAY)
    assert Path("defendant_name", "defendants", 1) in {finding.path for finding in state.findings}
    summary = next(page.repeat for page in state.pages if page.repeat is not None)
    assert summary is not None
    assert [line.findings for line in summary.instances] == [0, 1]


def test_general_complaint_takes_its_fee_kind_from_the_cause() -> None:
    general = LIBRARY.get("general")

    def kind(path: str) -> Value:
        return evaluate(general, Answers({"cause_path": path}), TODAY).values["fee_kind"]

    assert kind("人格权纠纷/人格权纠纷/名誉权纠纷") == "personality"
    assert kind("知识产权与竞争纠纷/不正当竞争纠纷/虚假宣传纠纷") == "ip"
    assert kind("劳动争议、人事争议、新就业形态用工纠纷/人事争议/辞职纠纷") == "labour"
    assert kind("非讼程序案件案由/督促程序案件/申请支付令") == "payment-order"
    assert kind("非讼程序案件案由/监护权特别程序案件/申请确定监护人") == "special"
    assert kind("侵权责任纠纷/侵权责任纠纷/机动车交通事故责任纠纷") == "property"


def test_default_counts_until_it_is_touched(tmp_path: FilePath) -> None:
    sample = form(tmp_path, question("integer", "x", "default: 3") + question("text", "y", 'relevant: "${x} = 3"'))
    assert page_keys(evaluate(sample, Answers(), TODAY)) == ["x", "y"]
    assert evaluate(sample, Answers(), TODAY).answers == {"x": 3}
    assert page_keys(evaluate(sample, Answers({"x": None}), TODAY)) == ["x"]


def test_choice_filter_narrows_the_list_and_finds_what_fell_out(tmp_path: FilePath) -> None:
    choices = choice("place", "p1", "of: a") + choice("place", "p2", "of: b")
    kinds = choice("kind", "a") + choice("kind", "b")
    survey = question("select_one kind", "k") + question("select_one place", "p", 'choice_filter: "of = ${k}"')
    sample = form(tmp_path, survey, choices + kinds)
    state = evaluate(sample, Answers({"k": "a", "p": "p2"}), TODAY)
    assert [choice.name for choice in state.pages[1].questions[0].choices] == ["p1"]
    assert severities(state) == {"p": Severity.INVALID}


def test_constraint_sees_its_own_instance(tmp_path: FilePath) -> None:
    rows = question("decimal", "low") + question("decimal", "high", f'constraint: ". >= ${{low}}", {message()}')
    number = question("calculate", "n", 'calculation: "position(..)"')
    survey = question("begin repeat", "r") + rows + number + "  - {type: end repeat}\n"
    sample = form(tmp_path, survey + question("calculate", "total", 'calculation: "sum(${high})"'))
    one, two = {"low": Decimal(1), "high": Decimal(2)}, {"low": Decimal(5), "high": Decimal(4)}
    state = evaluate(sample, Answers({"r": (Answers(one), Answers(two))}), TODAY)
    assert severities(state) == {"r[1]/high": Severity.INVALID}
    assert state.values == {"total": Decimal(6)}
    assert [instance["n"] for instance in state.answers.instances("r")] == [Decimal(1), Decimal(2)]


def test_evaluation_never_shows_what_was_answered() -> None:
    """N: logs and tracebacks carry no personal data."""
    answers = Answers({"defendants": (Answers({"defendant_name": "张示例"}),)})
    assert "张示例" not in repr(evaluate(LIBRARY.get("defendants"), answers, TODAY))


def test_acknowledgement_reads_as_ok(tmp_path: FilePath) -> None:
    survey = question("acknowledge", "seen", "required: yes") + question("text", "x", "relevant: \"${seen} = 'OK'\"")
    sample = form(tmp_path, survey)
    assert severities(evaluate(sample, Answers({"seen": False}), TODAY)) == {"seen": Severity.MISSING}
    assert page_keys(evaluate(sample, Answers({"seen": True}), TODAY)) == ["seen", "x"]


_rubbish: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.dates(),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=3).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), which=st.sampled_from([entry.form_id for entry in LIBRARY.all()]), seed=st.integers(0, 50))
def test_whatever_is_answered_evaluates(data: st.DataObject, which: str, seed: int) -> None:
    """S0 item 3: no answer may stop a person; a wrong one is a finding."""
    chosen = LIBRARY.get(which)
    answers = sample_answers(chosen, seed)
    for name in data.draw(st.lists(st.sampled_from(sorted(chosen.entries)), max_size=12)):
        answers = set_value(answers, Path(name, chosen.entries[name].repeat), data.draw(_rubbish))
    state = evaluate(chosen, answers, TODAY)
    assert state.pages
    assert len(set(page_keys(state))) == len(state.pages)
    assert evaluate(chosen, state.answers, TODAY).answers == state.answers or state.findings
