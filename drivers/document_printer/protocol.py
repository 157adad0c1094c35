"""IPP as the driver needs it (RFC 8010, 8011): requests as bytes, answers as what they mean. Pure.

Encoding and decoding are pyipp's. What it raises on rubbish is of many kinds; here it is always NotIppError.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from pyipp.enums import IppJobState, IppOperation, IppPrinterState, IppStatus
from pyipp.parser import parse
from pyipp.serializer import encode_dict

from drivers.api.records import JobState
from drivers.api.status import QueueReady, QueueStopped

PDF = "application/pdf"
USER = "court-kiosk"

_PRINTER_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
)
_JOB_ATTRIBUTES = ("job-id", "job-state", "job-state-reasons", "job-impressions-completed")

STOPPING_REASONS = frozenset(
    {"media-empty", "media-needed", "media-jam", "cover-open", "door-open", "interlock-open", "toner-empty"}
    | {"marker-supply-empty", "input-tray-missing", "output-area-full", "paused", "shutdown", "stopped-partly"}
    | {"connecting-to-device", "timed-out", "offline", "spool-area-full", "fuser-over-temp"}
)
"""printer-state-reasons that somebody must see to before a page comes out (RFC 8011 5.4.12, PWG 5100.9)."""


_END = 0x03
_FIRST_VALUE_TAG = 0x10


class NotIppError(Exception):
    """The other end did not answer in IPP."""


class IppRefusedError(Exception):
    """The printer answered and refused. `busy` means "the same again later" (RFC 8011 appendix B)."""

    def __init__(self, status: int) -> None:
        self.status = status
        name = IppStatus(status).name.lower().replace("_", "-") if status in set(IppStatus) else "unknown status"
        super().__init__(f"{name} (0x{status:04x})")

    @property
    def busy(self) -> bool:
        return self.status in {
            IppStatus.ERROR_BUSY,
            IppStatus.ERROR_SERVICE_UNAVAILABLE,
            IppStatus.ERROR_TEMPORARY,
            IppStatus.ERROR_NOT_ACCEPTING_JOBS,
            IppStatus.ERROR_DEVICE,
            IppStatus.ERROR_TOO_MANY_JOBS,
        }

    @property
    def forgotten(self) -> bool:
        """The printer does not know the job (any more)."""
        return self.status in {IppStatus.ERROR_NOT_FOUND, IppStatus.ERROR_GONE}


def _request(operation: IppOperation, uri: str, more: Mapping[str, object], **groups: object) -> bytes:
    message = {
        "version": (1, 1),  # every printer speaks it; nothing newer is needed
        "operation": operation,
        "operation-attributes-tag": {
            "attributes-charset": "utf-8",
            "attributes-natural-language": "zh-cn",
            "printer-uri": uri,
            "requesting-user-name": USER,
            **more,
        },
        **groups,
    }
    return bytes(encode_dict(message))


def get_printer(uri: str) -> bytes:
    """Get-Printer-Attributes."""
    return _request(IppOperation.GET_PRINTER_ATTRIBUTES, uri, {"requested-attributes": list(_PRINTER_ATTRIBUTES)})


def print_job(uri: str, title: str, copies: int, pdf: bytes) -> bytes:
    """Print-Job. `title` becomes job-name, which printers show and keep: no personal data."""
    operation = {"job-name": _name(title), "document-format": PDF, "ipp-attribute-fidelity": False}
    return _request(IppOperation.PRINT_JOB, uri, operation, **{"job-attributes-tag": {"copies": copies}, "data": pdf})


def get_job(uri: str, job_id: int) -> bytes:
    """Get-Job-Attributes."""
    more = {"job-id": job_id, "requested-attributes": list(_JOB_ATTRIBUTES)}
    return _request(IppOperation.GET_JOB_ATTRIBUTES, uri, more)


def cancel_job(uri: str, job_id: int) -> bytes:
    """Cancel-Job."""
    return _request(IppOperation.CANCEL_JOB, uri, {"job-id": job_id})


def _name(title: str) -> str:
    """At most 255 octets, cut between characters (RFC 8011 5.1.3)."""
    return title.encode()[:255].decode(errors="ignore") or "-"


@dataclass(frozen=True)
class PrinterTold:
    """What a printer says of itself."""

    stopped: bool
    reasons: tuple[str, ...]
    formats: tuple[str, ...]

    @property
    def status(self) -> QueueReady | QueueStopped:
        return QueueStopped(self.reasons) if self.stopped else QueueReady(self.reasons)


@dataclass(frozen=True)
class JobTold:
    """What a printer says of a job. `number` is its own job-id."""

    number: int
    state: JobState
    detail: str


def _groups(answer: bytes, group: str) -> dict[str, object]:
    """The attributes of the first `group` of an answer. Raises NotIppError, IppRefusedError."""
    sound = checked(answer)
    try:
        found = parse(sound)[group]
    except Exception as error:  # pyipp lets through whatever its unpacking meets (KeyError, ValueError and others)
        raise NotIppError(f"not an IPP answer: {type(error).__name__}") from error
    return dict(found[0]) if found else {}


def checked(answer: bytes) -> bytes:
    """`answer` without its empty attribute groups, its lengths walked to the end-of-attributes tag (RFC 8010 3.1).

    Raises IppRefusedError for a status that is an error, NotIppError for what is no IPP. pyipp takes lengths on trust,
    where a negative one would keep it busy for ever, and stumbles over an empty group.
    """
    kept = bytearray(answer[:8])
    position = 8
    try:
        while (tag := answer[position]) != _END:
            start = position
            position += 1
            if tag < _FIRST_VALUE_TAG:  # begin of a group
                if answer[position] >= _FIRST_VALUE_TAG:
                    kept.append(tag)
                continue
            for _ in range(2):  # name, then value
                (length,) = struct.unpack_from(">H", answer, position)
                if length > 0x7FFF:
                    raise NotIppError("not an IPP answer: length out of range")
                position += 2 + length
            kept += answer[start:position]
        (status,) = struct.unpack_from(">H", answer, 2)
    except (IndexError, struct.error) as error:
        raise NotIppError("not an IPP answer: it ends too early") from error
    if status >= 0x0200:
        raise IppRefusedError(status)
    kept.append(_END)
    return bytes(kept)


def _strings(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value is not None else []
    return tuple(text for text in map(str, values) if text != "none")


def printer_told(answer: bytes) -> PrinterTold:
    """The answer to Get-Printer-Attributes. Raises NotIppError, IppRefusedError."""
    told = _groups(answer, "printers")
    if "printer-state" not in told:
        raise NotIppError("not a printer: no printer-state")
    reasons = _strings(told.get("printer-state-reasons"))
    accepting = told.get("printer-is-accepting-jobs", True) is not False
    severe = any(_severe(reason) for reason in reasons)
    stopped = told["printer-state"] == IppPrinterState.STOPPED or not accepting or severe
    return PrinterTold(stopped, reasons, _strings(told.get("document-format-supported")))


def _severe(reason: str) -> bool:
    """media-empty and media-empty-error stop a printer; media-empty-report and -warning only say so (RFC 8011 5.4.12),
    but a printer without paper prints nothing whatever it calls it."""
    bare = reason
    for ending in ("-report", "-warning", "-error"):
        bare = bare.removesuffix(ending)
    return bare in STOPPING_REASONS


def job_told(answer: bytes) -> JobTold:
    """The answer to Print-Job or Get-Job-Attributes. Raises NotIppError, IppRefusedError.

    job-state decides; job-state-reasons may lag behind it and are only told.
    """
    told = _groups(answer, "jobs")
    number, state = told.get("job-id"), told.get("job-state")
    if not isinstance(number, int) or not isinstance(state, IntEnum):
        raise NotIppError("not a job: no job-id or job-state")
    reasons = ", ".join(_strings(told.get("job-state-reasons")))
    match state:
        case IppJobState.COMPLETED:
            return JobTold(number, JobState.SETTLED, "")
        case IppJobState.CANCELED | IppJobState.ABORTED:
            begun = told.get("job-impressions-completed")
            some = isinstance(begun, int) and begun > 0
            detail = f"{state.name.lower()}: {reasons}" if reasons else state.name.lower()
            return JobTold(number, JobState.UNKNOWN if some else JobState.FAILED, detail)
        case _:
            return JobTold(number, JobState.SENDING, reasons)
