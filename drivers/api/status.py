"""Device status as closed unions: told by the device, or `Unknown`; never an exception and never a guess."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class DeviceClass(StrEnum):
    """The kinds of device a terminal can have."""

    ID_READER = "id_reader"
    RECEIPT_PRINTER = "receipt_printer"
    DOCUMENT_PRINTER = "document_printer"
    DOCUMENT_CAMERA = "document_camera"
    PAGE_SCANNER = "page_scanner"
    CODE_SCANNER = "code_scanner"


class _Status(msgspec.Struct, frozen=True, tag_field="status"):
    """Base of all status records."""


class NotConfigured(_Status, frozen=True, tag="not_configured"):
    """The terminal was set up without this device; its services are offered another way."""


class Unknown(_Status, frozen=True, tag="unknown"):
    """Nothing is known: not asked yet, or the device does not answer."""

    reason: str = ""


class Disconnected(_Status, frozen=True, tag="disconnected"):
    """The device is not there, or its handshake failed; the supervisor tries again."""

    reason: str = ""


# -- identity card reader


class ReaderReady(_Status, frozen=True, tag="reader_ready"):
    """Handshake done, no card in the field. `sam_id` names the security module."""

    sam_id: str


class CardPresent(_Status, frozen=True, tag="card_present"):
    """A card lies on the reader."""

    sam_id: str


class ReaderFault(_Status, frozen=True, tag="reader_fault"):
    """The security module refuses to work (self-test failed, not authorised)."""

    code: int


IdReaderStatus = NotConfigured | Unknown | Disconnected | ReaderReady | CardPresent | ReaderFault


# -- receipt printer


class Paper(StrEnum):
    """The paper sensor's words."""

    ENOUGH = "enough"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


class PrinterReady(_Status, frozen=True, tag="printer_ready"):
    """The printer answered and will print."""

    paper: Paper


class PrinterNeedsAttention(_Status, frozen=True, tag="printer_needs_attention"):
    """The printer answered and will not print now; each flag is something the attendant can mend."""

    paper: Paper
    cover_open: bool
    cutter_error: bool
    offline: bool


ReceiptPrinterStatus = NotConfigured | Unknown | Disconnected | PrinterReady | PrinterNeedsAttention


# -- A4 printer


class QueueReady(_Status, frozen=True, tag="queue_ready"):
    """The IPP printer or CUPS queue accepts jobs. `reasons` are its printer-state-reasons (toner-low and so on)."""

    reasons: tuple[str, ...] = ()


class QueueStopped(_Status, frozen=True, tag="queue_stopped"):
    """The printer accepts no job or holds them; `reasons` are its printer-state-reasons (RFC 8011 5.4.12)."""

    reasons: tuple[str, ...] = ()


class SavesToFolder(_Status, frozen=True, tag="saves_to_folder"):
    """No printer is configured: documents are kept as PDF in the data folder, and the screen says so."""


DocumentPrinterStatus = NotConfigured | Unknown | Disconnected | QueueReady | QueueStopped | SavesToFolder


# -- document camera


class CameraReady(_Status, frozen=True, tag="camera_ready"):
    """Frames arrive. Size in pixels."""

    width: int
    height: int


class CameraFrozen(_Status, frozen=True, tag="camera_frozen"):
    """The capture process was stopped because no new frame came in time; it is being started anew."""


DocumentCameraStatus = NotConfigured | Unknown | Disconnected | CameraReady | CameraFrozen


# -- page scanner


class FeederState(StrEnum):
    """What the scanner says of its feeder. UNKNOWN: it has one and no sensor that can be asked."""

    NONE = "none"
    EMPTY = "empty"
    LOADED = "loaded"
    UNKNOWN = "unknown"


class ScannerFault(StrEnum):
    """What a person at the scanner can mend."""

    JAMMED = "jammed"
    DOUBLE_FEED = "double_feed"  # two sheets went in at once
    COVER_OPEN = "cover_open"
    LOCKED = "locked"  # the transport lock is on
    OTHER = "other"  # it stands still and does not say why


class ScannerReady(_Status, frozen=True, tag="scanner_ready"):
    """It scans when asked. `flatbed` and `duplex`: whether it has a glass, and a feeder that takes both sides."""

    flatbed: bool
    feeder: FeederState
    duplex: bool


class ScannerBusy(_Status, frozen=True, tag="scanner_busy"):
    """It scans now, or serves somebody else."""


class ScannerNeedsAttention(_Status, frozen=True, tag="scanner_needs_attention"):
    """It told a fault, and has told nothing better since. A scanner that cannot be asked says so at the next scan only,
    so that a new scan may be tried at any time."""

    fault: ScannerFault


class ScannerHung(_Status, frozen=True, tag="scanner_hung"):
    """The scanning process was stopped because nothing came from it in time; it is being started anew."""


PageScannerStatus = (
    NotConfigured | Unknown | Disconnected | ScannerReady | ScannerBusy | ScannerNeedsAttention | ScannerHung
)

# -- handheld code scanner


class CodeScannerReady(_Status, frozen=True, tag="code_scanner_ready"):
    """Its port is open, or its keys come to us alone. Such scanners only talk: until it has `heard` a first code, that
    the one at the other end works is not known."""

    heard: bool


CodeScannerStatus = NotConfigured | Unknown | Disconnected | CodeScannerReady

AnyStatus = (
    NotConfigured
    | Unknown
    | Disconnected
    | ReaderReady
    | CardPresent
    | ReaderFault
    | PrinterReady
    | PrinterNeedsAttention
    | QueueReady
    | QueueStopped
    | SavesToFolder
    | CameraReady
    | CameraFrozen
    | ScannerReady
    | ScannerBusy
    | ScannerNeedsAttention
    | ScannerHung
    | CodeScannerReady
)
