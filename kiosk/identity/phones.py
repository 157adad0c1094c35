"""Telephone numbers as people have them: mobile, landline, Hong Kong, Macau, Taiwan, abroad. Lenient on purpose."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from kiosk.i18n import Text, catalogue


class PhoneKind(StrEnum):
    """What sort of number it is."""

    MOBILE = "mobile"  # 11 digits beginning with 1
    LANDLINE = "landline"  # area code and 7 or 8 digits, perhaps an extension
    ABROAD = "abroad"  # with a country code other than 86
    OTHER = "other"  # service numbers and local numbers


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be dialled, without blanks."""

    kind: PhoneKind
    number: str

    @property
    def takes_messages(self) -> bool:
        """Whether a text message can be expected to arrive."""
        return self.kind is PhoneKind.MOBILE


@dataclass(frozen=True, slots=True)
class PhoneRejection:
    """Why it cannot be dialled."""

    text: Text


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}-?[2-9][0-9]{6,7}(?:(?:-|转|EXT)[0-9]{1,6})?")


def check_phone(text: str) -> Phone | PhoneRejection:
    """The number in `text`, or why there is none (too short, too long, letters, a mobile number of another length)."""
    plain = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text[:80])).upper()
    plain = re.sub(r"[\u2010-\u2015]", "-", plain)
    plain = re.sub(r"^00(?=[1-9])", "+", plain)
    domestic = re.sub(r"^\+?86-?(?=1[3-9]|0|[1-9][0-9]-?[0-9]{7})", "", plain)
    digits = re.sub(r"[^0-9]", "", plain)
    if _MOBILE.fullmatch(domestic.replace("-", "")):
        return Phone(PhoneKind.MOBILE, domestic.replace("-", ""))
    if _LANDLINE.fullmatch(domestic):
        return Phone(PhoneKind.LANDLINE, domestic)
    if re.fullmatch(r"1[3-9][0-9]+", domestic) and len(domestic) >= 9:
        return PhoneRejection(catalogue()["identity.phone.mobile_length"])
    if re.fullmatch(r"\+[1-9][0-9-]+", plain) and 7 <= len(digits) <= 15:
        return Phone(PhoneKind.ABROAD, plain)
    if re.fullmatch(r"[0-9-]+", plain) and 5 <= len(digits) <= 15:
        return Phone(PhoneKind.OTHER, plain)
    return PhoneRejection(catalogue()["identity.phone.not_a_number"])
