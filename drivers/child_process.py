"""A driver's own child process: for calls that can hang or crash, it is started, heard and killed from here.

The child is one of our modules, started by drivers/api/child.py; orders go in and reports come out as
drivers/api/wire.py frames them.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from drivers.api.child import end_child, start_child
from drivers.api.wire import Channel, WireError

Order = TypeVar("Order")
Report = TypeVar("Report")


class ChildProcess(Generic[Order, Report]):
    """One child process. `report` gives its news; None from `report` after `ended` is the end of it.

    Raises OSError where no process can be started.
    """

    def __init__(
        self, module: str, arguments: Sequence[str], reports: Any, environment: Mapping[str, str] | None = None
    ) -> None:
        self._process, ours = start_child((sys.executable, "-m", module, *arguments), environment)
        self._channel: Channel[Report, Order] = Channel(ours, reports)
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        threading.Thread(target=self._listen, name=module.rpartition(".")[2], daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """The process has closed its side and everything it said was heard."""
        return self._ended.is_set() and self._reports.empty()

    def _listen(self) -> None:
        try:
            while (report := self._channel.receive()) is not None:
                self._reports.put(report)
        except (OSError, WireError):
            pass  # it died in the middle of a message, which is an end like any other
        self._ended.set()
        self._reports.put(None)

    def report(self, timeout: float) -> Report | None:
        """The next report, None when there is none in `timeout` seconds or the process has ended."""
        try:
            return self._reports.get(timeout > 0, timeout if timeout > 0 else None)
        except queue.Empty:
            return None

    def order(self, order: Order) -> None:
        """Send an order; one to a dead process is lost, and its end is reported anyway."""
        with contextlib.suppress(OSError):
            self._channel.send(order)

    def leave(self, seconds: float) -> None:
        """Close its socket, on which it ends by itself; kill it where it has not after `seconds`."""
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End it at once, stopped or hanging as it may be. Safe to call twice and from any thread."""
        end_child(self._process, self._channel.close)
