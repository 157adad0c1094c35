"""From the words of a page to what it is and what it proposes."""

from __future__ import annotations

from contextlib import suppress
from typing import assert_never

from kiosk.identity.codes import ethnic_groups
from kiosk.law import case_numbers
from kiosk.ocr.classify import paper_of
from kiosk.ocr.model import FieldProposal, PageClass, PageRead, PageText, TextLine
from kiosk.ocr.papers.contract import contract
from kiosk.ocr.papers.identity_card import identity_card
from kiosk.ocr.papers.iou import iou
from kiosk.ocr.papers.judgment import judgment
from kiosk.ocr.papers.licence import licence
from kiosk.ocr.papers.transfer import transfer
from kiosk.ocr.script import in_one_script
from kiosk.ocr.titles import title_of


def load_tables() -> None:
    """Read every table that understanding needs, for a process that can open no file afterwards."""
    ethnic_groups()
    for text in ("（2026）吉林2401民初1号", "（2026）无2401民初1号"):  # the second loads the words of the refusal
        with suppress(case_numbers.CaseNumberError):
            case_numbers.parse(text)
    in_one_script((TextLine("漢", ((0, 0), (1, 0), (1, 1), (0, 1)), 1.0),))


def understood(page: PageText) -> PageRead:
    """A page with its kind, a title and proposals; nothing of it is taken before a person confirms it."""
    paper = paper_of(page)
    proposals = proposals_of(page, paper.kind)
    return PageRead(page, paper, title_of(page, paper.kind, proposals), tuple(proposals))


def proposals_of(page: PageText, kind: PageClass) -> list[FieldProposal]:
    """What a page of a kind, also one that the person has chosen, proposes for its fields."""
    match kind:
        case PageClass.IDENTITY_CARD:
            return identity_card(page)
        case PageClass.BUSINESS_LICENCE:
            return licence(page)
        case PageClass.CONTRACT:
            return contract(page)
        case PageClass.IOU:
            return iou(page)
        case PageClass.JUDGMENT:
            return judgment(page)
        case PageClass.TRANSFER:
            return transfer(page)
        case PageClass.CHAT | PageClass.OTHER:
            return []
        case _:
            assert_never(kind)
