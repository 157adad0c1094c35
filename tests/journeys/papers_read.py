"""Papers of nobody as the reading process would have read them, and journeys on which they were scanned."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.draft import CauseChoice, Draft, EvidenceDraft, FormSlot, Represented
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import PageUnderstood
from kiosk.flow.scanning import PageState
from kiosk.flow.stage import Stage
from kiosk.flow.transition import transition
from kiosk.flow.world import World
from kiosk.forms.answers import Answers
from kiosk.ocr.model import FieldProposal, PageClass, Quad
from kiosk.session.scratch import ScratchKey

NUMBER, OTHER_NUMBER = "220102198001010012", "220102198501010027"
CREDIT_CODE = "91220102MA0000018N"
COMPANY = "长春示例商贸有限公司"
_LINE: Quad = ((0, 0), (400, 0), (400, 40), (0, 40))
_LOWER: Quad = ((0, 60), (400, 60), (400, 100), (0, 100))


def reading(field: str, value: str, *, sure: float = 0.99, checked: bool = False, lines: int = 1) -> FieldProposal:
    """A reading of one line, or of two."""
    return FieldProposal(field, value, (_LINE, _LOWER)[:lines], sure, checked)


IOU = (
    reading("lender", "赵示例"),
    reading("borrower", "李示例"),
    reading("borrower_number", NUMBER, checked=True),
    reading("amount", "50000.00", checked=True),
    reading("date", "2025-01-15"),
    reading("due", "2025-12-31"),
    reading("rate", "月利率1%"),
)
CARD = (
    reading("name", "李示例"),
    reading("sex", "男", checked=True),
    reading("nation", "汉"),
    reading("birth", "1980-01-01", checked=True),
    reading("address", "吉林省长春市南关区示例路1号", lines=2),
    reading("number", NUMBER, checked=True),
)
LICENCE = (
    reading("name", COMPANY, checked=True),
    reading("credit_code", CREDIT_CODE, checked=True),
    reading("type", "有限责任公司（自然人独资）"),
    reading("legal_representative", "李示例"),
    reading("address", "吉林省长春市南关区示例路2号", lines=2),
)
LEASE = (
    reading("title", "房屋租赁合同"),
    reading("party_a", "赵示例"),
    reading("party_b", "李示例"),
    reading("amount", "1500.00"),
    reading("date", "2025-01-15"),
)
RULING = (
    reading("court", "长春市示例区人民法院"),
    reading("kind", "民事裁定书"),
    reading("case_number", "（2025）吉0102民初1号", checked=True),
    reading("plaintiff", "赵示例"),
    reading("plaintiff", "孙示例"),
    reading("defendant", "李示例"),
    reading("date", "2025-03-06"),
)


def with_paper(journey: Journey, world: World, paper: PageClass, *readings: FieldProposal, name: str = "") -> Journey:
    """The journey after a page was kept as evidence and read."""
    key = ScratchKey(name or f"paper{len(journey.require_draft().pages)}")
    draft = journey.require_draft()
    line = EvidenceDraft(Answers(), (key,))
    kept = journey.with_draft(evidence=(*draft.evidence, line), pages={**draft.pages, key: PageState(waiting=False)})
    return transition(kept, PageUnderstood(key, "", paper, readings), world).journey


def filing(
    world: World,
    stage: Stage = Stage.CLAIM,
    *,
    cause: str = "民间借贷纠纷",
    represented: Represented = Represented.SELF,
    **answers: Answers,
) -> Journey:
    """Somebody at `stage` of a filing; `answers` by the names of the form slots."""
    found = world.causes.named(cause)
    draft: Draft = replace(
        world.draft(),
        cause=CauseChoice(found.code, found.name, found.text_path, world.causes.version),
        represented=represented,
        answers={FormSlot(slot): given for slot, given in answers.items()},
    )
    return Journey(stage=stage, draft=draft)
