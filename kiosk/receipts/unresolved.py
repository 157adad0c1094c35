"""The slip of who reported what could not be got done (“办不成事”反映回执)."""

from __future__ import annotations

from kiosk.receipts.blocks import Block, Fields, Figure, Gap, Rule
from kiosk.receipts.figures import code
from kiosk.receipts.models import UnresolvedSlip
from kiosk.receipts.parts import BODY, STRONG, Sizes, centred, foot, head, large_number, led
from kiosk.receipts.words import Words


def unresolved_slip(slip: UnresolvedSlip, words: Words, sizes: Sizes) -> list[Block]:
    """The number, or the terminal's own while there is none, what was reported, and what the court now has to do."""
    label = "unresolved.number" if slip.number else "unresolved.reference"
    rows = [
        (words("unresolved.kind"), words.of(slip.kind)),
        (words("unresolved.where"), words.of(slip.where)),
        (words("unresolved.when"), words.day(slip.happened)[:1]),
        (words("unresolved.received"), words.moment(slip.received)[:1]),
    ]
    if slip.number:
        rows.append((words("unresolved.reference"), (slip.reference,)))
    if slip.answer_by is not None:
        promised = words.each("unresolved.answer_by", day=words.day(slip.answer_by))
    else:
        promised = words("unresolved.follows")
    told = ["unresolved.call_back" if slip.call_back else "unresolved.no_call_back", "unresolved.keep"]
    if slip.wrote:
        told.insert(0, "unresolved.sealed")
    return [
        *head(slip.court, words("unresolved.title"), words, sizes),
        *large_number(words(label), slip.number or slip.reference, sizes),
        Fields(tuple(rows), BODY, STRONG),
        Gap(10),
        Rule(2, dashed=True),
        Gap(8),
        *led(promised, STRONG),
        *(block for key in told for block in (Gap(8), *led(words(key), BODY))),
        Gap(10),
        Figure(code(slip.number or slip.reference, sizes.code)),
        Gap(4),
        *centred(words("unresolved.scan"), BODY),
        *foot("", slip.phone, words, sizes),
    ]
