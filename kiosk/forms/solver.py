"""Finding answers under which a question is asked or a choice is offered.

Conditions of forms are short, so it is enough to try every combination of the values that the conditions themselves
mention: the choices of a list, the numbers written beside a comparison and their neighbours, days around today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product

from kiosk.forms.answers import Answers, Path, Value, add_instance, set_value
from kiosk.forms.expression.evaluator import Expression
from kiosk.forms.expression.syntax import NumberLiteral, StringLiteral, walk
from kiosk.forms.model import Choice, Form, Question, QuestionType
from kiosk.forms.scope import FormScope, InstanceScope

_MOST_TRIES = 50_000


def reach(form: Form, name: str, today: date) -> Answers | None:
    """Answers under which a question (or repeat) is relevant; None if there are none.

    What must stay empty for it is in them too, as None.
    """
    return _solve(form, name, (), today, lambda scope, level: scope.is_relevant(name, level))


def reach_choice(form: Form, question: Question, choice: Choice, today: date) -> Answers | None:
    """Answers, as those of `reach`, under which `question` is relevant and offers `choice`; None if there are none."""
    extra = (question.choice_filter,) if question.choice_filter else ()

    def offered(scope: FormScope, level: InstanceScope) -> bool:
        return scope.is_relevant(question.name, level) and level.offers(question, choice)

    return _solve(form, question.name, extra, today, offered)


def _solve(
    form: Form,
    name: str,
    extra: tuple[Expression, ...],
    today: date,
    wanted: Callable[[FormScope, InstanceScope], bool],
) -> Answers | None:
    expressions = _conditions(form, name, extra)
    leaves = sorted({leaf for expression in expressions for leaf in expression.references if _is_leaf(form, leaf)})
    tried = [_candidates(form, leaf, expressions, today) for leaf in leaves]
    repeat = form.entries[name].repeat if name in form.entries else ""
    for values in islice(product(*tried), _MOST_TRIES):
        answers = add_instance(Answers(), repeat) if repeat else Answers()
        for leaf, value in zip(leaves, values, strict=True):
            answers = _with(form, answers, leaf, value)
        scope = FormScope(form, answers, today)
        level = scope.levels(form.repeats[repeat])[0] if repeat else scope.top
        if wanted(scope, level):
            return answers
    return None


def _conditions(form: Form, name: str, extra: Iterable[Expression]) -> list[Expression]:
    """Every expression that decides whether `name` is relevant, through what they refer to as well."""
    found: list[Expression] = []
    waiting = list(extra) + [item.relevant for item in form.chains[name] if item.relevant]
    while waiting:
        expression = waiting.pop()
        if expression in found:
            continue
        found.append(expression)
        for reference in expression.references:
            waiting += [item.relevant for item in form.chains[reference] if item.relevant]
            entry = form.entries.get(reference)
            if entry is not None and entry.question.calculation is not None:
                waiting.append(entry.question.calculation)
    return found


def _is_leaf(form: Form, name: str) -> bool:
    return name in form.repeats or form.entries[name].question.calculation is None


def _with(form: Form, answers: Answers, name: str, value: Value) -> Answers:
    if name in form.repeats:
        wanted = value is True and not answers.instances(name)
        return add_instance(answers, name) if wanted else answers
    return set_value(answers, Path(name, form.entries[name].repeat), value)


def _candidates(form: Form, name: str, expressions: list[Expression], today: date) -> list[Value]:
    if name in form.repeats:
        return [None, True]
    question = form.entries[name].question
    nodes = [node for expression in expressions for node in walk(expression.tree)]
    match question.type:
        case QuestionType.SELECT_ONE:
            return [None, *(choice.name for choice in question.choices)]
        case QuestionType.SELECT_MULTIPLE:
            names = tuple(choice.name for choice in question.choices)
            return [None, *((one,) for one in names), names]
        case QuestionType.INTEGER:
            return [None, *sorted({int(number) for number in _numbers(nodes)})]
        case QuestionType.DECIMAL:
            return [None, *sorted(_numbers(nodes))]
        case QuestionType.DATE:
            return [None, *(today + timedelta(days=days) for days in (-2000, -1, 0, 1))]
        case QuestionType.ACKNOWLEDGE:
            return [None, True]
        case _:
            texts = sorted({node.value for node in nodes if isinstance(node, StringLiteral) and node.value})
            return [None, "示例", *texts]


def _numbers(nodes: Iterable[object]) -> set[Decimal]:
    written = {node.value for node in nodes if isinstance(node, NumberLiteral)}
    return {Decimal(0), Decimal(1), Decimal(1000), *(n + step for n in written for step in (-1, 0, 1))}
