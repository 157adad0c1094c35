"""居民身份证: both sides (GA 448; 居民身份证法 3), also copied onto one page.

Fields: name, sex, nation, birth, address, number; authority, valid_from, valid_until (长期 where it has no end).
"""

from __future__ import annotations

import re

from kiosk.identity.checks import check_as
from kiosk.identity.codes import Sex, ethnic_groups
from kiosk.identity.model import IdentityNumber, NumberKind
from kiosk.ocr.model import FieldProposal, PageText
from kiosk.ocr.papers.days import days
from kiosk.ocr.papers.labels import Value, labelled
from kiosk.ocr.papers.running import Running
from kiosk.ocr.repair import resident_number

_LABELS = {
    "name": "姓名",
    "sex": "性别",
    "nation": "民族",
    "birth": "出生",
    "address": "住址",
    "number": "公民身份号码|公民身份证号码",
    "authority": "签发机关",
    "valid": "有效期限",
}
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9OIlSBZ]{17}[0-9XxOIlSBZ×](?![0-9A-Za-z])")
_VALID = re.compile(r"(\d{4}\.\d{1,2}\.\d{1,2})[-—–~一至]+(\d{4}\.\d{1,2}\.\d{1,2}|长期)")
_NAME = re.compile(r"[㐀-鿿𠀀-𲎯·]{2,25}")


def identity_card(page: PageText) -> list[FieldProposal]:
    """What the card says; birth and sex are checked by the number, the number by its check digit."""
    values = labelled(page, _LABELS, going_on=frozenset({"address", "authority"}))
    running = Running.rows(page)
    number, proposed = _number(running, values.get("number"))
    found: list[FieldProposal] = []
    if (value := values.get("name")) and (name := _NAME.match(value.text)):
        found.append(value.proposal("name", name[0]))
    if (value := values.get("sex")) and (sex := value.text[:1]) in ("男", "女"):
        agrees = number is not None and number.sex is (Sex.MALE if sex == "男" else Sex.FEMALE)
        found.append(value.proposal("sex", sex, checked=agrees))
    if (value := values.get("nation")) and (nation := _nation(value.text)):
        found.append(value.proposal("nation", nation))
    if (value := values.get("birth")) and (birth := next(days(value.text), None)):
        agrees = number is not None and number.birth == birth.value
        found.append(value.proposal("birth", birth.value.isoformat(), checked=agrees))
    if value := values.get("address"):
        found.append(value.proposal("address"))
    found += proposed
    if value := values.get("authority"):
        found.append(value.proposal("authority"))
    return found + _validity(running)


def _nation(text: str) -> str | None:
    names = (group.name.zh.removesuffix("族") for group in ethnic_groups().values())
    return max((name for name in names if text.startswith(name)), key=len, default=None)


def _number(running: Running, value: Value | None) -> tuple[IdentityNumber | None, list[FieldProposal]]:
    for found in _NUMBER.finditer(running.text):
        checked = check_as(NumberKind.RESIDENT, resident_number(found[0]) or "")
        if isinstance(checked, IdentityNumber):
            return checked, [running.proposal("number", checked.number, found.span(), checked=True)]
    return None, [value.proposal("number")] if value else []


def _validity(running: Running) -> list[FieldProposal]:
    found = _VALID.search(running.text)
    if found is None:
        return []
    first, last = next(days(found[1]), None), next(days(found[2]), None)
    proposals = []
    if first:
        proposals.append(running.proposal("valid_from", first.value.isoformat(), found.span(1)))
    if last or found[2] == "长期":
        until = last.value.isoformat() if last else "长期"
        proposals.append(running.proposal("valid_until", until, found.span(2)))
    return proposals
