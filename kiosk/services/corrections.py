"""The correction list (一次性告知, 登记立案规定 7): complete, in the order of the journey. Never a reason to refuse.

The forms find what is missing; added here is what no single form can know: numbers whose check digit does not fit,
telephone numbers nobody can dial, papers that a capacity needs, evidence that was not scanned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kiosk.flow.consents import Purpose
from kiosk.flow.route import route
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Path
from kiosk.forms.evaluate import QuestionView
from kiosk.forms.findings import Severity
from kiosk.forms.model import Pii
from kiosk.i18n import Language, Text, catalogue
from kiosk.identity import (
    IdentityNumber,
    NumberKind,
    PhoneRejection,
    Problem,
    Rejection,
    Sex,
    check,
    check_as,
    check_phone,
)
from kiosk.services.filled import Filled, page_of

if TYPE_CHECKING:
    from kiosk.services.dossier import Dossier, EvidenceEntry

MATERIALS = "《最高人民法院关于人民法院登记立案若干问题的规定》第六条"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that is missing or looks wrong, and where it is put right. Never a reason to refuse.

    `named`: the text itself begins with whom or what it speaks of, such as "Defendant 1".
    """

    text: Text
    stage: Stage
    page: str | None = None
    evidence: int | None = None
    basis: str = ""
    named: bool = False

    @property
    def placed(self) -> Text:
        """With the part of the complaint it belongs to, "Plaintiff: …", unless that would say it twice."""
        if self.named:
            return self.text
        part = catalogue()[f"lobby.part.{self.stage.value}"]
        joined = _joined(part, self.text)

        def in_(language: Language) -> str:
            said = self.text.in_(language)
            return said if _says(said, part.in_(language)) else joined.in_(language)

        return Text(*(in_(language) for language in Language))


def find(dossier: Dossier) -> Iterator[Correction]:
    """Every correction once, in the order of the journey; what comes after the present screen is not missed yet."""
    seen: set[tuple[Stage, Text, str | None]] = set()
    for stage in route(dossier.draft):
        for found in _at(stage, dossier):
            key = (found.stage, found.text, found.page)
            if key not in seen:
                seen.add(key)
                yield found


def _at(stage: Stage, dossier: Dossier) -> Iterator[Correction]:
    slot = dict(dossier.slots).get(stage)
    if slot is not None:
        yield from _of_form(dossier.filled(slot), stage, dossier.world.now.date())
    match stage:
        case Stage.ORGANISATION | Stage.AGENT:
            yield from _capacity_papers(stage, dossier)
        case Stage.CAUSE if dossier.draft.cause is None:
            yield Correction(_text("cause"), Stage.CAUSE)
        case Stage.EVIDENCE:
            yield from _evidence(dossier)
        case Stage.UNDERTAKING if dossier.passed(stage) and not dossier.draft.granted(Purpose.UNDERTAKING):
            yield Correction(_text("undertaking"), stage, basis="《中华人民共和国民事诉讼法》第十三条")
        case Stage.SIGNATURE if dossier.passed(stage) and dossier.draft.signature is None:
            yield Correction(_text("signature"), stage)
        case _:
            pass


# -- forms


def _of_form(filled: Filled, stage: Stage, today: date, evidence: int | None = None) -> Iterator[Correction]:
    """What the form found and what its numbers tell, each where it is put right."""
    form, pages = filled.form, filled.evaluation.pages
    found = {one.path: one for one in filled.evaluation.findings if one.severity is not Severity.ADVICE}
    for page in pages:
        for view in page.questions:
            entry = form.entries[view.question.name]
            finding, doubt = found.pop(view.path, None), None
            if finding is None:
                doubt = _doubt(view, filled, today)
            else:
                wording = _placed(finding.message, view.path, filled)
                clause, named = entry.question.clause, bool(view.path.repeat)
                yield Correction(wording, stage, page.key, evidence, clause, named)
            if doubt is not None:
                wording, named = _placed(doubt, view.path, filled), bool(view.path.repeat)
                yield Correction(wording, stage, page.key, evidence, named=named)
        repeat = page.repeat
        if repeat is not None and repeat.finding is not None:
            found.pop(repeat.finding.path, None)
            yield Correction(repeat.finding.message, stage, page.key, evidence, form.repeats[repeat.name].clause)
    for path, rest in found.items():
        yield Correction(rest.message, stage, page_of(pages, path), evidence)


def _placed(wording: Text, path: Path, filled: Filled) -> Text:
    """Within a repeat the wording says of which instance it speaks."""
    if not path.repeat:
        return wording
    label = filled.form.repeats[path.repeat].label
    number = path.index + 1
    return _joined(Text(f"{label.zh} {number}", f"{label.ko} {number}", f"{label.en} {number}"), wording)


def _doubt(view: QuestionView, filled: Filled, today: date) -> Text | None:
    """What looks wrong in an answer that its form accepts."""
    question, value = view.question, view.value
    if not isinstance(value, str) or not value.strip():
        return None
    if question.pii is Pii.PHONE and question.constraint is not None:
        checked = check_phone(value)
        return _joined(question.label, checked.text) if isinstance(checked, PhoneRejection) else None
    if question.pii is Pii.ID_NUMBER or question.name.endswith("uscc"):
        reason = _number_doubt(view, value, filled, today)
        return _joined(question.label, reason) if reason is not None else None
    return None


_KINDS = {
    "resident": NumberKind.RESIDENT,
    "hmt_permit": NumberKind.HMT_PERMIT,
    "passport": NumberKind.PASSPORT,
    "uscc": NumberKind.USCC,
}
_UNCHECKED = frozenset({"military", "other"})
_SURE = frozenset({Problem.CHECK_DIGIT, Problem.BIRTH_DATE, Problem.BIRTH_IN_FUTURE, Problem.ORGANISATION_CHECK})
"""Problems of a number that tell of a slip of the finger even where the kind of document is not known."""


def _number_doubt(view: QuestionView, value: str, filled: Filled, today: date) -> Text | None:
    level = next(
        (one for one in filled.instances(view.path.repeat) if one.index == view.path.index), filled
    )  # siblings of a question in a repeat stand in the same instance
    prefix = view.question.name.removesuffix("id_number")
    kind = "uscc" if view.question.name.endswith("uscc") else level.value(f"{prefix}id_kind")
    if kind in _UNCHECKED:
        return None
    known = _KINDS.get(str(kind))
    checked = check(value, today=today) if known is None else check_as(known, value, today=today)
    if isinstance(checked, Rejection):
        return checked.text if known is not None or checked.problem in _SURE else None
    return _disagreement(checked, prefix, level)


def _disagreement(number: IdentityNumber, prefix: str, level: Filled) -> Text | None:
    """Whether day of birth and sex are others than the number says."""
    birth, sex = level.value(f"{prefix}birth"), level.value(f"{prefix}sex")
    if number.birth is not None and isinstance(birth, date) and birth != number.birth:
        return _text("birth_differs")
    if number.sex is not None and sex in _SEXES and _SEXES[str(sex)] is not number.sex:
        return _text("sex_differs")
    return None


_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}


# -- papers and evidence


def _capacity_papers(stage: Stage, dossier: Dossier) -> Iterator[Correction]:
    """The papers that prove a capacity, where none of the evidence is called so (登记立案规定 6)."""
    titles = "\n".join(entry.title for entry in dossier.evidence)
    for name, words in _PAPERS_FOR[stage]:
        if not any(word in titles for word in words):
            yield Correction(_text(name), stage, basis=MATERIALS)


_PAPERS_FOR: dict[Stage, tuple[tuple[str, tuple[str, ...]], ...]] = {
    Stage.ORGANISATION: (("licence", ("执照", "登记证")), ("representative", ("身份证明",))),
    Stage.AGENT: (("authority", ("委托书",)),),
}
"""The wording for each paper, and by what words in a title it is recognised."""

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def _evidence(dossier: Dossier) -> Iterator[Correction]:
    if not dossier.evidence:
        yield Correction(_text("evidence"), Stage.EVIDENCE, basis="《中华人民共和国民事诉讼法》第一百二十四条第四项")
    for entry in dossier.evidence:
        yield from _of_evidence(entry, dossier.world.now.date())


def _of_evidence(entry: EvidenceEntry, today: date) -> Iterator[Correction]:
    for found in _of_form(entry.filled, Stage.EVIDENCE_ITEM, today, entry.index):
        text = _text("of_evidence", title=entry.title, text=found.text)
        yield Correction(text, found.stage, found.page, found.evidence, found.basis)
    if not entry.pages:
        yield Correction(_text("scan", title=entry.title), Stage.EVIDENCE_ITEM, None, entry.index)
    if _LETTERS.search(entry.title) and not _HAN.search(entry.title):
        text = _text("translation", title=entry.title)
        basis = "《中华人民共和国民事诉讼法》第七十三条第二款"
        yield Correction(text, Stage.EVIDENCE_ITEM, None, entry.index, basis)


# -- wording


def _joined(what: Text, said: Text) -> Text:
    label = Text(*(what.in_(language).rstrip("？?") for language in Language))
    return Text(f"{label.zh}：{said.zh}", f"{label.ko}: {said.ko}", f"{label.en}: {said.en}")


def _says(text: str, part: str) -> bool:
    """Whether `text` names `part` already: in Latin letters as whole words, in Chinese and Korean anywhere."""
    if part.isascii():
        return re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) is not None
    return part in text


def _text(name: str, **values: str | Text) -> Text:
    wording = catalogue()[f"corrections.{name}"]

    def in_(language: Language) -> str:
        filled = {key: value.in_(language) if isinstance(value, Text) else value for key, value in values.items()}
        return wording.in_(language).format(**filled) if filled else wording.in_(language)

    return Text(*(in_(language) for language in Language))
