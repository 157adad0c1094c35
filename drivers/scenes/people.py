"""Invented parties: names, numbers with right check digits, addresses that contain 示例."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.id_reader.sim_people import with_check
from drivers.scenes.sheet import Random

_FAMILY = "张李赵王刘陈金朴崔孙周吴"
_GIVEN = ("示例", "示范", "样例", "样本")
_STREETS = ("示例街", "示例路", "示例大街", "示例巷")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    woman: bool
    birth: tuple[int, int, int]
    number: str
    address: str


def person(random: Random) -> Person:
    """An invented person of Yanbian."""
    birth = int(random.integers(1950, 2004)), int(random.integers(1, 13)), int(random.integers(1, 29))
    order = int(random.integers(1, 999))
    number = with_check("222401{:04}{:02}{:02}".format(*birth) + f"{order:03}")
    name = _FAMILY[int(random.integers(len(_FAMILY)))] + _GIVEN[int(random.integers(len(_GIVEN)))]
    street = _STREETS[int(random.integers(len(_STREETS)))]
    address = f"吉林省延吉市{street}{random.integers(1, 300)}号{random.integers(1, 9)}单元{random.integers(101, 902)}室"
    return Person(name, order % 2 == 0, birth, number, address)


def credit_code(random: Random) -> str:
    """A unified social credit code (统一社会信用代码, GB 32100) with both its check characters: its own and that of the
    organisation code inside (GB 11714)."""
    organisation = "MA" + "".join(_CREDIT_CODE[int(d)] for d in random.integers(0, 31, 6))
    inner = sum(int(sign, 36) * weight for sign, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True))
    first = "91222401" + organisation + "0123456789X"[-inner % 11]
    total = sum(_CREDIT_CODE.index(character) * pow(3, at, 31) for at, character in enumerate(first))
    return first + _CREDIT_CODE[-total % 31]


def day(random: Random, first: int = 2021, last: int = 2025) -> str:
    """A date as papers write it."""
    return f"{random.integers(first, last + 1)}年{random.integers(1, 13)}月{random.integers(1, 29)}日"


def amount(random: Random) -> tuple[str, str]:
    """A sum in figures and in capital numerals (大写): whole ten thousands and thousands."""
    ten_thousands, thousands = int(random.integers(1, 10)), int(random.integers(0, 10))
    capitals = f"{_DIGITS[ten_thousands]}万{_DIGITS[thousands] + '仟' if thousands else ''}元整"
    return f"{ten_thousands * 10_000 + thousands * 1000:,}.00", capitals
