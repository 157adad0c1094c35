"""The four layouts of the 256-byte text block (GA/T 490 and its supplements) to an IdentityCard.

The block is UTF-16LE, padded with spaces. The character at byte 248 names the layout: `I` foreigner 2017, `Y` foreigner
2023, `J` residence permit of Hong Kong, Macau and Taiwan residents, a space the resident card.
All or nothing: a block with a broken character, an impossible date or without name or number is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from drivers.api.records import IdentityCard, IdentityKind
from drivers.id_reader.protocol import TEXT_SIZE

LONG_TERM = "长期"
"""Valid without end (cards of persons over 46)."""

_TYPE_AT = 248
_EIGHT_DIGITS = re.compile(r"[0-9]{8}")

_KINDS = {
    " ": IdentityKind.RESIDENT,
    "\0": IdentityKind.RESIDENT,
    "J": IdentityKind.HMT_PERMIT,
    "I": IdentityKind.FOREIGNER_2017,
    "Y": IdentityKind.FOREIGNER_2023,
}

Spans = Mapping[str, tuple[int, int]]
"""Field name to (offset, length) in bytes."""

_CITIZEN: dict[str, tuple[int, int]] = {
    "name": (0, 30),
    "sex": (30, 2),
    "birth": (36, 16),
    "address": (52, 70),
    "number": (122, 36),
    "authority": (158, 30),
    "valid_from": (188, 16),
    "valid_to": (204, 16),
}

LAYOUTS: Mapping[IdentityKind, Spans] = MappingProxyType(
    {
        IdentityKind.RESIDENT: _CITIZEN | {"nation": (32, 4)},
        IdentityKind.HMT_PERMIT: _CITIZEN | {"permit_number": (220, 18), "issue_count": (238, 4)},
        IdentityKind.FOREIGNER_2017: {
            "english_name": (0, 120),
            "sex": (120, 2),
            "number": (122, 30),
            "nationality": (152, 6),
            "name": (158, 30),
            "valid_from": (188, 16),
            "valid_to": (204, 16),
            "birth": (220, 16),
            "card_version": (236, 4),
            "authority": (240, 8),
        },
        IdentityKind.FOREIGNER_2023: {
            "name": (0, 30),
            "sex": (30, 2),
            "issue_count": (32, 4),
            "birth": (36, 16),
            "english_name": (52, 70),
            "number": (122, 36),
            "valid_from": (188, 16),
            "valid_to": (204, 16),
            "english_name_rest": (220, 22),  # characters 36 to 46
            "nationality": (242, 6),
            "previous_card": (250, 6),
        },
    }
)


class LayoutError(Exception):
    """The block cannot be one card's text; the message names the field, never its content."""


class UnknownLayoutError(LayoutError):
    """The type character is none of the four known."""


def parse_text(block: bytes, photo: bytes = b"", appended_address: str = "") -> IdentityCard:
    """The card that `block` (256 bytes) describes. Raises LayoutError, UnknownLayoutError."""
    if len(block) != TEXT_SIZE:
        raise LayoutError(f"a text block of {len(block)} bytes")
    kind = _KINDS.get(block[_TYPE_AT : _TYPE_AT + 2].decode("utf-16-le", "replace"))
    if kind is None:
        raise UnknownLayoutError("the card's type is not known")
    raw = {name: _field(block, name, *span) for name, span in LAYOUTS[kind].items()}
    text = {name: value.strip(" \0") for name, value in raw.items()}
    if "english_name_rest" in raw:
        # Joined before trimming: a space between two names may fall on the seam.
        text["english_name"] = (raw["english_name"] + raw["english_name_rest"]).strip(" \0")
        del text["english_name_rest"]
    text["name"] = text["name"] or text.get("english_name", "")
    for required in ("name", "number"):
        if not text[required]:
            raise LayoutError(f"{required} is empty")
    if text["sex"] not in {"0", "1", "2", "9"}:  # GB/T 2261.1
        raise LayoutError("sex is none of the four codes")
    for day in ("birth", "valid_from", "valid_to"):
        text[day] = _date(day, text[day])
    return IdentityCard(kind=kind, photo=photo, appended_address=appended_address, **text)


def _field(block: bytes, name: str, offset: int, length: int) -> str:
    try:
        return block[offset : offset + length].decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name} is not UTF-16") from error


def _date(name: str, text: str) -> str:
    """YYYYMMDD to ISO 8601; `长期` stays."""
    if name == "valid_to" and text == LONG_TERM:
        return text
    if not _EIGHT_DIGITS.fullmatch(text):
        raise LayoutError(f"{name} is not a date")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        raise LayoutError(f"{name} is not a date") from None
