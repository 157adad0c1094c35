"""The capture process: `python -m drivers.document_camera.capture --fd N --source NAME`.

Everything that can hang or crash on a camera or a picture happens here: the camera's calls, decoding, finding the
page. It reports over one end of a socket pair and ends when the other end closes. The parent watches its reports
and kills it when they stop (drivers/document_camera/watch.py).
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import threading
from collections import deque
from collections.abc import Sequence

import cv2
import msgspec

from drivers.api.messages import (
    CaptureFailed,
    CapturePage,
    PageCaptured,
    PreviewFrame,
    StartPreview,
    StopPreview,
)
from drivers.api.records import CaptureFailure
from drivers.api.wire import MAX_MESSAGE, Channel, WireError
from drivers.document_camera.protocol import CameraProtocolError, jpeg_size
from drivers.document_camera.source import Shot, Source, open_source
from drivers.document_camera.taking import take
from drivers.document_camera.viewer import Viewer

MEMORY_LIMIT = 4 << 30
"""Bytes of address space: a picture that wants more ends this process and no other."""

LARGEST_PAGE = MAX_MESSAGE - 4096
"""Bytes of a page and its picture together: both travel in one message."""


class Beat(msgspec.Struct, frozen=True, tag="beat", tag_field="type"):
    """A picture came from the camera. `digest` tells equal pictures apart from new ones; it is None where equal
    pictures mean nothing (a file lies still). Sizes in pixels."""

    digest: int | None
    width: int
    height: int


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="type"):
    """The camera cannot be used; the process ends. `reason` is one line for the attendant."""

    reason: str


CaptureOrder = StartPreview | StopPreview | CapturePage
CaptureReport = Beat | Refused | PreviewFrame | PageCaptured | CaptureFailed


class Worker:
    """Takes pictures and does what was last ordered."""

    def __init__(self, channel: Channel[CaptureOrder, CaptureReport]) -> None:
        self._channel = channel
        self._lock = threading.Lock()
        self._wanted: deque[CapturePage] = deque()
        self._preview: StartPreview | None = None
        self._viewer = Viewer()
        self._looked = False
        self._hurry = threading.Event()
        self._forget = threading.Event()

    def take_orders(self) -> None:
        """Receive until the parent is gone, then end the process, whatever the camera's call is doing."""
        while True:
            try:
                order = self._channel.receive()
            except (OSError, WireError):
                order = None
            if order is None:
                os._exit(0)
            with self._lock:
                match order:
                    case CapturePage():
                        self._wanted.append(order)
                    case StartPreview():
                        self._preview = order
                        self._hurry.set()
                    case StopPreview():
                        self._preview = None
                        self._forget.set()

    def run(self, source: Source) -> None:
        """Look at every picture until the camera goes. One that cannot be used is passed over and told to whoever asked
        for a page; a camera whose first picture is such a one is none. Raises OSError or CameraProtocolError."""
        ready = False
        for shot in source.shots():
            try:
                width, height = jpeg_size(shot.jpeg)
            except CameraProtocolError:
                if not ready:
                    raise
                for order in self._take_wanted():
                    self._channel.send(CaptureFailed(order.request, CaptureFailure.UNUSABLE))
                continue
            ready = True
            self._channel.send(Beat(shot.digest, width, height))
            wanted = self._take_wanted()
            with self._lock:
                shown = self._preview
            if (shown is not None) != self._looked or self._forget.is_set():
                self._forget.clear()
                self._viewer = Viewer()  # what was learned of a person's pages goes with the person
            self._looked = shown is not None
            for order in wanted:
                self._channel.send(self._page(order, shot, shown))
            if shown is not None and (self._hurry.is_set() or self._viewer.due):
                self._hurry.clear()
                self._show(shown, shot)

    def _take_wanted(self) -> list[CapturePage]:
        with self._lock:
            wanted = list(self._wanted)
            self._wanted.clear()
        return wanted

    def _page(self, order: CapturePage, shot: Shot, shown: StartPreview | None) -> PageCaptured | CaptureFailed:
        try:
            room = LARGEST_PAGE - len(shot.jpeg)
            taken = take(shot.jpeg, order.corners, self._viewer, shown.earlier if shown else (), room)
        except (CameraProtocolError, cv2.error):
            return CaptureFailed(order.request, CaptureFailure.UNUSABLE)
        if len(taken.jpeg) + len(shot.jpeg) > LARGEST_PAGE:
            return CaptureFailed(order.request, CaptureFailure.UNUSABLE)
        return PageCaptured(
            order.request,
            taken.jpeg,
            taken.size[0],
            taken.size[1],
            shot.jpeg,
            taken.corners,
            taken.confidence,
            taken.flaws,
            taken.codes,
            taken.several,
        )

    def _show(self, wanted: StartPreview, shot: Shot) -> None:
        try:
            frame = self._viewer.look(shot.jpeg, wanted)
        except (CameraProtocolError, cv2.error):
            return  # one damaged picture in a stream; the next is on its way
        self._channel.send(frame)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the camera or the parent is gone."""
    parser = argparse.ArgumentParser(prog="drivers.document_camera.capture")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    arguments = parser.parse_args(argv)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    cv2.setNumThreads(1)  # threads do not help at preview sizes, and the window needs the other core
    channel: Channel[CaptureOrder, CaptureReport] = Channel(socket.socket(fileno=arguments.fd), CaptureOrder)
    worker = Worker(channel)
    threading.Thread(target=worker.take_orders, name="orders", daemon=True).start()
    try:
        worker.run(open_source(arguments.source, arguments.width, arguments.height))
    except CameraProtocolError as error:
        channel.send(Refused(str(error)))
    except OSError as error:
        channel.send(Refused(error.strerror or str(error) or type(error).__name__))
    except MemoryError:
        channel.send(Refused("a picture needs more memory than it may have"))
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
