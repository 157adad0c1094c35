"""The window's side of the page worker: pictures in, pages out, the interface never waiting."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count

from kiosk.child_worker import ChildWorker, Limits, OrderTooLargeError, WorkerGoneError
from kiosk.pages.model import Outcome, PageHints, PageUnusable, Unusable
from kiosk.pages.worker import CleanPage, LayTogether, PageDone, WorkerOrder, WorkerReport

PAGE_SECONDS = 15.0
"""After this long without an answer the worker hangs; a page takes a quarter of a second."""

START_SECONDS = 30.0
"""Loading its libraries on a slow disk."""

Done = Callable[[Outcome], None]


class PageWorker:
    """Cleans pages one after another in a child process that is replaced when it dies or hangs.

    `clean` returns at once; the outcome comes to its callback in this object's own thread, in the order of the
    requests, exactly once each. After `stop` nothing comes any more.
    """

    def __init__(self, *, page_seconds: float = PAGE_SECONDS, command: tuple[str, ...] | None = None) -> None:
        program = command or (sys.executable, "-m", "kiosk.pages.worker")
        limits = Limits(start=START_SECONDS, order=page_seconds)
        self._worker: ChildWorker[WorkerOrder, WorkerReport] = ChildWorker("pages", program, WorkerReport, limits)
        self._requests = count(1)

    def start(self) -> None:
        """Start the worker, so that it is warm when the first page comes."""
        self._worker.start()

    def clean(self, picture: bytes, hints: PageHints, done: Done) -> None:
        """Make a page of a JPEG or PNG picture; `done` hears the outcome."""
        self._ask(CleanPage(str(next(self._requests)), picture, hints), done)

    def lay_together(
        self, pictures: tuple[bytes, ...], each: tuple[PageHints, ...], hints: PageHints, done: Done
    ) -> None:
        """Make one page of the things in several pictures (kiosk/pages/together.py); `done` hears the outcome."""
        self._ask(LayTogether(str(next(self._requests)), pictures, each, hints), done)

    def _ask(self, order: WorkerOrder, done: Done) -> None:
        request = order.request

        def hear(report: WorkerReport | WorkerGoneError | OrderTooLargeError) -> None:
            match report:
                case PageDone(answered, outcome) if answered == request:
                    done(outcome)
                case OrderTooLargeError():
                    done(PageUnusable(Unusable.TOO_LARGE))
                case _:
                    done(PageUnusable(Unusable.FAILED))

        self._worker.ask(order, hear)

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        return self._worker.pid

    def stop(self) -> None:
        """End the worker and forget what it was asked. Safe to call twice and from any thread."""
        self._worker.stop()
