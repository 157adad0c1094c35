"""The devices, each after a real handshake: asked of the terminal that runs, or of a device daemon started for this."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from drivers.api.messages import Event, StatusChanged
from drivers.api.status import (
    AnyStatus,
    CameraFrozen,
    CameraReady,
    CardPresent,
    CodeScannerReady,
    DeviceClass,
    Disconnected,
    FeederState,
    NotConfigured,
    Paper,
    PrinterNeedsAttention,
    PrinterReady,
    QueueReady,
    QueueStopped,
    ReaderFault,
    ReaderReady,
    SavesToFolder,
    ScannerBusy,
    ScannerFault,
    ScannerHung,
    ScannerNeedsAttention,
    ScannerReady,
    Unknown,
)
from kiosk.app import python
from kiosk.diagnosis.check import Check
from kiosk.link import Link

PATIENCE = 10.0
"""Seconds until a device that is not ready is told as it stands then; drivers try again meanwhile."""

NAMES = {
    DeviceClass.ID_READER: "identity card reader",
    DeviceClass.RECEIPT_PRINTER: "slip printer",
    DeviceClass.DOCUMENT_PRINTER: "A4 printer",
    DeviceClass.DOCUMENT_CAMERA: "document camera",
    DeviceClass.PAGE_SCANNER: "page scanner",
    DeviceClass.CODE_SCANNER: "handheld code scanner",
}

_TRY = {
    DeviceClass.ID_READER: "group dialout; court-kiosk device read-id --port PORT tries it",
    DeviceClass.RECEIPT_PRINTER: "group lp or dialout; court-kiosk device print-test --to URI tries it",
    DeviceClass.DOCUMENT_PRINTER: "its address; ipptool (cups-ipp-utils) tries it",
    DeviceClass.DOCUMENT_CAMERA: "group video",
    DeviceClass.PAGE_SCANNER: "group scanner, or its address; court-kiosk device scan-pages --device NAME tries it",
    DeviceClass.CODE_SCANNER: "group dialout or input; court-kiosk device read-code --port PORT or --keyboard NODE "
    "tries it",
}

_MOST_COMPLAINT = 300


@dataclass(frozen=True, slots=True)
class DaemonRefusedError(Exception):
    """The device daemon does not start with this configuration; `complaint` is its own one line."""

    complaint: str


@contextlib.contextmanager
def own_daemon(configuration: Path, *, allow_simulated: bool) -> Iterator[Path]:
    """A device daemon for the time of one look; gives its socket. Raises DaemonRefusedError."""
    with tempfile.TemporaryDirectory(prefix="court-kiosk-") as folder, tempfile.TemporaryFile() as said:
        path = Path(folder) / "devices.sock"
        words = ["--socket", str(path), "--config", str(configuration)]
        if allow_simulated:
            words.append("--allow-simulated")
        with subprocess.Popen(python("drivers.daemon", *words), stderr=said) as process:  # noqa: S603 - our own program
            try:
                ends = time.monotonic() + PATIENCE
                while not path.exists() and process.poll() is None and time.monotonic() < ends:
                    time.sleep(0.05)
                if process.poll() is not None:
                    said.seek(0)
                    raise DaemonRefusedError(said.read().decode(errors="replace").strip()[-_MOST_COMPLAINT:])
                yield path
            finally:
                process.terminate()


def look(socket: Path) -> list[Check]:
    """Every device of the daemon behind `socket`: at once where all are ready, else after PATIENCE."""
    told: dict[DeviceClass, StatusChanged] = {}
    changed = threading.Condition()

    def hear(event: Event) -> None:
        if isinstance(event, StatusChanged):
            with changed:
                told[event.device] = event
                changed.notify()

    link: Link[Event, object] = Link(socket, Event, hear, lambda _up: None)
    link.start()
    with changed:
        changed.wait_for(lambda: _all_ready(told), PATIENCE)
        found = dict(told)
    link.stop()
    return [_check(device, found.get(device)) for device in DeviceClass]


def _all_ready(told: Mapping[DeviceClass, StatusChanged]) -> bool:
    return len(told) == len(DeviceClass) and all(
        not isinstance(event.value, Unknown | Disconnected | CameraFrozen | ScannerHung) for event in told.values()
    )


def _check(device: DeviceClass, event: StatusChanged | None) -> Check:
    status = event.value if event is not None else Unknown("the device daemon does not answer")
    ok, detail, remedy = describe(device, status)
    if event is not None and event.stable_id:
        detail += f" ({event.stable_id}{', simulated' if event.simulated else ''})"
    needed = not isinstance(status, NotConfigured | SavesToFolder)
    return Check(NAMES[device], ok, detail, needed, remedy)


def describe(device: DeviceClass, status: AnyStatus) -> tuple[bool, str, str]:
    """Whether the device serves, how it stands, and what to do."""
    match status:
        case NotConfigured():
            return False, "not configured", f"add [{device.value}] to the devices file (drivers/README.md)"
        case Unknown(reason=reason):
            return False, reason or "does not answer", f"switch it on; look at cable and {_TRY[device]}"
        case Disconnected(reason=reason):
            return False, reason or "not there", f"look at cable, power, {_TRY[device]}"
        case ReaderReady(sam_id=sam):
            return True, f"ready, security module {sam}", ""
        case CardPresent(sam_id=sam):
            return True, f"ready, security module {sam}, a card lies on it", ""
        case ReaderFault(code=code):
            return False, f"its security module refuses to work (0x{code:02x})", "have the reader's vendor look at it"
        case PrinterReady(paper=Paper.NEAR_END):
            return True, "ready, little paper left", "put in a new roll soon"
        case PrinterReady():
            return True, "ready", ""
        case PrinterNeedsAttention():
            return False, *_printer(status)
        case QueueReady(reasons=reasons):
            return True, ", ".join(("ready", *reasons)), ""
        case QueueStopped(reasons=reasons):
            return False, ", ".join(("stopped", *reasons)), "mend what its panel says; cupsenable where it is a queue"
        case SavesToFolder():
            return False, "papers are kept readable in a folder", "for trials only: leave the section out in service"
        case CameraReady(width=width, height=height):
            return True, f"{width} x {height}", ""
        case CameraFrozen():
            return False, "no picture comes", "unplug it and plug it in again; try another USB port"
        case ScannerReady():
            return True, _scanner(status), ""
        case ScannerBusy():
            return True, "busy: it scans", ""
        case ScannerNeedsAttention(fault=fault):
            return False, fault.value.replace("_", " "), _MEND[fault]
        case ScannerHung():
            return False, "it does not answer", "switch it off and on; look at its network and whether somebody uses it"
        case CodeScannerReady(heard=True):
            return True, "ready", ""
        case CodeScannerReady():
            return True, "open; it has read no code yet", ""
        case _:
            assert_never(status)


_MEND = {
    ScannerFault.JAMMED: "open it, take the sheet out, close it",
    ScannerFault.DOUBLE_FEED: "take the sheets out, fan them, put them back",
    ScannerFault.COVER_OPEN: "close it",
    ScannerFault.LOCKED: "open its transport lock",
    ScannerFault.OTHER: "mend what its panel says",
}


def _scanner(status: ScannerReady) -> str:
    parts = ["flatbed"] if status.flatbed else []
    if status.feeder is not FeederState.NONE:
        sensor = {FeederState.EMPTY: ", empty", FeederState.LOADED: ", loaded"}.get(status.feeder, "")
        parts.append(f"feeder{' for both sides' if status.duplex else ''}{sensor}")
    return f"ready, {' and '.join(parts)}"


def _printer(status: PrinterNeedsAttention) -> tuple[str, str]:
    wrong = [
        words
        for applies, words in (
            (status.paper is Paper.OUT, ("no paper", "put in a roll")),
            (status.cover_open, ("cover open", "close it")),
            (status.cutter_error, ("cutter jammed", "clear it as its manual says")),
            (status.offline, ("offline", "press its feed or online key")),
        )
        if applies
    ]
    return ", ".join(detail for detail, _ in wrong), "; ".join(remedy for _, remedy in wrong)
