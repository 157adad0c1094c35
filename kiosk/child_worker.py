"""A child process of this program that does one thing after another and is replaced when it dies or hangs.

drivers/api/child.py starts it; orders go in and reports come out as drivers/api/wire.py frames them. Its first report
says that it is ready, every further one answers one order.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

from drivers.api.child import end_child, start_child
from drivers.api.wire import Channel, WireError

log = logging.getLogger(__name__)

Order = TypeVar("Order")
Report = TypeVar("Report")

_FIRST, _IN_TURN = 0, 1
_TRIES = 2  # a child may die for lack of memory that another program took; an order that kills two is to blame


class WorkerGoneError(Exception):
    """The child died, hangs, or could not be started."""


class OrderTooLargeError(Exception):
    """An order above what one message carries; the child never saw it."""


@dataclass(frozen=True)
class Limits:
    """Seconds without a report after which a child hangs: while it loads, and over one order."""

    start: float
    order: float


@dataclass(frozen=True)
class _Job(Generic[Order, Report]):
    order: Order
    done: Callable[[Report | WorkerGoneError | OrderTooLargeError], None]


class ChildWorker(Generic[Order, Report]):
    """Hands orders to a child one after another. `ask` returns at once; the answer comes to its callback in this
    object's own thread, in the order of the requests but for those asked `first`, exactly once each. After `stop`
    nothing comes any more."""

    def __init__(self, name: str, command: tuple[str, ...], reports: Any, limits: Limits) -> None:
        self._name = name
        self._command = command
        self._reports = reports
        self._limits = limits
        self._jobs: queue.PriorityQueue[tuple[int, int, _Job[Order, Report] | None]] = queue.PriorityQueue()
        self._numbers = count()
        self._lock = threading.Lock()
        self._child: _Child[Order, Report] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the child, so that it is warm when the first order comes."""
        self._thread.start()

    def ask(
        self,
        order: Order,
        done: Callable[[Report | WorkerGoneError | OrderTooLargeError], None],
        *,
        first: bool = False,
    ) -> None:
        """Give an order; `done` hears the report, or why there is none. `first`: before everything that waits and is
        not."""
        self._put(_FIRST if first else _IN_TURN, _Job(order, done))

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        with self._lock:
            return self._child.pid if self._child else None

    def stop(self) -> None:
        """End the child and forget what it was asked. Safe to call twice and from any thread."""
        self._stopped.set()
        self._put(_FIRST, None)
        self._drop()

    def _put(self, rank: int, job: _Job[Order, Report] | None) -> None:
        self._jobs.put((rank, next(self._numbers), job))

    def _run(self) -> None:
        with contextlib.suppress(WorkerGoneError):
            self._ready_child()
        while (job := self._jobs.get()[2]) is not None and not self._stopped.is_set():
            answer = self._answer(job.order)
            if not self._stopped.is_set():
                job.done(answer)
        self._drop()

    def _answer(self, order: Order) -> Report | WorkerGoneError | OrderTooLargeError:
        gone = WorkerGoneError("stopped")
        for _ in range(_TRIES):
            try:
                return self._ready_child().answer(order, self._limits.order)
            except OrderTooLargeError as error:
                return error
            except WorkerGoneError as error:
                gone = error
                self._drop()
                if self._stopped.is_set():
                    break
                log.warning("%s: the child is replaced: %s", self._name, error)
                if isinstance(error.__cause__, TimeoutError):
                    break  # it would hang again, and the person waits
        return gone

    def _ready_child(self) -> _Child[Order, Report]:
        with self._lock:
            if self._stopped.is_set():
                raise WorkerGoneError("stopped")
            if self._child is None:
                self._child = _Child(self._command, self._reports)
            child = self._child
        child.wait_ready(self._limits.start)
        return child

    def _drop(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.kill()


class _Child(Generic[Order, Report]):
    """One child process. Raises WorkerGoneError where none can be started."""

    def __init__(self, command: tuple[str, ...], reports: Any) -> None:
        try:
            self._process, self._socket = start_child(command)
        except OSError as error:
            raise WorkerGoneError("it cannot be started") from error
        self._channel: Channel[Report, Order] = Channel(self._socket, reports)
        self._ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, seconds: float) -> None:
        if not self._ready:
            self._receive(seconds)
            self._ready = True

    def answer(self, order: Order, seconds: float) -> Report:
        try:
            self._socket.settimeout(seconds)
            self._channel.send(order)
        except WireError as error:
            raise OrderTooLargeError from error
        except TimeoutError as error:
            raise WorkerGoneError("it takes no orders") from error
        except OSError as error:
            raise WorkerGoneError("it died") from error
        return self._receive(seconds)

    def _receive(self, seconds: float) -> Report:
        try:
            self._socket.settimeout(seconds)
            report = self._channel.receive()
        except TimeoutError as error:
            raise WorkerGoneError("it gives no answer") from error
        except (OSError, WireError) as error:
            raise WorkerGoneError("it died in the middle of an answer") from error
        if report is None:
            raise WorkerGoneError("it died")
        return report

    def kill(self) -> None:
        """End it at once, hanging or stopped as it may be."""
        end_child(self._process, self._channel.close)
