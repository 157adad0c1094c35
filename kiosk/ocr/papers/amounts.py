"""Amounts of money on papers: in figures (小写), in capital numerals (大写), and both agreeing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kiosk.chinese_numerals import chinese_number

_UNITS = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_FIGURES = re.compile(
    r"(?P<sign>[¥￥]|RMB|CNY|人民币|小写\)?[:：]?)?:?(?<![\d.])"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,6})?)(?P<unit>[万亿]?)(?P<yuan>元|圆|块)?"
)
_CAPITALS = re.compile(
    r"[零〇壹贰弍貳叁叄参肆伍陆陸柒捌玖拾佰仟万萬亿億]{2,}[元圆](?:[零壹贰叁肆伍陆柒捌玖]角)?(?:零?[零壹贰叁肆伍陆柒捌玖]分)?[整正]?"
)
_SMALL = re.compile(r"[一二两三四五六七八九十百千万亿]{2,}[元块](?:整)?")
_LEAST_DIGITS_AFTER_POINT = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in yuan and where it stands in the text; `checked`: figures and capitals agree."""

    value: Decimal
    span: tuple[int, int]
    checked: bool = False

    @property
    def written(self) -> str:
        """With two decimals."""
        return format(self.value, ".2f")


def in_figures(text: str) -> Iterator[Amount]:
    """Every amount in figures that a sign (¥, 人民币) or a unit (元, 万元) tells from other numbers."""
    for found in _FIGURES.finditer(text):
        if not (found["sign"] or found["yuan"]):
            continue
        value = Decimal(found["number"].replace(",", "")) * _UNITS[found["unit"]]
        if value == value.quantize(Decimal("0.01")):
            yield Amount(value, found.span())


def in_capitals(text: str) -> Iterator[Amount]:
    """Every amount in capital or small Chinese numerals."""
    for pattern in (_CAPITALS, _SMALL):
        for found in pattern.finditer(text):
            value = chinese_number(found[0].replace("圆", "元").replace("弍", "贰").replace("叄", "叁"))
            if value is not None:
                yield Amount(value, found.span())


def amounts(text: str) -> list[Amount]:
    """Every amount in its place, figures that follow their capitals (or lead them) as one `checked` amount."""
    capitals = sorted(in_capitals(text), key=lambda one: one.span)
    figures = list(in_figures(text))
    found: list[Amount] = []
    for written in capitals:
        agreeing = [one for one in figures if one.value == written.value]
        if agreeing:
            nearest = min(agreeing, key=lambda one: abs(one.span[0] - written.span[0]))
            figures.remove(nearest)
            span = min(written.span[0], nearest.span[0]), max(written.span[1], nearest.span[1])
            found.append(Amount(written.value, span, checked=True))
        else:
            found.append(written)
    return sorted([*found, *figures], key=lambda one: one.span)
