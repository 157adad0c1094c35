"""The simulated scanner itself: tray, glass, paper path and jobs.

A sheet leaves the tray when its picture is fetched, so that what lies in the tray is exactly what was not scanned.
"""

from __future__ import annotations

import threading
from collections import deque
from enum import StrEnum
from http import HTTPStatus

import cv2

from drivers.dock.control import Answer, ControlError, Order
from drivers.imaging.geometry import Image, as_image
from drivers.page_scanner.sim_escl import Job, read_settings, status_xml
from drivers.page_scanner.sim_pages import THINGS, fed, glass

_QUALITY = 90


class Trouble(StrEnum):
    """What can be wrong in the paper path, in eSCL's words (AdfState)."""

    NONE = ""
    JAM = "ScannerAdfJam"
    DOUBLE_FEED = "ScannerAdfMultipickDetected"


class SimulatedScanner:
    """A flatbed with a feeder for both sides. Thread-safe; every HTTP request has a thread of its own."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tray: deque[int] = deque()
        self._in_path: int | None = None
        self._glass = ""
        self._cover_open = False
        self._trouble = Trouble.NONE
        self._planned: dict[Trouble, int] = {}
        self._seconds = 0.0
        self._hanging = False
        self._gone = False
        self._busy = False
        self._jobs: list[Job] = []

    # -- what the host asks

    def start_job(self, body: bytes) -> tuple[HTTPStatus, int]:
        """POST ScanJobs: the new job's number. 503 while another runs, 409 where it cannot begin."""
        wanted = read_settings(body)
        if wanted is None:
            return HTTPStatus.BAD_REQUEST, 0
        with self._changed:
            self._wait_awake()
            if self._busy or any(job.state == "Processing" for job in self._jobs):
                return HTTPStatus.SERVICE_UNAVAILABLE, 0
            if wanted.feeder and (self._trouble or self._cover_open or not self._tray):
                return HTTPStatus.CONFLICT, 0
            wanted.number = len(self._jobs) + 1
            self._jobs.append(wanted)
            return HTTPStatus.CREATED, wanted.number

    def next_document(self, number: int) -> tuple[HTTPStatus, bytes]:
        """GET NextDocument: a JPEG, 404 after the last page, 410 once the job was given up."""
        with self._changed:
            self._changed.wait_for(lambda: self._gone, self._seconds)
            self._wait_awake()
            job = self._job(number)
            if job is None:
                return HTTPStatus.NOT_FOUND, b""
            if job.state == "Processing":
                side = self._next_side(job)
            else:
                return (HTTPStatus.NOT_FOUND if job.state == "Completed" else HTTPStatus.GONE), b""
            thing, dpi = self._glass, job.dpi
        if side is None:
            return (HTTPStatus.NOT_FOUND if job.state == "Completed" else HTTPStatus.GONE), b""
        picture = fed(*side, dpi) if job.feeder else glass(thing, dpi)
        return HTTPStatus.OK, _jpeg(picture, job)

    def _next_side(self, job: Job) -> tuple[int, str] | None:
        """What to scan now; None where the job has ended."""
        if not job.feeder:
            if job.fetched:
                job.state = "Completed"
                return None
            job.fetched = 1
            return 0, ""
        if not job.sides and not self._take_sheet(job):
            return None
        job.fetched += 1
        return job.sides.popleft()

    def _take_sheet(self, job: Job) -> bool:
        self._in_path = None  # the sheet before lies in the output tray now
        if self._cover_open:
            job.state = "Aborted"
            return False
        if not self._tray:
            job.state = "Completed"
            return False
        sheet = self._tray.popleft()
        for trouble, left in list(self._planned.items()):
            if left == 0:
                del self._planned[trouble]
                self._trouble, self._in_path, job.state = trouble, sheet, "Aborted"
                return False
            self._planned[trouble] = left - 1
        self._in_path = sheet
        job.sides.extend((sheet, side) for side in (("front", "back") if job.duplex else ("front",)))
        return True

    def cancel(self, number: int) -> HTTPStatus:
        """DELETE a job: the sheet in the path is let out."""
        with self._changed:
            job = self._job(number)
            if job is None:
                return HTTPStatus.NOT_FOUND
            if job.state == "Processing":
                job.state = "Canceled"
                if not self._trouble:
                    self._in_path = None
            return HTTPStatus.OK

    def _job(self, number: int) -> Job | None:
        return self._jobs[number - 1] if 0 < number <= len(self._jobs) else None

    def _wait_awake(self) -> None:
        self._changed.wait_for(lambda: not self._hanging or self._gone)

    def status(self) -> str:
        """GET ScannerStatus."""
        with self._changed:
            self._wait_awake()
            running = self._busy or any(job.state == "Processing" for job in self._jobs)
            state = "Stopped" if self._trouble or self._cover_open else "Processing" if running else "Idle"
            return status_xml(state, self._adf_state(), reversed(self._jobs[-3:]))

    def _adf_state(self) -> str:
        if self._trouble:
            return self._trouble.value
        if self._cover_open:
            return "ScannerAdfHatchOpen"
        return "ScannerAdfLoaded" if self._tray else "ScannerAdfEmpty"

    # -- what happens to it

    def order(self, order: Order) -> Answer:
        """One order of the control channel (README.md). Raises ControlError."""
        with self._changed:
            self._obey(order)
            self._changed.notify_all()
            return self._told()

    def _obey(self, order: Order) -> None:
        match order["do"]:
            case "load":
                first = _whole(order, "first", 1)
                self._tray.extend(range(first, first + _whole(order, "sheets", 5)))
            case "empty":
                self._tray.clear()
            case "lay":
                thing = str(order.get("thing", "page"))
                if thing and thing not in THINGS:
                    raise ControlError(f"there is no {thing} to lay on the glass; there are {', '.join(THINGS)}")
                self._glass = thing
            case "jam":
                self._planned[Trouble.JAM] = _whole(order, "after", 0)
            case "double-feed":
                self._planned[Trouble.DOUBLE_FEED] = _whole(order, "after", 0)
            case "clear":
                if self._in_path is not None:
                    self._tray.appendleft(self._in_path)
                self._in_path, self._trouble, self._planned = None, Trouble.NONE, {}
            case "cover":
                self._set_cover(str(order.get("state", "")))
            case "stop":
                for job in self._jobs:
                    if job.state == "Processing":
                        job.state = "Aborted"
            case "slow":
                self._seconds = float(str(order.get("seconds", 5)))
            case "hang" | "wake" as what:
                self._hanging = what == "hang"
            case "busy" | "free" as what:
                self._busy = what == "busy"
            case "status":
                pass
            case other:
                raise ControlError(f"there is no order {other}")

    def _set_cover(self, state: str) -> None:
        if state not in ("open", "closed"):
            raise ControlError("cover state: open or closed")
        self._cover_open = state == "open"
        if self._cover_open:
            for job in self._jobs:
                if job.feeder and job.state == "Processing":
                    job.state = "Aborted"
                    if job.sides and self._in_path is not None:  # half scanned: the person takes it out
                        self._tray.appendleft(self._in_path)
                    self._in_path = None

    def _told(self) -> Answer:
        return {
            "tray": list(self._tray),
            "glass": self._glass or None,
            "adf": self._adf_state(),
            "cover": "open" if self._cover_open else "closed",
            "seconds": self._seconds,
            "hanging": self._hanging,
            "jobs": [f"{job.state} {job.fetched}" for job in self._jobs[-3:]],
        }

    def set_gone(self, gone: bool) -> None:
        """The cable was pulled or put back: whatever waits goes on, and a running job is forgotten."""
        with self._changed:
            self._gone = gone
            for job in self._jobs:
                if gone and job.state == "Processing":
                    job.state = "Aborted"
            self._changed.notify_all()


def _whole(order: Order, key: str, default: int) -> int:
    number = int(str(order.get(key, default)))
    if not 0 <= number <= 1000:
        raise ControlError(f"{key} is a number from 0 to 1000")
    return number


def _jpeg(picture: Image, job: Job) -> bytes:
    """What the host asked for: the region's size, in colour or grey."""
    width, height = job.size
    cropped = picture[:height, :width]
    missing = (0, height - cropped.shape[0], 0, width - cropped.shape[1])
    whole = cv2.copyMakeBorder(cropped, *missing, cv2.BORDER_CONSTANT, value=(236, 238, 238))
    shown = as_image(whole if job.colour else cv2.cvtColor(whole, cv2.COLOR_BGR2GRAY))
    return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])
