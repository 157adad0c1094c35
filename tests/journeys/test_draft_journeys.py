"""Drafts taken up and kept: nothing of another's is shown, nothing dropped in silence, nothing stays (S0-32)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.agent.draft_messages import DraftRefusal
from kiosk.court.contract import MatterChannel
from kiosk.court.envelope import MediationWish
from kiosk.court.kept_drafts import KeptDraft, KeptForm
from kiosk.flow import draft_events as dr
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.consents import WORDING_VERSIONS, Purpose
from kiosk.flow.draft import FormSlot
from kiosk.flow.draft_document import written
from kiosk.flow.drafts import may_keep, may_take_up
from kiosk.flow.journey import Journey, Overlay, Remark, Step
from kiosk.flow.stage import Outcome, Stage
from kiosk.flow.transition import transition
from kiosk.flow.world import World
from kiosk.forms.answers_json import to_json
from kiosk.session.scratch import ScratchKey
from tests.journeys.drafts_way import DRAFT_CODE, LOOKUP, UNTIL, agreed, draft_journeys, kept_on_the_web
from tests.journeys.world import a_filing, reference, world


def here() -> World:
    """A terminal that knows its courts."""
    return replace(world(), courts=reference().courts)


def after(journey: Journey, *events: ev.Event) -> Step:
    step = Step(journey)
    for event in events:
        step = transition(step.journey, event, here())
    return step


def asked() -> Journey:
    return after(a_filing(Stage.CAPACITY), dr.AskDraftCode(), dr.GiveDraftCode(DRAFT_CODE)).journey


def came(kept: KeptDraft) -> Journey:
    return after(asked(), dr.DraftCame(kept, LOOKUP, UNTIL)).journey


@pytest.fixture(scope="module")
def from_web() -> KeptDraft:
    """A filing of the web, written as far as the fee."""
    return kept_on_the_web(a_filing(), here())


def with_claim(kept: KeptDraft, **changes: Any) -> KeptDraft:
    """`kept` with another form for the claim."""
    forms = tuple(one.model_copy(update=changes) if one.place == "claim" else one for one in kept.forms)
    return kept.model_copy(update={"forms": forms})


def claim(kept: KeptDraft) -> KeptForm:
    return next(one for one in kept.forms if one.place == "claim")


# -- taking up


def test_a_draft_from_the_web_goes_on_where_papers_are_needed(from_web: KeptDraft) -> None:
    """Everything said is there again, and the evidence is the first that still needs something: papers are scanned."""
    filing, found = a_filing().require_draft(), came(from_web)
    assert found.stage is Stage.DRAFT_FOUND
    assert found.require_taken_up().left_out == ()
    assert found.require_draft().cause is None, "nothing counts before the person goes on"
    went = after(found, ev.Continue()).journey
    draft = went.require_draft()
    assert (went.stage, went.taken_up) == (Stage.EVIDENCE, None)
    assert (draft.cause, draft.represented, draft.competent_court) == (
        filing.cause,
        filing.represented,
        filing.competent_court,
    )
    for slot in (FormSlot.PLAINTIFF, FormSlot.CLAIM, FormSlot.OTHERS):
        assert to_json(draft.answers_of(slot)) == to_json(filing.answers_of(slot))
    origin = draft.origin
    assert origin is not None
    assert (origin.matter_id, origin.begun_in) == (filing.submission_id, MatterChannel.WEB)
    assert (origin.kept_draft, origin.begun) == (LOOKUP, filing.started)


def test_no_consent_no_signature_and_no_page_travels(from_web: KeptDraft) -> None:
    """N6: every consent is asked where the filing is handed in; only the one to keep it stands in the document."""
    draft = after(came(from_web), ev.Continue()).journey.require_draft()
    assert {one.purpose for one in draft.consents} == {"privacy_notice"}
    assert (draft.signature, draft.pages) == (None, {})
    assert from_web.consent.purpose == Purpose.KEEP_DRAFT
    assert from_web.consent.wording_version == WORDING_VERSIONS[Purpose.KEEP_DRAFT]


def test_it_goes_on_at_the_first_page_that_needs_something(from_web: KeptDraft) -> None:
    form = world().forms.get(claim(from_web).form_id)
    missing = next(
        name
        for name, entry in form.entries.items()
        if entry.question.required and not entry.repeat and name in claim(from_web).answers
    )
    answers = {name: value for name, value in claim(from_web).answers.items() if name != missing}
    went = after(came(with_claim(from_web, answers=answers)), ev.Continue()).journey
    assert went.stage is Stage.CLAIM
    page = next(one for one in here().evaluate_slot(went, FormSlot.CLAIM).pages if one.key == went.page)
    assert missing in {view.question.name for view in page.questions}
    unnamed = from_web.model_copy(update={"cause_code": "", "forms": ()})
    assert after(came(unnamed), ev.Continue()).journey.stage is Stage.PLAINTIFF


def test_what_does_not_fit_is_named_with_what_was_written(from_web: KeptDraft) -> None:
    """Another edition's question, a choice that is not offered any more, a cause and a court that nobody knows."""
    form = world().forms.get(claim(from_web).form_id)
    entries = {name: entry for name, entry in form.entries.items() if entry.question.is_asked and not entry.repeat}
    choice = next(name for name, entry in entries.items() if entry.question.choices)
    answers = claim(from_web).answers | {"asked_no_more": "三年前借的", choice: "no such choice"}
    strange = with_claim(from_web, answers=answers).model_copy(update={"competent_court": "沪9999"})
    found = came(strange).require_taken_up()
    left = {one.written: one.label for one in found.left_out}
    assert set(left) == {"三年前借的", "no such choice", "沪9999"}
    assert left["no such choice"] == form.entries[choice].question.label
    assert found.draft.competent_court == here().court
    nameless = came(from_web.model_copy(update={"cause_code": "999.99"})).require_taken_up()
    assert nameless.draft.cause is None
    assert "999.99" in {one.written for one in nameless.left_out}


def test_answers_to_another_form_are_all_named(from_web: KeptDraft) -> None:
    found = came(with_claim(from_web, form_id="a form of another court")).require_taken_up()
    assert found.draft.answers_of(FormSlot.CLAIM) == {}
    words = [one.written for one in found.left_out]
    texts = [value for value in claim(from_web).answers.values() if isinstance(value, str) and value]
    assert texts
    assert set(texts) <= set(words)


def test_a_number_that_was_typed_as_words_is_kept_as_typed(from_web: KeptDraft) -> None:
    """As on the form itself: it is shown where it was written, and said to be no number."""
    form = world().forms.get(claim(from_web).form_id)
    money = next(name for name, entry in form.entries.items() if entry.question.is_money and not entry.repeat)
    found = came(with_claim(from_web, answers=claim(from_web).answers | {money: "五万多"})).require_taken_up()
    assert found.left_out == ()
    assert found.draft.answers_of(FormSlot.CLAIM)[money] == "五万多"


@pytest.mark.parametrize("reason", DraftRefusal)
def test_why_there_is_no_draft_is_said_and_filing_without_it_goes_on(reason: DraftRefusal) -> None:
    refused = after(asked(), dr.DraftStays(reason)).journey
    assert (refused.stage, refused.notice, refused.querying) == (Stage.DRAFT_CODE, reason, False)
    assert (refused.taken_up, refused.require_draft().origin) == (None, None)
    without = after(refused, ev.Back(), ev.Continue()).journey
    assert without.stage is Stage.PLAINTIFF


def test_a_mistyped_code_asks_nobody() -> None:
    wrong = after(a_filing(Stage.CAPACITY), dr.AskDraftCode(), dr.GiveDraftCode(DRAFT_CODE[:-1] + "2"))
    assert (wrong.journey.notice, wrong.effects) == (Remark.DRAFT_CODE_WRONG, ())


def test_the_offer_is_for_the_beginning_and_for_who_is_known_by_a_number() -> None:
    beginning = a_filing(Stage.CAPACITY)
    assert may_take_up(beginning)
    begun = a_filing().at(Stage.CAPACITY)
    assert not may_take_up(begun), "it would replace what was written here"
    assert after(begun, dr.AskDraftCode()) == Step(begun)
    identity = beginning.require_draft().identity
    assert identity is not None
    nameless = beginning.with_draft(identity=replace(identity, number=""))
    assert not may_take_up(nameless)
    assert not may_keep(a_filing().with_draft(identity=replace(identity, number="")))


def test_erasing_asks_first_and_is_told(from_web: KeptDraft) -> None:
    question = after(came(from_web), dr.AskErase()).journey
    assert question.overlay is Overlay.ERASE_DRAFT
    spared = after(question, ev.AnswerQuestion(yes=False))
    assert (spared.journey.stage, spared.journey.overlay, spared.effects) == (Stage.DRAFT_FOUND, Overlay.NONE, ())
    erasing = after(question, ev.AnswerQuestion(yes=True))
    assert erasing.effects == (fx.EraseDraft(LOOKUP),)
    failed = after(erasing.journey, dr.DraftStays(DraftRefusal.OFFLINE)).journey
    assert (failed.stage, failed.notice) == (Stage.DRAFT_FOUND, DraftRefusal.OFFLINE)
    gone = after(erasing.journey, dr.DraftErased()).journey
    assert (gone.stage, gone.notice, gone.taken_up) == (Stage.CAPACITY, Remark.DRAFT_ERASED, None)


# -- keeping


def test_whoever_leaves_may_keep_it_and_nothing_of_it_stays_here() -> None:
    filing = a_filing()
    agreeing = after(filing, ev.AskLeave(), dr.AskKeep(), ev.AnswerConsent(granted=True))
    assert agreeing.effects == (fx.KeepDraft(),)
    kept = after(agreeing.journey, dr.DraftWasKept(DRAFT_CODE, UNTIL))
    assert kept.effects == (fx.PrintDraftSlip(copy=False),)
    assert (kept.journey.stage, kept.journey.draft) == (Stage.DRAFT_KEPT, None)
    assert (kept.journey.require_keeping().code, kept.journey.require_keeping().until) == (DRAFT_CODE, UNTIL)
    done = after(kept.journey, ev.SlipChanged(ev.PaperState.PRINTED), ev.Finish())
    assert fx.EndSession(Outcome.KEPT) in done.effects


def test_what_was_scanned_and_signed_is_wiped_with_the_answer() -> None:
    """N5: not only when the session ends; a filing may be kept on its very last page."""
    filing = transition(a_filing(Stage.SIGNATURE), ev.Signed(ScratchKey("ink")), here()).journey
    pages = {key for line in filing.require_draft().evidence for key in line.pages}
    kept = after(agreed(filing, here()), dr.DraftWasKept(DRAFT_CODE, UNTIL))
    dropped = {effect.key for effect in kept.effects if isinstance(effect, fx.DropScratch)}
    assert pages
    assert dropped == pages | {ScratchKey("ink")}


def test_from_the_camera_it_is_left_as_for_a_call() -> None:
    """The light goes out, the page that was looked at is thrown away, and no leads back behind the camera."""
    at_camera = after(a_filing(Stage.EVIDENCE), ev.AddEvidence(), ev.StartScan()).journey
    assert at_camera.stage is Stage.SCAN
    looking = after(at_camera, ev.PageTaken(ScratchKey("page"), found=True)).journey
    asked = after(looking, ev.AskLeave(), dr.AskKeep())
    assert asked.journey.stage is Stage.DRAFT_KEEPING
    assert {fx.StopPreview(), fx.DropScratch(ScratchKey("page"))} <= set(asked.effects)
    back = after(asked.journey, ev.AnswerConsent(granted=False)).journey
    assert (back.stage, back.open_evidence, back.taken) == (Stage.EVIDENCE_ITEM, at_camera.open_evidence, None)


@pytest.mark.parametrize("stage", [Stage.CLAIM, Stage.FEE, Stage.EVIDENCE, Stage.REVIEW, Stage.SIGNATURE])
def test_no_leads_back_to_where_the_person_was(stage: Stage) -> None:
    """A free answer: whoever does not want it kept goes on with everything still there."""
    filing = a_filing(stage)
    for door in (ev.AskLeave(), ev.AskWindow()):
        back = after(filing, door, dr.AskKeep(), ev.AnswerConsent(granted=False))
        assert (back.journey.stage, back.journey.page) == (filing.stage, filing.page)
        assert (back.journey.draft, back.effects, back.journey.keeping) == (filing.draft, (), None)


def test_from_the_review_s_detour_no_leads_back_to_the_detour() -> None:
    detour = after(a_filing(Stage.REVIEW), ev.JumpTo(Stage.COURT)).journey
    back = after(detour, ev.AskLeave(), dr.AskKeep(), ev.AnswerConsent(granted=False)).journey
    assert (back.stage, back.jump) == (Stage.COURT, ev.JumpTo(Stage.COURT))
    assert after(back, ev.Continue()).journey.stage is Stage.REVIEW


def test_a_hub_that_is_away_costs_nothing() -> None:
    """F-rows: told plainly, everything still there, and it can be tried again with a new consent."""
    away = after(agreed(a_filing(), here()), dr.DraftStays(DraftRefusal.OFFLINE)).journey
    assert (away.stage, away.notice, away.draft) == (Stage.DRAFT_KEEPING, DraftRefusal.OFFLINE, a_filing().draft)
    assert away.require_keeping().consent is None
    assert after(away, ev.AnswerConsent(granted=True)).effects == (fx.KeepDraft(),)


def test_while_the_court_is_asked_nothing_is_asked_twice() -> None:
    busy = agreed(a_filing(), here())
    for touch in (ev.AnswerConsent(granted=True), ev.AnswerConsent(granted=False), ev.Back(), ev.Continue()):
        assert after(busy, touch) == Step(busy)


def test_before_anything_is_said_there_is_nothing_to_keep() -> None:
    at_capacity = after(a_filing(Stage.CAPACITY), ev.AskLeave()).journey
    assert after(at_capacity, dr.AskKeep()) == Step(at_capacity)


def test_kept_again_it_is_the_same_matter(from_web: KeptDraft) -> None:
    """S0-32: one matter id across channels, and the channel in which it was begun."""
    went = after(came(from_web), ev.Continue()).journey
    went = after(went, ev.AddEvidence(), ev.Back()).journey
    again = written(agreed(went, here()), here())
    assert (again.matter_id, again.begun_in, again.begun) == (from_web.matter_id, MatterChannel.WEB, from_web.begun)


def test_evidence_lines_travel_without_their_pages() -> None:
    """The list is written once; the papers are laid under the camera where it is handed in."""
    filing = a_filing(Stage.REVIEW)
    assert any(line.pages for line in filing.require_draft().evidence)
    kept = written(agreed(filing, here()), here())
    assert len(kept.evidence) == len(filing.require_draft().evidence)
    draft = came(kept).require_taken_up().draft
    assert [line.answers for line in draft.evidence] == [line.answers for line in filing.require_draft().evidence]
    assert all(not line.pages for line in draft.evidence)
    assert isinstance(draft.mediation, MediationWish | None)
    assert draft.mediation == filing.require_draft().mediation


def test_the_code_stays_on_the_screen_as_long_as_it_is_nowhere_else() -> None:
    kept = draft_journeys(a_filing(Stage.CAPACITY), a_filing(), here())[Stage.DRAFT_KEPT]
    unprinted = after(kept, ev.SlipChanged(ev.PaperState.NOT_PRINTED)).journey
    assert after(unprinted, ev.IdleWarned()).journey.overlay is Overlay.IDLE
    assert after(unprinted, ev.Reprint()).effects == (fx.PrintDraftSlip(copy=True),)
    printed = after(kept, ev.SlipChanged(ev.PaperState.PRINTED)).journey
    assert after(printed, ev.IdleExpired()).journey.outcome is Outcome.KEPT
