"""Whole drafts of invented people, made from the forms themselves: any complaint, any capacity."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from kiosk.clock import CHINA, ManualClock
from kiosk.court.envelope import MediationWish
from kiosk.flow.consents import Purpose, record
from kiosk.flow.draft import CauseChoice, Draft, EvidenceDraft, FormSlot, Represented
from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.journey import Journey
from kiosk.flow.prefill import identity_of_card, prefill, prefill_address
from kiosk.flow.route import route
from kiosk.flow.stage import Stage
from kiosk.flow.world import EVIDENCE_FORM, World
from kiosk.forms.answers import Answers, Value
from kiosk.forms.paths import complete
from kiosk.i18n import Language
from kiosk.services.dossier import Dossier
from kiosk.services.filing import FilingService
from kiosk.services.papers import PaperMaker
from kiosk.services.reference import Reference
from kiosk.services.synthetic import synthetic_card, synthetic_page, synthetic_signature
from kiosk.session.session import Session

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
COURT = "吉2401"
OTHER_COURT = "吉0102"
SUBMISSION = UUID("01a20603-bdcf-72df-a945-751c67d52384")
RECEIPT_NO = "T01-20261123-00001-5"

CAUSES = {
    "private_lending": "民间借贷纠纷",
    "sale_contract": "买卖合同纠纷",
    "divorce": "离婚纠纷",
    "labour_dispute": "追索劳动报酬纠纷",
    "property_service": "物业服务合同纠纷",
    "house_lease": "房屋租赁合同纠纷",
    "general": "机动车交通事故责任纠纷",
}
"""A cause of action for every complaint form."""


@cache
def reference() -> Reference:
    """Forms and law tables, loaded once."""
    return Reference.load(NOW.date())


def world(now: datetime = NOW) -> World:
    return World(reference().forms, reference().causes, COURT, now, SUBMISSION)


def cause(name: str) -> CauseChoice:
    chosen = world().cause(reference().causes.named(name).code)
    assert chosen is not None
    return chosen


def evidence(title: str = "借条", pages: tuple[str, ...] = (), **more: Value) -> EvidenceDraft:
    """One line of the evidence list; `pages` are put into the scratch by `filing`."""
    answers: dict[str, Value] = {"title": title, "source": "被告出具", "purpose": "证明借款", "original": "original"}
    return EvidenceDraft(Answers(answers | more))


@dataclass(frozen=True)
class Filing:
    """A session at the moment of handing in."""

    session: Session

    @property
    def journey(self) -> Journey:
        return self.session.journey

    @property
    def draft(self) -> Draft:
        return self.journey.require_draft()

    def dossier(self, now: datetime = NOW) -> Dossier:
        return Dossier(self.journey, world(now))

    def maker(self, now: datetime = NOW) -> PaperMaker:
        return PaperMaker(self.dossier(now), reference().courts, self.session.scratch, RECEIPT_NO, now)

    def changed(self, **changes: object) -> Filing:
        """The same with some of its draft changed."""
        self.session.journey = self.journey.with_draft(**changes)
        return self

    def answering(self, slot: FormSlot, **answers: Value | tuple[Answers, ...]) -> Filing:
        """The same with some answers of one form changed."""
        known = self.draft.answers_of(slot)
        for name, value in answers.items():
            known = known.replaced(name, value)
        return self.changed(answers={**self.draft.answers, slot: known})

    def at(self, stage: Stage) -> Filing:
        self.session.journey = replace(self.journey, stage=stage)
        return self


def filing(
    form: str = "private_lending",
    represented: Represented = Represented.SELF,
    seed: int = 1,
    *,
    language: Language = Language.ZH,
    answers: Mapping[FormSlot, Answers] | None = None,
    scans: int = 1,
    named: bool = True,
) -> Filing:
    """A complete complaint; what `answers` holds is kept. `named`: a cause of action was chosen."""
    dice = random.Random(seed)
    session = Session()
    draft = Draft(
        SUBMISSION,
        NOW,
        COURT,
        COURT,
        identity=identity_of_card(synthetic_card(dice)),
        represented=represented,
        cause=cause(CAUSES[form]) if named else None,
        answers=dict(answers or {}),
        mediation=dice.choice(list(MediationWish)),
        consents=tuple(record(purpose, True, language, NOW) for purpose in Purpose),
        signature=session.scratch.put(synthetic_signature(dice)),
        signed_on=NOW.date(),
    )
    journey = Journey(stage=Stage.SUBMITTING, language=language, draft=prefill(draft))
    for stage in route(journey.require_draft()):
        slot = SLOT_OF_STAGE.get(stage)
        if slot is None:
            continue
        if slot is FormSlot.ADDRESS:
            journey = replace(journey, draft=prefill_address(journey.require_draft()))
        known = journey.require_draft().answers_of(slot)
        full = complete(world().form(journey, slot), known, seed, NOW.date())
        journey = journey.with_draft(answers={**journey.require_draft().answers, slot: full})
    lines = []
    for index in range(scans):
        line = complete(reference().forms.get(EVIDENCE_FORM), Answers(), seed * 100 + index, NOW.date())
        keys = tuple(session.scratch.put(synthetic_page(dice)) for _ in range(1 + index % 2))
        lines.append(EvidenceDraft(line, keys))
    session.journey = journey.with_draft(evidence=tuple(lines))
    return Filing(session)


def service(*, for_person: bool = True, now: datetime = NOW) -> FilingService:
    return FilingService(reference(), ManualClock(now), COURT, "T01", for_person=for_person)
