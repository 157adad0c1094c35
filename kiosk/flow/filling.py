"""Walking through a form, one page at a time: the same rules for every form of the journey.

The law forbids refusal (登记立案规定 2, 7): what is missing or looks wrong is shown once, with the same words beside
the field, and the person may go on; it then stands on the correction list.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import Draft, EvidenceDraft, FormSlot
from kiosk.flow.events import AddInstance, Back, Continue, FieldAnswered, PersonEvent, RemoveInstance
from kiosk.flow.journey import Journey
from kiosk.flow.world import World
from kiosk.forms.answers import Answers, add_instance, remove_instance, set_value
from kiosk.forms.evaluate import Evaluation, PageView


def current_page(journey: Journey, evaluation: Evaluation) -> PageView:
    """The page the person is on; the first one where the remembered page has become irrelevant."""
    return next((page for page in evaluation.pages if page.key == journey.page), evaluation.pages[0])


def with_answers(draft: Draft, slot: FormSlot, answers: Answers) -> Draft:
    """The draft with one form's answers replaced."""
    return replace(draft, answers={**draft.answers, slot: answers})


def edit(answers: Answers, event: FieldAnswered | AddInstance | RemoveInstance) -> Answers:
    """The answers after one edit."""
    match event:
        case FieldAnswered(path, value):
            return set_value(answers, path, value)
        case AddInstance(repeat):
            return add_instance(answers, repeat)
        case RemoveInstance(repeat, index):
            return remove_instance(answers, repeat, index)


def turn_page(journey: Journey, evaluation: Evaluation, event: PersonEvent) -> Journey | None:
    """The journey on the next or previous page; None where the form ends on that side."""
    page = current_page(journey, evaluation)
    position = evaluation.pages.index(page)
    match event:
        case Continue():
            open_findings = any(question.finding is not None for question in page.questions)
            if open_findings and not journey.findings_shown:
                return replace(journey, page=page.key, findings_shown=True)
            position += 1
        case Back():
            position -= 1
        case _:
            return journey
    if not 0 <= position < len(evaluation.pages):
        return None
    return replace(journey, page=evaluation.pages[position].key, findings_shown=False, notice=None)


def edit_slot(journey: Journey, slot: FormSlot, event: FieldAnswered | AddInstance | RemoveInstance) -> Journey:
    """The journey after an edit of one form's answers."""
    draft = journey.require_draft()
    return replace(
        journey,
        draft=with_answers(draft, slot, edit(draft.answers_of(slot), event)),
        findings_shown=journey.findings_shown and isinstance(event, FieldAnswered),
    )


def open_last_instance(journey: Journey, evaluation: Evaluation, repeat: str) -> Journey:
    """The journey on the first page of the instance just added."""
    for page in evaluation.pages:
        if page.repeat is not None and page.repeat.name == repeat and page.repeat.instances:
            return replace(journey, page=page.repeat.instances[-1].first_page)
    return journey


def edit_evidence(journey: Journey, event: FieldAnswered | AddInstance | RemoveInstance) -> Journey:
    """The journey after an edit of the open evidence line."""
    index, line = journey.require_evidence()
    return replace_evidence(journey, index, replace(line, answers=edit(line.answers, event)))


def replace_evidence(journey: Journey, index: int, line: EvidenceDraft) -> Journey:
    """The journey with one line of the evidence list replaced."""
    lines = list(journey.require_draft().evidence)
    lines[index] = line
    return journey.with_draft(evidence=tuple(lines))


def last_page(journey: Journey, world: World, slot: FormSlot) -> str:
    """The key of a form's last page, where Back enters it."""
    return world.evaluate_slot(journey, slot).pages[-1].key
