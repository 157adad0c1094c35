"""Walking through a form, one page at a time: the same rules for every form of the journey.

The law forbids refusal (登记立案规定 2, 7): what is missing or looks wrong is shown once, with the same words beside
the field, and the person may go on; it then stands on the correction list.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import Draft, EvidenceDraft, FormSlot
from kiosk.flow.events import AddInstance, Back, Continue, FieldAnswered, PersonEvent, RemoveInstance
from kiosk.flow.journey import Journey
from kiosk.flow.paging import entered, instance_of, next_page, previous_page
from kiosk.flow.world import World
from kiosk.forms.answers import Answers, Path, add_instance, remove_instance, set_value
from kiosk.forms.evaluate import Evaluation, PageView


def current_page(journey: Journey, evaluation: Evaluation) -> PageView:
    """The page the person is on; where the form is entered if there is none yet or it has become irrelevant."""
    found = next((page for page in evaluation.pages if page.key == journey.page), None)
    return found if found is not None else entered(evaluation.pages[0], evaluation.pages)


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
            # The line that a required repeat shows while it has none cannot be taken away.
            there = 0 <= index < len(answers.instances(repeat))
            return remove_instance(answers, repeat, index) if there else answers


def turn_page(journey: Journey, evaluation: Evaluation, event: PersonEvent) -> Journey | None:
    """The journey on the next or previous page; None where the form ends on that side."""
    page = current_page(journey, evaluation)
    match event:
        case Continue():
            open_findings = any(question.to_correct is not None for question in page.questions)
            if open_findings and not journey.findings_shown:
                return replace(journey, page=page.key, findings_shown=True)
            target = next_page(page, evaluation.pages)
        case Back():
            target = previous_page(page, evaluation.pages)
        case _:
            return journey
    if target is None:
        return None
    return replace(journey, page=target.key, findings_shown=False, notice=None)


def on_its_page(journey: Journey, slot: FormSlot, world: World) -> Journey:
    """The journey with its page spelled out, so that an edit cannot move the person to another one."""
    if journey.page is not None:
        return journey
    return replace(journey, page=current_page(journey, world.evaluate_slot(journey, slot)).key)


def without_untouched_instance(journey: Journey, slot: FormSlot, left: str | None) -> Journey:
    """The journey, on the summary of a repeat, without the instance that was just left if nothing was said in it."""
    repeat, index = instance_of(left or "")
    draft = journey.require_draft()
    instances = draft.answers_of(slot).instances(repeat) if repeat == journey.page else ()
    if index >= len(instances) or any(value is not None for value in instances[index].values()):
        return journey
    return edit_slot(journey, slot, RemoveInstance(repeat, index))


def edit_slot(journey: Journey, slot: FormSlot, event: FieldAnswered | AddInstance | RemoveInstance) -> Journey:
    """The journey after an edit of one form's answers."""
    draft = _without_decisions(journey.require_draft(), slot, event)
    return replace(
        journey,
        draft=with_answers(draft, slot, edit(draft.answers_of(slot), event)),
        findings_shown=journey.findings_shown and isinstance(event, FieldAnswered),
    )


def _without_decisions(draft: Draft, slot: FormSlot, event: FieldAnswered | AddInstance | RemoveInstance) -> Draft:
    """The draft after an instance went: what was decided in it is forgotten, and the later ones move up."""
    if not isinstance(event, RemoveInstance):
        return draft

    def moved(path: Path) -> Path | None:
        if path.repeat != event.repeat or path.index < event.index:
            return path
        return replace(path, index=path.index - 1) if path.index > event.index else None

    here = ((moved(path), value) for of, path, value in draft.decided if of is slot)
    kept = {(slot, path, value) for path, value in here if path is not None}
    return replace(draft, decided=draft.decided_elsewhere(slot) | kept)


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


def without_empty_line(journey: Journey) -> Journey:
    """The journey without the open evidence line if nothing was scanned or said in it."""
    index, line = journey.require_evidence()
    if line.pages or any(value is not None for value in line.answers.values()):
        return journey
    lines = journey.require_draft().evidence
    return journey.with_draft(evidence=lines[:index] + lines[index + 1 :])


def last_page(journey: Journey, world: World, slot: FormSlot) -> str:
    """The key of a form's last page, where Back enters it."""
    return world.evaluate_slot(journey, slot).pages[-1].key
