"""What is offered at a question, and where an answer contradicts a paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kiosk.flow.draft import FormSlot
from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.journey import Journey
from kiosk.flow.offers.model import Offer, Source
from kiosk.flow.offers.parties import is_asked_of_paper, may_be, place_of, subjects
from kiosk.flow.offers.table import ANY_FORM, QUESTIONS
from kiosk.flow.offers.values import as_answer, same
from kiosk.flow.route import route
from kiosk.flow.world import World
from kiosk.forms.evaluate import PageView, QuestionView
from kiosk.forms.model import Pii, Question, QuestionType
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.session.scratch import ScratchKey

MOST = 4
"""Offers at one question; more would bury it, and what is refused makes room."""

Found: TypeAlias = tuple[ScratchKey, int, PageClass, FieldProposal, bool]


def offered(journey: Journey, world: World, slot: FormSlot, view: QuestionView) -> tuple[Offer, ...]:
    """What the papers say that the question has not for an answer yet, without what the person has decided on.

    Nothing where one paper agrees with the answer. Each value once, from where it was read best; checked ones first.
    """
    draft = journey.require_draft()
    if not any(state.readings for state in draft.pages.values()) or not view.question.is_asked:
        return ()
    best: list[Offer] = []
    for page, number, paper, reading, clear in _found(journey, world, slot, view):
        value = as_answer(view.question, reading.field, reading.value)
        if value is None:
            continue
        if view.value is not None and same(value, view.value):
            return ()
        offer = Offer(slot, view.path, value, page, number, paper, reading, clear)
        known = next((place for place, one in enumerate(best) if same(one.value, value)), None)
        if known is None:
            best.append(offer)
        elif _better(offer, best[known]):
            best[known] = offer
    left = [one for one in best if (slot, view.path, one.value) not in draft.decided]
    return tuple(sorted(left, key=lambda one: not one.reading.checked)[:MOST])


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An answer that a paper contradicts, and the page it stands on."""

    page: PageView
    view: QuestionView
    offer: Offer


def contradictions(journey: Journey, world: World) -> tuple[Contradiction, ...]:
    """Answers on the way so far that are clearly others than a paper says: amounts, dates and numbers, read well."""
    draft = journey.require_draft()
    if not any(state.readings for state in draft.pages.values()):
        return ()
    found: list[Contradiction] = []
    for stage in route(draft):
        slot = SLOT_OF_STAGE.get(stage)
        if slot is None:
            continue
        for page in world.evaluate_slot(journey, slot).pages:
            for view in page.questions:
                if view.value is not None and _is_exact(view.question):
                    offers = offered(journey, world, slot, view)
                    found += [Contradiction(page, view, one) for one in offers if one.clear and not one.doubtful][:1]
    return tuple(found)


def _is_exact(question: Question) -> bool:
    """Whether a question asks for an amount, a date or a number, of which only one can be right."""
    return (
        question.type in {QuestionType.DATE, QuestionType.DECIMAL}
        or question.pii is Pii.ID_NUMBER
        or question.name.endswith(("uscc", "_case", "contract_number"))
    )


def _found(journey: Journey, world: World, slot: FormSlot, view: QuestionView) -> Iterator[Found]:
    draft, form = journey.require_draft(), world.form(journey, slot)
    party = place_of(form.form_id, view.path)
    if party is not None:
        if not is_asked_of_paper(draft, slot):
            return
        place, about = party
        for page, state in draft.pages.items():
            for subject in subjects(page, state):
                if may_be(subject, draft, slot, place, view.path.index):
                    for number, what, reading in subject.readings:
                        if what is about:
                            yield page, number, state.paper, reading, True
        return
    sources = _sources(form.form_id, view.path.name) if slot is FormSlot.CLAIM else ()
    for page, state in draft.pages.items():
        calls_itself = next((one.value for one in state.readings if one.field == "kind"), "")
        for source in sources:
            if source.paper is state.paper and source.kind in calls_itself:
                for number, reading in enumerate(state.readings):
                    if reading.field == source.reading:
                        yield page, number, state.paper, reading, source.clear


def _sources(form_id: str, question: str) -> tuple[Source, ...]:
    return QUESTIONS.get(form_id, {}).get(question) or QUESTIONS[ANY_FORM].get(question, ())


def _better(one: Offer, other: Offer) -> bool:
    return (one.reading.checked, one.reading.confidence) > (other.reading.checked, other.reading.confidence)
