"""Slips as blocks: what stands where, in which size. No text on paper is below 10 pt (VVSG 2.0, 7.1-I)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from kiosk.clock import CHINA
from kiosk.i18n import Language, Text
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
from kiosk.receipts.figures import code, emblem
from kiosk.receipts.fonts import Style, Weight
from kiosk.receipts.models import (
    CopyMark,
    CorrectionList,
    FilingReceipt,
    HandedIn,
    QueueTicket,
    Slip,
    TestSlip,
    WindowTicket,
)
from kiosk.receipts.words import Words, yuan

NARROW = 384
"""Dots of 58 mm paper; 80 mm has 576."""

BODY = Style(Weight.REGULAR, 29)
STRONG = Style(Weight.BOLD, 29)


@dataclass(frozen=True, slots=True)
class _Sizes:
    court: Style
    title: Style
    number: Style
    smallest_number: int
    place: Style
    code: int
    emblem: int

    @classmethod
    def of(cls, width: int) -> _Sizes:
        narrow = width <= NARROW
        return cls(
            court=Style(Weight.BOLD, 34 if narrow else 38),
            title=Style(Weight.BOLD, 38 if narrow else 46),
            number=Style(Weight.BOLD, 60),
            smallest_number=40 if narrow else 44,
            place=Style(Weight.BOLD, 120 if narrow else 150),
            code=192 if narrow else 208,
            emblem=64 if narrow else 72,
        )


def compose(slip: Slip, width: int, languages: tuple[Language, ...], copy: CopyMark | None) -> list[Block]:
    """The blocks of `slip` from top to bottom, for paper `width` dots wide."""
    words = Words(languages)
    sizes = _Sizes.of(width)
    match slip:
        case FilingReceipt():
            body = _filing_receipt(slip, words, sizes)
        case WindowTicket():
            body = _window_ticket(slip, words, sizes)
        case QueueTicket():
            body = _queue_ticket(slip, words, sizes)
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
        reprinted = [Gap(6), *_centred(words.each("copy.printed", moment=words.moment(copy.printed)), BODY)]
    return [mark, *reprinted, Gap(8), *body, Gap(12), mark]


def _centred(lines: Iterable[str], style: Style) -> list[Block]:
    return [Paragraph(line, style, Align.CENTRE) for line in lines]


def _led(lines: tuple[str, ...], lead: Style, rest: Style = BODY, align: Align = Align.LEFT) -> list[Block]:
    """The leading language in one style, the others below it in another."""
    return [Paragraph(line, rest if i else lead, align) for i, line in enumerate(lines)]


def _head(court: Text, title: tuple[str, ...], words: Words, sizes: _Sizes) -> list[Block]:
    return [
        Figure(emblem(sizes.emblem)),
        Gap(8),
        *_led(words.of(court), sizes.court, BODY, Align.CENTRE),
        Gap(10),
        Rule(3),
        Gap(4),
        *_led(title, sizes.title, STRONG, Align.CENTRE),
        Gap(6),
        Rule(3),
        Gap(12),
    ]


def _number(label: tuple[str, ...], number: str, sizes: _Sizes) -> list[Block]:
    return [
        Paragraph(" ".join(label), BODY, Align.CENTRE),
        Fitted(number, sizes.number, sizes.smallest_number),
        Gap(10),
    ]


def _section(title: tuple[str, ...]) -> list[Block]:
    return [Gap(10), Rule(2, dashed=True), Gap(8), Paragraph(" ".join(title), STRONG), Gap(2)]


def _numbered(items: Iterable[Iterable[Block]], numbers: int) -> list[Block]:
    """Items with hanging numbers; every block of an item must be a Paragraph."""
    indent = 36 if numbers < 10 else 50
    blocks: list[Block] = []
    for number, item in enumerate(items, start=1):
        marker = f"{number}."
        for block in item:
            if isinstance(block, Paragraph):
                blocks.append(Paragraph(block.text, block.style, block.align, indent, marker))
                marker = ""
        blocks.append(Gap(4))
    return blocks


def _foot(qr: str, phone: str, words: Words, sizes: _Sizes) -> list[Block]:
    scan: list[Block] = (
        [Gap(8), Figure(code(qr, sizes.code)), Gap(8), *_centred(words("filing.scan"), BODY)] if qr else []
    )
    call = _centred(words("phone", phone=phone), STRONG) if phone else []
    return [Gap(10), Rule(2, dashed=True), Gap(6), *scan, *call]


def _filing_receipt(slip: FilingReceipt, words: Words, sizes: _Sizes) -> list[Block]:
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
        fee = [Gap(10), Rule(2, dashed=True), Gap(8), amount, *_led(words("filing.fee_note"), BODY)]
    return [
        *_head(slip.court, words("filing.title"), words, sizes),
        *_number(words("filing.number"), slip.receipt_no, sizes),
        Fields(tuple(rows), BODY, STRONG),
        *_section(words("filing.documents", count=len(slip.documents))),
        *_numbered((_document(document, words) for document in slip.documents), len(slip.documents)),
        *fee,
        Gap(10),
        Rule(2, dashed=True),
        Gap(8),
        *_led(due, STRONG),
        *(_section(words("filing.next")) if slip.next_steps else []),
        *_numbered((_led(words.of(step), BODY) for step in slip.next_steps), len(slip.next_steps)),
        *_foot(slip.qr, slip.phone, words, sizes),
        Gap(8),
        *_led(words("filing.nature"), BODY),
        Gap(6),
        *_led(words("filing.clerk"), BODY),
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
    return [*_led(names, STRONG), *_led(details, BODY)]


def _window_ticket(slip: WindowTicket, words: Words, sizes: _Sizes) -> list[Block]:
    rows = (
        (words("window.matter"), words.of(slip.matter)),
        (words("window.where"), words.of(slip.window)),
        (words("window.issued"), words.moment(slip.issued)[:1]),
    )
    blocks: list[Block] = [
        *_head(slip.court, words("window.title"), words, sizes),
        *_number(words("window.number"), slip.reference, sizes),
        Fields(rows, BODY, STRONG),
    ]
    for key, items in (("window.entered", slip.entered), ("window.bring", slip.bring)):
        if items:
            blocks += _section(words(key))
            blocks += _numbered((_led(words.of(item), BODY) for item in items), len(items))
    return [*blocks, *_foot("", slip.phone, words, sizes), Gap(6), *_led(words("window.note"), BODY)]


def _queue_ticket(slip: QueueTicket, words: Words, sizes: _Sizes) -> list[Block]:
    """Short: thousands are printed a day, and read standing. The number is what is looked for across a room."""
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
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
        scan = [Gap(8), Figure(code(slip.qr, sizes.code)), Gap(4), *_centred(words("ticket.scan"), BODY)]
    offline: list[Block] = [*_led(words("ticket.offline"), STRONG), Gap(6)] if slip.offline else []
    return [
        *_led(words.of(slip.court), STRONG, BODY, Align.CENTRE),
        Paragraph(" ".join(words("ticket.title")), BODY, Align.CENTRE),
        Fitted(slip.number, sizes.place, sizes.smallest_number),
        *_led(words.of(slip.service), sizes.court, BODY, Align.CENTRE),
        Gap(8),
        Rule(2, dashed=True),
        Gap(8),
        Fields(tuple(rows), BODY, STRONG),
        *scan,
        Gap(8),
        *offline,
        *_led(words("ticket.note"), BODY),
    ]


def _correction_list(slip: CorrectionList, words: Words, sizes: _Sizes) -> list[Block]:
    def item(number: int) -> list[Block]:
        correction = slip.items[number]
        ground = words("correction.basis", basis=correction.basis) if correction.basis else ()
        return [*_led(words.of(correction.text), STRONG), *_led(ground, BODY)]

    rows = ((words("filing.filer"), (slip.filer,)), (words("window.issued"), words.moment(slip.issued)[:1]))
    return [
        *_head(slip.court, words("correction.title"), words, sizes),
        *_number(words("filing.number"), slip.receipt_no, sizes),
        Fields(rows, BODY, STRONG),
        Gap(10),
        Rule(2, dashed=True),
        Gap(8),
        *_led(words("correction.intro"), BODY),
        Gap(6),
        *_numbered((item(i) for i in range(len(slip.items))), len(slip.items)),
        *_led(words("correction.note"), BODY),
        *_foot(slip.qr, slip.phone, words, sizes),
    ]


def _test_slip(slip: TestSlip, words: Words, sizes: _Sizes, width: int) -> list[Block]:
    every = Words(tuple(Language))
    return [
        Rule(4),
        Gap(8),
        *_led(words("test.title"), sizes.title, STRONG, Align.CENTRE),
        *_centred((slip.terminal, f"{slip.printed.astimezone(CHINA):%Y-%m-%d %H:%M}", f"{width} dots"), BODY),
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
