"""One run of pages: numbered, whole sheets only, each page waiting until the one before it was taken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drivers.api.messages import PageScanned, ScanEnded, ScanPages
from drivers.api.records import ScanEnd, ScanSource, SheetSide
from drivers.api.wire import MAX_MESSAGE
from drivers.page_scanner.glass import several_items

LARGEST_PAGE = MAX_MESSAGE // 2
"""Bytes of one page: it travels in one message, twice."""


@dataclass(frozen=True)
class Picture:
    """One side as it came, as JPEG. Sizes in pixels."""

    jpeg: bytes
    width: int
    height: int
    dpi: int


class ScanStoppedError(Exception):
    """No more pages of this scan."""

    def __init__(self, end: ScanEnd) -> None:
        super().__init__(end.value)
        self.end = end


class Run:
    """One request. `deliver` runs in the worker's main thread; `taken` and `cancel` come from another."""

    def __init__(self, wanted: ScanPages, send: Callable[[PageScanned], None]) -> None:
        self._wanted = wanted
        self._send = send
        self._changed = threading.Condition()
        self._taken = wanted.resume_from - 1
        self._sent = wanted.resume_from - 1
        self._cancelled = False
        self._per_sheet = 2 if wanted.duplex and wanted.source is ScanSource.FEEDER else 1
        self._sheet = self._sent // self._per_sheet + 1

    @property
    def request(self) -> str:
        """The request it answers."""
        return self._wanted.request

    @property
    def cancelled(self) -> bool:
        """Whether it was given up."""
        return self._cancelled

    def cancel(self) -> None:
        """Give it up."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def taken(self, number: int) -> None:
        """Page `number` is safe with whoever asked."""
        with self._changed:
            self._taken = max(self._taken, number)
            self._changed.notify_all()

    def deliver(self, pictures: Iterator[Picture]) -> ScanEnded:
        """Send all pages; returns how it ended. At most one sheet is held besides the page that waits to be taken."""
        sheet: list[Picture] = []
        end: ScanEnd | None = None
        try:
            while end is None:
                sheet.append(next(pictures))
                if len(sheet) == self._per_sheet:
                    self._send_sheet(sheet)
                    sheet = []
                    if self._sent - self._wanted.resume_from + 1 >= self._wanted.most_pages and self._fed:
                        end = ScanEnd.LIMIT
        except ScanStoppedError as stopped:
            end = stopped.end
            if end is ScanEnd.EMPTY and sheet:  # the feeder is empty: this was the last sheet's only side
                self._send_sheet(sheet)
            if end is ScanEnd.EMPTY and self._sent >= self._wanted.resume_from:
                end = ScanEnd.COMPLETE
        return ScanEnded(self.request, ScanEnd.CANCELLED if self._cancelled else end, self._sent)

    @property
    def _fed(self) -> bool:
        return self._wanted.source is ScanSource.FEEDER

    def _send_sheet(self, sheet: list[Picture]) -> None:
        for side, picture in zip(SheetSide, sheet, strict=False):
            if len(picture.jpeg) > LARGEST_PAGE:
                raise ScanStoppedError(ScanEnd.UNUSABLE)
            with self._changed:
                self._changed.wait_for(lambda: self._taken >= self._sent or self._cancelled)
                if self._cancelled:
                    raise ScanStoppedError(ScanEnd.CANCELLED)
                self._sent += 1
            size = (picture.width, picture.height, picture.dpi)
            room = LARGEST_PAGE - len(picture.jpeg)
            several = None if self._fed else several_items(picture.jpeg, picture.dpi, room)
            self._send(PageScanned(self.request, self._sent, picture.jpeg, *size, self._sheet, side, several))
        self._sheet += 1
