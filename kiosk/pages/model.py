"""A page after cleaning, as it lies in the session's scratch until it goes into the volume."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from drivers.api.records import Flaw


class PageKind(StrEnum):
    """How a page is kept."""

    TEXT = "text"  # bilevel: CCITT G4 (ITU-T T.6)
    SEALED = "sealed"  # bilevel ink over a small coloured background: seals, coloured handwriting
    PICTURE = "picture"  # one JPEG: photographs, chat screenshots, print too blurred for black and white


class Turn(StrEnum):
    """How the page lay; it was turned to stand upright."""

    UPRIGHT = "upright"
    LEFT = "left"  # its top was at the left
    UPSIDE_DOWN = "upside_down"
    RIGHT = "right"
    UNKNOWN = "unknown"  # too little text to tell; left as it lay


class Paper(StrEnum):
    """The size of a page. Lengths in millimetres."""

    A4 = "a4"  # 210 × 297, ISO 216
    A5 = "a5"  # 148 × 210, ISO 216
    ID_1 = "id_1"  # 85.60 × 53.98, ISO/IEC 7810: identity cards
    SLIP = "slip"  # a till's or a bank's strip, taken as 80 wide
    FREE = "free"  # any other proportion, taken as large as it fits on A4 where nothing tells its size


class StoredPage(msgspec.Struct, frozen=True):
    """One page upright. `width` and `height` in pixels at `dpi`; `ink` is one G4 strip of that size (1 is black) for
    TEXT and SEALED, empty for PICTURE; `background` a JPEG, smaller than the page, for SEALED and PICTURE, else empty;
    `thumbnail` a JPEG. `dhash` (256 bits as 32 bytes) tells pages apart that look alike; `ink_share` is 0 to 1.

    `ink_colour` is a small JPEG with the colours of the ink where some of it is not black (a blue pen), empty where
    all is. A page is seen as its background, or white, and over it the ink in these colours: the layers of mixed
    raster content (ITU-T T.44). In a PDF, `ink` is CCITTFaxDecode with K -1 and BlackIs1 false; coloured ink is
    `ink_colour` as an image whose explicit mask (ISO 32000-1, 8.9.6.3) is `ink`.
    """

    kind: PageKind
    width: int
    height: int
    dpi: int
    ink: bytes
    background: bytes
    thumbnail: bytes
    dhash: bytes
    ink_share: float
    blank: bool
    turned: Turn
    ink_colour: bytes = b""
    paper: Paper = Paper.A4


class PageHints(msgspec.Struct, frozen=True):
    """What is known of a picture before it is cleaned. `dpi` is its true resolution where the device knows (a
    scanner), `about_dpi` the same to about a tenth (a camera whose height is known), by which papers of one proportion
    are told apart. `straight`: it is the page alone, edge to edge; else the whole picture in which no page was found.
    `paper`, `kind` and `turned` overrule what would be found (the person knows better). `seems` is how it lies as its
    words can be read, for a page whose lines do not tell surely. `earlier` are the dhashes of the pages taken before,
    in their order."""

    dpi: float | None = None
    about_dpi: float | None = None
    straight: bool = True
    paper: Paper | None = None
    kind: PageKind | None = None
    turned: Turn | None = None
    seems: Turn | None = None
    earlier: tuple[bytes, ...] = ()


class WayStrips(msgspec.Struct, frozen=True):
    """Lines of a page that may lie any way round, each a JPEG, the longest first: `rows` run along the page as it lies,
    `columns` across it, cut out after a quarter turn clockwise. Which of them stand on their head nobody knows."""

    rows: tuple[bytes, ...]
    columns: tuple[bytes, ...]


class CleanedPage(msgspec.Struct, frozen=True, tag="cleaned"):
    """A page ready to be kept, and what the person should look at; areas are shares of the upright page. `skew` is how
    far its lines lay askew before, in degrees, counterclockwise positive. `strips` are there where the shape of its
    lines does not tell surely which way up it is, and their words may."""

    page: StoredPage
    findings: tuple[Flaw, ...]
    skew: float
    strips: WayStrips | None = None


class Unusable(StrEnum):
    """Why a picture became no page; each has its words in the catalogue, `pages.unusable`."""

    NOT_A_PICTURE = "not_a_picture"  # no JPEG or PNG
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"  # cut off, or its data are wrong
    FAILED = "failed"  # its cleaning took too long, or ended the worker


class PageUnusable(msgspec.Struct, frozen=True, tag="unusable"):
    """Nothing was kept; the picture can be taken again."""

    reason: Unusable


Outcome = CleanedPage | PageUnusable
