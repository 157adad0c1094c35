"""The window's side of the reading process: pages in, what stands on them out, the interface never waiting."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count

from kiosk.child_worker import ChildWorker, Limits, OrderTooLargeError, WorkerGoneError
from kiosk.ocr.model import PageUnread, Reading
from kiosk.ocr.process import AskWay, PageDone, ReaderOrder, ReaderReport, ReadPage, WayTold
from kiosk.pages.model import StoredPage, Turn, WayStrips

LIMITS = Limits(start=60.0, order=120.0)
"""Loading takes two seconds and a dense page two, alone on the machine; where it is not, nobody waits for it."""

_COMMAND = (sys.executable, "-m", "kiosk.ocr.process")

Done = Callable[[Reading], None]
Told = Callable[[Turn], None]


class PageReader:
    """Reads pages one after another in a child process.

    Started when a person begins with evidence, so that it is warm at the first page; stopped at the end of the session,
    when the process and all it knows of a page are gone (N5). `read` and `tell_way` return at once; their answers come
    to the callbacks in this object's own thread, exactly once each: the readings in the order of the requests, and
    before them which way up pages are, for which somebody waits. After `stop` nothing comes any more.
    """

    def __init__(self, *, limits: Limits = LIMITS, command: tuple[str, ...] = _COMMAND) -> None:
        self._worker: ChildWorker[ReaderOrder, ReaderReport] = ChildWorker("reader", command, ReaderReport, limits)
        self._requests = count(1)

    def start(self) -> None:
        """Start the process."""
        self._worker.start()

    def read(self, page: StoredPage | bytes, done: Done) -> None:
        """Read a stored page, or an upright picture (JPEG or PNG); `done` hears what stands on it."""
        request = str(next(self._requests))

        def hear(report: ReaderReport | WorkerGoneError | OrderTooLargeError) -> None:
            match report:
                case PageDone(answered, reading) if answered == request:
                    done(reading)
                case _:
                    done(PageUnread())

        self._worker.ask(ReadPage(request, page), hear)

    def tell_way(self, strips: WayStrips, told: Told) -> None:
        """Tell which way up a page is that was left as it lay; `told` hears it, UNKNOWN where nobody can tell."""
        request = str(next(self._requests))

        def hear(report: ReaderReport | WorkerGoneError | OrderTooLargeError) -> None:
            match report:
                case WayTold(answered, turn) if answered == request:
                    told(turn)
                case _:
                    told(Turn.UNKNOWN)

        self._worker.ask(AskWay(request, strips), hear, first=True)

    @property
    def pid(self) -> int | None:
        """The process id, None while there is none."""
        return self._worker.pid

    def stop(self) -> None:
        """End the process. Safe to call twice and from any thread."""
        self._worker.stop()
