"""A window without a screen: takes a page under the camera and pages from the feeder, has them cleaned and read, keeps
them in its session, makes the volume and hands it to the agent, but not in.

`python -m tests.journeys.leftovers.window --devices SOCKET --agent SOCKET` writes one line of JSON when it holds all
of that (Holding), and ends the session when its standard input says so or closes.
"""

from __future__ import annotations

import argparse
import queue
import sys
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from drivers.api import messages as device
from drivers.api.records import ScanSource
from drivers.api.status import CameraReady, DeviceClass, ScannerReady
from kiosk.agent import messages as agent
from kiosk.clock import SystemClock
from kiosk.court.contract import BlobRole
from kiosk.court.uuid7 import uuid7
from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront
from kiosk.link import Link
from kiosk.ocr.client import PageReader
from kiosk.ocr.model import PageRead
from kiosk.pages.client import PageWorker
from kiosk.pages.model import CleanedPage, PageHints
from kiosk.session.pages import keep_page, keep_text, kept_page, kept_text
from kiosk.session.scratch import ScratchKey
from kiosk.session.session import Session

DEADLINE = 120.0


class Holding(msgspec.Struct, frozen=True):
    """What the window has at this moment: pages, lines read, and pieces of its pages to look for on disks (base64)."""

    pages: int
    lines: int
    volume_bytes: int
    pieces: tuple[bytes, ...]


class Window:
    """Its session and its helpers."""

    def __init__(self, devices: Path, agent_socket: Path) -> None:
        self._heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._devices: Link[Any, Any] = Link(devices, device.Event, self._heard.put, lambda _: None)
        self._agent: Link[Any, Any] = Link(agent_socket, agent.Event, self._heard.put, self._heard.put)
        self._cleaner, self._reader = PageWorker(), PageReader()
        self._session = Session()
        self._keys: list[ScratchKey] = []
        self._submission = str(uuid7(SystemClock().now()))
        self.pieces: list[bytes] = []

    def start(self) -> None:
        """Connect to devices and agent, start the helpers, wait until all are there."""
        self._cleaner.start()
        self._reader.start()
        self._agent.start()
        self._until(lambda heard: heard is True)
        self._devices.start()
        missing = {DeviceClass.DOCUMENT_CAMERA: CameraReady, DeviceClass.PAGE_SCANNER: ScannerReady}
        while missing:
            news = self._until(lambda heard: isinstance(heard, device.StatusChanged))
            if isinstance(news.value, missing.get(news.device, ())):
                del missing[news.device]

    def scan(self) -> None:
        """A page under the camera, then what lies in the feeder."""
        self._devices.send(device.StartPreview())
        self._until(lambda heard: isinstance(heard, device.PreviewFrame))
        self._devices.send(device.CapturePage("page"))
        taken = self._until(lambda heard: isinstance(heard, device.PageCaptured | device.CaptureFailed))
        self._keep(taken.page_jpeg, PageHints(straight=taken.corners is not None))
        self._devices.send(device.StopPreview())
        self._devices.send(device.ScanPages("feeder", ScanSource.FEEDER, dpi=150))
        while True:
            news = self._until(lambda heard: isinstance(heard, device.PageScanned | device.ScanEnded))
            if isinstance(news, device.ScanEnded):
                return
            self._keep(news.jpeg, PageHints(dpi=news.dpi))
            self._devices.send(device.PageTaken("feeder", news.number))

    def _keep(self, jpeg: bytes, hints: PageHints) -> None:
        self.pieces.append(_middle(jpeg))
        cleaned = _called(lambda done: self._cleaner.clean(jpeg, hints, done))
        assert isinstance(cleaned, CleanedPage), cleaned
        key = keep_page(self._session.scratch, cleaned.page)
        self._keys.append(key)
        self.pieces.append(_middle(cleaned.page.ink or cleaned.page.background))
        read = _called(lambda done: self._reader.read(cleaned.page, done))
        assert isinstance(read, PageRead), read
        keep_text(self._session.scratch, key, read.text)

    def make_volume(self) -> Holding:
        """Make the volume and hand it to the agent, which seals it."""
        scratch = self._session.scratch

        def page(key: ScratchKey) -> ScannedPage:
            return ScannedPage(0, lambda: PageContent(kept_page(scratch, key), kept_text(scratch, key)))

        front = VolumeFront("示例市示例区人民法院", "民间借贷纠纷", ("张示例",), ("李示例",), date(2026, 3, 16))
        volume = Volume([page(key) for key in self._keys], ["借条"], front)
        self._agent.send(agent.StartFiling(uuid.uuid4().hex, self._submission))
        self._until(lambda heard: isinstance(heard, agent.FilingStarted | agent.Refused))
        size = 0
        for part in volume.parts:
            pdf = volume.bind(part).pdf
            size += len(pdf)
            self._agent.send(agent.PutPart(self._submission, BlobRole.VOLUME, "application/pdf", pdf))
        texts = [kept_text(scratch, key) for key in self._keys]
        lines = [line.text for text in texts if text is not None for line in text.lines]
        # Long lines only: a short one may stand in any program.
        self.pieces += [line.encode() for line in lines if len(line) > 12]
        return Holding(len(self._keys), len(lines), size, tuple(self.pieces))

    def end(self) -> None:
        """The session's end."""
        self._agent.send(agent.DropFiling(self._submission))
        self._session.end()
        self._cleaner.stop()
        self._reader.stop()
        self._devices.stop()
        self._agent.stop()

    def _until(self, wanted: Callable[[Any], bool]) -> Any:
        while True:
            heard = self._heard.get(timeout=DEADLINE)
            if wanted(heard):
                return heard


def _called(ask: Callable[[Callable[[Any], None]], None]) -> Any:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    ask(answers.put)
    return answers.get(timeout=DEADLINE)


def _middle(data: bytes) -> bytes:
    return data[len(data) // 2 :][:48]


def main() -> None:
    """One person's session."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", type=Path, required=True)
    parser.add_argument("--agent", type=Path, required=True)
    given = parser.parse_args()
    window = Window(given.devices, given.agent)
    window.start()
    window.scan()
    sys.stdout.write(msgspec.json.encode(window.make_volume()).decode() + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    window.end()


if __name__ == "__main__":
    main()
