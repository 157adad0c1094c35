"""The parent's side of the capture process: start, listen, judge whether pictures still come, kill."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.child_process import ChildProcess
from drivers.document_camera.capture import CaptureOrder, CaptureReport


@dataclass(frozen=True)
class CameraSettings:
    """Which camera, the size asked of it in pixels, and how many millimetres of the desk lie along the longer side of
    its picture, where the arm keeps its height."""

    source: str
    width: int = 1920
    height: int = 1080
    desk_mm: float | None = None


class CaptureProcess(ChildProcess[CaptureOrder, CaptureReport]):
    """One capture process (drivers/document_camera/capture.py). Raises OSError where no process can be started."""

    def __init__(self, settings: CameraSettings) -> None:
        size = ("--width", str(settings.width), "--height", str(settings.height))
        arguments = ("--source", settings.source, *size)
        super().__init__("drivers.document_camera.capture", arguments, CaptureReport)


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
