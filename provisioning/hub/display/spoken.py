"""What is said when a number is called, as words a voice can read without guessing.

* Digits of the ticket's number are read one by one, zeros too. In Chinese 1 is 幺 (yao1), as on the telephone: 一 (yi1)
  and 七 (qi1) are one and the same behind a loudspeaker's noise, and so are 一 and the letter E.
* The window is a count and read as one: 三号窗口, 十二号窗口; 1 is 一 there. A letter is read as a letter.
* Chinese goes to the voice as pinyin with a tone on every syllable, from the lexicon below and from nowhere else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.i18n import Language

_CODE = re.compile(r"[A-Z0-9]{1,8}")
SOUND = re.compile(r"[0-9a-f]{32}")
"""The name of a sound."""

DIGITS_ZH: Mapping[str, str] = MappingProxyType(
    dict(zip("0123456789", ["ling2", "yao1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"], strict=True))
)
_COUNT_ZH: Mapping[str, str] = MappingProxyType(dict(DIGITS_ZH) | {"1": "yi1"})
DIGITS_KO: Mapping[str, str] = MappingProxyType(dict(zip("0123456789", "공일이삼사오육칠팔구", strict=True)))

_LETTERS_ZH = {
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5", "G": "ji4", "H": "ai2 chi5",
    "I": "ai4", "J": "zhei4", "K": "kei4", "L": "ai2 lou5", "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4",
    "Q": "kiu1", "R": "a4 er5", "S": "ai2 si5", "T": "ti4", "U": "you1", "V": "wei1", "W": "da2 bu5 liu5",
    "X": "ai2 ke5 si5", "Y": "wai4", "Z": "zei4",
}  # fmt: skip  # one table
LETTERS_ZH: Mapping[str, str] = MappingProxyType(_LETTERS_ZH)
"""Latin letters as they are said in Chinese."""

_LETTERS_KO = {
    "A": "에이", "B": "비", "C": "씨", "D": "디", "E": "이", "F": "에프", "G": "지", "H": "에이치", "I": "아이",
    "J": "제이", "K": "케이", "L": "엘", "M": "엠", "N": "엔", "O": "오", "P": "피", "Q": "큐", "R": "알", "S": "에스",
    "T": "티", "U": "유", "V": "브이", "W": "더블유", "X": "엑스", "Y": "와이", "Z": "제트",
}  # fmt: skip  # one table
LETTERS_KO: Mapping[str, str] = MappingProxyType(_LETTERS_KO)
"""The same in Korean."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence for the voice of `language`: pinyin, Hangul, or English."""

    language: Language
    text: str

    @property
    def hash(self) -> str:
        """The name of its sound: SHA-256 of language and text, 32 hexadecimal digits."""
        return hashlib.sha256(f"{self.language.value}\n{self.text}".encode()).hexdigest()[:32]


def call(language: Language, number: str, window: str) -> Spoken:
    """The sentence that calls ticket `number` (A012) to `window` (3). Raises ValueError where one is no such code."""
    for code in (number, window):
        if not _CODE.fullmatch(code):
            raise ValueError(f"a number or window is 1 to 8 of A-Z and 0-9, not {code!r}")
    match language:
        case Language.ZH:
            text = (
                f"qing3 {_one_by_one(number, LETTERS_ZH, DIGITS_ZH)} hao4, dao4 {_counted_zh(window)} hao4 chuang1 kou3"
            )
        case Language.KO:
            text = f"{_one_by_one(number, LETTERS_KO, DIGITS_KO)} 번 손님은, {_counted_ko(window)} 호 창구로 오십시오"
        case Language.EN:
            text = f"Number {' '.join(number)}, please go to window {_counted_en(window)}"
    return Spoken(language, text)


def _one_by_one(code: str, letters: Mapping[str, str], digits: Mapping[str, str]) -> str:
    return " ".join(letters[sign] if sign in letters else digits[sign] for sign in code)


def _counted_zh(code: str) -> str:
    return " ".join(_below_hundred_zh(part) if part.isdigit() else LETTERS_ZH[part] for part in _parts(code))


def _below_hundred_zh(digits: str) -> str:
    value = int(digits)
    if value >= 100 or digits.startswith("0"):
        return _one_by_one(digits, {}, DIGITS_ZH)
    tens, ones = divmod(value, 10)
    said = [_COUNT_ZH[str(tens)]] if tens > 1 else []
    said += ["shi2"] if tens else []
    said += [_COUNT_ZH[str(ones)]] if ones else []
    return " ".join(said)


def _counted_ko(code: str) -> str:
    return " ".join(_below_hundred_ko(part) if part.isdigit() else LETTERS_KO[part] for part in _parts(code))


def _below_hundred_ko(digits: str) -> str:
    value = int(digits)
    if value >= 100 or digits.startswith("0"):
        return _one_by_one(digits, {}, DIGITS_KO)
    tens, ones = divmod(value, 10)
    said = DIGITS_KO[str(tens)] if tens > 1 else ""
    return said + ("십" if tens else "") + (DIGITS_KO[str(ones)] if ones else "")


def _counted_en(code: str) -> str:
    return " ".join(_parts(code))


def _parts(code: str) -> list[str]:
    return re.findall(r"[0-9]+|[A-Z]", code)
