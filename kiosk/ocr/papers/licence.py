"""营业执照 of companies, partnerships and sole traders (市场主体登记管理条例 22).

Fields: name, credit_code, type, legal_representative, capital, founded, address.
"""

from __future__ import annotations

import re

from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.labels import labelled
from kiosk.ocr.papers.running import Running
from kiosk.ocr.repair import credit_code

_LABELS = {
    "credit_code": "统一社会信用代码",
    "founded": "成立日期|注册日期",
    "term": "营业期限|合伙期限",
    "capital": "注册资本|出资额|成员出资总额",
    "legal_representative": "法定代表人|执行事务合伙人|投资人|经营者|负责人",
    "address": "主要经营场所|经营场所|营业场所|住所",
    "scope": "经营范围|业务范围",
    "form": "组成形式",
    "office": "登记机关",
    "type": "类型",
    "name": "(?<!有限)名称",
}
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_LIKE_A_CODE = re.compile(r"(?<![0-9A-Za-z])[1-9ANY][0-9A-Z]\d{6}[0-9A-Z]{10}(?![0-9A-Za-z])")


def licence(page: PageText) -> list[FieldProposal]:
    """What the licence says; the credit code is checked by its two check characters."""
    values = labelled(page, _LABELS, going_on=frozenset({"name", "address", "type"}))
    running = Running.rows(page)
    found: list[FieldProposal] = []
    if value := values.get("name"):
        found.append(value.proposal("name", checked=running.twice(value.text)))
    for code in _CODE.finditer(running.text):
        if right := credit_code(code[0]):
            found.append(running.proposal("credit_code", right, code.span(), checked=True))
            break
    else:
        if near := _LIKE_A_CODE.search(running.text):
            found.append(running.found("credit_code", near, 0))
    for field in ("type", "legal_representative", "capital"):
        if value := values.get(field):
            found.append(value.proposal(field))
    if (value := values.get("founded")) and (day := next(days(value.text), None)):
        found.append(value.proposal("founded", day.value.isoformat()))
    if value := values.get("address"):
        found.append(value.proposal("address"))
    return found
