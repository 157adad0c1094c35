"""The order of the filing journey; what does not concern a person is not on their route."""

from __future__ import annotations

from kiosk.flow.draft import Draft
from kiosk.flow.stage import Stage


def route(draft: Draft) -> tuple[Stage, ...]:
    """The screens of this filing, in order. CARD and PERSON are two ways through IDENTITY and not on it."""
    represented = draft.represented
    stages = [Stage.LANGUAGE, Stage.PRIVACY, Stage.IDENTITY, Stage.IDENTITY_CONFIRM, Stage.CAPACITY]
    stages.append(Stage.ORGANISATION if represented.is_organisation else Stage.PLAINTIFF)
    if represented.is_agent:
        stages.append(Stage.AGENT)
    return (
        *stages,
        Stage.COURT,
        Stage.CAUSE,
        Stage.MATERIALS,
        Stage.CLAIM,
        Stage.OTHERS,
        Stage.FEE,
        Stage.EVIDENCE,
        Stage.OPTIONS,
        Stage.MEDIATION,
        Stage.ADDRESS,
        Stage.E_SERVICE,
        Stage.REVIEW,
        Stage.UNDERTAKING,
        Stage.SIGNATURE,
        Stage.SUBMITTING,
    )


_WITHIN = {
    Stage.CARD: Stage.IDENTITY,
    Stage.PERSON: Stage.IDENTITY,
    Stage.DRAFT_CODE: Stage.CAPACITY,
    Stage.DRAFT_FOUND: Stage.CAPACITY,
    Stage.EVIDENCE_ITEM: Stage.EVIDENCE,
    Stage.SCAN: Stage.EVIDENCE,
}


def after(draft: Draft, stage: Stage) -> Stage:
    """The screen after `stage`."""
    stages = route(draft)
    return stages[stages.index(_WITHIN.get(stage, stage)) + 1]


def before(draft: Draft, stage: Stage) -> Stage | None:
    """The screen before `stage`, None before the first."""
    if stage in _WITHIN:
        return _WITHIN[stage]
    stages = route(draft)
    position = stages.index(stage)
    return stages[position - 1] if position else None


def progress(draft: Draft, stage: Stage) -> tuple[int, int]:
    """How far along: (screen number from 1, number of screens)."""
    stages = route(draft)
    stage = _WITHIN.get(stage, stage)
    return (stages.index(stage) + 1 if stage in stages else len(stages), len(stages))
