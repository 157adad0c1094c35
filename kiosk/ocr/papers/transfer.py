"""转账凭证: a bank's or a payment service's record of one transfer.

Fields: payer, payee, amount, date.
"""

from __future__ import annotations

from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.amounts import amounts
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.labels import labelled
from kiosk.ocr.papers.running import Running

_LABELS = {
    "payer_account": "付款(?:人|方)?(?:账号|账户|卡号)",
    "payee_account": "收款(?:人|方)?(?:账号|账户|卡号)",
    "banks": "(?:付|收)款(?:人|方)?(?:开户)?银?行(?:名称)?",
    "payer": r"付款(?:人|方)(?:户名|名称|全称|姓名)?|付款户名",
    "payee": r"收款(?:人|方)(?:户名|名称|全称|姓名)?|收款户名|对方户名",
    "date": "交易日期|交易时间|转账时间|支付时间|付款时间|记账日期|日期",
    "amount": "交易金额|转账金额|金额",
    "remark": "附言|摘要|用途|备注|转账说明",
}


def transfer(page: PageText) -> list[FieldProposal]:
    """What the record says; the amount is checked where figures and capitals agree."""
    values = labelled(page, _LABELS)
    running = Running.rows(page)
    found = [values[field].proposal(field) for field in ("payer", "payee") if field in values]
    every = amounts(running.text)
    if chosen := ([one for one in every if one.checked] or every)[:1]:
        found.append(running.proposal("amount", chosen[0].written, chosen[0].span, checked=chosen[0].checked))
    source = values.get("date")
    if source and (day := next(days(source.text), None)):
        found.append(source.proposal("date", day.value.isoformat()))
    return found
