"""Case numbers (案号): parsing, repairing what people type, refusing what cannot be one.

Format of 法〔2015〕137号 (since 2016) as amended by 法〔2018〕335号: （year）court code, sometimes one character for a
special jurisdiction (知), type code, serial, 号 and sometimes a suffix (之一). Numbers before 2016 read
（2015）芙民初字第7479号. The terminal never makes a case number; courts do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kiosk.i18n import Text, catalogue
from kiosk.law.editions import read_csv

SPECIALS = frozenset("知")
"""Special jurisdiction characters (专门审判代字) set by the Supreme People's Court."""

_LONGEST = 80


class CaseNumberProblem(StrEnum):
    """Why a text is not one case number."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    RANGE = "range"
    MISSING_YEAR = "missing_year"
    BAD_YEAR = "bad_year"
    UNKNOWN_COURT = "unknown_court"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_SERIAL = "missing_serial"
    NOT_A_CASE_NUMBER = "not_a_case_number"


class CaseNumberError(ValueError):
    """The text is not one case number; `problem` says why, `text` says it to a person."""

    def __init__(self, problem: CaseNumberProblem) -> None:
        self.problem = problem
        self.text: Text = catalogue()[f"law.case_number.{problem.value}"]
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """One case number. `special` and `suffix` may be empty; `old_style` is the format before 2016."""

    year: int
    court: str
    special: str
    type: str
    serial: int
    suffix: str
    old_style: bool = False

    @property
    def normalised(self) -> str:
        """The number as the rule writes it."""
        infix = "字第" if self.old_style else ""
        return f"（{self.year}）{self.court}{self.special}{self.type}{infix}{self.serial}号{self.suffix}"

    @property
    def type_name(self) -> str:
        """What the type code stands for, or empty for numbers before 2016."""
        return types().get(self.type, "")


@cache
def types() -> dict[str, str]:
    """Every known type code (类型代字) with what it stands for."""
    return {row["type"]: row["names"] for row in read_csv("case-types.csv")}


@cache
def prefixes() -> dict[str, str]:
    """What a court code may begin with: the Supreme Court, provinces, military and Corps courts."""
    return {row["prefix"]: row["name"] for row in read_csv("court-prefixes.csv")}


@cache
def _province_written_out() -> re.Pattern[str]:
    names = "|".join(row["name"] for row in read_csv("court-prefixes.csv") if row["gb2260"])
    return re.compile(rf"(?P<name>{names})省?(?=[0-9])")


_BRACKETS = str.maketrans(
    dict.fromkeys("[{<〔【《〈「『", "(")
    | dict.fromkeys("]}>〕】》〉」』", ")")
    | {"號": "号"}
    | dict.fromkeys("—–―−", "-")
)
_CHINESE_YEAR = re.compile(r"^\(?([一二三四五六七八九〇零○]{4})年?\)?")
_CHINESE_DIGITS = dict(zip("零一二三四五六七八九", "0123456789", strict=True)) | {"〇": "0", "○": "0"}
_LEAD = re.compile(r"^(?:案号|案件号|案件编号)[:,]?|^[:,;.、。]+")
_TAIL = re.compile(r"(?:(?:民事|刑事|行政|执行|赔偿)?(?:判决书|裁定书|调解书|决定书|通知书|案件?)|[,;.、。:])+$")
_LOOKALIKES = str.maketrans("OoQDlI|Z", "00001112")
_RANGE = re.compile(r"[0-9]号?[~至到、,/和及][0-9(]|号.*号")
_DASH = re.compile(r"([0-9]+)号?-([0-9]+)")
_SUFFIX = r"[之-][0-9一二三四五六七八九十百]+"
_PARTS = re.compile(
    rf"^\(?(?P<year>[0-9]+)\)?年?(?P<middle>\D.*?)(?P<serial>[0-9]+)(?P<in>{_SUFFIX})?号?(?P<out>{_SUFFIX})?$"
)
_OLD_TYPE = re.compile(
    r"(?P<court>[^0-9]*?)(?P<type>(?:民|刑|行|商|知|经|执|破|督|催|特|赔|法赔|委赔|环)[一二三四五六七八九()民商刑行知]*"
    r"(?:初|终|再初|再终|再|申|监|提|抗|撤|特|督|催|破|执|异|复|恢|赔|他|诉|审|调|保|清|预|裁|减|假|外|仲|重|补)?)"
)
_MODERN = re.compile(r"(?P<court>最高法|[^0-9](?:[0-9]{4}|[0-9]{2})?)(?P<rest>[^0-9]+)")
_NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def _suffix(found: str) -> str:
    """之1, -1 and 之一 are the same suffix; it is written with Chinese numerals."""
    tail = found.removeprefix("之").removeprefix("-")
    if tail.isdigit() and 0 < int(tail) < 100:
        tens, ones = divmod(int(tail), 10)
        return "之" + (("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else "") + _NUMERALS[ones]
    return f"之{tail}" if tail else ""


def _cleaned(text: str) -> str:
    """One spelling for widths, brackets and blanks; doubled brackets once; words around the number taken off."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"})
    plain = re.sub(r"\)+", ")", re.sub(r"\(+", "(", plain.translate(_BRACKETS)))
    plain = re.sub(r"(?<=[0-9])[年](?=\))", "", plain)
    plain = _TAIL.sub("", _LEAD.sub("", plain))
    if year := _CHINESE_YEAR.match(plain):
        plain = f"({''.join(_CHINESE_DIGITS[sign] for sign in year[1])})" + plain[year.end() :]
    return re.sub(r"(?<![A-Za-z])[OoQDlI|Z]{1,4}(?![A-Za-z])", lambda found: found[0].translate(_LOOKALIKES), plain)


def _is_range(plain: str) -> bool:
    """Several numbers. 123-1 is number 123 之一, but 1382-1429 runs from one number to another."""
    dash = _DASH.search(plain)
    return _RANGE.search(plain) is not None or (
        dash is not None and (len(dash[2]) > 2 or int(dash[2]) >= int(dash[1][-9:]))
    )


def _old(year: int, middle: str, serial: int, suffix: str) -> CaseNumber | None:
    found = _OLD_TYPE.fullmatch(middle)
    if found is None or len(found["court"]) > 10 or not re.fullmatch(r"[一-鿿()]*", middle):
        return None
    return CaseNumber(year, found["court"], "", found["type"], serial, suffix, old_style=True)


def _split(rest: str) -> tuple[str, str] | None:
    """Special character and type code, if `rest` is a known type with or without one."""
    if rest in types():
        return "", rest
    if rest[:1] in SPECIALS and rest[1:] in types():
        return rest[0], rest[1:]
    return None


def parse(text: str) -> CaseNumber:
    """The one case number in `text`, repaired where there is only one way to read it.

    Repaired: widths, doubled or missing brackets, blanks, a missing 号, leading zeros, letters for digits, 字第 in a
    modern number, a province written out (内蒙古0105), words such as 案号 or 民事判决书 around it. Raises
    CaseNumberError for everything else.
    """
    if not text.strip():
        raise CaseNumberError(CaseNumberProblem.EMPTY)
    if len(text) > _LONGEST:
        raise CaseNumberError(CaseNumberProblem.TOO_LONG)
    plain = _cleaned(text)
    if _is_range(plain):
        raise CaseNumberError(CaseNumberProblem.RANGE)
    parts = _PARTS.match(plain)
    if parts is None:
        raise CaseNumberError(_why_not(plain))
    year, serial = int(parts["year"][:9]), int(parts["serial"][:12])
    if not 1949 <= year <= 2099:
        raise CaseNumberError(CaseNumberProblem.BAD_YEAR)
    if not 0 < serial < 10_000_000:
        raise CaseNumberError(CaseNumberProblem.MISSING_SERIAL)
    if parts["in"] and parts["out"]:
        raise CaseNumberError(CaseNumberProblem.NOT_A_CASE_NUMBER)
    suffix = _suffix(parts["in"] or parts["out"] or "")
    middle = parts["middle"]
    old_style = middle.endswith(("字第", "字"))
    middle = middle.removesuffix("第").removesuffix("字") if old_style else middle.removesuffix("第")

    if written_out := _province_written_out().match(middle):
        codes = {name: code for code, name in prefixes().items()}
        middle = codes[written_out["name"]] + middle[written_out.end() :]
    modern = _MODERN.fullmatch(middle)
    if modern is not None and modern["court"].rstrip("0123456789") in prefixes():
        split = _split(modern["rest"])
        if split is not None and (not old_style or year >= 2016):
            return CaseNumber(year, modern["court"], *split, serial, suffix)
    if old_style and (old := _old(year, middle, serial, suffix)) is not None:
        return old
    if modern is None or modern["court"].rstrip("0123456789") not in prefixes():
        raise CaseNumberError(CaseNumberProblem.UNKNOWN_COURT)
    raise CaseNumberError(CaseNumberProblem.UNKNOWN_TYPE)


def _why_not(plain: str) -> CaseNumberProblem:
    """The most helpful reason for a text that has not even the outline of a case number."""
    starts_with_court = any(plain.lstrip("()").startswith(prefix) for prefix in prefixes())
    if starts_with_court and re.search(r"[0-9]", plain):
        return CaseNumberProblem.MISSING_YEAR
    if re.match(r"^\(?[0-9]{4}\)?\D", plain) and not re.search(r"[0-9]号?$", plain):
        return CaseNumberProblem.MISSING_SERIAL
    return CaseNumberProblem.NOT_A_CASE_NUMBER
