"""The parent's side of the capture process: start, listen, judge whether pictures still come, kill."""

from __future__ import annotations

import contextlib
import queue
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

from drivers.api.wire import Channel, WireError
from drivers.document_camera.capture import CaptureOrder, CaptureReport


@dataclass(frozen=True)
class CameraSettings:
    """Which camera, and the size asked of it in pixels."""

    source: str
    width: int = 1920
    height: int = 1080


class CaptureProcess:
    """One capture process. `report` gives its news; None from `report` after `ended` is the end of it.

    Raises OSError where no process can be started.
    """

    def __init__(self, settings: CameraSettings) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "drivers.document_camera.capture", "--fd", str(theirs.fileno())]
        command += ["--source", settings.source, "--width", str(settings.width), "--height", str(settings.height)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, with a source checked by `build`
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._channel: Channel[CaptureReport, CaptureOrder] = Channel(ours, CaptureReport)
        self._reports: queue.SimpleQueue[CaptureReport | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        threading.Thread(target=self._listen, name="capture", daemon=True).start()

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

    def report(self, timeout: float) -> CaptureReport | None:
        """The next report, None when there is none in `timeout` seconds or the process has ended."""
        try:
            return self._reports.get(timeout > 0, timeout if timeout > 0 else None)
        except queue.Empty:
            return None

    def order(self, order: CaptureOrder) -> None:
        """Send an order; one to a dead process is lost, and its end is reported anyway."""
        with contextlib.suppress(OSError):
            self._channel.send(order)

    def kill(self) -> None:
        """End it at once, stopped or hanging as it may be. Safe to call twice and from any thread."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):  # in an uninterruptible call of a camera's driver
            self._process.wait(2.0)


@dataclass
class Watchdog:
    """Says when a camera is frozen: no picture, or only the same one, for `limit` seconds of the given clock. The
    picture is remembered over a new start of the capture process, which alone makes no picture new."""

    limit: float
    last_fresh: float
    last_digest: int | None = None

    def beat(self, digest: int | None, now: float) -> bool:
        """A picture came; returns whether it is a new one."""
        fresh = digest is None or digest != self.last_digest
        if fresh:
            self.last_fresh, self.last_digest = now, digest
        return fresh

    def restart(self, now: float) -> None:
        """Give a new capture process its time."""
        self.last_fresh = now

    def frozen(self, now: float) -> bool:
        """Nothing new for too long."""
        return now - self.last_fresh > self.limit
