"""A begun filing as a document that can be kept, and such a document as a filing that goes on here (S0-32).

What another program wrote is taken as far as it fits this terminal's forms, causes and courts. What does not fit is
named, with what was written, and never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.court.contract import MatterChannel, MatterOrigin
from kiosk.court.kept_drafts import DraftOwner, KeptDraft, KeptForm
from kiosk.flow.draft import Draft, EvidenceDraft, FormSlot, Represented
from kiosk.flow.draft_state import LeftOut, TakenUp
from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.filling import with_answers
from kiosk.flow.journey import Journey
from kiosk.flow.prefill import prefill
from kiosk.flow.route import route
from kiosk.flow.stage import Stage
from kiosk.flow.world import EVIDENCE_FORM, World
from kiosk.forms.answers_json import Unfitting, fitting, texts_of, to_json
from kiosk.i18n import catalogue

_HERE = frozenset(FormSlot) - {FormSlot.PERSON}
"""Forms that travel. Who the person is, is shown anew wherever they go on."""


def written(journey: Journey, world: World) -> KeptDraft:
    """The document of the journey's draft, whose keeping was agreed to. Raises LookupError where it was not, or where
    the draft has no owner."""
    draft, consent = journey.require_draft(), journey.require_keeping().consent
    if draft.identity is None or consent is None:
        raise LookupError("nothing is kept without owner and consent")
    origin = draft.origin
    return KeptDraft(
        matter_id=origin.matter_id if origin is not None else draft.submission_id,
        begun=origin.begun if origin is not None else draft.started,
        begun_in=origin.begun_in if origin is not None else MatterChannel.HALL,
        language=journey.language.value,
        owner=DraftOwner(
            document=draft.identity.document, number=draft.identity.number, name=draft.identity.name[:100]
        ),
        represents=draft.represented.value,
        competent_court=draft.competent_court,
        cause_code=draft.cause.code if draft.cause is not None else "",
        mediation=draft.mediation,
        forms=tuple(_forms(journey, world)),
        evidence=tuple(to_json(line.answers) for line in draft.evidence),
        consent=consent,
    )


def _forms(journey: Journey, world: World) -> Iterator[KeptForm]:
    for slot, answers in journey.require_draft().answers.items():
        if slot in _HERE and answers:
            form = world.form(journey, slot)
            yield KeptForm(place=slot.value, form_id=form.form_id, form_version=form.version, answers=to_json(answers))


def restored(kept: KeptDraft, lookup: str, until: str, journey: Journey, world: World) -> TakenUp:
    """The filing of `journey` as it goes on from `kept`, which is under `lookup` at the hub until the day `until`."""
    draft, left = _facts(kept, lookup, journey.require_draft(), world)
    for one in kept.forms:
        slot = FormSlot(one.place)
        if slot not in _HERE:
            continue
        form = world.form(replace(journey, draft=draft), slot)
        if form.form_id != one.form_id:
            unfit = [Unfitting(None, name, text) for name, text in _everything(one)]
        else:
            answers, unfitting = fitting(form, one.answers)
            unfit = list(unfitting)
            draft = with_answers(draft, slot, answers)
        left += [_left(one_unfit, slot) for one_unfit in unfit]
    lines: list[EvidenceDraft] = []
    for given in kept.evidence:
        answers, unfitting = fitting(world.forms.get(EVIDENCE_FORM), given)
        lines.append(EvidenceDraft(answers))
        left += [_left(one_unfit, Stage.EVIDENCE) for one_unfit in unfitting]
    return TakenUp(prefill(replace(draft, evidence=tuple(lines))), until, tuple(left))


def _facts(kept: KeptDraft, lookup: str, now: Draft, world: World) -> tuple[Draft, list[LeftOut]]:
    """What stands beside the forms."""
    left: list[LeftOut] = []
    court = kept.competent_court or now.competent_court
    if not world.may_be_competent(court):
        left.append(LeftOut(catalogue()["lobby.part.court"], court))
        court = now.competent_court
    cause = world.cause(kept.cause_code)
    if kept.cause_code and cause is None:
        left.append(LeftOut(catalogue()["lobby.part.cause"], kept.cause_code))
    origin = MatterOrigin(matter_id=kept.matter_id, begun_in=kept.begun_in, begun=kept.begun, kept_draft=lookup)
    own = {slot: answers for slot, answers in now.answers.items() if slot not in _HERE}
    draft = replace(
        now,
        competent_court=court,
        represented=Represented(kept.represents),
        cause=cause,
        answers=own,
        mediation=kept.mediation,
        origin=origin,
    )
    return draft, left


def _everything(form: KeptForm) -> Iterator[tuple[str, str]]:
    """Everything written on a form that is not asked here, by the names that its own program gave it."""
    for name, value in form.answers.items():
        for text in texts_of(value):
            yield name, text


def _left(unfit: Unfitting, where: FormSlot | Stage) -> LeftOut:
    if unfit.question is not None:
        return LeftOut(unfit.question.label, unfit.written)
    return LeftOut(catalogue()[f"lobby.part.{where.value}"], unfit.written)


def first_open(journey: Journey, world: World) -> Journey:
    """The journey at the first page that still needs something; the evidence at the latest, for papers are scanned
    where a filing is handed in."""
    draft = journey.require_draft()
    stages = route(draft)
    for stage in stages[stages.index(Stage.CAPACITY) + 1 :]:
        if stage is Stage.EVIDENCE or (stage is Stage.CAUSE and draft.cause is None):
            return journey.at(stage)
        slot = SLOT_OF_STAGE.get(stage)
        if slot is None:
            continue
        for page in world.evaluate_slot(journey.at(stage), slot).pages:
            if any(view.to_correct is not None for view in page.questions):
                return journey.at(stage, page=page.key)
    raise LookupError("a filing without evidence")
