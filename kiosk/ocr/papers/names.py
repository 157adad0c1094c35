"""Names and identity numbers of the parties on a paper."""

from __future__ import annotations

import re

from kiosk.ocr.model import FieldProposal
from kiosk.ocr.papers.running import Running
from kiosk.ocr.repair import resident_number

PARTY = r"[㐀-鿿A-Za-z0-9·]{2,40}"
"""The name of a person or an organisation, where punctuation or a label ends it."""

LABEL_AFTER = (
    r"(?=[\n,。;:()、]|$|身份证|公民身份|统一社会|住所|住址|地址|电话|联系|手机|法定代表|负责人|性别|男|女|签[字名]|盖章"
    r"|先生|女士|乙方|甲方|丙方|\d{4}年|[二〇○]{2})"
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9OISBZ]{17}[0-9XxOISBZ×](?![0-9A-Za-z])")


def party(running: Running, field: str, pattern: re.Pattern[str]) -> FieldProposal | None:
    """The first name that `pattern` finds in its group `name`; checked where the paper says it twice."""
    found = pattern.search(running.text)
    if found is None:
        return None
    return running.proposal(field, found["name"], found.span("name"), checked=running.twice(found["name"]))


def numbers(running: Running, names: dict[str, str]) -> list[FieldProposal]:
    """Identity numbers whose check digit agrees, each for the party (`names`: field to name) named last before it."""
    found: list[FieldProposal] = []
    for number in _NUMBER.finditer(running.text):
        right = resident_number(number[0])
        before = {field: running.text.rfind(name, 0, number.start()) for field, name in names.items()}
        owner = max(before, key=lambda field: before[field], default=None)
        if right is None or owner is None or before[owner] < 0:
            continue
        field = f"{owner}_number"
        if all(one.field != field for one in found):
            found.append(running.proposal(field, right, number.span(), checked=True))
    return found
