"""The device daemon's socket messages. Requests go to the daemon, events come from it.

A `request` is an opaque id chosen by the client; the answer carries it back. Every client gets StatusChanged
for all devices right after connecting and on every change; who sends Ping is told nothing further.
"""

from __future__ import annotations

import msgspec

from drivers.api.liveness import Ping, Pong
from drivers.api.records import (
    CaptureFailure,
    CodeFailure,
    Corners,
    Flaw,
    IdentityCard,
    JobState,
    PaperCode,
    ReadFailure,
    ScanEnd,
    ScanSource,
    SeveralItems,
    SheetSide,
)
from drivers.api.status import AnyStatus, DeviceClass


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of all messages."""


# -- requests


class ReadIdentity(_Message, frozen=True, tag="read_identity"):
    """Wait for a card and read it once. Answered by IdentityRead or IdentityReadFailed."""

    request: str
    timeout: float = 60.0


class PrintSlip(_Message, frozen=True, tag="print_slip"):
    """Print one slip. `image` is a 1-bit PNG as wide as the printer (see SlipWidth) or narrower.

    `job` is the durable job number; sending the same job twice prints it once, and PrintJobChanged tells its state.
    """

    job: str
    image: bytes
    cut: bool = True


class PrintDocument(_Message, frozen=True, tag="print_document"):
    """Print one PDF on the A4 printer. Same job rules as PrintSlip."""

    job: str
    title: str
    pdf: bytes
    copies: int = 1


class AskJob(_Message, frozen=True, tag="ask_job"):
    """Ask for the state of a job; answered by PrintJobChanged (UNKNOWN for a job the daemon does not remember)."""

    job: str


class StartPreview(_Message, frozen=True, tag="start_preview"):
    """Send PreviewFrame events until StopPreview or the connection ends. Sizes in pixels, at most `max_width` wide;
    `codes`: read the codes in the pictures too. `earlier` are the hashes (drivers/api/likeness.py) of the pages kept so
    far, in their order, so that one that comes again is told (SAME). Sent again it changes what is wanted; whatever
    was learned of the pages is forgotten with StopPreview."""

    max_width: int = 960
    frames_per_second: float = 10.0
    codes: bool = False
    earlier: tuple[bytes, ...] = ()


class StopPreview(_Message, frozen=True, tag="stop_preview"):
    """End the preview."""


class CapturePage(_Message, frozen=True, tag="capture_page"):
    """Take a picture at full resolution, find the page, warp and straighten it. Answered by PageCaptured or
    CaptureFailed. `corners` overrides the search (pixels of the full picture)."""

    request: str
    corners: Corners | None = None


class ScanPages(_Message, frozen=True, tag="scan_pages"):
    """Scan one page from the flatbed, or the feeder until it is empty. Answered by PageScanned for every page, in
    order, and then by one ScanEnded.

    Each page waits until the one before it was taken (PageTaken), so that a long run is never held in memory. With
    `duplex` the back of a sheet follows its front; a sheet of which one side is missing is not told at all, and counts
    as not scanned. `dpi` is what is wanted: the scanner's nearest is taken. After at most `most_pages` pages it stops
    (a sheet begun is finished).

    Pages are numbered from `resume_from`. After ScanEnded with a jam, ask again with `resume_from` = its `pages` + 1
    once the person has put back that page and what follows it: no page is lost, none comes twice.
    """

    request: str
    source: ScanSource
    duplex: bool = False
    dpi: int = 300
    colour: bool = True
    most_pages: int = 300
    resume_from: int = 1


class PageTaken(_Message, frozen=True, tag="page_taken"):
    """The page of that number is safe with whoever asked: the next may come."""

    request: str
    number: int


class ReadCode(_Message, frozen=True, tag="read_code"):
    """Wait for one code from the handheld scanner: the first that begins after this was asked. Answered by CodeRead or
    CodeReadFailed. What is scanned while nobody waits is dropped."""

    request: str
    timeout: float = 60.0


class CancelRequest(_Message, frozen=True, tag="cancel_request"):
    """Give up a pending ReadIdentity, CapturePage, ScanPages or ReadCode; it is answered with its CANCELLED failure or
    end."""

    request: str


Request = (
    ReadIdentity
    | PrintSlip
    | PrintDocument
    | AskJob
    | StartPreview
    | StopPreview
    | CapturePage
    | ScanPages
    | PageTaken
    | ReadCode
    | CancelRequest
    | Ping
)


# -- events


class StatusChanged(_Message, frozen=True, tag="status_changed"):
    """A device's status, at connect and at every change. `stable_id` is the by-id path, serial number or URI."""

    device: DeviceClass
    value: AnyStatus
    stable_id: str = ""
    simulated: bool = False


class SlipWidth(_Message, frozen=True, tag="slip_width"):
    """The receipt printer's width in dots (384 or 576), told after its handshake."""

    dots: int


class CardInserted(_Message, frozen=True, tag="card_inserted"):
    """A card was laid on the reader."""


class CardRemoved(_Message, frozen=True, tag="card_removed"):
    """The card was taken away."""


class IdentityRead(_Message, frozen=True, tag="identity_read"):
    """A whole card."""

    request: str
    card: IdentityCard


class IdentityReadFailed(_Message, frozen=True, tag="identity_read_failed"):
    """No card; nothing of it was kept."""

    request: str
    failure: ReadFailure


class PrintJobChanged(_Message, frozen=True, tag="print_job_changed"):
    """A job's state; `detail` is for the attendant (which sensor, which IPP reason), never personal data.
    `saved_as` is the file's path where no A4 printer is configured."""

    job: str
    state: JobState
    detail: str = ""
    saved_as: str = ""


class PreviewFrame(_Message, frozen=True, tag="preview_frame"):
    """One live picture. `corners` are in pixels of this jpeg, None where no page is seen; `items` are all things that
    lie there where they are several (both sides of an identity card, receipts). `flaws` is what stands in the way of a
    good page; `ready`: a page lies still, is good, and is not the one that was taken last; `taken`: that one still
    lies there. `codes` are those of the last second, in pixels of this jpeg."""

    jpeg: bytes
    width: int
    height: int
    corners: Corners | None
    items: tuple[Corners, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    ready: bool = False
    codes: tuple[PaperCode, ...] = ()
    taken: bool = False


class PageCaptured(_Message, frozen=True, tag="page_captured"):
    """A page. `page_jpeg` is warped and straightened (the whole picture where no page was found, corners None);
    `original_jpeg` is the picture as taken; `corners` are in pixels of the original, `flaws` and `codes` those of the
    page. Where `several` things lay there, the page is the part of the picture that shows them all. `dpi` is the page's
    resolution to about a tenth, where it is known how much of the desk the camera sees."""

    request: str
    page_jpeg: bytes
    page_width: int
    page_height: int
    original_jpeg: bytes
    corners: Corners | None
    confidence: float
    flaws: tuple[Flaw, ...] = ()
    codes: tuple[PaperCode, ...] = ()
    several: SeveralItems | None = None
    dpi: float | None = None


class CaptureFailed(_Message, frozen=True, tag="capture_failed"):
    """No picture."""

    request: str
    failure: CaptureFailure


class PageScanned(_Message, frozen=True, tag="page_scanned"):
    """One page as the scanner saw it, upright or not. Sizes in pixels at `dpi`; `number` counts pages, `sheet` sheets,
    both from 1. `several` are the things that lie on the glass where they are more than one."""

    request: str
    number: int
    jpeg: bytes
    width: int
    height: int
    dpi: int
    sheet: int
    side: SheetSide
    several: SeveralItems | None = None


class ScanEnded(_Message, frozen=True, tag="scan_ended"):
    """No more pages come. `pages` is the number of the last page that came (`resume_from` - 1 where none did)."""

    request: str
    reason: ScanEnd
    pages: int


class CodeRead(_Message, frozen=True, tag="code_read"):
    """One code, as the handheld scanner read it: at most 4,096 characters, none of them a control character."""

    request: str
    code: PaperCode


class CodeReadFailed(_Message, frozen=True, tag="code_read_failed"):
    """No code; nothing of it was kept."""

    request: str
    failure: CodeFailure


Event = (
    StatusChanged
    | SlipWidth
    | CardInserted
    | CardRemoved
    | IdentityRead
    | IdentityReadFailed
    | PrintJobChanged
    | PreviewFrame
    | PageCaptured
    | CaptureFailed
    | PageScanned
    | ScanEnded
    | CodeRead
    | CodeReadFailed
    | Pong
)
