"""The parts that slips have in common: head, number, sections, numbered lists, foot. No text on paper is below 10 pt
(VVSG 2.0, 7.1-I)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.i18n import Text
from kiosk.receipts.blocks import Align, Block, Figure, Fitted, Gap, Paragraph, Rule
from kiosk.receipts.figures import code, emblem
from kiosk.receipts.fonts import Style, Weight
from kiosk.receipts.words import Words

NARROW = 384
"""Dots of 58 mm paper; 80 mm has 576."""

BODY = Style(Weight.REGULAR, 29)
STRONG = Style(Weight.BOLD, 29)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Styles and sides, in dots, that follow the paper's width."""

    court: Style
    title: Style
    number: Style
    smallest_number: int
    place: Style
    code: int
    emblem: int

    @classmethod
    def of(cls, width: int) -> Sizes:
        """For paper `width` dots wide."""
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


def centred(lines: Iterable[str], style: Style) -> list[Block]:
    """Lines in the middle."""
    return [Paragraph(line, style, Align.CENTRE) for line in lines]


def led(lines: tuple[str, ...], lead: Style, rest: Style = BODY, align: Align = Align.LEFT) -> list[Block]:
    """The leading language in one style, the others below it in another."""
    return [Paragraph(line, rest if i else lead, align) for i, line in enumerate(lines)]


def head(court: Text, title: tuple[str, ...], words: Words, sizes: Sizes) -> list[Block]:
    """Whose slip it is, and what it is."""
    return [
        Figure(emblem(sizes.emblem)),
        Gap(8),
        *led(words.of(court), sizes.court, BODY, Align.CENTRE),
        Gap(10),
        Rule(3),
        Gap(4),
        *led(title, sizes.title, STRONG, Align.CENTRE),
        Gap(6),
        Rule(3),
        Gap(12),
    ]


def large_number(label: tuple[str, ...], number: str, sizes: Sizes) -> list[Block]:
    """The number by which everything is found again."""
    return [
        Paragraph(" ".join(label), BODY, Align.CENTRE),
        Fitted(number, sizes.number, sizes.smallest_number),
        Gap(10),
    ]


def section(title: tuple[str, ...]) -> list[Block]:
    """A rule and a title."""
    return [Gap(10), Rule(2, dashed=True), Gap(8), Paragraph(" ".join(title), STRONG), Gap(2)]


def numbered(items: Iterable[Iterable[Block]], numbers: int) -> list[Block]:
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


def foot(qr: str, phone: str, words: Words, sizes: Sizes) -> list[Block]:
    """A code to scan and a number to call, where there are any."""
    scan: list[Block] = (
        [Gap(8), Figure(code(qr, sizes.code)), Gap(8), *centred(words("filing.scan"), BODY)] if qr else []
    )
    call = centred(words("phone", phone=phone), STRONG) if phone else []
    return [Gap(10), Rule(2, dashed=True), Gap(6), *scan, *call]
