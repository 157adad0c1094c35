"""Names of the questions and choices behind a complaint's answers, and of courts, in the console's language."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import assert_never

from kiosk.court.envelope import Party, PartyKind
from kiosk.forms.load import load_form
from kiosk.forms.model import Entry, Form
from kiosk.forms.problems import FormError
from kiosk.i18n import Language, Text
from kiosk.law.courts import CourtRegistry, registry_shipped
from kiosk.law.money import AmountError, checked, shown
from provisioning.hub.console.words import ConsoleLanguage, say

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by question name, and by question and choice. What is not known keeps its name.

    `headings` holds the title of the page a question stands on, `money` the questions about an amount in yuan,
    `computed` those that the form answers by itself.
    """

    language: ConsoleLanguage
    questions: Mapping[str, str]
    choices: Mapping[tuple[str, str], str]
    headings: Mapping[str, str]
    money: frozenset[str]
    computed: frozenset[str]

    def of(self, name: str) -> str:
        """The label of the question `name`."""
        return self.questions.get(name, name)

    def heading(self, name: str) -> str:
        """The title of the page on which `name` is asked, empty where there is none."""
        return self.headings.get(name, "")

    def shown(self, name: str, value: object) -> str:
        """One answer as it is read: the label of a choice, an amount as money, anything else as it was given."""
        text = str(value)
        if name in self.money:
            return money(text, self.language)
        return self.choices.get((name, text), text)

    def rows(self, answers: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
        """Heading, name and value of each answer that a person gave; a heading only where it changes."""
        last = ""
        for name, value in answers.items():
            if name not in self.computed:
                heading = self.heading(name)
                yield ("" if heading == last else heading), name, value
                last = heading


def money(text: str | None, language: ConsoleLanguage) -> str:
    """An amount in yuan as the console shows every amount: 50,000.00 元, ¥50,000.00. What is no amount in whole fen
    stays as it was written; empty for None."""
    if text is None:
        return ""
    try:
        amount = checked(Decimal(text))
    except (InvalidOperation, AmountError):
        return text
    return say("app.money", language, amount=shown(amount))


@cache
def _library() -> tuple[Form, ...]:
    """Every form of the library that loads; one that does not is another program's problem, said in the log."""
    forms: list[Form] = []
    for entry in sorted(files("kiosk.forms").joinpath("library").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith((".yaml", ".xlsx")):
            try:
                with as_file(entry) as path:
                    forms.append(load_form(path))
            except FormError as error:
                log.warning("form %s does not load: %d problems", entry.name, len(error.problems))
    return tuple(forms)


@lru_cache(maxsize=64)
def labels_for(language: ConsoleLanguage, *forms: str, version: str = "") -> Labels:
    """The labels of `forms` by id, the later ones first where names repeat. What the hub does not have, such as
    another `version`, is shown by its question names."""
    spoken = Language(language.value)
    questions: dict[str, str] = {}
    choices: dict[tuple[str, str], str] = {}
    headings: dict[str, str] = {}
    money_names: set[str] = set()
    computed: set[str] = set()
    wanted = [form for form in _library() if form.form_id in forms and version in ("", form.version)]
    for form in sorted(wanted, key=lambda form: forms.index(form.form_id)):
        questions.update({name: _short(repeat.label, spoken) for name, repeat in form.repeats.items()})
        for name, entry in form.entries.items():
            question = entry.question
            questions[name] = _short(question.label, spoken) or name
            headings[name] = _heading(entry, spoken)
            choices.update({(name, choice.name): _short(choice.label, spoken) for choice in question.choices})
            if question.is_money:
                money_names.add(name)
            if not question.is_shown:
                computed.add(name)
    return Labels(language, questions, choices, headings, frozenset(money_names), frozenset(computed))


def party_labels(party: Party, language: ConsoleLanguage) -> Labels:
    """The labels of the forms on which this party was described (kiosk/services/envelope.py)."""
    match party.role:
        case "plaintiff" if party.kind is PartyKind.NATURAL:
            return labels_for(language, "plaintiff_natural")
        case "plaintiff":
            return labels_for(language, "plaintiff_organisation")
        case "agent":
            return labels_for(language, "agent", "identity_typed")
        case "representative":
            return labels_for(language, "identity_typed")
        case "defendant" | "third_party":
            return labels_for(language, "defendants")
        case _:
            assert_never(party.role)


@cache
def _registry() -> CourtRegistry:
    return registry_shipped()


def court_name(code: str, language: ConsoleLanguage) -> str:
    """Code and name of a court; the code alone where it is not on the list."""
    registry = _registry()
    return f"{code} {registry.get(code).name.in_(Language(language.value))}" if code in registry else code


def _heading(entry: Entry, language: Language) -> str:
    """The title of the page the question stands on; empty within a repeat, whose own label stands beside it."""
    if entry.repeat:
        return ""
    titles = (_short(parent.label, language) for parent in reversed(entry.parents))
    return next((title for title in titles if title), "")


def _short(text: Text, language: Language) -> str:
    return text.in_(language).strip().rstrip("|").rstrip()
