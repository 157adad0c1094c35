"""The slip with the code of a kept draft (草稿码)."""

from __future__ import annotations

from kiosk.receipts.blocks import Block, Figure, Gap, Rule
from kiosk.receipts.figures import code
from kiosk.receipts.models import DraftSlip
from kiosk.receipts.parts import BODY, STRONG, Sizes, foot, head, large_number, led
from kiosk.receipts.words import Words


def draft_slip(slip: DraftSlip, words: Words, sizes: Sizes) -> list[Block]:
    """The code, its last day, and what it is good for; nothing of person or matter."""
    told = [words("draft.how"), words("draft.safe"), words("draft.not_filed")]
    return [
        *head(slip.court, words("draft.title"), words, sizes),
        *large_number(words("draft.code"), slip.code, sizes),
        Figure(code(slip.code, sizes.code)),
        Gap(8),
        Rule(2, dashed=True),
        Gap(8),
        *led(words.each("draft.until", day=words.day(slip.until)), STRONG),
        *(block for lines in told for block in (Gap(8), *led(lines, BODY))),
        *foot("", slip.phone, words, sizes),
    ]
