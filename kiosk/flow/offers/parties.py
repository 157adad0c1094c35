"""Of whom a paper speaks, and whether that is the party that a form describes. Never guessed: a name or number that is
there already decides, and where there is none the person does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.court.envelope import IdentitySource
from kiosk.flow.draft import Draft, FormSlot, Represented
from kiosk.flow.offers.table import PARTIES, SUBJECTS, About, PartyPlace
from kiosk.flow.offers.values import plain
from kiosk.flow.scanning import PageState
from kiosk.forms.answers import Answers, Path
from kiosk.ocr.model import FieldProposal, PageClass
from kiosk.session.scratch import ScratchKey

_FORM_OF_SLOT = {
    FormSlot.PLAINTIFF: "plaintiff_natural",
    FormSlot.ORGANISATION: "plaintiff_organisation",
    FormSlot.AGENT: "agent",
    FormSlot.OTHERS: "defendants",
    FormSlot.ADDRESS: "service_address",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody of whom one paper speaks; `readings` are what it says, with their place among all of the page."""

    page: ScratchKey
    paper: PageClass
    readings: tuple[tuple[int, About, FieldProposal], ...] = field(repr=False)

    def said(self, *about: About) -> str:
        """What the paper says about one thing, as it is compared; empty where it says nothing."""
        return next((plain(one.value) for _, what, one in self.readings if what in about), "")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a form says of a party, as it is compared."""

    name: str = field(repr=False)
    number: str = field(repr=False)


def subjects(page: ScratchKey, state: PageState) -> Iterator[Subject]:
    """Everybody of whom a page speaks. A name that comes again (the second plaintiff) is another person's."""
    roles = SUBJECTS.get(state.paper, {})
    found: dict[str, list[list[tuple[int, About, FieldProposal]]]] = {}
    for number, reading in enumerate(state.readings):
        if reading.field not in roles:
            continue
        role, about = roles[reading.field]
        people = found.setdefault(role, [[]])
        if about is About.NAME and any(what is About.NAME for _, what, _ in people[-1]):
            people.append([])
        people[-1].append((number, about, reading))
    for people in found.values():
        for readings in people:
            yield Subject(page, state.paper, tuple(readings))


def place_of(form_id: str, path: Path) -> tuple[PartyPlace, About] | None:
    """The party that a question describes, and what of it; None for other questions."""
    for place in PARTIES.get(form_id, ()):
        for about, names in place.fields.items():
            if place.repeat == path.repeat and path.name in names:
                return place, about
    return None


def is_asked_of_paper(draft: Draft, slot: FormSlot) -> bool:
    """Whether a paper may say who this party is. Whoever came with a card that was read is that person."""
    by_card = draft.identity is not None and draft.identity.source is IdentitySource.CARD
    own = slot is FormSlot.AGENT or (slot is FormSlot.PLAINTIFF and draft.represented is Represented.SELF)
    return not (own and by_card)


def may_be(subject: Subject, draft: Draft, slot: FormSlot, place: PartyPlace, index: int) -> bool:
    """Whether `subject` may be the party at `place`. Where the form names the party, name or number must agree; where
    it does not, it may be anybody who is not already another party."""
    answers = _level(draft.answers_of(slot), place, index)
    persons = {"natural": True, "organisation": False}.get(str(answers.value(place.kind) if place.kind else ""))
    persons = place.persons if persons is None else persons
    if persons is not None and subject.paper is (PageClass.BUSINESS_LICENCE if persons else PageClass.IDENTITY_CARD):
        return False
    known = _known(answers, place)
    name, number = subject.said(About.NAME), subject.said(About.NUMBER, About.CODE)
    if known.name or known.number:
        return (bool(name) and name == known.name) or (bool(number) and number == known.number)
    others = [known for where, known in _everybody(draft) if where != (slot, place.repeat, index)]
    return not any((name and name == one.name) or (number and number == one.number) for one in others)


def _level(answers: Answers, place: PartyPlace, index: int) -> Answers:
    if not place.repeat:
        return answers
    instances = answers.instances(place.repeat)
    return instances[index] if index < len(instances) else Answers()


def _known(answers: Answers, place: PartyPlace) -> _Known:
    def text(*about: About) -> str:
        names = [name for one in about for name in place.fields.get(one, ())]
        values = (answers.value(name) for name in names)
        return next((plain(value) for value in values if isinstance(value, str) and value.strip()), "")

    return _Known(text(About.NAME), text(About.NUMBER, About.CODE))


def _everybody(draft: Draft) -> Iterator[tuple[tuple[FormSlot, str, int], _Known]]:
    plaintiff = FormSlot.ORGANISATION if draft.represented.is_organisation else FormSlot.PLAINTIFF
    for slot in (plaintiff, FormSlot.OTHERS):
        answers = draft.answers_of(slot)
        for place in PARTIES[_FORM_OF_SLOT[slot]]:
            count = len(answers.instances(place.repeat)) if place.repeat else 1
            for index in range(count):
                yield (slot, place.repeat, index), _known(_level(answers, place, index), place)
