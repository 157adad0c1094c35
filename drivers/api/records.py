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


class ScanSource(StrEnum):
    """Where a scanner takes its paper from."""

    FLATBED = "flatbed"
    FEEDER = "feeder"


class SheetSide(StrEnum):
    """Which side of a sheet a page is. The flatbed sees fronts only."""

    FRONT = "front"
    BACK = "back"


class ScanEnd(StrEnum):
    """Why no more pages come; each has its own words on the screen."""

    COMPLETE = "complete"  # the feeder is empty, or the one page of the flatbed came
    LIMIT = "limit"  # as many pages came as were asked for; more may lie in the feeder
    EMPTY = "empty"  # there was nothing in the feeder
    JAMMED = "jammed"
    DOUBLE_FEED = "double_feed"  # two sheets went in at once
    COVER_OPEN = "cover_open"
    LOCKED = "locked"  # the transport lock is on
    BUSY = "busy"  # it serves somebody else
    CANNOT = "cannot"  # it has no such source, or takes one side only
    UNUSABLE = "unusable"  # the page is damaged, or larger than any paper
    FAILED = "failed"  # it gave up and does not say why
    HUNG = "hung"  # nothing came from it in time
    NOT_TAKEN = "not_taken"  # who asked did not take the pages in time
    NO_SCANNER = "no_scanner"
    CANCELLED = "cancelled"


class FlawKind(StrEnum):
    """What is wrong with a picture of a page; each has its own words and picture on the screen."""

    DARK = "dark"
    GLARE = "glare"
    BLURRED = "blurred"
    SHADOW = "shadow"
    COVERED = "covered"  # a finger or another thing lies over the page
    OUTSIDE = "outside"  # an edge of the page lies outside the picture
    FAR = "far"  # too small in the picture for its text to be read
    FOLDED = "folded"  # folded or curled: an edge is no straight line
    MOVING = "moving"
    BLANK = "blank"
    SAME = "same"  # looks like a page that was taken before
    TURNED = "turned"  # it lay upside down or sideways, and was turned


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong. `area` is where: left, top, right, bottom as shares (0 to 1) of the picture it was found
    in, None where it is the whole. `page` is which earlier page it looks like (SAME), counted from 1."""

    kind: FlawKind
    area: tuple[float, float, float, float] | None = None
    page: int | None = None


class CodeKind(StrEnum):
    """The codes that stand on papers of courts."""

    QR = "qr"
    CODE_128 = "code_128"
    OTHER = "other"  # another symbology, as a handheld scanner says
    UNKNOWN = "unknown"  # the handheld scanner does not say


class PaperCode(msgspec.Struct, frozen=True):
    """A code that was read, and where in the picture it stands; None where a handheld scanner read it."""

    kind: CodeKind
    text: str
    corners: Corners | None = None


class LaidItem(msgspec.Struct, frozen=True):
    """One of several things that lie in a picture: alone and straight, as JPEG of `width` × `height` pixels, which for
    all of one picture are about as large on paper. `corners` are in pixels of the overview, `flaws` and `codes` those
    of the item."""

    jpeg: bytes
    width: int
    height: int
    corners: Corners
    flaws: tuple[Flaw, ...] = ()
    codes: tuple[PaperCode, ...] = ()


class SeveralItems(msgspec.Struct, frozen=True):
    """Several things in one picture, two at least, in reading order (rows from the top, each from the left): both sides
    of an identity card, receipts. `overview` is a small JPEG of where they lie, of `width` × `height` pixels."""

    overview: bytes
    width: int
    height: int
    items: tuple[LaidItem, ...]


class CodeFailure(StrEnum):
    """Why a handheld scanner brought no code."""

    NO_CODE = "no_code"  # nothing was read in time
    UNREADABLE = "unreadable"  # torn, too long, or no text in the encoding it is set to
    SCANNER_GONE = "scanner_gone"
    CANCELLED = "cancelled"
