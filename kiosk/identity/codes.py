"""Sex codes (GB/T 2261.1) and ethnic groups (GB/T 3304) as cards and forms use them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from kiosk.i18n import Text


class Sex(StrEnum):
    """GB/T 2261.1-2003."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSPECIFIED = "9"

    @property
    def text(self) -> Text:
        """The word for it."""
        return _SEX[self]


_SEX = {
    Sex.UNKNOWN: Text("未知的性别", "알수 없음", "unknown"),
    Sex.MALE: Text("男", "남", "male"),
    Sex.FEMALE: Text("女", "녀", "female"),
    Sex.UNSPECIFIED: Text("未说明的性别", "밝히지 않음", "not stated"),
}


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """One entry of GB/T 3304: two-digit code, letter code (empty for 97 and 98), name."""

    code: str
    letters: str
    name: Text


@cache
def ethnic_groups() -> dict[str, EthnicGroup]:
    """Every group by its two-digit code: 01 to 56, 97 other, 98 Chinese citizens of foreign descent."""
    text = files("kiosk.identity").joinpath("data", "ethnic-groups.csv").read_text(encoding="utf-8")
    return {
        row["code"]: EthnicGroup(row["code"], row["letters"], Text(row["zh"], row["ko"], row["en"]))
        for row in csv.DictReader(io.StringIO(text))
    }
