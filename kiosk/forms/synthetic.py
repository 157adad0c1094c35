"""Answers of people who do not exist: Chinese text, addresses that say 示例, numbers with valid check digits."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from kiosk.forms.answers import Path, Value
from kiosk.forms.expression.syntax import NumberLiteral, walk
from kiosk.forms.model import Choice, Pii, Question, QuestionType
from kiosk.identity.organisations import credit_check_character, organisation_check_character
from kiosk.identity.personal import check_character

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朴崔"
_GIVEN_NAMES = ("示例", "样例", "明示", "文例", "晓示", "建例")
_STREETS = ("示例路", "示例街", "示例大街", "示例胡同")
_SENTENCES = (
    "双方签订了示例合同，约定了各自的权利和义务。",
    "对方没有按照约定履行，经多次催促仍未履行。",
    "以上情况有合同、转账记录和聊天记录可以证明。",
    "示例内容，用于核对程序，不是真实案件。",
)
_OPPONENT = "defendant_"
"""What the names of the questions about an opponent begin with."""


class Person:
    """One invented person, so that birthday, sex and identity number agree with each other."""

    def __init__(self, dice: random.Random, today: date) -> None:
        self.birth = today - timedelta(days=dice.randint(20 * 366, 80 * 365))
        order = dice.randint(1, 999)
        self.sex = "male" if order % 2 else "female"
        self.name = dice.choice(_SURNAMES) + dice.choice(_GIVEN_NAMES)
        first_17 = f"220102{self.birth:%Y%m%d}{order:03d}"
        self.id_number = first_17 + check_character(first_17)


class SyntheticAnswers:
    """Draws answers, the same for the same seed."""

    def __init__(self, seed: int, today: date) -> None:
        self._dice = random.Random(f"answers {seed}")
        self._today = today
        self.person = Person(self._dice, today)
        self._others: dict[tuple[str, int], Person] = {}

    def chance(self, likely: float) -> bool:
        """True with probability `likely`."""
        return self._dice.random() < likely

    def answer(self, question: Question, choices: tuple[Choice, ...], path: Path) -> Value:
        """A plausible answer to `question` at `path`; it may still break a constraint, so the caller checks and draws
        again. What is asked about one person is answered for one person."""
        about = self._about(path)
        if about is not None:
            return about
        match question.type:
            case QuestionType.SELECT_ONE:
                return self._choice(question, choices)
            case QuestionType.SELECT_MULTIPLE:
                picked = [choice.name for choice in choices if self.chance(0.5)]
                return tuple(picked or [self._dice.choice(choices).name]) if choices else None
            case QuestionType.INTEGER:
                return self._dice.randint(1, self._dice.choice((9, 90, 300)))
            case QuestionType.DECIMAL:
                return self._number(question)
            case QuestionType.DATE:
                return self._day(question)
            case QuestionType.ACKNOWLEDGE:
                return True
            case QuestionType.IMAGE | QuestionType.SIGNATURE:
                return f"sample-{self._dice.randrange(10**6):06d}"
            case QuestionType.TEXT:
                return self._text(question)
            case QuestionType.NOTE | QuestionType.CALCULATE | QuestionType.HIDDEN:
                return None

    def _about(self, path: Path) -> Value:
        """Birthday, sex or number of the opponent whom `path` asks about; None for any other question."""
        what = path.name.removeprefix(_OPPONENT)
        if what == path.name or what not in ("birth", "sex", "id_number"):
            return None
        who = self._others.setdefault((path.repeat, path.index), self.another())
        return who.birth if what == "birth" else who.sex if what == "sex" else who.id_number

    def _choice(self, question: Question, choices: tuple[Choice, ...]) -> Value:
        names = [choice.name for choice in choices]
        if question.name == "sex" and self.person.sex in names:
            return self.person.sex
        if question.name == "id_kind" and "resident" in names:
            return "resident"
        return self._dice.choice(names) if names else None

    def _number(self, question: Question) -> Decimal:
        if question.is_money:
            return Decimal(self._dice.randint(1, 2_000_000)) / 100 * self._dice.choice((1, 10, 100))
        # Where a constraint names bounds, values between them are likelier to please it.
        bounds = [10, 100]
        if question.constraint is not None:
            bounds += [int(node.value) for node in walk(question.constraint.tree) if isinstance(node, NumberLiteral)]
        return Decimal(self._dice.randint(1, max(2, self._dice.choice(bounds)) * 10 - 1)) / 10

    def _day(self, question: Question) -> date:
        if question.pii is Pii.BIRTH and question.name == "birth":
            return self.person.birth
        # Today pleases a constraint such as "not before" whatever day it compares with.
        return self._today - timedelta(days=0 if self.chance(0.2) else self._dice.randint(1, 2000))

    def _text(self, question: Question) -> str:
        named = _BY_NAME.get(question.name) or (_BY_CLASS.get(question.pii) if question.pii else None)
        if named is not None and (question.name != "name" or question.pii is Pii.NAME):
            return named(self)
        if question.name == "name" or question.name.endswith("employer"):
            return self.organisation()
        if "multiline" in question.appearance:
            return "".join(self._dice.sample(_SENTENCES, self._dice.randint(1, 3)))
        if "numbers" in question.appearance:
            return f"{self._dice.randrange(10**5, 10**6)}"
        return f"示例{self._dice.randint(1, 999)}"

    def address(self) -> str:
        """An address where nobody lives."""
        street, number, room = self._dice.choice(_STREETS), self._dice.randint(1, 300), self._dice.randint(101, 2004)
        return f"吉林省长春市示例区{street}{number}号{room}室"

    def phone(self) -> str:
        """A mobile number as printed examples show it."""
        return f"1390000{self._dice.randint(0, 9999):04d}"

    def organisation(self) -> str:
        """A company that does not exist."""
        return f"长春示例{self._dice.choice('甲乙丙丁戊己')}有限公司"

    def credit_code(self) -> str:
        """A unified social credit code with valid check characters."""
        first_8 = f"MA{self._dice.randrange(10**6):06d}"
        first_17 = f"91220102{first_8}{organisation_check_character(first_8)}"
        return first_17 + credit_check_character(first_17)

    def another(self) -> Person:
        """Somebody else."""
        return Person(self._dice, self._today)


_BY_NAME: dict[str, Callable[[SyntheticAnswers], str]] = {
    "name": lambda drawn: drawn.person.name,
    "id_number": lambda drawn: drawn.person.id_number,
    "nation": lambda _: "汉族",
    "uscc": SyntheticAnswers.credit_code,
    "defendant_uscc": SyntheticAnswers.credit_code,
}
_BY_CLASS: dict[Pii, Callable[[SyntheticAnswers], str]] = {
    Pii.NAME: lambda drawn: drawn.another().name,
    Pii.ID_NUMBER: lambda drawn: drawn.another().id_number,
    Pii.PHONE: SyntheticAnswers.phone,
    Pii.ADDRESS: SyntheticAnswers.address,
    Pii.EMAIL: lambda _: "sample@example.com",
}
