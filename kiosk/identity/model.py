"""What a check of an identity number says: the number understood, or why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.i18n import Text, catalogue
from kiosk.identity.codes import Sex


class NumberKind(StrEnum):
    """The documents whose numbers are understood."""

    RESIDENT = "resident"  # 居民身份证, GB 11643-1999
    RESIDENT_15 = "resident_15"  # 15-digit number of the first generation, withdrawn 2013
    HMT_PERMIT = "hmt_permit"  # 港澳台居民居住证
    FOREIGNER_2017 = "foreigner_2017"  # 外国人永久居留身份证, 15 characters
    FOREIGNER_2023 = "foreigner_2023"  # 外国人永久居留身份证, 18 digits
    PASSPORT = "passport"  # 护照
    HK_MACAU_PASS = "hk_macau_pass"  # 港澳居民来往内地通行证 # noqa: S105 - a travel document
    TAIWAN_PASS = "taiwan_pass"  # 台湾居民来往大陆通行证 # noqa: S105 - a travel document
    USCC = "uscc"  # 统一社会信用代码, GB 32100-2015
    LAWYER = "lawyer"  # 律师执业证

    @property
    def text(self) -> Text:
        """The document's name."""
        return catalogue()[f"identity.kind.{self.value}"]


class Problem(StrEnum):
    """Why a text is not the number of a document."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    LENGTH = "length"
    BIRTH_DATE = "birth_date"
    BIRTH_IN_FUTURE = "birth_in_future"
    CHECK_DIGIT = "check_digit"
    ORGANISATION_CHECK = "organisation_check"
    STRUCTURE = "structure"
    NOT_RECOGNISED = "not_recognised"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that is one. `number` is as the document writes it; birth and sex where the number says so.

    `area` is the place part (GB/T 2260 as of the issue, never judged: withdrawn codes stay valid on cards).
    `notes` tell what was not or could not be verified.
    """

    kind: NumberKind
    number: str
    birth: date | None = None
    sex: Sex | None = None
    area: str = ""
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a text is no such number, and what it looked like, if anything. Holds no part of what was typed."""

    problem: Problem
    kind: NumberKind | None = None

    @property
    def text(self) -> Text:
        """The reason, for the person."""
        return catalogue()[f"identity.problem.{self.problem.value}"]


def note(key: str, **values: str) -> Text:
    """A note from the catalogue with its fields filled."""
    wording = catalogue()[f"identity.note.{key}"]
    return Text(wording.zh.format(**values), wording.ko.format(**values), wording.en.format(**values))
