"""What was read on papers is offered, taken or refused by touch alone, and decides nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.court.envelope import IdentitySource
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.draft import EvidenceDraft, FormSlot, Identity, Represented
from kiosk.flow.journey import Journey
from kiosk.flow.offers.find import MOST, contradictions, offered
from kiosk.flow.offers.model import Offer
from kiosk.flow.offers.touches import LeaveReading, TakeReading
from kiosk.flow.page_events import ScanFirst
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.forms.answers import Answers, Path, Value, get_value
from kiosk.forms.evaluate import QuestionView
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.session.scratch import ScratchKey
from tests.journeys.papers_read import (
    CARD,
    COMPANY,
    CREDIT_CODE,
    IOU,
    LEASE,
    LICENCE,
    NUMBER,
    OTHER_NUMBER,
    RULING,
    filing,
    reading,
    with_paper,
)
from tests.journeys.world import world

AMOUNT = Path("agreed_amount")
PERSON = Answers({"name": "赵示例", "id_number": OTHER_NUMBER})


def after(journey: Journey, *events: ev.Event) -> Journey:
    """The journey after the events."""
    for event in events:
        journey = transition(journey, event, world()).journey
    return journey


def view_of(journey: Journey, slot: FormSlot, path: Path) -> QuestionView:
    """A question as it stands now."""
    pages = world().evaluate_slot(journey, slot).pages
    return next(view for page in pages for view in page.questions if view.path == path)


def at(journey: Journey, path: Path | str, slot: FormSlot = FormSlot.CLAIM) -> list[Value]:
    """The values offered at a question."""
    where = Path(path) if isinstance(path, str) else path
    return [one.value for one in offered(journey, world(), slot, view_of(journey, slot, where))]


def lending(
    *papers: tuple[PageClass, tuple[FieldProposal, ...]], stage: Stage = Stage.CLAIM, **given: Value
) -> Journey:
    """A filing about a loan with these papers and these answers in the claim."""
    journey = filing(world(), stage, plaintiff=PERSON, claim=Answers(given))
    for paper, readings in papers or ((PageClass.IOU, IOU),):
        journey = with_paper(journey, world(), paper, *readings)
    return journey


def sued(*parties: dict[str, Value], papers: tuple[tuple[PageClass, tuple[FieldProposal, ...]], ...]) -> Journey:
    """At the defendants, as far as they are named."""
    instances = tuple(Answers({f"defendant_{name}": value for name, value in one.items()}) for one in parties)
    journey = filing(world(), Stage.OTHERS, plaintiff=PERSON, others=Answers({"defendants": instances}))
    for paper, readings in papers:
        journey = with_paper(journey, world(), paper, *readings)
    return journey


def defendant(name: str, index: int = 0) -> Path:
    """A question about one defendant."""
    return Path(f"defendant_{name}", "defendants", index)


# -- what is offered


def test_a_loan_note_is_offered_at_what_it_speaks_of() -> None:
    """S0-18."""
    journey = lending(rate_agreed="yes")
    assert at(journey, "agreed_amount") == [Decimal("50000.00")]
    assert at(journey, "contract_date") == [date(2025, 1, 15)]
    assert at(journey, "term_to") == [date(2025, 12, 31)]
    assert at(journey, "lender") == ["赵示例"]
    assert at(journey, "borrower") == ["李示例"]
    assert at(journey, "rate") == [Decimal(1)]
    assert at(journey, "rate_period") == ["month"]


def test_what_is_claimed_stands_on_no_paper() -> None:
    journey = lending(claim_interest="yes")
    for name in ("principal_owed", "principal_as_of", "interest_amount", "provided_amount", "repaid_principal"):
        assert at(journey, name) == []


def test_nothing_is_answered_by_a_reading() -> None:
    """Never silently taken."""
    journey = lending()
    assert journey.require_draft().answers_of(FormSlot.CLAIM) == Answers()


def test_a_contract_leaves_open_which_side_somebody_is_on_and_so_does_the_offer() -> None:
    journey = filing(world(), cause="房屋租赁合同纠纷", plaintiff=PERSON)
    journey = with_paper(journey, world(), PageClass.CONTRACT, *LEASE)
    assert at(journey, "landlord") == at(journey, "tenant") == ["赵示例", "李示例"]
    assert at(journey, "rent_rate") == [Decimal("1500.00")]


def test_a_ruling_is_offered_as_preservation_and_a_judgment_is_not() -> None:
    answers = Answers({"preserved": "yes"})
    ruling = with_paper(filing(world(), claim=answers), world(), PageClass.JUDGMENT, *RULING)
    assert at(ruling, "preservation_court") == ["长春市示例区人民法院"]
    assert at(ruling, "preservation_case") == ["（2025）吉0102民初1号"]
    as_judgment = tuple(reading("kind", "民事判决书") if one.field == "kind" else one for one in RULING)
    judgment = with_paper(filing(world(), claim=answers), world(), PageClass.JUDGMENT, *as_judgment)
    assert at(judgment, "preservation_case") == []


def test_each_party_of_a_judgment_is_offered_and_none_is_chosen() -> None:
    journey = filing(world(), Stage.OTHERS, others=Answers({"defendants": (Answers(),)}))
    journey = with_paper(journey, world(), PageClass.JUDGMENT, *RULING)
    assert at(journey, defendant("name"), FormSlot.OTHERS) == ["赵示例", "孙示例", "李示例"]


def test_a_copy_of_a_card_describes_the_defendant_it_names_and_nobody_else() -> None:
    journey = sued(
        {"kind": "natural", "name": "李示例"},
        {"kind": "natural", "name": "孙示例"},
        papers=((PageClass.IDENTITY_CARD, CARD),),
    )
    assert at(journey, defendant("id_number"), FormSlot.OTHERS) == [NUMBER]
    assert at(journey, defendant("sex"), FormSlot.OTHERS) == ["male"]
    assert at(journey, defendant("birth"), FormSlot.OTHERS) == [date(1980, 1, 1)]
    assert at(journey, defendant("nation"), FormSlot.OTHERS) == ["汉族"]
    assert at(journey, defendant("id_number", 1), FormSlot.OTHERS) == []
    assert at(journey, defendant("name", 1), FormSlot.OTHERS) == []


def test_a_defendant_without_a_name_may_be_anybody_who_is_not_somebody_else() -> None:
    papers = ((PageClass.IOU, IOU), (PageClass.IDENTITY_CARD, CARD))
    journey = sued({"kind": "natural"}, papers=papers)
    assert at(journey, defendant("name"), FormSlot.OTHERS) == ["李示例"]  # the lender of the note is the plaintiff
    unknown = replace(
        journey,
        draft=replace(
            journey.require_draft(), answers={FormSlot.OTHERS: journey.require_draft().answers_of(FormSlot.OTHERS)}
        ),
    )
    assert at(unknown, defendant("name"), FormSlot.OTHERS) == ["赵示例", "李示例"]


def test_a_licence_describes_an_organisation_and_a_card_a_person() -> None:
    papers = ((PageClass.BUSINESS_LICENCE, LICENCE), (PageClass.IDENTITY_CARD, CARD))
    company = sued({"kind": "organisation"}, papers=papers)
    assert at(company, defendant("name"), FormSlot.OTHERS) == [COMPANY]
    assert at(company, defendant("uscc"), FormSlot.OTHERS) == [CREDIT_CODE]
    assert at(company, defendant("representative"), FormSlot.OTHERS) == ["李示例"]
    assert at(company, defendant("organisation_kind"), FormSlot.OTHERS) == ["limited"]
    person = sued({"kind": "natural"}, papers=papers)
    assert at(person, defendant("name"), FormSlot.OTHERS) == ["李示例"]


@pytest.mark.parametrize(
    ("represented", "source", "expected"),
    [
        (Represented.SELF, IdentitySource.CARD, []),
        (Represented.SELF, IdentitySource.TYPED, ["李示例"]),
        (Represented.OTHER_PERSON, IdentitySource.CARD, ["李示例"]),
    ],
)
def test_whoever_came_with_the_card_is_not_told_who_they_are(
    represented: Represented, source: IdentitySource, expected: list[Value]
) -> None:
    journey = filing(world(), Stage.PLAINTIFF, represented=represented)
    journey = journey.with_draft(identity=Identity(source, "resident", "钱示例", OTHER_NUMBER))
    journey = with_paper(journey, world(), PageClass.IDENTITY_CARD, *CARD)
    assert at(journey, "name", FormSlot.PLAINTIFF) == expected


def test_a_paper_that_contradicts_itself_is_offered_both_ways_and_one_choice_settles_both() -> None:
    both = (reading("amount", "50000.00", sure=0.5), reading("amount", "5000.00", sure=0.5))
    journey = lending((PageClass.IOU, both))
    assert at(journey, "agreed_amount") == [Decimal("50000.00"), Decimal("5000.00")]
    taken = after(journey, TakeReading(FormSlot.CLAIM, AMOUNT, Decimal("5000.00")))
    assert get_value(taken.require_draft().answers_of(FormSlot.CLAIM), AMOUNT) == Decimal("5000.00")
    assert at(after(taken, ev.FieldAnswered(AMOUNT, Decimal(7))), "agreed_amount") == []


def test_the_same_value_of_two_papers_is_offered_once_from_where_it_was_read_best() -> None:
    poor = (reading("amount", "50000.00", sure=0.6),)
    journey = lending((PageClass.IOU, poor), (PageClass.IOU, IOU))
    (offer,) = offered(journey, world(), FormSlot.CLAIM, view_of(journey, FormSlot.CLAIM, AMOUNT))
    assert (offer.page, offer.doubtful) == (ScratchKey("paper1"), False)


def test_an_answer_that_agrees_with_one_paper_is_left_alone() -> None:
    other = (reading("amount", "30000.00"),)
    journey = lending((PageClass.IOU, IOU), (PageClass.IOU, other), agreed_amount=Decimal(30000))
    assert at(journey, "agreed_amount") == []


def test_offers_do_not_bury_a_question() -> None:
    parties = tuple(reading("plaintiff", f"示例{number}") for number in "一二三四五六七八九")
    journey = filing(world(), Stage.OTHERS, others=Answers({"defendants": (Answers(),)}))
    journey = with_paper(journey, world(), PageClass.JUDGMENT, *parties)
    assert len(at(journey, defendant("name"), FormSlot.OTHERS)) == MOST


@pytest.mark.parametrize(
    ("paper", "one", "doubtful"),
    [
        (PageClass.IOU, reading("amount", "5.00"), False),
        (PageClass.IOU, reading("amount", "5.00", sure=0.7), True),
        (PageClass.IDENTITY_CARD, reading("number", NUMBER), True),
        (PageClass.IDENTITY_CARD, reading("number", NUMBER, checked=True), False),
        (PageClass.BUSINESS_LICENCE, reading("credit_code", CREDIT_CODE), True),
        (PageClass.JUDGMENT, reading("case_number", "（2025）吉民1号"), True),
    ],
)
def test_a_poor_reading_and_a_failed_check_are_said(paper: PageClass, one: FieldProposal, doubtful: bool) -> None:
    offer = Offer(FormSlot.CLAIM, AMOUNT, one.value, ScratchKey("a"), 0, paper, one)
    assert offer.doubtful is doubtful


# -- what the person does


def test_a_reading_is_taken_by_touch_and_edited_like_any_other() -> None:
    taken = after(lending(), TakeReading(FormSlot.CLAIM, AMOUNT, Decimal("50000.00")))
    assert taken.require_draft().answers_of(FormSlot.CLAIM).value("agreed_amount") == Decimal("50000.00")
    edited = after(taken, ev.FieldAnswered(AMOUNT, Decimal(40000)))
    assert edited.require_draft().answers_of(FormSlot.CLAIM).value("agreed_amount") == Decimal(40000)
    assert at(edited, "agreed_amount") == []  # decided once, not asked again


def test_a_refused_reading_is_not_offered_again_and_the_others_are() -> None:
    journey = after(lending(), LeaveReading(FormSlot.CLAIM, AMOUNT, Decimal("50000.00")))
    assert at(journey, "agreed_amount") == []
    assert at(journey, "contract_date") == [date(2025, 1, 15)]
    again = with_paper(journey, world(), PageClass.IOU, *IOU)
    assert at(again, "agreed_amount") == []
    assert at(with_paper(again, world(), PageClass.IOU, reading("amount", "1.00")), "agreed_amount") == [Decimal(1)]


def test_what_is_not_offered_cannot_be_taken() -> None:
    journey = lending()
    for slot, path, value in (
        (FormSlot.CLAIM, AMOUNT, Decimal(1)),
        (FormSlot.CLAIM, Path("no_such"), "x"),
        (FormSlot.OTHERS, defendant("name"), "李示例"),  # another form's question
    ):
        assert after(journey, TakeReading(slot, path, value)) == journey
        assert after(journey, LeaveReading(slot, path, value)) == journey


def test_what_was_decided_goes_and_moves_with_its_party() -> None:
    papers = ((PageClass.IDENTITY_CARD, CARD),)
    named, unnamed = {"kind": "natural", "name": "孙示例"}, {"kind": "natural"}
    refused = after(sued(named, unnamed, papers=papers), LeaveReading(FormSlot.OTHERS, defendant("name", 1), "李示例"))
    assert at(refused, defendant("name", 1), FormSlot.OTHERS) == []
    moved = after(refused, ev.RemoveInstance("defendants", 0))
    assert at(moved, defendant("name", 0), FormSlot.OTHERS) == []
    gone = after(refused, ev.RemoveInstance("defendants", 1), ev.AddInstance("defendants"))
    assert at(gone, defendant("name", 1), FormSlot.OTHERS) == ["李示例"]


def test_another_form_of_claim_begins_undecided() -> None:
    journey = after(lending(), LeaveReading(FormSlot.CLAIM, AMOUNT, Decimal("50000.00")))
    sale, loan = (world().causes.named(name).code for name in ("买卖合同纠纷", "民间借贷纠纷"))
    back = after(journey.at(Stage.CAUSE), ev.ChooseCause(sale), ev.ChooseCause(loan)).at(Stage.CLAIM)
    assert at(back, "agreed_amount") == [Decimal("50000.00")]


def test_what_was_thrown_away_is_offered_no_more() -> None:
    """N5."""
    journey = after(lending(stage=Stage.EVIDENCE), ev.RemoveEvidence(0))
    assert at(journey.at(Stage.CLAIM), "agreed_amount") == []


# -- where an answer contradicts a paper


def test_a_clear_contradiction_is_listed_and_the_person_decides() -> None:
    wrong = {"agreed_amount": Decimal(5000), "contract_date": date(2025, 1, 16), "borrower": "李示列"}
    journey = lending(stage=Stage.REVIEW, **wrong)
    found = contradictions(journey, world())
    assert {one.offer.path.name for one in found} == {"agreed_amount", "contract_date"}  # a name is no number
    changed = after(journey, TakeReading(FormSlot.CLAIM, AMOUNT, Decimal("50000.00")))
    assert changed.require_draft().answers_of(FormSlot.CLAIM).value("agreed_amount") == Decimal("50000.00")
    kept = after(changed, LeaveReading(FormSlot.CLAIM, Path("contract_date"), date(2025, 1, 15)))
    assert kept.require_draft().answers_of(FormSlot.CLAIM).value("contract_date") == date(2025, 1, 16)
    assert contradictions(kept, world()) == ()
    assert kept.stage is Stage.REVIEW


def test_a_number_of_another_party_or_a_poor_reading_is_no_contradiction() -> None:
    card = ((PageClass.IDENTITY_CARD, CARD),)
    assert (
        contradictions(sued({"kind": "natural", "name": "孙示例", "id_number": OTHER_NUMBER}, papers=card), world())
        == ()
    )
    same_name = sued({"kind": "natural", "name": "李示例", "id_number": OTHER_NUMBER}, papers=card)
    assert [one.offer.value for one in contradictions(same_name, world())] == [NUMBER]
    poor = lending((PageClass.IOU, (reading("amount", "5.00", sure=0.5),)), agreed_amount=Decimal(6))
    assert contradictions(poor, world()) == ()


def test_one_transfer_of_several_is_no_contradiction() -> None:
    paid = (reading("amount", "20000.00", checked=True), reading("date", "2025-01-15"))
    journey = lending((PageClass.TRANSFER, paid), provided_amount=Decimal(50000), provided_date=date(2025, 1, 20))
    assert contradictions(journey, world()) == ()


# -- scanning first


def test_a_paper_is_scanned_before_the_form_and_the_person_comes_back_to_it() -> None:
    start = sued({"kind": "natural"}, papers=())
    start = replace(start, page="defendants[0]/defendant")
    step = transition(start, ScanFirst(), world())
    assert (step.journey.stage, step.effects) == (Stage.SCAN, (fx.StartPreview(),))
    key = ScratchKey("new")
    kept = after(step.journey, ev.TakePicture(), ev.PageTaken(key, found=True), ev.AcceptPage())
    back = transition(kept, ev.Continue(), world())
    assert (back.journey.stage, back.journey.page) == (Stage.OTHERS, "defendants[0]/defendant")
    assert back.effects == (fx.StopPreview(),)
    assert back.journey.require_draft().evidence == (EvidenceDraft(Answers(), (key,)),)
    assert (back.journey.open_evidence, back.journey.scanning.left) == (None, None)


def test_scanning_nothing_leaves_no_line_behind() -> None:
    start = filing(world(), Stage.MATERIALS)
    taken = after(start, ScanFirst(), ev.TakePicture(), ev.PageTaken(ScratchKey("new"), found=True), ev.RetakePage())
    back = after(taken, ev.Continue())
    assert (back.stage, back.require_draft().evidence, back.require_draft().pages) == (Stage.MATERIALS, (), {})


def test_the_evidence_list_is_left_to_the_evidence_list_after_scanning_first() -> None:
    first = after(filing(world(), Stage.MATERIALS), ScanFirst(), ev.Continue())
    at_list = after(first.at(Stage.EVIDENCE), ev.AddEvidence(), ev.StartScan(), ev.Continue())
    assert at_list.stage is Stage.EVIDENCE_ITEM


def test_nobody_scans_first_who_they_are_themselves() -> None:
    own = filing(world(), Stage.PLAINTIFF)
    assert after(own, ScanFirst()) == own
    agent = filing(world(), Stage.PLAINTIFF, represented=Represented.OTHER_PERSON)
    assert after(agent, ScanFirst()).stage is Stage.SCAN
    assert after(filing(world(), Stage.FEE), ScanFirst()).stage is Stage.FEE


# -- anything at all

FIELDS = ("lender", "borrower", "borrower_number", "amount", "date", "due", "rate", "name", "number", "party_a", "kind")
VALUES = ("李示例", "赵示例", NUMBER, "50000.00", "1.00", "2025-01-15", "月利率1%", "民事裁定书", "")
READINGS = st.lists(
    st.builds(reading, st.sampled_from(FIELDS), st.sampled_from(VALUES), sure=st.floats(0, 1), checked=st.booleans()),
    max_size=6,
)
PAPERS = st.lists(st.tuples(st.sampled_from(PageClass), READINGS), max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers=PAPERS, touches=st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=8))
def test_a_touch_fills_one_field_with_what_was_offered_and_nothing_else_ever_does(
    papers: list[tuple[PageClass, list[FieldProposal]]], touches: list[tuple[int, bool]]
) -> None:
    """Whatever was read: answers change by "use this" alone, at one place, and each offer is decided once."""
    start = filing(world(), Stage.REVIEW, plaintiff=PERSON, others=Answers({"defendants": (Answers(),)}))
    journey = start
    for paper, readings in papers:
        journey = with_paper(journey, world(), paper, *readings)
    assert journey.require_draft().answers == start.require_draft().answers
    for which, take in touches:
        offers = [
            one
            for slot in (FormSlot.CLAIM, FormSlot.OTHERS)
            for page in world().evaluate_slot(journey, slot).pages
            for view in page.questions
            for one in offered(journey, world(), slot, view)
        ]
        if not offers:
            return
        one = offers[which % len(offers)]
        before = journey.require_draft()
        touch = (TakeReading if take else LeaveReading)(one.slot, one.path, one.value)
        journey = after(journey, touch)
        now = journey.require_draft()
        assert {slot for slot in now.answers if now.answers_of(slot) != before.answers_of(slot)} <= {one.slot}
        assert (get_value(now.answers_of(one.slot), one.path) == one.value) is take
        assert one.value not in at(journey, one.path, one.slot)
        assert len(now.decided) > len(before.decided)
