"""The papers say everything that was said, once, and nothing else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.court.envelope import PartyKind
from kiosk.documents.complaint import ComplaintDocument
from kiosk.documents.encode import Encoder, Json
from kiosk.documents.model import AgentAuthority, FormRow, NaturalPerson, Option, Organisation, UnspecifiedParty
from kiosk.documents.papers import Exemplar
from kiosk.documents.render import shared_renderer
from kiosk.flow.consents import Purpose, record
from kiosk.flow.draft import EvidenceDraft, FormSlot, Represented
from kiosk.forms.answers import Answers, Value, is_instances
from kiosk.forms.entry import format_value
from kiosk.forms.evaluate import QuestionView
from kiosk.forms.model import Form, QuestionType
from kiosk.forms.paths import walks
from kiosk.i18n import Language
from kiosk.services.envelope import envelope
from kiosk.services.filled import Filled
from kiosk.services.parties import party_kind
from tests.unit.services.filings import CAUSES, NOW, OTHER_COURT, RECEIPT_NO, Filing, evidence, filing, reference

BOXES = {
    *("agreed_forum", "preserved", "has_third_parties", "has_witnesses", "has_receiver", "confidential"),
    *("defendant_kind", "third_kind", "authority", "original"),
}
"""Questions whose answer is a box or a kind on the paper; each has a test of its own below."""

every_capacity = pytest.mark.parametrize("represented", list(Represented), ids=str)
every_complaint = pytest.mark.parametrize("form", list(CAUSES))


def printed(document: object) -> list[str]:
    """Every string on a paper; of the options of a question only those that are ticked."""
    return list(_strings(Encoder(frozenset(range(0x110000)), (Language.ZH,)).encode(document)))


def _strings(data: Json) -> Iterator[str]:
    match data:
        case str():
            yield data.replace("\u200b", "")
        case list():
            for item in data:
                yield from _strings(item)
        case {"record": "Option", "ticked": False}:
            return
        case dict():
            for name, item in data.items():
                if name not in {"record", "image"}:
                    yield from _strings(item)
        case _:
            return


def marked(form: Form, answers: Answers, prefix: str) -> Answers:
    """The answers with every free text made unlike every other text."""

    def mark(name: str, value: Value, index: int) -> Value:
        question = form.entries[name].question
        free = question.type is QuestionType.TEXT and question.constraint is None
        return (
            f"{prefix}{list(form.entries).index(name):03d}{index:02d}号" if free and isinstance(value, str) else value
        )

    items: dict[str, Value | tuple[Answers, ...]] = {}
    for name, value in answers.items():
        if is_instances(value):
            items[name] = tuple(
                Answers({inner: mark(inner, one.value(inner), index) for inner in one})
                for index, one in enumerate(value)
            )
        else:
            items[name] = mark(name, answers.value(name), 0)
    return Answers(items)


def marked_filing(form: str, represented: Represented, seed: int) -> Filing:
    made = filing(form, represented, seed, scans=2)
    dossier = made.dossier()
    for slot in dict(dossier.slots).values():
        unlike = marked(dossier.filled(slot).form, made.draft.answers_of(slot), slot.value)
        made.changed(answers={**made.draft.answers, slot: unlike})
    form_of_line = reference().forms.get("evidence_item")
    lines = tuple(
        EvidenceDraft(marked(form_of_line, line.answers, f"evidence{index}"), line.pages)
        for index, line in enumerate(made.draft.evidence)
    )
    return made.changed(evidence=lines)


def answered(filled: Filled) -> list[QuestionView]:
    return [
        view
        for page in filled.evaluation.pages
        for view in page.questions
        if view.question.is_asked and view.value is not None
    ]


@every_complaint
@given(represented=st.sampled_from(Represented), seed=st.integers(0, 10**6))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_said_is_on_a_paper_and_in_the_envelope(form: str, represented: Represented, seed: int) -> None:
    """Nothing said is lost, and free text stands on the complaint exactly once."""
    made = marked_filing(form, represented, seed)
    dossier, maker = made.dossier(), made.maker()
    complaint = printed(maker.complaint())
    everywhere = "\n".join(complaint + printed(maker.address_confirmation()) + printed(maker.evidence_list()))
    envelope_text = envelope(dossier, RECEIPT_NO, NOW).model_dump_json()
    on_complaint = "\n".join(complaint)
    forms = [(slot, dossier.filled(slot)) for slot in dict(dossier.slots).values()]
    for slot, filled in [*forms, *((None, entry.filled) for entry in dossier.evidence)]:
        for view in answered(filled):
            name = view.question.name
            if name in BOXES:
                continue
            values = view.value if isinstance(view.value, tuple) else (view.value,)
            for value in values:
                shown = format_value(view.question, value, Language.ZH)
                assert shown in everywhere, f"{name} is on no paper"
            if view.question.type is QuestionType.TEXT:
                assert str(view.value) in envelope_text, f"{name} is not in the envelope"
                if slot in {FormSlot.CLAIM, FormSlot.OTHERS} and str(view.value).endswith("号"):
                    assert on_complaint.count(str(view.value)) == 1, f"{name} is on the complaint more than once"


@every_complaint
def test_each_question_of_the_complaint_has_one_row(form: str) -> None:
    """Walked through every branch: one row for each answered question or instance, with its answer in it."""
    for walk in list(walks(reference().forms.get(form), NOW.date()))[::15]:
        made = filing(form, answers={FormSlot.CLAIM: walk.answers}, scans=0)
        claim, complaint = made.dossier().claim, made.maker().complaint()
        for part, rows in (("claims", complaint.claims), ("facts", complaint.elements)):
            views = [view for view in answered(claim) if view.question.doc == part]
            views = [
                v for v in views if v.question.name not in {"facts", "has_witnesses"} and "witness" not in v.path.repeat
            ]
            places = list(dict.fromkeys((v.path.repeat, v.path.index) if v.path.repeat else v.path for v in views))
            assert len(rows) == len(places), walk.leads_to
            by_place = dict(zip(places, rows, strict=True))
            for view in views:
                place = (view.path.repeat, view.path.index) if view.path.repeat else view.path
                assert _says(by_place[place], view), walk.leads_to


def _says(row: FormRow, view: QuestionView) -> bool:
    said = format_value(view.question, view.value, Language.ZH)
    if not row.options:
        return said in row.answer
    return "、".join(option.label for option in row.options if option.ticked) == said


def test_an_answer_that_is_no_number_is_printed_as_typed() -> None:
    """What could not be understood is shown to the clerk as it was typed, in paper and envelope."""
    made = filing().answering(FormSlot.CLAIM, principal_owed="五百来块", principal_as_of="去年冬天")
    made.answering(FormSlot.PLAINTIFF, birth="属马的")
    complaint, sent = made.maker().complaint(), envelope(made.dossier(), RECEIPT_NO, NOW)
    assert {"五百来块", "去年冬天"} <= set(printed(complaint))
    assert "属马的" in printed(complaint)
    assert sent.answers["principal_owed"] == "五百来块"
    assert sent.parties[0].fields["birth"] == "属马的"
    assert sent.fee.amount_in_dispute != "五百来块"


def test_a_choice_no_longer_offered_is_still_printed() -> None:
    made = filing()
    view = next(view for view in answered(made.dossier().claim) if view.question.choices)
    page = next(page for page in made.dossier().claim.evaluation.pages if view in page.questions)
    narrowed = replace(view, choices=())
    evaluation = replace(made.dossier().claim.evaluation, pages=(replace(page, questions=(narrowed,)),))
    (row,) = Filled(made.dossier().claim.form, evaluation).rows(view.question.doc)
    said = format_value(view.question, view.value, Language.ZH)
    assert row.options == tuple(Option(label, ticked=True) for label in said.split("、"))


# -- parties


@every_capacity
def test_plaintiff_representative_and_agent(represented: Represented) -> None:
    made = filing("labour_dispute", represented, 3)
    complaint = made.maker().complaint()
    (plaintiff,) = complaint.plaintiffs
    assert isinstance(plaintiff, Organisation if represented.is_organisation else NaturalPerson)
    assert len(complaint.agents) == represented.is_agent
    assert made.draft.identity is not None
    (signature,) = complaint.signatures
    assert signature.name.split("\n")[0] == plaintiff.name
    assert made.draft.identity.name in signature.name
    assert signature.image is not None


def test_agent_with_firm_and_special_powers() -> None:
    """民诉法 62: what the agent may admit, waive, settle or appeal is spelled out one by one."""
    made = filing(represented=Represented.OTHER_PERSON).answering(
        FormSlot.AGENT,
        agent_kind="lawyer",
        employer="吉林示例律师事务所",
        authority="special",
        special_items=("admit", "settle"),
        authority_until=date(2027, 1, 31),
    )
    (agent,) = made.maker().complaint().agents
    assert (agent.kind, agent.workplace) == ("律师", "吉林示例律师事务所")
    assert (agent.authority, agent.powers) == (AgentAuthority.SPECIAL, ("承认诉讼请求", "进行和解"))
    assert agent.until == date(2027, 1, 31)
    assert agent.represents == made.dossier().submitter
    general = made.answering(FormSlot.AGENT, authority="general").maker().complaint().agents[0]
    assert (general.authority, general.powers) == (AgentAuthority.GENERAL, ())


def others(**instance: Value) -> Answers:
    return Answers({"defendants": (Answers(instance),)})


def test_a_party_of_unknown_kind_is_not_called_a_person() -> None:
    made = filing(answers={FormSlot.OTHERS: others(defendant_name="示例厂", defendant_kind=None)})
    (defendant,) = made.maker().complaint().defendants
    assert isinstance(defendant, UnspecifiedParty)
    assert party_kind(made.dossier().defendants[0], "defendant") is PartyKind.UNKNOWN
    assert envelope(made.dossier(), RECEIPT_NO, NOW).parties[1].kind is PartyKind.UNKNOWN


@pytest.mark.parametrize(("answer", "box"), [("yes", True), ("no", False), (None, None)])
def test_unanswered_boxes_stay_open(answer: str | None, box: bool | None) -> None:
    """A question that was skipped is printed with both boxes empty, never answered for the person (N6)."""
    made = filing("general", scans=0).answering(FormSlot.OTHERS, has_third_parties=answer, third_parties=())
    made.answering(FormSlot.CLAIM, preserved=answer, has_witnesses=answer, witnesses=())
    made.answering(FormSlot.ADDRESS, has_receiver=answer, confidential=answer)
    complaint, address = made.maker().complaint(), made.maker().address_confirmation()
    assert (complaint.has_third_parties, complaint.preservation.applied, complaint.has_witnesses) == (box,) * 3
    assert (address.has_receiver, address.confidential) == (box, box)
    assert (address.receiver is not None) == (answer == "yes")
    assert (complaint.third_parties, complaint.witnesses) == ((), ())


@pytest.mark.parametrize(("answer", "box"), [("none", False), ("court", True), ("arbitration", True), ("unsure", None)])
def test_agreed_forum(answer: str, box: bool | None) -> None:
    made = filing().answering(FormSlot.CLAIM, agreed_forum=answer, forum_clause="第十条")
    agreement = made.maker().complaint().agreement
    assert agreement.exists is box
    assert ("第十条" in agreement.clause) == (answer in {"court", "arbitration"})


def test_witnesses_stand_under_evidence_and_nowhere_else() -> None:
    """民诉法 124 item 4."""
    witnesses = tuple(Answers({"witness_name": f"证人{n}", "witness_address": f"示例路{n}号"}) for n in (1, 2))
    made = filing("general").answering(FormSlot.CLAIM, has_witnesses="yes", witnesses=witnesses)
    complaint = made.maker().complaint()
    assert [(w.name, w.address) for w in complaint.witnesses] == [("证人1", "示例路1号"), ("证人2", "示例路2号")]
    assert not [row for row in complaint.elements if "证人" in row.question]


# -- copies, evidence, receipts


def two_defendants() -> Filing:
    both = tuple(Answers({"defendant_name": name, "defendant_kind": "natural"}) for name in ("李示例", "孙示例"))
    return filing(answers={FormSlot.OTHERS: Answers({"defendants": both, "has_third_parties": "no"})}, scans=2)


def test_one_copy_of_complaint_and_evidence_for_each_opponent() -> None:
    """登记立案规定 6, 证据规定 19."""
    maker = two_defendants().maker()
    assert (maker.complaint().copies, maker.evidence_list().copies) == (2, 2)
    undertaking = maker.undertaking()
    assert undertaking is not None
    assert undertaking.opponents == ("李示例", "孙示例")


@pytest.mark.parametrize(
    ("said", "listed", "received"),
    [
        ("original", Exemplar.ORIGINAL, Exemplar.SCAN_OF_ORIGINAL),
        ("copy", Exemplar.COPY, Exemplar.SCAN_OF_COPY),
        (None, None, Exemplar.SCAN),
    ],
)
def test_original_or_copy_is_never_guessed(said: str | None, listed: Exemplar | None, received: Exemplar) -> None:
    """民诉法 69, 73: the list says what the paper is, the receipt that a scan of it was received."""
    made = filing()
    line = made.draft.evidence[0]
    made.changed(evidence=(replace(line, answers=line.answers.replaced("original", said)),))
    assert made.maker().evidence_list().lines[0].exemplar is listed
    assert made.maker().received({})[0].exemplar is received
    assert envelope(made.dossier(), RECEIPT_NO, NOW).evidence[0].original is {"original": True, "copy": False}.get(
        str(said)
    )


def test_evidence_that_was_not_scanned_is_listed_but_not_received() -> None:
    made = two_defendants()
    made.changed(evidence=(*made.draft.evidence, evidence("手机录音", category="audiovisual")))
    lines = made.maker().evidence_list().lines
    assert [(line.first_page, line.last_page) for line in lines] == [(1, 1), (2, 3), (0, 0)]
    assert lines[2].category == "视听资料"
    received = made.maker().received({"complaint": 2, "evidence_list": 1})
    assert [line.pages for line in received] == [2, 1, 1, 2]
    assert "手机录音" not in [line.name for line in received]


# -- consents


@pytest.mark.parametrize("granted", [True, False, None])
def test_electronic_service_is_a_consent_of_its_own(granted: bool | None) -> None:
    """民诉法 90: no answer is no consent, and the address is confirmed either way."""
    made = filing()
    consents = () if granted is None else (record(Purpose.E_SERVICE, granted, Language.ZH, NOW),)
    address = made.changed(consents=consents).maker().address_confirmation()
    assert address.electronic.agreed is granted
    assert bool(address.electronic.phone) == (granted is True)
    assert address.phone


def test_the_undertaking_is_made_only_when_given() -> None:
    made = filing()
    assert made.maker().undertaking() is not None
    refused = record(Purpose.UNDERTAKING, False, Language.ZH, NOW)
    assert made.changed(consents=(*made.draft.consents, refused)).maker().undertaking() is None
    assert made.changed(consents=()).maker().undertaking() is None


def test_a_complaint_without_a_cause_chosen() -> None:
    """The court names the cause (登记立案规定 4); nothing stops the filing."""
    complaint = filing("general", named=False).maker().complaint()
    assert (complaint.cause_of_action, complaint.form_name) == ("由人民法院确定", "")
    assert filing("divorce").maker().complaint().form_name == "离婚纠纷"


def test_cross_region_papers_are_addressed_to_the_competent_court() -> None:
    """跨域立案 (S2-8): the receipt names both courts."""
    maker = filing().changed(competent_court=OTHER_COURT).maker()
    receipt = maker.receipt("T01", (), (Language.ZH,))
    assert maker.complaint().court == reference().courts.get(OTHER_COURT).name.zh
    assert receipt.court != receipt.competent_court


def test_the_day_on_the_papers_is_the_day_in_china() -> None:
    late = NOW.replace(hour=1).astimezone(tz=None)
    utc = late.astimezone(CHINA).replace(tzinfo=CHINA)
    assert filing().maker(utc).filed == NOW.date()


def test_korean_statements_are_printed_as_written() -> None:
    """民诉法 11: what the person wrote stays as it was written."""
    facts = "저는 2023년에 피고에게 10만원을 빌려주었습니다.\n被告至今未还。" + "双方多次协商未果。" * 3
    made = filing(language=Language.KO).answering(FormSlot.CLAIM, facts=facts)
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=_pdf(made.maker().complaint()), capture_output=True, check=True
    ).stdout.decode()
    plain = "".join(text.split())
    assert "저는2023년에피고에게10만원을빌려주었습니다." in plain
    assert "被告至今未还。" + "双方多次协商未果。" * 3 in plain


def _pdf(document: ComplaintDocument) -> bytes:
    return shared_renderer().render(document)
