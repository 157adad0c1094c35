"""What the flow may know besides the journey: forms, law tables, the court, and the moment. Read-only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kiosk.flow.draft import CauseChoice, Draft, FormSlot, Identity
from kiosk.flow.journey import Journey
from kiosk.forms.evaluate import Evaluation, evaluate
from kiosk.forms.library import FormLibrary
from kiosk.forms.model import Form
from kiosk.law.causes import CauseTable
from kiosk.law.courts import CourtRegistry
from kiosk.law.fee_tables import FeeSettings, default_settings

_FORM_OF_SLOT = {
    FormSlot.PERSON: "identity_typed",
    FormSlot.ORGANISATION: "plaintiff_organisation",
    FormSlot.PLAINTIFF: "plaintiff_natural",
    FormSlot.AGENT: "agent",
    FormSlot.OTHERS: "defendants",
    FormSlot.ADDRESS: "service_address",
}

EVIDENCE_FORM = "evidence_item"

CAUSE_PATH = "cause_path"
"""The hidden question by which a form learns the chosen cause of action, where its fee depends on it."""


@dataclass(frozen=True, slots=True)
class World:
    """Reference data and the moment of one transition. `fresh_id` is used when a filing begins, `fee_notices`
    are the beginnings of the codes on this court's fee notices, `courts` those a terminal knows."""

    forms: FormLibrary
    causes: CauseTable
    court: str
    now: datetime
    fresh_id: UUID
    fees: FeeSettings = field(default_factory=default_settings)
    fee_notices: tuple[str, ...] = ()
    courts: CourtRegistry | None = None

    def draft(self, identity: Identity | None = None) -> Draft:
        """An empty draft, begun now."""
        return Draft(self.fresh_id, self.now, self.court, self.court, identity=identity)

    def cause(self, code: str) -> CauseChoice | None:
        """The cause with `code` as it is kept with the case, None if a case cannot be filed under it."""
        if code not in self.causes or not self.causes.get(code).fileable:
            return None
        cause = self.causes.get(code)
        return CauseChoice(cause.code, cause.name, cause.text_path, self.causes.version)

    def may_be_competent(self, code: str) -> bool:
        """Whether one may file here for the court with `code`."""
        if self.courts is None or code == self.court:
            return code == self.court
        return code in self.courts

    def form(self, journey: Journey, slot: FormSlot) -> Form:
        """The form behind a slot; the element form follows the chosen cause, the general one before a choice."""
        if slot is FormSlot.CLAIM:
            cause = journey.draft.cause if journey.draft else None
            return self.forms.for_cause(cause.code, cause.path) if cause else self.forms.get("general")
        return self.forms.get(_FORM_OF_SLOT[slot])

    def evaluate_slot(self, journey: Journey, slot: FormSlot) -> Evaluation:
        """The evaluated form of a slot with what has been answered so far."""
        draft = journey.require_draft()
        form, answers = self.form(journey, slot), draft.answers_of(slot)
        if CAUSE_PATH in form.entries and draft.cause is not None:
            answers = answers.replaced(CAUSE_PATH, draft.cause.path)
        return evaluate(form, answers, self.now.date())

    def evaluate_evidence(self, journey: Journey) -> Evaluation:
        """The evaluated form of the open evidence line."""
        _, evidence = journey.require_evidence()
        return evaluate(self.forms.get(EVIDENCE_FORM), evidence.answers, self.now.date())
