"""Generated answers: a complete sample for a seed, and the walks that together visit every branch of a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kiosk.forms.answers import Answers, Path, Value, add_instance, is_instances, set_value
from kiosk.forms.evaluate import Evaluation, QuestionView, evaluate
from kiosk.forms.findings import Severity
from kiosk.forms.model import Form, QuestionType
from kiosk.forms.solver import reach, reach_choice
from kiosk.forms.synthetic import SyntheticAnswers

SAMPLE_DAY = date(2026, 3, 2)
"""The day on which samples are made, so that the same seed always gives the same answers."""

_MOST_ROUNDS = 200
_SKIPPED = 0.1  # share of optional questions left empty, as people do


def sample_answers(form: Form, seed: int, today: date = SAMPLE_DAY) -> Answers:
    """Complete and valid answers of an invented person: no finding of severity MISSING or INVALID is left."""
    return complete(form, Answers(), seed, today)


@dataclass(frozen=True, slots=True)
class Walk:
    """One way through a form. `leads_to` is the question, or the `question=choice`, it was made for."""

    leads_to: str
    answers: Answers


def walks(form: Form, today: date = SAMPLE_DAY) -> Iterator[Walk]:
    """For every question that is shown, and for every choice it offers, completed answers that lead there."""
    for seed, (name, entry) in enumerate(form.entries.items()):
        question = entry.question
        found = reach(form, name, today)
        if found is None or not question.is_shown:
            continue
        yield Walk(name, complete(form, found, seed, today))
        for choice in question.choices:
            start = reach_choice(form, question, choice, today)
            if start is not None:
                value = (choice.name,) if question.type is QuestionType.SELECT_MULTIPLE else choice.name
                start = set_value(start, Path(name, entry.repeat), value)
                yield Walk(f"{name}={choice.name}", complete(form, start, seed, today))


def complete(form: Form, start: Answers, seed: int, today: date = SAMPLE_DAY) -> Answers:
    """`start` with everything else answered; what stands in `start` is kept, even if it is empty or wrong.

    Raises RuntimeError if no draw pleases the constraints, which means that they contradict each other.
    """
    drawn = SyntheticAnswers(seed, today)
    answers = start
    kept = frozenset(_paths(start))
    settled = set(kept)
    repeats_done: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        state = evaluate(form, answers, today)
        grown = _grow(state, answers, repeats_done, drawn)
        changes = [change for change in _draw(state, settled, drawn) if change[0] not in kept]
        if grown is answers and not changes:
            return answers
        answers = grown
        for path, value in changes:
            answers = set_value(answers, path, value)
    raise RuntimeError(f"no sample for {form.form_id}")


def _paths(answers: Answers) -> Iterator[Path]:
    for name, value in answers.items():
        if is_instances(value):
            for index, instance in enumerate(value):
                yield from (Path(inner, name, index) for inner in instance)
        else:
            yield Path(name)


def _grow(state: Evaluation, answers: Answers, done: set[str], drawn: SyntheticAnswers) -> Answers:
    for page in state.pages:
        repeat = page.repeat
        if repeat is not None and repeat.name not in done:
            done.add(repeat.name)
            more = 1 - len(answers.instances(repeat.name)) if repeat.finding else 0
            for _ in range(max(0, more) + drawn.chance(0.4)):
                answers = add_instance(answers, repeat.name)
    return answers


def _draw(state: Evaluation, settled: set[Path], drawn: SyntheticAnswers) -> Iterator[tuple[Path, Value]]:
    """New values for what was not answered yet, and for what was drawn and does not fit."""
    for view in (view for page in state.pages for view in page.questions):
        if not view.question.is_asked:
            continue
        wrong = view.finding is not None and view.finding.severity is not Severity.ADVICE
        untouched = view.path not in settled and view.value is None
        settled.add(view.path)
        if wrong or untouched:
            yield view.path, _value(view, drawn)


def _value(view: QuestionView, drawn: SyntheticAnswers) -> Value:
    if not view.question.required and view.finding is None and drawn.chance(_SKIPPED):
        return None
    return drawn.answer(view.question, view.choices, view.path)
