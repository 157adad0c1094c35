"""Names of the questions and choices behind a complaint's answers, and of courts, in the console's language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files

from kiosk.forms.load import load_form
from kiosk.forms.model import Form
from kiosk.forms.problems import FormError
from kiosk.i18n import Language, Text
from kiosk.law.courts import CourtRegistry, registry_shipped
from provisioning.hub.console.words import ConsoleLanguage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by question name, and by question and choice. What is not known keeps its name."""

    questions: Mapping[str, str]
    choices: Mapping[tuple[str, str], str]

    def of(self, name: str) -> str:
        """The label of the question `name`."""
        return self.questions.get(name, name)

    def choice(self, name: str, value: str) -> str:
        """The label of the answer `value` to the question `name`; the value itself where it is no choice."""
        return self.choices.get((name, value), value)


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
def labels_for(form_id: str, form_version: str, language: ConsoleLanguage) -> Labels:
    """The labels for a complaint on this form. The forms of parties and addresses are looked through as well; where
    names repeat, the complaint's own form counts. A version the hub does not have is shown by its question names."""
    own = [form for form in _library() if (form.form_id, form.version) == (form_id, form_version)]
    others = [form for form in _library() if form.form_id != form_id]
    spoken = Language(language.value)
    questions: dict[str, str] = {}
    choices: dict[tuple[str, str], str] = {}
    for form in (*others, *own):
        questions.update({name: _short(repeat.label, spoken) for name, repeat in form.repeats.items()})
        for name, entry in form.entries.items():
            questions[name] = _short(entry.question.label, spoken)
            for choice in entry.question.choices:
                choices[name, choice.name] = _short(choice.label, spoken)
    return Labels(questions, choices)


@cache
def _registry() -> CourtRegistry:
    return registry_shipped()


def court_name(code: str, language: ConsoleLanguage) -> str:
    """Code and name of a court; the code alone where it is not on the list."""
    registry = _registry()
    return f"{code} {registry.get(code).name.in_(Language(language.value))}" if code in registry else code


def _short(text: Text, language: Language) -> str:
    return text.in_(language).strip().rstrip("|").rstrip()
