"""判决书、裁定书、调解书 (民事诉讼文书样式): court, case number, parties, date.

Fields: court, kind, case_number, plaintiff, defendant, third_party (each as often as it stands there), date.
"""

from __future__ import annotations

import re
from contextlib import suppress

from kiosk.law.case_numbers import CaseNumberError, parse
from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.names import PARTY
from kiosk.ocr.papers.running import Running

KIND = re.compile(
    r"(?:^|\n)(?P<kind>(?:民事|刑事|行政|执行|知识产权)?(?:附带民事)?(?:判决书|裁定书|调解书|决定书))(?=\n|$)"
)
COURT = re.compile(
    r"(?:^|\n)(?P<court>(?:中华人民共和国)?[㐀-鿿]{0,28}(?:人民法院|知识产权法院|互联网法院|海事法院|金融法院|铁路运输法院))(?=\n|$)"
)
CASE = re.compile(r"\(?(?:19|20)\d{2}\)?[㐀-鿿]{1,6}\d{0,4}[㐀-鿿]{1,10}\d{1,7}号(?:之[一二三四五六七八九十]+)?")
_PARTS = {
    "plaintiff": "原告|上诉人|申请人|再审申请人|申请执行人|起诉人",
    "defendant": "被告|被上诉人|被申请人|被执行人",
    "third_party": "第三人|原审第三人",
}
_PARTY = re.compile(
    rf"\n(?P<part>{'|'.join(_PARTS.values())})(?:\([^()\n]{{1,20}}\))*"
    rf"(?::(?P<name>{PARTY}?)(?=[,。;(\n]|$)|(?P<bare>{PARTY}?)(?=,(?:男|女|住|汉族|[㐀-鿿]{{1,4}}族|\d{{4}}年)))"
)
_OF_PARTS = {part: field for field, parts in _PARTS.items() for part in parts.split("|")}
_MOST_PARTIES = 20


def judgment(page: PageText) -> list[FieldProposal]:
    """What this page says; the case number is checked where it is built as the rule wants (法〔2015〕137号)."""
    running = Running.paragraphs(page)
    found = [
        running.found(field, match, field)
        for field, pattern in (("court", COURT), ("kind", KIND))
        if (match := pattern.search(running.text))
    ]
    if case := CASE.search(running.text):
        written, built = case[0], False
        with suppress(CaseNumberError):
            written, built = parse(case[0]).normalised, True
        if not built:
            written = re.sub(r"^\(?(\d{4})\)?", r"（\1）", written)
        found.append(running.proposal("case_number", written, case.span(), checked=built))
    taken: set[tuple[str, str]] = set()
    for match in list(_PARTY.finditer("\n" + running.text))[:_MOST_PARTIES]:
        group = "name" if match["name"] else "bare"
        field, name = _OF_PARTS[match["part"]], match[group]
        if (field, name) not in taken:
            taken.add((field, name))
            first, last = match.span(group)
            again = running.text.count(name) > 1
            found.append(running.proposal(field, name, (first - 1, last - 1), checked=again))
    return found + _date(running)


def _date(running: Running) -> list[FieldProposal]:
    """The last day on the page, where it stands alone on its line."""
    lines = running.text.split("\n")
    place = len(running.text)
    for line in reversed(lines):
        place -= len(line)
        day = next(days(line), None)
        if day is not None and len(line) <= day.span[1] - day.span[0] + 2:
            span = place + day.span[0], place + day.span[1]
            return [running.proposal("date", day.value.isoformat(), span)]
        place -= 1
    return []
