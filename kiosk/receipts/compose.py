"""Slips as blocks: what stands where, in which size. No text on paper is below 10 pt (VVSG 2.0, 7.1-I)."""

from __future__ import annotations

from typing import assert_never

from kiosk.clock import CHINA
from kiosk.i18n import Language
from kiosk.receipts.blocks import (
    Align,
    Banner,
    Block,
    Fields,
    Figure,
    Fitted,
    Gap,
    Paragraph,
    Rule,
)
from kiosk.receipts.draft import draft_slip
from kiosk.receipts.figures import code
from kiosk.receipts.models import (
    CopyMark,
    CorrectionList,
    DraftSlip,
    FilingReceipt,
    HandedIn,
    QueueTicket,
    Slip,
    TestSlip,
    UnresolvedSlip,
    WindowTicket,
)
from kiosk.receipts.parts import BODY, STRONG, Sizes, centred, foot, head, large_number, led, numbered, section
from kiosk.receipts.unresolved import unresolved_slip
from kiosk.receipts.words import Words, yuan


def compose(slip: Slip, width: int, languages: tuple[Language, ...], copy: CopyMark | None) -> list[Block]:
    """The blocks of `slip` from top to bottom, for paper `width` dots wide."""
    words = Words(languages)
    sizes = Sizes.of(width)
    match slip:
        case FilingReceipt():
            body = _filing_receipt(slip, words, sizes)
        case WindowTicket():
            body = _window_ticket(slip, words, sizes)
        case QueueTicket():
            body = _queue_ticket(slip, words, sizes)
        case UnresolvedSlip():
            body = unresolved_slip(slip, words, sizes)
        case DraftSlip():
            body = draft_slip(slip, words, sizes)
        case CorrectionList():
            body = _correction_list(slip, words, sizes)
        case TestSlip():
            body = _test_slip(slip, words, sizes, width)
        case _:
            assert_never(slip)
    if copy is None:
        return [Gap(8), *body, Gap(8)]
    every_language = Words(tuple(Language))  # a copy must be known as one by whoever it is shown to
    mark = Banner((" / ".join(every_language("copy.mark")),), sizes.title)
    reprinted: list[Block] = []
    if copy.printed is not None:
        reprinted = [Gap(6), *centred(words.each("copy.printed", moment=words.moment(copy.printed)), BODY)]
    return [mark, *reprinted, Gap(8), *body, Gap(12), mark]


def _filing_receipt(slip: FilingReceipt, words: Words, sizes: Sizes) -> list[Block]:
    rows = [(words("filing.received"), words.moment(slip.received)[:1])]
    rows.append((words("filing.filer"), (slip.filer,)))
    rows.append((words("filing.cause"), words.of(slip.cause)))
    if slip.handling_court == slip.competent_court:
        rows.append((words("filing.court"), words.of(slip.competent_court)))
    else:
        rows.append((words("filing.handling"), words.of(slip.handling_court)))
        rows.append((words("filing.competent"), words.of(slip.competent_court)))
    due = words.each("filing.due", day=words.day(slip.decision_due))
    fee: list[Block] = []
    if slip.fee is not None:
        amount = Fields(((words("filing.fee"), (yuan(slip.fee),)),), BODY, STRONG)
        fee = [Gap(10), Rule(2, dashed=True), Gap(8), amount, *led(words("filing.fee_note"), BODY)]
    return [
        *head(slip.court, words("filing.title"), words, sizes),
        *large_number(words("filing.number"), slip.receipt_no, sizes),
        Fields(tuple(rows), BODY, STRONG),
        *section(words("filing.documents", count=len(slip.documents))),
        *numbered((_document(document, words) for document in slip.documents), len(slip.documents)),
        *fee,
        Gap(10),
        Rule(2, dashed=True),
        Gap(8),
        *led(due, STRONG),
        *(section(words("filing.next")) if slip.next_steps else []),
        *numbered((led(words.of(step), BODY) for step in slip.next_steps), len(slip.next_steps)),
        *foot(slip.qr, slip.phone, words, sizes),
        Gap(8),
        *led(words("filing.nature"), BODY),
        Gap(6),
        *led(words("filing.clerk"), BODY),
        Gap(44),
        Rule(2),
    ]


def _document(document: HandedIn, words: Words) -> list[Block]:
    same = len(words.languages)
    details = words.each(
        "filing.document",
        pages=(str(document.pages),) * same,
        copies=(str(document.copies),) * same,
        form=words.each(f"filing.form.{document.form.value}"),
    )
    names = words.of(document.name)
    if len(names) == len(details):  # each name with its details below it
        pairs = zip(names, details, strict=True)
        return [block for name, detail in pairs for block in (Paragraph(name, STRONG), Paragraph(detail, BODY))]
    return [*led(names, STRONG), *led(details, BODY)]


def _window_ticket(slip: WindowTicket, words: Words, sizes: Sizes) -> list[Block]:
    rows = (
        (words("window.matter"), words.of(slip.matter)),
        (words("window.where"), words.of(slip.window)),
        (words("window.issued"), words.moment(slip.issued)[:1]),
    )
    blocks: list[Block] = [
        *head(slip.court, words("window.title"), words, sizes),
        *large_number(words("window.number"), slip.reference, sizes),
        Fields(rows, BODY, STRONG),
    ]
    for key, items in (("window.entered", slip.entered), ("window.bring", slip.bring)):
        if items:
            blocks += section(words(key))
            blocks += numbered((led(words.of(item), BODY) for item in items), len(items))
    return [*blocks, *foot("", slip.phone, words, sizes), Gap(6), *led(words("window.note"), BODY)]


def _further(slip: QueueTicket, words: Words) -> list[Block]:
    """The matters that follow, numbered from the second on."""
    if not slip.further:
        return []
    listed: list[Block] = [Gap(4), *centred(words("ticket.further"), BODY)]
    for place, name in enumerate(slip.further, 2):
        listed += led(tuple(f"{place}. {line}" for line in words.of(name)), STRONG, BODY, Align.CENTRE)
    return listed


def _queue_ticket(slip: QueueTicket, words: Words, sizes: Sizes) -> list[Block]:
    """Short: thousands are printed a day, and read standing. The number is what is looked for across a room."""
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    if slip.appointed:
        rows.append((words("ticket.appointed"), (slip.appointed,)))
    if slip.ticket_class is not None:
        rows.append((words("ticket.class"), words.of(slip.ticket_class)))
    if slip.ahead is not None:
        rows.append((words("ticket.ahead"), words("ticket.people", count=slip.ahead)))
    if slip.wait is not None:
        rows.append((words("ticket.wait"), words.of(slip.wait)))
    if slip.windows:
        rows.append((words("ticket.where"), words("ticket.windows", windows=", ".join(slip.windows))))
    if slip.holder:
        rows.append((words("ticket.holder"), (slip.holder,)))
    rows.append((words("ticket.issued"), words.moment(slip.issued)[:1]))
    scan: list[Block] = []
    if slip.qr:
        scan = [Gap(8), Figure(code(slip.qr, sizes.code)), Gap(4), *centred(words("ticket.scan"), BODY)]
    offline: list[Block] = [*led(words("ticket.offline"), STRONG), Gap(6)] if slip.offline else []
    return [
        *led(words.of(slip.court), STRONG, BODY, Align.CENTRE),
        Paragraph(" ".join(words("ticket.title")), BODY, Align.CENTRE),
        Fitted(slip.number, sizes.place, sizes.smallest_number),
        *led(words.of(slip.service), sizes.court, BODY, Align.CENTRE),
        *_further(slip, words),
        Gap(8),
        Rule(2, dashed=True),
        Gap(8),
        Fields(tuple(rows), BODY, STRONG),
        *scan,
        Gap(8),
        *offline,
        *led(words("ticket.note"), BODY),
    ]


def _correction_list(slip: CorrectionList, words: Words, sizes: Sizes) -> list[Block]:
    def item(number: int) -> list[Block]:
        correction = slip.items[number]
        ground = words("correction.basis", basis=correction.basis) if correction.basis else ()
        return [*led(words.of(correction.text), STRONG), *led(ground, BODY)]

    rows = ((words("filing.filer"), (slip.filer,)), (words("window.issued"), words.moment(slip.issued)[:1]))
    return [
        *head(slip.court, words("correction.title"), words, sizes),
        *large_number(words("filing.number"), slip.receipt_no, sizes),
        Fields(rows, BODY, STRONG),
        Gap(10),
        Rule(2, dashed=True),
        Gap(8),
        *led(words("correction.intro"), BODY),
        Gap(6),
        *numbered((item(i) for i in range(len(slip.items))), len(slip.items)),
        *led(words("correction.note"), BODY),
        *foot(slip.qr, slip.phone, words, sizes),
    ]


def _test_slip(slip: TestSlip, words: Words, sizes: Sizes, width: int) -> list[Block]:
    every = Words(tuple(Language))
    return [
        Rule(4),
        Gap(8),
        *led(words("test.title"), sizes.title, STRONG, Align.CENTRE),
        *centred((slip.terminal, f"{slip.printed.astimezone(CHINA):%Y-%m-%d %H:%M}", f"{width} dots"), BODY),
        Gap(8),
        *(Rule(thickness, dashed) for thickness in (1, 2, 4, 8) for dashed in (False, True)),
        Gap(8),
        *(Paragraph(line, style) for line in every("test.sample") for style in (BODY, STRONG)),
        Fitted("0123456789 X", sizes.number, sizes.smallest_number),
        Gap(8),
        Figure(code(slip.terminal, sizes.code)),
        Gap(10),
        Rule(4),
    ]
