"""What devices deliver: identity documents, pages, print jobs."""

from __future__ import annotations

from enum import StrEnum

import msgspec

Point = tuple[float, float]
"""A pixel position (x right, y down)."""

Corners = tuple[Point, Point, Point, Point]
"""A page's corners, clockwise from its top left, in pixels of the picture it was found in."""


class IdentityKind(StrEnum):
    """The four text layouts of the SAM_V reader (GA/T 490 and its supplements)."""

    RESIDENT = "resident"  # 居民身份证
    HMT_PERMIT = "hmt_permit"  # 港澳台居民居住证
    FOREIGNER_2017 = "foreigner_2017"  # 外国人永久居留身份证 (2017)
    FOREIGNER_2023 = "foreigner_2023"  # 外国人永久居留身份证 (2023)


class IdentityCard(msgspec.Struct, frozen=True):
    """Everything one card told us, or nothing: a half-read card is never represented.

    Dates are ISO 8601 (`valid_to` may be `长期`, valid without end). `sex` is GB/T 2261.1 (0, 1, 2, 9),
    `nation` the GB/T 3304 code, `nationality` a three-letter code. Fields a layout lacks are empty.
    `appended_address` is the newest address written to the card after issue (SAM_V 30 03), `previous_card` the link
    of a foreigner's card of 2023 to its forerunner. `photo` is the undecoded 1024-byte blob.
    """

    kind: IdentityKind
    name: str
    sex: str
    birth: str
    number: str
    valid_from: str
    valid_to: str
    nation: str = ""
    address: str = ""
    authority: str = ""
    english_name: str = ""
    nationality: str = ""
    permit_number: str = ""
    issue_count: str = ""
    card_version: str = ""
    previous_card: str = ""
    appended_address: str = ""
    photo: bytes = b""


class ReadFailure(StrEnum):
    """Why no identity came back; each has its own words on the screen."""

    NO_CARD = "no_card"
    REMOVED = "removed"
    UNREADABLE = "unreadable"
    UNKNOWN_LAYOUT = "unknown_layout"
    READER_GONE = "reader_gone"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"


class JobState(StrEnum):
    """A print job's life. UNKNOWN is honest: bytes were sent and the printer stopped answering."""

    QUEUED = "queued"
    SENDING = "sending"
    SETTLED = "settled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CaptureFailure(StrEnum):
    """Why no page came back."""

    NO_CAMERA = "no_camera"
    NO_FRAME = "no_frame"
    UNUSABLE = "unusable"  # the picture is damaged, or larger than any paper needs
    CANCELLED = "cancelled"
