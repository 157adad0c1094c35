"""A draft with everything that follows from it at one moment: forms evaluated, evidence numbered, fee, corrections.

Papers, envelope, slip and the review screen all read from here, so that they can never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kiosk.court.contract import Channel
from kiosk.flow.draft import Draft, FormSlot
from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.journey import Journey
from kiosk.flow.route import route
from kiosk.flow.stage import Stage
from kiosk.flow.world import EVIDENCE_FORM, World
from kiosk.forms.evaluate import evaluate
from kiosk.i18n import Text, catalogue
from kiosk.law.editions import edition_today
from kiosk.law.fee_payment import Prepayment, prepayment
from kiosk.law.fee_tables import FeeKind
from kiosk.law.fees import FeeRequest, FeeResult, compute
from kiosk.law.money import AmountError
from kiosk.services.corrections import Correction, find
from kiosk.services.filled import COURT_LANGUAGE, Filled
from kiosk.services.parties import DEFENDANTS
from kiosk.session.scratch import ScratchKey


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One line of the evidence list with its place in the volume; pages count from 1, both 0 where none was scanned."""

    index: int
    filled: Filled
    pages: tuple[ScratchKey, ...]
    first_page: int
    last_page: int

    @property
    def title(self) -> str:
        """What the person called it; numbered where they did not."""
        return self.filled.text("title") or f"证据{self.index + 1}"


class Dossier:
    """Everything known about one filing. Reads only; make a new one after a change."""

    def __init__(self, journey: Journey, world: World) -> None:
        self.journey = journey
        self.world = world
        self.draft: Draft = journey.require_draft()
        self._filled: dict[FormSlot, Filled] = {}

    def filled(self, slot: FormSlot) -> Filled:
        """One form of the journey, evaluated."""
        if slot not in self._filled:
            form = self.world.form(self.journey, slot)
            self._filled[slot] = Filled(form, self.world.evaluate_slot(self.journey, slot))
        return self._filled[slot]

    @property
    def claim(self) -> Filled:
        """The element form (要素式起诉状)."""
        return self.filled(FormSlot.CLAIM)

    @property
    def plaintiff_slot(self) -> FormSlot:
        """Which form describes the plaintiff."""
        return FormSlot.ORGANISATION if self.draft.represented.is_organisation else FormSlot.PLAINTIFF

    @cached_property
    def slots(self) -> tuple[tuple[Stage, FormSlot], ...]:
        """The forms on this person's route, in order."""
        return tuple((stage, SLOT_OF_STAGE[stage]) for stage in route(self.draft) if stage in SLOT_OF_STAGE)

    @property
    def channel(self) -> Channel:
        """自助立案, or 跨域立案 where another court is competent."""
        own = self.draft.competent_court == self.draft.handling_court
        return Channel.TERMINAL if own else Channel.TERMINAL_CROSS_REGION

    @property
    def submitter(self) -> str:
        """Who files, as named on the papers: the plaintiff."""
        return self.filled(self.plaintiff_slot).text("name")

    @property
    def defendants(self) -> tuple[Filled, ...]:
        """Everybody against whom the complaint is."""
        return self.filled(FormSlot.OTHERS).instances(DEFENDANTS)

    @property
    def cause_text(self) -> Text:
        """The cause of action as chosen; the court names it where nobody has (登记立案规定 4)."""
        chosen = self.draft.cause
        return Text(chosen.name, chosen.name, chosen.name) if chosen else catalogue()["papers.cause_open"]

    @property
    def cause_name(self) -> str:
        """The same as it stands on papers for the court."""
        return self.cause_text.in_(COURT_LANGUAGE)

    # -- evidence

    @cached_property
    def evidence(self) -> tuple[EvidenceEntry, ...]:
        """The evidence list with page numbers in the volume."""
        form = self.world.forms.get(EVIDENCE_FORM)
        entries: list[EvidenceEntry] = []
        page = 0
        for index, line in enumerate(self.draft.evidence):
            filled = Filled(form, evaluate(form, line.answers, self.world.now.date()))
            first, last = (page + 1, page + len(line.pages)) if line.pages else (0, 0)
            page += len(line.pages)
            entries.append(EvidenceEntry(index, filled, line.pages, first, last))
        return tuple(entries)

    # -- fee

    @property
    def amount_in_dispute(self) -> Decimal | None:
        """标的总额 in yuan, None where no amount is claimed."""
        return self.claim.money("amount_in_dispute") or None

    @cached_property
    def fee(self) -> FeeResult | None:
        """The fee as it will be (诉讼费用交纳办法), None where it cannot be told from what was entered."""
        kind = self.claim.value("fee_kind")
        if not isinstance(kind, str) or not kind:
            return None
        amount = self.amount_in_dispute
        try:
            request = FeeRequest(FeeKind(kind), amount, province=self.draft.competent_court[:1])
            return compute(request, self.world.fees, edition_today("fees", self.world.now.date()))
        except (AmountError, ValueError):
            return None

    @property
    def prepayment(self) -> Prepayment | None:
        """When the fee is paid; whoever claims wages pays nothing in advance (诉讼费用交纳办法 20)."""
        if self.fee is None:
            return None
        employer = self.draft.represented.is_organisation or self.claim.value("filed_by") == "employer"
        return prepayment(self.fee, remuneration=self.fee.request.kind is FeeKind.LABOUR and not employer)

    # -- corrections

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """The complete list (一次性告知, 登记立案规定 7), in the order of the journey."""
        return tuple(find(self))

    def passed(self, stage: Stage) -> bool:
        """Whether the person has left `stage` behind; before that nothing is missing there."""
        stages = route(self.draft)
        here = self.journey.stage
        return here in stages and stages.index(here) > stages.index(stage)
