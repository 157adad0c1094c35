"""A title for the evidence list (证据清单), in Chinese as the list is written: what paper it is, of whom, of when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from kiosk.ocr.geometry import box_of
from kiosk.ocr.model import FieldProposal, PageClass, PageText
from kiosk.ocr.papers.running import plain

_LONGEST = 40
_HEADING = 0.35  # of the page's height: where a heading stands
_TALLER = 1.15  # than most lines
_IOU_NAMES = re.compile("借条|欠条|收条|借据|欠据|收据")
_NO_HEADING = re.compile(r"示例·虚构材料.*|第\d+页.*|\d+")


def title_of(page: PageText, kind: PageClass, proposals: Sequence[FieldProposal]) -> str:
    """The title that is proposed, empty where the page has no heading either."""
    values = {one.field: one.value for one in reversed(proposals)}
    return _title(page, kind, values)[:_LONGEST]


def _title(page: PageText, kind: PageClass, values: Mapping[str, str]) -> str:
    match kind:
        case PageClass.IDENTITY_CARD:
            if "name" in values:
                return f"{values['name']}的居民身份证"
            return "居民身份证（国徽面）" if "authority" in values else "居民身份证"
        case PageClass.BUSINESS_LICENCE:
            return f"{values['name']}营业执照" if "name" in values else "营业执照"
        case PageClass.CONTRACT:
            return values.get("title") or _heading(page) or "合同"
        case PageClass.IOU:
            named = next((found[0] for line in page.lines if (found := _IOU_NAMES.search(plain(line.text)))), "借条")
            return named + _bracketed(values.get("borrower", ""), _in_words(values.get("date", "")))
        case PageClass.CHAT:
            return "聊天记录"
        case PageClass.TRANSFER:
            return (_heading(page) or "转账凭证") + _bracketed(_in_words(values.get("date", "")))
        case PageClass.JUDGMENT:
            parts = (values.get("court", ""), values.get("case_number", ""), values.get("kind", "判决书"))
            return "".join(parts)
        case PageClass.OTHER:
            return _heading(page)
        case _:
            assert_never(kind)


def _bracketed(*parts: str) -> str:
    said = [part for part in parts if part]
    return f"（{'，'.join(said)}）" if said else ""


def _in_words(day: str) -> str:
    if not day:
        return ""
    value = date.fromisoformat(day)
    return f"{value.year}年{value.month}月{value.day}日"


def _heading(page: PageText) -> str:
    """The tallest line of the head where it is taller than most of the page and short enough to be one."""
    heights = sorted(box_of(line.quad).height for line in page.lines)
    if not heights:
        return ""
    usual = heights[len(heights) // 2]
    candidates = [
        (box.height, plain(line.text))
        for line in page.lines
        if (box := box_of(line.quad)).top < _HEADING * page.height
        and box.height >= _TALLER * usual
        and 2 <= len(plain(line.text)) <= 24
        and not _NO_HEADING.fullmatch(plain(line.text))
    ]
    return max(candidates, default=(0.0, ""), key=lambda one: one[0])[1]
