"""借条、欠条、收条: loan notes, notes of debt, receipts.

Fields: lender, lender_number, borrower, borrower_number, amount, date, due, term, rate. On a 收条 the lender is who
paid and the borrower who received. Where figures and capitals differ, both are proposed for amount and neither checked.
"""

from __future__ import annotations

import re

from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.amounts import amounts
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.names import LABEL_AFTER, PARTY, numbers, party
from kiosk.ocr.papers.running import Running

_UNTIL_MONEY = (
    r"(?=人民币|现金|款项|借款|货款|工程款|工资|劳务费|材料款|交来|支付|归还|偿还|给付|转账|的?欠款|[¥(,。\n]|\d"
    r"|[壹贰叁肆伍陆柒捌玖]|[一二两三四五六七八九十]+[百千万])"
)
_WHO = r"[㐀-鿿·]{2,30}?"
_LENDERS = (
    re.compile(rf"(?:出借人|贷款人|债权人|付款人|交款人):(?P<name>{PARTY}?){LABEL_AFTER}"),
    re.compile(rf"向(?P<name>{_WHO})(?:先生|女士|同志)?(?:借到|借款|借得|借人民币|借现金|借)"),
    re.compile(rf"[今兹现](?:借到|借|收到|收|欠到|欠)(?P<name>{_WHO})(?:先生|女士|同志)?{_UNTIL_MONEY}"),
    re.compile(rf"(?:欠|收到|借到)(?P<name>{_WHO})(?:先生|女士|同志)?{_UNTIL_MONEY}"),
)
_BORROWERS = (
    re.compile(
        r"(?:借款人|欠款人|具借人|今借人|借到人|欠条人|欠款方|收款人|收到人|具条人|立据人|立条人|债务人)"
        rf"(?:\((?:签[字名]|捺印|手印|、|,)+\))?:(?P<name>{PARTY}?){LABEL_AFTER}"
    ),
    re.compile(rf"本人(?P<name>{_WHO})(?=[(,]|向|今|于|因|借|欠|收|身份证)"),
)
_DUE_AFTER = re.compile(r"(?:之?前|以前|当?日|内)?[^,。;\n]{0,6}?(?:归还|还清|偿还|还款|付清|结清|到期|还)")
_DUE_BEFORE = re.compile(r"(?:还款日期?|还款期限|到期日?期?|归还日期)(?:为|是|:)?$")
_TERM = re.compile(
    r"(?:借款期限|借期|期限|使用期)(?:为|是|:|共)?(?P<term>\d{1,3}|[一二两三四五六七八九十半]{1,3})(?P<unit>个月|年|天|日)"
)
_RATE = re.compile(
    r"(?P<rate>(?:年化?利率|月利率|年利息|月利息|年息|月息|利率|利息)(?:为|按|是|:|按照)?(?:年|月)?"
    r"(?:\d+(?:\.\d+)?(?:%|‰|分|厘)|[一二两三四五]分[一二三四五六七八九半]?厘?|百分之[一二三四五六七八九十点]+))"
)


def iou(page: PageText) -> list[FieldProposal]:
    """What the note says."""
    running = Running.paragraphs(page)
    found: list[FieldProposal] = []
    names: dict[str, str] = {}
    for field, patterns in (("lender", _LENDERS), ("borrower", _BORROWERS)):
        one = next((one for pattern in patterns if (one := party(running, field, pattern))), None)
        if one is not None:
            names[field] = one.value
            found.append(one)
    return found + numbers(running, names) + _amount(running) + _days(running) + _terms(running)


def _amount(running: Running) -> list[FieldProposal]:
    every = amounts(running.text)
    agreed = [one for one in every if one.checked]
    first = agreed[:1] or every[:1]
    if first and not first[0].checked:
        # 伍万元（¥5,000.00）: the other writing, close by, says something else.
        first = [one for one in every if one.span[0] - first[0].span[1] <= 6][:2]
    doubt = 0.5 if len(first) > 1 else 0.0
    return [running.proposal("amount", one.written, one.span, checked=one.checked, doubt=doubt) for one in first]


def _days(running: Running) -> list[FieldProposal]:
    """The day it is due is told by what is said of it; of the others, the last is when it was written."""
    due, written = None, None
    for day in days(running.text):
        before, after = (
            running.text[max(0, day.span[0] - 8) : day.span[0]],
            running.text[day.span[1] : day.span[1] + 14],
        )
        if due is None and (_DUE_AFTER.match(after) or _DUE_BEFORE.search(before)):
            due = day
        else:
            written = day
    proposals = []
    if written:
        proposals.append(running.proposal("date", written.value.isoformat(), written.span))
    if due:
        proposals.append(running.proposal("due", due.value.isoformat(), due.span))
    return proposals


def _terms(running: Running) -> list[FieldProposal]:
    found = []
    if term := _TERM.search(running.text):
        found.append(running.proposal("term", term["term"] + term["unit"], (term.start("term"), term.end("unit"))))
    if rate := _RATE.search(running.text):
        found.append(running.found("rate", rate, "rate"))
    return found
