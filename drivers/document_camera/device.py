"""The document camera as a device of the daemon: previews and pages from a capture process under a watchdog."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from drivers.api.messages import (
    CaptureFailed,
    CapturePage,
    PageCaptured,
    PreviewFrame,
    StartPreview,
    StopPreview,
)
from drivers.api.records import CaptureFailure
from drivers.api.status import CameraFrozen, CameraReady, DeviceClass
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable
from drivers.document_camera.capture import Beat, CaptureReport, Refused
from drivers.document_camera.watch import CameraSettings, CaptureProcess, Watchdog
from drivers.endpoint import is_simulated

AUTO = "auto"
BY_ID = Path("/dev/v4l/by-id")

OPEN_SECONDS = 12.0
"""A USB camera at 13 million pixels takes seconds to its first picture."""

FREEZE_SECONDS = 3.0
CAPTURE_SECONDS = 10.0
RESTARTS_BEFORE_GONE = 3

_UNSTABLE = re.compile(r"/dev/video\d+")
_KEYS = {"source", "width", "height", "desk_mm", "freeze_seconds"}
_MM_PER_INCH = 25.4
_LOOK = 0.05  # seconds between two looks at tickets while the camera is quiet


@dataclass
class _Pending:
    """A page that was asked for."""

    ticket: Ticket
    deadline: float


@dataclass
class _Work:
    """What the clients want at the moment."""

    previews: list[Ticket] = field(default_factory=list)
    pages: dict[str, _Pending] = field(default_factory=dict)


class DocumentCamera:
    """A camera behind a capture process that can be killed at any moment."""

    device_class = DeviceClass.DOCUMENT_CAMERA

    def __init__(
        self,
        settings: CameraSettings,
        *,
        freeze_seconds: float = FREEZE_SECONDS,
        open_seconds: float = OPEN_SECONDS,
        start: Callable[[CameraSettings], CaptureProcess] = CaptureProcess,
        by_id: Path = BY_ID,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._freeze_seconds = freeze_seconds
        self._open_seconds = open_seconds
        self._start = start
        self._by_id = by_id
        self._clock = clock
        self._child: CaptureProcess | None = None
        self._size = (0, 0)
        self._restarts = 0
        self._work = _Work()
        self.stable_id = "" if settings.source == AUTO else settings.source

    @property
    def simulated(self) -> bool:
        """True for a loopback URL and for a folder of photographs."""
        return is_simulated(self.stable_id) if self.stable_id else False

    def open(self) -> None:
        """Start the capture process and wait for its first picture, which is the handshake."""
        source = self._resolve()
        self.stable_id = source
        child = self._child = self._start(CameraSettings(source, self._settings.width, self._settings.height))
        end = self._clock() + self._open_seconds
        while (left := end - self._clock()) > 0:
            report = child.report(min(left, 0.2))
            if isinstance(report, Beat):
                self._size = (report.width, report.height)
                return
            if isinstance(report, Refused):
                raise DeviceGoneError(report.reason)
            if child.ended or self._child is None:
                raise DeviceGoneError("the capture process ended")
        raise DeviceGoneError("the camera gives no picture")

    def _resolve(self) -> str:
        if self._settings.source != AUTO:
            return self._settings.source
        cameras = sorted(self._by_id.glob("*-video-index0")) if self._by_id.is_dir() else []
        if not cameras:
            raise DeviceGoneError("no camera is plugged in")
        return str(cameras[0])

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def away(self, ticket: Ticket, context: Context) -> None:
        """Pages cannot be taken; a preview is remembered and begins when the camera is back."""
        if isinstance(ticket.request, StartPreview) and not context.stopping:
            self._work.previews.append(ticket)
            return
        answer_unavailable(ticket)

    def run(self, context: Context) -> None:
        context.publish(CameraReady(*self._size))
        watchdog = Watchdog(self._freeze_seconds, self._clock())
        self._restarts = 0
        try:
            while not context.stopping:
                self._order_preview()
                watchdog.restart(self._clock())
                if not self._watch(watchdog, context):
                    return
                # Frozen. The status stays until a new picture comes, however many processes that takes.
                self._restarts += 1
                context.publish(CameraFrozen())
                self._fail_pages(CaptureFailure.NO_FRAME)
                self.close()
                if self._restarts > RESTARTS_BEFORE_GONE:
                    raise DeviceGoneError("the camera gives no new pictures")
                self.open()
        finally:
            self._fail_pages(CaptureFailure.NO_CAMERA)

    def _watch(self, watchdog: Watchdog, context: Context) -> bool:
        """Serve until stopping (False) or the camera is frozen (True). Raises DeviceGoneError."""
        child = self._child
        if child is None:
            raise DeviceGoneError("closed")
        while not context.stopping:
            report = child.report(_LOOK)
            while report is not None:
                self._hear(report, watchdog, context)
                report = child.report(0)
            if child.ended:
                raise DeviceGoneError("the capture process ended")
            self._take_tickets(context)
            self._let_go()
            if watchdog.frozen(self._clock()):
                return True
        return False

    def _hear(self, report: CaptureReport, watchdog: Watchdog, context: Context) -> None:
        match report:
            case Beat(digest=digest, width=width, height=height):
                if watchdog.beat(digest, self._clock()):
                    self._restarts = 0
                    self._size = (width, height)
                    context.publish(CameraReady(width, height))
            case PreviewFrame():
                for ticket in self._work.previews:
                    ticket.reply(report)
            case PageCaptured(request=request) | CaptureFailed(request=request):
                pending = self._work.pages.pop(request, None)
                if pending is not None and not pending.ticket.cancelled:
                    pending.ticket.reply(self._sized(report))
                elif pending is not None:
                    pending.ticket.reply(CaptureFailed(request, CaptureFailure.CANCELLED))
            case Refused(reason=reason):
                raise DeviceGoneError(reason)

    def _sized(self, report: PageCaptured | CaptureFailed) -> PageCaptured | CaptureFailed:
        """A page with its resolution, where it is known how much of the desk the picture shows."""
        desk = self._settings.desk_mm
        if desk is None or not isinstance(report, PageCaptured) or report.corners is None:
            return report
        return structs.replace(report, dpi=round(max(self._size) / desk * _MM_PER_INCH, 1))

    def _take_tickets(self, context: Context) -> None:
        while (ticket := context.next_ticket(0)) is not None:
            match ticket.request:
                case StartPreview():
                    self._work.previews.append(ticket)
                    self._order_preview()
                case CapturePage(request=request) as order:
                    self._work.pages[request] = _Pending(ticket, self._clock() + CAPTURE_SECONDS)
                    if self._child is not None:
                        self._child.order(order)
                case _:
                    answer_unavailable(ticket)

    def _let_go(self) -> None:
        """Forget what nobody wants any more."""
        wanted = [ticket for ticket in self._work.previews if not ticket.cancelled]
        if len(wanted) != len(self._work.previews):
            self._work.previews = wanted
            self._order_preview()
        now = self._clock()
        for request, pending in list(self._work.pages.items()):
            if pending.ticket.cancelled:
                self._answer_page(request, CaptureFailure.CANCELLED)
            elif now > pending.deadline:
                self._answer_page(request, CaptureFailure.NO_FRAME)

    def _answer_page(self, request: str, failure: CaptureFailure) -> None:
        self._work.pages.pop(request).ticket.reply(CaptureFailed(request, failure))

    def _fail_pages(self, failure: CaptureFailure) -> None:
        for request, pending in list(self._work.pages.items()):
            self._answer_page(request, CaptureFailure.CANCELLED if pending.ticket.cancelled else failure)

    def _order_preview(self) -> None:
        """One preview serves all who look: as wide and as quick as the most demanding asks, with the codes that any
        wants. Whose pages are compared with is whoever asked last: a terminal has one person."""
        if self._child is None:
            return
        wishes = [ticket.request for ticket in self._work.previews if isinstance(ticket.request, StartPreview)]
        if not wishes:
            self._child.order(StopPreview())
            return
        width = max(wish.max_width for wish in wishes)
        quick = max(wish.frames_per_second for wish in wishes)
        codes = any(wish.codes for wish in wishes)
        self._child.order(StartPreview(width, quick, codes, wishes[-1].earlier))


def build(config: Mapping[str, object]) -> Device:
    """The camera of one configuration section. Raises ConfigurationError.

    Keys: `source` (a path under /dev/v4l/by-id, an http(s) URL, a folder of photographs, or `auto`), `width` and
    `height` asked of a V4L2 camera, `desk_mm` of the desk along the longer side of the picture, by which A5 is told
    from A4 (none where the arm is moved), `freeze_seconds` without a new picture before the capture process is
    replaced.
    """
    unknown = sorted(set(config) - _KEYS)
    if unknown:
        raise ConfigurationError(f"document_camera: there is no key {unknown[0]}")
    source = config.get("source", AUTO)
    if not isinstance(source, str) or not source:
        raise ConfigurationError("document_camera: source is a path, a URL or auto")
    if _UNSTABLE.fullmatch(source):
        raise ConfigurationError(f"document_camera: {source} changes at every replug; use /dev/v4l/by-id/... or auto")
    settings = CameraSettings(source, _pixels(config, "width", 1920), _pixels(config, "height", 1080), _desk(config))
    freeze = config.get("freeze_seconds", FREEZE_SECONDS)
    if isinstance(freeze, bool) or not isinstance(freeze, int | float) or not 0.2 <= freeze <= 60:
        raise ConfigurationError("document_camera: freeze_seconds is a number from 0.2 to 60")
    return DocumentCamera(settings, freeze_seconds=float(freeze))


def _desk(config: Mapping[str, object]) -> float | None:
    value = config.get("desk_mm")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 100 <= value <= 2000:
        raise ConfigurationError("document_camera: desk_mm is a number of millimetres from 100 to 2000")
    return float(value)


def _pixels(config: Mapping[str, object], key: str, default: int) -> int:
    value = config.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 160 <= value <= 20_000:
        raise ConfigurationError(f"document_camera: {key} is a number of pixels from 160 to 20000")
    return value
