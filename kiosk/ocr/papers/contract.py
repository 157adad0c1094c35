"""合同、协议: who, over how much, when.

Fields: title, number, party_a, party_b, party_c, amount, date. Parties are told by 甲方, 乙方, 丙方 or by their part
(出租人, 买受人 …); the amount by what the contract calls it, or by figures and capitals agreeing.
"""

from __future__ import annotations

import re

from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.amounts import Amount, amounts
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.names import LABEL_AFTER, PARTY
from kiosk.ocr.papers.running import Running

TITLE = re.compile(r"(?:^|\n)(?P<title>[㐀-鿿()、]{0,24}(?:合同书?|协议书?|契约))(?=\n|\(|$)")
_PARTS = {
    "party_a": "出租人|出租方|出卖人|卖方|供方|借款人|发包人|发包方|委托人|转让人|转让方|定作人|用人单位|赠与人",
    "party_b": "承租人|承租方|买受人|买方|需方|贷款人|出借人|承包人|承包方|受托人|受让人|受让方|承揽人|劳动者|受赠人",
}
_LETTERS = {"party_a": "甲", "party_b": "乙", "party_c": "丙"}
_NUMBER = re.compile(r"(?:合同|协议)?编号:(?P<number>[0-9A-Za-z㐀-鿿()\-—/]{3,40}?)(?=\n|$)")
_SUM = re.compile(
    r"(?:合同(?:总)?(?:价款?|金额|总额)|总价款?|总金额|价款|货款总额|租金总额|借款(?:金额|本金)|转让价款?|年租金|月租金|租金|工程(?:总)?价款?|工资)"
    r"[^,。;\n\d¥壹贰叁肆伍陆柒捌玖]{0,12}$"
)
_SIGNED = re.compile(r"(?:签订|签署|签约|订立)(?:日期|时间|日)?(?:为|于|:)*$")


def contract(page: PageText) -> list[FieldProposal]:
    """What this page of a contract says."""
    running = Running.paragraphs(page)
    found: list[FieldProposal] = []
    if title := TITLE.search(running.text):
        found.append(running.found("title", title, "title"))
    if number := _NUMBER.search(running.text):
        found.append(running.found("number", number, "number"))
    for field, letter in _LETTERS.items():
        if one := _party(running, field, letter):
            found.append(one)
    if sum_ := _sum(running):
        found.append(running.proposal("amount", sum_.written, sum_.span, checked=sum_.checked))
    return found + _date(running)


def _party(running: Running, field: str, letter: str) -> FieldProposal | None:
    parts = _PARTS.get(field, "(?!)")
    named = rf"(?:(?:{parts})(?:\({letter}方\))?|{letter}方(?:\([^()\n]{{1,14}}\))?)"
    pattern = re.compile(rf"{named}:(?!\n)(?P<name>{PARTY}?){LABEL_AFTER}")
    for found in pattern.finditer(running.text):
        if found["name"][:2] not in ("签字", "签名", "盖章"):
            twice = running.twice(found["name"])
            return running.proposal(field, found["name"], found.span("name"), checked=twice)
    return None


def _sum(running: Running) -> Amount | None:
    every = amounts(running.text)
    called = [one for one in every if _SUM.search(running.text[max(0, one.span[0] - 24) : one.span[0]])]
    agreed = [one for one in every if one.checked]
    both = [one for one in called if one.checked]
    return next(iter([*both, *called, *agreed]), None)


def _date(running: Running) -> list[FieldProposal]:
    """The day it says it was signed, else the last day on the page where it stands on a line of its own."""
    every = list(days(running.text))
    signed = [day for day in every if _SIGNED.search(running.text[max(0, day.span[0] - 10) : day.span[0]])]
    alone = [
        day
        for day in every
        if running.text[day.span[1] : day.span[1] + 1] in ("", "\n") and _begins(running, day.span[0])
    ]
    chosen = signed[:1] or alone[-1:]
    return [running.proposal("date", day.value.isoformat(), day.span) for day in chosen]


def _begins(running: Running, place: int) -> bool:
    before = running.text[:place].rpartition("\n")[2]
    return before == "" or before.endswith(("日期:", "时间:", ")", "):"))
