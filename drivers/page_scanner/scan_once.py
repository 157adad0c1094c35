"""Pages straight from a scanner into a folder, without the daemon (`court-kiosk device scan-pages`)."""

from __future__ import annotations

import time
from pathlib import Path

from drivers.api.messages import PageScanned, PageTaken, ScanEnded, ScanPages
from drivers.api.records import ScanEnd, ScanSource
from drivers.device import ConfigurationError
from drivers.page_scanner.device import LEAVE_SECONDS, OPEN_SECONDS, PAGE_SECONDS
from drivers.page_scanner.names import check_name
from drivers.page_scanner.process import ScanningProcess
from drivers.page_scanner.reports import Opened, Refused

_DONE = (ScanEnd.COMPLETE, ScanEnd.LIMIT)

_WORDS = {
    ScanEnd.EMPTY: "the feeder is empty",
    ScanEnd.JAMMED: "a sheet is jammed",
    ScanEnd.DOUBLE_FEED: "two sheets went in at once",
    ScanEnd.COVER_OPEN: "its cover is open",
    ScanEnd.LOCKED: "its transport lock is on",
    ScanEnd.BUSY: "it serves somebody else",
    ScanEnd.CANNOT: "it has no such source, or takes one side only",
    ScanEnd.UNUSABLE: "what it sends is no page",
}


class ScanOnceError(Exception):
    """Not all was scanned; one line that says why and what was kept."""


def scan_once(device: str, folder: Path, source: str, *, duplex: bool, dpi: int) -> dict[str, object]:
    """Scan into `folder`, which is made: page-001.jpg and so on. Returns `pages`, `dpi`, `bytes` and `seconds`.

    Raises ScanOnceError, and OSError where the folder is there already or cannot be written.
    """
    try:
        child = ScanningProcess(check_name(device))
    except ConfigurationError as error:
        raise ScanOnceError(str(error).removeprefix("page_scanner: ")) from error
    try:
        _open(child)
        folder.mkdir(parents=True)
        return _scan(child, folder, ScanPages("once", ScanSource(source), duplex=duplex, dpi=dpi))
    finally:
        child.leave(LEAVE_SECONDS)


def _open(child: ScanningProcess) -> None:
    match child.report(OPEN_SECONDS):
        case Opened():
            return
        case Refused(reason=reason):
            raise ScanOnceError(reason)
        case _:
            raise ScanOnceError("the scanner cannot be opened")


def _scan(child: ScanningProcess, folder: Path, wanted: ScanPages) -> dict[str, object]:
    began = time.monotonic()
    size, dpi, heard = 0, wanted.dpi, began
    child.order(wanted)
    while True:
        match child.report(1.0):
            case PageScanned(number=number, jpeg=jpeg) as page:
                (folder / f"page-{number:03}.jpg").write_bytes(jpeg)
                size, dpi, heard = size + len(jpeg), page.dpi, time.monotonic()
                child.order(PageTaken(wanted.request, number))
            case ScanEnded(reason=reason, pages=pages):
                if reason not in _DONE:
                    raise ScanOnceError(f"{_WORDS.get(reason, reason.value)}; {pages} pages are in {folder}")
                return {"pages": pages, "dpi": dpi, "bytes": size, "seconds": round(time.monotonic() - began, 3)}
            case Refused(reason=reason):
                raise ScanOnceError(reason)
            case None if child.ended:
                raise ScanOnceError("the scanning process ended")
            case None if time.monotonic() - heard > PAGE_SECONDS:
                raise ScanOnceError(f"nothing came for {PAGE_SECONDS:.0f} s")
            case None:
                continue
            case _:
                heard = time.monotonic()
