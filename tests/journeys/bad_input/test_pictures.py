"""Corrupt pictures and pictures of 20,000 pixels, from the camera to the volume at the court."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from drivers.api.records import CaptureFailure
from drivers.api.status import DeviceClass
from drivers.daemon import Daemon
from drivers.document_camera.device import build
from drivers.supervisor import BackOff
from kiosk.court.contract import BlobRole
from kiosk.flow import events as ev
from kiosk.flow.draft import EvidenceDraft
from kiosk.flow.events import CommitProblem
from kiosk.flow.stage import Stage
from kiosk.forms.answers import Answers
from kiosk.forms.answers import Path as Place
from kiosk.services import filing
from kiosk.services.synthetic import synthetic_page
from tests.hub.processes import HubProcess
from tests.journeys.bad_input.terminal import Litigant, Terminal, at_the_court, in_all_languages, opened
from tests.outbox.stub_hub import StubHub


def jpeg(width: int, height: int) -> bytes:
    """A grey picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (120, 130, 140)).save(out, "JPEG", quality=60)
    return out.getvalue()


def claiming(picture: bytes, width: int, height: int) -> bytes:
    """The picture with other sizes in its frame header."""
    at = picture.find(b"\xff\xc0")
    return picture[: at + 5] + height.to_bytes(2) + width.to_bytes(2) + picture[at + 9 :]


SMALL = jpeg(640, 480)
UNUSABLE = {
    "20,001 pixels": claiming(SMALL, 20_001, 480),
    "no frame in it": b"\xff\xd8\xff\xe0" + bytes(3000) + b"\xff\xd9",
    "damaged header": SMALL[:2] + b"\xff\xc0\xff\xff" + SMALL[6:],
}


class Camera:
    """A folder of photographs under the lens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._number = 0
        self.lay(SMALL)

    def lay(self, picture: bytes) -> None:
        """The next photograph, whole at once."""
        self._number += 1
        fresh = self._folder / "fresh.part"
        fresh.write_bytes(picture)
        os.utime(fresh, ns=(self._number * 10**9, self._number * 10**9))
        fresh.rename(self._folder / f"{self._number:03}.jpg")


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Camera]:
    """A camera behind the device daemon."""
    shown = Camera(tmp_path / "photos")
    daemon = Daemon(
        tmp_path / "devices.sock",
        {DeviceClass.DOCUMENT_CAMERA: build({"source": str(tmp_path / "photos")})},
        allow_simulated=True,
        back_off=BackOff(first=0.05, ceiling=0.2),
    )
    daemon.start()
    yield shown
    daemon.stop()


def go_scanning(terminal: Terminal) -> None:
    """To the camera, for the first piece of evidence."""
    terminal.until(lambda: "devices" in terminal.up)
    terminal.walk(Litigant(), Stage.EVIDENCE)
    terminal.touch(ev.AddEvidence(), ev.FieldAnswered(Place("title"), "借条"), ev.StartScan())
    assert terminal.journey.stage is Stage.SCAN


def take(terminal: Terminal) -> None:
    """Take the page; a camera that is still being opened is tried again."""
    terminal.touch(ev.TakePicture())
    while terminal.wait_for(lambda one: not one.capturing).notice is CaptureFailure.NO_CAMERA:
        terminal.touch(ev.TakePicture())


def finish(terminal: Terminal) -> None:
    """From the camera to the signature."""
    terminal.touch(ev.AcceptPage(), ev.Continue())
    terminal.walk(Litigant(), Stage.SIGNATURE)


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_picture_that_cannot_be_used_is_told_and_the_next_one_taken(
    terminal: Terminal, hub: StubHub, camera: Camera, kind: str
) -> None:
    """The picture is at fault and not the camera; nothing taken before is lost."""
    go_scanning(terminal)
    take(terminal)
    terminal.touch(ev.AcceptPage())
    camera.lay(UNUSABLE[kind])
    take(terminal)
    journey = terminal.journey
    assert (journey.stage, journey.notice, journey.taken) == (Stage.SCAN, CaptureFailure.UNUSABLE, None)
    in_all_languages(f"lobby.scan.failure.{CaptureFailure.UNUSABLE.value}")
    camera.lay(jpeg(800, 600))
    take(terminal)
    assert terminal.journey.taken is not None
    finish(terminal)
    submission = terminal.receipt()
    terminal.deliver()
    assert len(sizes(opened(hub, submission)[BlobRole.VOLUME])) == 2


def sizes(volume: bytes) -> list[tuple[int, int]]:
    """Width and height of every scan in a volume."""
    with pikepdf.Pdf.open(io.BytesIO(volume)) as pdf:
        pictures = [picture for page in pdf.pages for name, picture in page.get_images().items() if name == "/Scan"]
        return [(int(picture.Width), int(picture.Height)) for picture in pictures]


def test_twenty_thousand_pixels_reach_the_court(real_hub: HubProcess, at_real_hub: Terminal, camera: Camera) -> None:
    """The widest picture that is taken: scanned, cleaned, laid into the volume, sealed, sent, opened at the court."""
    terminal = at_real_hub
    camera.lay(jpeg(20_000, 700))
    go_scanning(terminal)
    take(terminal)
    finish(terminal)
    submission = terminal.receipt()
    terminal.deliver()
    ((width, height),) = sizes(at_the_court(real_hub, submission)[BlobRole.VOLUME])
    assert width / height == pytest.approx(20_000 / 700, rel=0.02)


DAMAGED = {
    "no picture": b"\xff\xd8 not a picture",
    "cut off": synthetic_page(Litigant()._dice)[:-1500],
    "20,001 pixels": claiming(SMALL, 20_001, 480),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_page_that_was_damaged_later_is_named_and_scanned_again(terminal: Terminal, hub: StubHub, kind: str) -> None:
    """At handing in: which page of which evidence, in three languages; the rest stays, and the new page is filed."""
    terminal.walk(Litigant(), Stage.SIGNATURE)
    scratch = terminal.session.scratch
    good, bad = scratch.put(SMALL), scratch.put(DAMAGED[kind])
    lines = (EvidenceDraft(Answers({"title": "借条"}), (good,)), EvidenceDraft(Answers({"title": "账单"}), (good, bad)))
    terminal.session.journey = terminal.journey.with_draft(evidence=lines)
    journey = terminal.hand_in()
    assert (journey.stage, journey.notice) == (Stage.SUBMITTING, CommitProblem.SCAN)
    in_all_languages(f"lobby.submitting.problem.{CommitProblem.SCAN.value}")
    assert journey.notice_detail == in_all_languages("papers.unusable_page", title="账单", page="2")
    assert journey.require_draft().evidence == lines

    terminal.touch(ev.Back())
    while terminal.journey.stage is not Stage.REVIEW:
        terminal.touch(ev.Back())
    terminal.touch(ev.JumpTo(Stage.EVIDENCE_ITEM, evidence=1), ev.RemovePage(1), ev.StartScan())
    terminal.touch(ev.PageTaken(scratch.put(jpeg(800, 600)), found=True), ev.AcceptPage(), ev.Continue())
    terminal.walk(Litigant(), Stage.SIGNATURE)
    submission = terminal.receipt()
    terminal.deliver()
    assert sizes(opened(hub, submission)[BlobRole.VOLUME]) == [(640, 480), (640, 480), (800, 600)]


def test_a_volume_longer_than_a_message_goes_in_pieces(
    terminal: Terminal, hub: StubHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty sharp pages are longer than one message to the agent may be; they arrive as they were made."""
    monkeypatch.setattr(filing, "PIECE", 100_000)
    noise = np.random.default_rng(1).integers(0, 255, (700, 500), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=95)
    terminal.walk(Litigant(), Stage.SIGNATURE)
    pages = (terminal.session.scratch.put(out.getvalue()),) * 5
    terminal.session.journey = terminal.journey.with_draft(evidence=(EvidenceDraft(Answers({"title": "合同"}), pages),))
    submission = terminal.receipt()
    terminal.deliver()
    volume = opened(hub, submission)[BlobRole.VOLUME]
    assert len(volume) > 10 * 100_000
    assert sizes(volume) == [(500, 700)] * 5
