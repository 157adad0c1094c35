"""The correction list: complete, once each, in the order of the journey, each with where to mend it. Nothing blocks."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.agent.assembly import Part
from kiosk.flow.consents import Purpose, record
from kiosk.flow.draft import Draft, EvidenceDraft, FormSlot, Represented
from kiosk.flow.events import JumpTo
from kiosk.flow.journey import Journey
from kiosk.flow.route import route
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers, Value
from kiosk.i18n import Language
from kiosk.services.corrections import Correction
from kiosk.services.dossier import Dossier
from kiosk.session.session import Session
from tests.unit.services.filings import CAUSES, COURT, NOW, SUBMISSION, Filing, evidence, filing, service, world


def found(made: Filing) -> list[Correction]:
    return list(made.dossier().corrections)


def at(made: Filing, stage: Stage) -> list[str]:
    return [one.text.zh for one in found(made) if one.stage is stage]


def with_defendant(**answers: Value) -> Filing:
    unknown = dict.fromkeys(("defendant_id_number", "defendant_birth", "defendant_sex"))
    defendant = Answers({"defendant_name": "李示例", "defendant_kind": "natural"} | unknown | answers)
    return filing(answers={FormSlot.OTHERS: Answers({"defendants": (defendant,), "has_third_parties": "no"})})


def empty(represented: Represented = Represented.SELF) -> Dossier:
    draft = Draft(SUBMISSION, NOW, COURT, COURT, represented=represented)
    return Dossier(Journey(stage=Stage.SUBMITTING, draft=draft), world())


def test_a_complete_complaint_has_nothing_to_correct() -> None:
    assert found(with_defendant()) == []


@pytest.mark.parametrize("represented", list(Represented))
def test_an_empty_complaint_lists_everything_in_the_order_of_the_journey(represented: Represented) -> None:
    """登记立案规定 7: one complete list; each entry once, with the place where it is put right."""
    dossier = empty(represented)
    order = [*route(dossier.draft)]
    places = [order.index(Stage.EVIDENCE if c.stage is Stage.EVIDENCE_ITEM else c.stage) for c in dossier.corrections]
    assert places == sorted(places)
    assert len({(c.placed.zh, c.page, c.evidence) for c in dossier.corrections}) == len(dossier.corrections)
    stages = {c.stage for c in dossier.corrections}
    assert stages >= {Stage.CAUSE, Stage.OTHERS, Stage.CLAIM, Stage.EVIDENCE, Stage.ADDRESS, Stage.SIGNATURE}
    assert any("被告" in c.text.zh for c in dossier.corrections if c.stage is Stage.OTHERS)


@given(represented=st.sampled_from(Represented), seed=st.integers(0, 10**6), keep=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_every_correction_leads_to_a_page_that_is_there(represented: Represented, seed: int, keep: int) -> None:
    """S2-9: a touch on a line of the list opens the very page; half-filled complaints too."""
    made = filing("divorce", represented, seed)
    for slot in list(made.draft.answers):
        kept = dict(list(made.draft.answers_of(slot).items())[: keep * 3])
        made.changed(answers={**made.draft.answers, slot: Answers(kept)})
    reviewing = made.at(Stage.REVIEW).journey
    for one in found(made):
        assert one.text.zh
        assert one.text.ko
        assert one.text.en
        there = transition(reviewing, JumpTo(one.stage, one.page, one.evidence), world()).journey
        assert there.stage is one.stage
        if one.page is not None and one.evidence is None:
            slot_pages = {p.key for _, s in made.dossier().slots for p in made.dossier().filled(s).evaluation.pages}
            assert one.page in slot_pages


DOUBLED = re.compile(
    r"(?<![a-z])([a-z]{2,})\W{1,3}\1(?![a-z])|([\u3400-\u9fff\uac00-\ud7a3]{2,})\W{0,3}\2", re.IGNORECASE
)


@given(represented=st.sampled_from(Represented), form=st.sampled_from(sorted(CAUSES)), seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_no_line_says_a_word_twice(represented: Represented, form: str, seed: int) -> None:
    """登记立案规定 7: people read the list; "Evidence: evidence …" and "please fill in: please …" are no sentences."""
    made, dice = filing(form, represented, seed), random.Random(seed)
    for slot, answers in made.draft.answers.items():
        kept = {name: value for name, value in answers.items() if dice.random() < 0.5}
        made.changed(answers={**made.draft.answers, slot: Answers(kept)})
    made.changed(evidence=(EvidenceDraft(Answers()), evidence("证据目录"), evidence("loan note")), signature=None)
    for one in (*found(made), *empty(represented).corrections):
        for language in Language:
            line = one.placed.in_(language)
            assert not DOUBLED.search(line), line
        assert one.placed.zh.count("请填写") + one.placed.zh.count("请说明") <= 1


def test_who_is_meant_is_said_once() -> None:
    """The part of the complaint stands before a line only where the line does not name it itself."""
    (number,) = found(with_defendant(defendant_id_number="110105194912310021"))
    assert number.placed.zh.startswith("被告 1：证件号码：")
    assert number.placed.en.startswith("Defendant 1: ")
    made = with_defendant().changed(evidence=(evidence("借条"),))
    assert [c.placed.zh for c in found(made)] == ["证据：“借条”还没有扫描，请交纸质件"]
    made = with_defendant().changed(evidence=(EvidenceDraft(Answers()),))
    assert "“证据1”还没有扫描，请交纸质件" in [c.placed.zh for c in found(made)]
    phone = found(filing().answering(FormSlot.PLAINTIFF, phone="139000012"))
    assert [c.placed.en.split(":")[0] for c in phone if c.stage is Stage.PLAINTIFF] == ["Plaintiff"]


def test_an_empty_complaint_is_still_filed() -> None:
    """登记立案规定 2: whatever is missing, the papers are made and a receipt is given."""
    session = Session()
    session.journey = empty().journey
    parts: list[Part] = []
    made = service().make(session, "T01-20261123-00001-5", NOW.isoformat(), parts.append)
    assert parts
    assert made.slip


# -- numbers


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110101199003078515", False),  # fits
        ("110101199003078510", True),  # last digit wrong
        ("110101199013078515", True),  # no such month
        ("E12345678", False),  # a passport
        ("不知道", False),
        ("", False),
    ],
)
def test_an_opponents_number_is_only_doubted_where_it_is_surely_mistyped(number: str, said: bool) -> None:
    """解释 209: the number of an opponent is never asked for; a slip of the finger is pointed out."""
    made = with_defendant(defendant_id_number=number)
    assert bool(at(made, Stage.OTHERS)) is said
    if said:
        (one,) = found(made)
        assert one.page == "defendants[0]/defendant_person"
        assert one.text.zh.startswith("被告 1：证件号码：")


def test_a_number_is_checked_as_the_document_that_was_named() -> None:
    known = filing().draft.answers_of(FormSlot.PLAINTIFF)
    good = str(known.value("id_number"))
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert not at(filing(), Stage.PLAINTIFF)
    assert at(filing().answering(FormSlot.PLAINTIFF, id_number=wrong), Stage.PLAINTIFF)
    assert not at(filing().answering(FormSlot.PLAINTIFF, id_number=wrong, id_kind="military"), Stage.PLAINTIFF)
    assert at(filing().answering(FormSlot.PLAINTIFF, id_number="1", id_kind="passport"), Stage.PLAINTIFF)


def test_birth_and_sex_that_the_number_contradicts() -> None:
    other = {"male": "female", "female": "male"}[str(filing().draft.answers_of(FormSlot.PLAINTIFF).value("sex"))]
    (text,) = at(filing().answering(FormSlot.PLAINTIFF, sex=other), Stage.PLAINTIFF)
    assert "性别" in text
    (text,) = at(filing().answering(FormSlot.PLAINTIFF, birth=NOW.date()), Stage.PLAINTIFF)
    assert "出生日期" in text


def test_credit_code_with_a_wrong_check_character() -> None:
    made = filing(represented=Represented.OWN_ORGANISATION)
    code = str(made.draft.answers_of(FormSlot.ORGANISATION).value("uscc") or "91220102MA0000018N")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    texts = at(made.answering(FormSlot.ORGANISATION, uscc=wrong), Stage.ORGANISATION)
    assert sum("统一社会信用代码" in text for text in texts) == 1


@pytest.mark.parametrize(("phone", "said"), [("139000012", True), ("0433-2512345", False), ("+82 10 1234 5678", False)])
def test_telephone_numbers_nobody_can_dial(phone: str, said: bool) -> None:
    assert bool(at(filing().answering(FormSlot.PLAINTIFF, phone=phone), Stage.PLAINTIFF)) is said


def test_a_field_is_named_once_even_if_form_and_check_both_object() -> None:
    """The form's own finding is enough."""
    assert len(at(filing().answering(FormSlot.PLAINTIFF, phone="abc"), Stage.PLAINTIFF)) == 1


# -- papers, evidence, consents


def test_papers_a_capacity_needs() -> None:
    """登记立案规定 6: told as a hint, and not where the paper is among the evidence."""
    agent = filing(represented=Represented.OTHER_PERSON)
    assert any("授权委托书" in text for text in at(agent, Stage.AGENT))
    assert not any("授权委托书" in text for text in at(agent.changed(evidence=(evidence("授权委托书"),)), Stage.AGENT))
    own = filing(represented=Represented.OWN_ORGANISATION)
    assert len([c for c in found(own) if c.stage is Stage.ORGANISATION and c.basis.endswith("第六条")]) == 2


def test_evidence_missing_not_scanned_or_foreign() -> None:
    made = with_defendant()
    assert [c.stage for c in found(made.changed(evidence=()))] == [Stage.EVIDENCE]
    (unscanned,) = found(made.changed(evidence=(evidence("借条"),)))
    assert (unscanned.stage, unscanned.evidence) == (Stage.EVIDENCE_ITEM, 0)
    assert "借条" in unscanned.text.zh
    made.changed(evidence=(evidence("차용증"), EvidenceDraft(Answers({"title": "合同A"}))))
    assert sum("译本" in c.text.zh for c in found(made)) == 1


def test_two_lines_of_evidence_are_told_apart() -> None:
    nameless = EvidenceDraft(Answers())
    made = with_defendant().changed(evidence=(nameless, nameless))
    titles = [c.text.zh for c in found(made) if "译本" not in c.text.zh]
    assert len(set(titles)) == len(titles)
    assert {c.evidence for c in found(made)} == {0, 1}


def test_undertaking_and_signature_are_missed_only_after_their_screens() -> None:
    made = with_defendant().changed(signature=None, consents=())
    assert found(made.at(Stage.REVIEW)) == []
    assert [c.stage for c in found(made.at(Stage.SUBMITTING))] == [Stage.UNDERTAKING, Stage.SIGNATURE]
    refused = record(Purpose.UNDERTAKING, False, Language.ZH, NOW)
    made.changed(consents=(refused,))
    assert [c.stage for c in found(made.at(Stage.SIGNATURE))] == [Stage.UNDERTAKING]
