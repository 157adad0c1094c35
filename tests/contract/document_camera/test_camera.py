"""The camera driver against a camera that freezes, hangs, is unplugged and comes back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.api.messages import (
    CancelRequest,
    CaptureFailed,
    CapturePage,
    Event,
    PageCaptured,
    PreviewFrame,
    StartPreview,
    StatusChanged,
    StopPreview,
)
from drivers.api.records import CaptureFailure
from drivers.api.status import CameraFrozen, CameraReady, Disconnected
from drivers.document_camera.sim_photos import PICTURE, write
from drivers.document_camera.watch import CameraSettings, CaptureProcess
from tests.contract.document_camera.conftest import DESK_MM

RigOn = Callable[[str], Any]


def shows(frame: bytes) -> tuple[int, int]:
    """Width and height of a JPEG."""
    height, width = cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR).shape[:2]  # type: ignore[union-attr]
    return width, height


def is_preview(event: Event) -> bool:
    return isinstance(event, PreviewFrame)


def answers(request: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, PageCaptured | CaptureFailed) and event.request == request


def test_a_camera_is_ready_with_its_first_picture(rig: Any) -> None:
    assert rig.until_status(CameraReady) == CameraReady(*PICTURE)


def test_preview_shows_the_page_and_its_corners(rig: Any) -> None:
    rig.send(StartPreview(max_width=640, frames_per_second=15))
    frame = rig.until(lambda event: isinstance(event, PreviewFrame) and event.corners is not None)
    assert shows(frame.jpeg) == (frame.width, frame.height) == (640, 480)
    assert all(0 < x < frame.width and 0 < y < frame.height for x, y in frame.corners)
    sides = [
        np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(frame.corners, np.roll(frame.corners, -1, 0), strict=True)
    ]
    assert min(sides) > 100


def test_preview_of_an_empty_desk_has_no_corners(rig: Any, camera: Any) -> None:
    rig.send(StartPreview())
    rig.until(lambda event: isinstance(event, PreviewFrame) and event.corners is not None)
    camera.do("photo", name="empty-desk")
    rig.until(lambda event: isinstance(event, PreviewFrame) and event.corners is None)
    camera.do("next")
    rig.until(lambda event: isinstance(event, PreviewFrame) and event.corners is not None)


def test_preview_ends_when_told(rig: Any) -> None:
    rig.send(StartPreview())
    rig.until(is_preview)
    rig.send(StopPreview())
    rig.send(CapturePage("after"))  # answered later than every preview picture that was under way
    rig.until(answers("after"))
    rig.send(CapturePage("again"))
    assert isinstance(rig.until(lambda event: is_preview(event) or answers("again")(event)), PageCaptured)


def test_a_page_is_taken_laid_flat_and_comes_with_the_picture_as_taken(rig: Any) -> None:
    rig.send(CapturePage("page"))
    page = rig.until(answers("page"))
    assert isinstance(page, PageCaptured)
    assert page.confidence > 0.8
    assert page.corners is not None
    assert shows(page.page_jpeg) == (page.page_width, page.page_height)
    assert page.page_height / page.page_width == pytest.approx(2**0.5, abs=0.02)  # A4
    assert shows(page.original_jpeg) == PICTURE
    assert page.dpi == pytest.approx(max(PICTURE) / DESK_MM * 25.4, abs=0.1)


def test_given_corners_override_the_search(rig: Any) -> None:
    corners = ((400.0, 300.0), (900.0, 300.0), (900.0, 800.0), (400.0, 800.0))
    rig.send(CapturePage("mine", corners))
    page = rig.until(answers("mine"))
    assert page.corners == corners
    assert (page.page_width, page.page_height) == (500, 500)


def test_without_a_page_the_whole_picture_comes(rig: Any, camera: Any) -> None:
    camera.do("photo", name="empty-desk")
    rig.send(CapturePage("desk"))
    page = rig.until(answers("desk"))
    assert page.corners is None
    assert (page.page_width, page.page_height) == PICTURE


@pytest.mark.parametrize("how", ["repeat", "silent"])
def test_a_frozen_camera_is_noticed_and_its_process_replaced(rig: Any, camera: Any, how: str) -> None:
    """OpenCV 4468, 5221: after a fault a camera may hang or repeat its last picture."""
    rig.until_status(CameraReady)
    camera.do("freeze", how=how)
    if how == "silent":
        rig.send(CapturePage("lost"))
        assert rig.until(answers("lost")) == CaptureFailed("lost", CaptureFailure.NO_FRAME)
    else:
        rig.until_status(CameraFrozen)
    camera.do("thaw")
    rig.until_status(CameraReady)
    rig.send(CapturePage("after"))
    assert isinstance(rig.until(answers("after")), PageCaptured)
    assert len({child.pid for child in rig.children}) >= 2


def test_a_stopped_capture_process_is_killed_and_the_preview_goes_on(rig: Any) -> None:
    rig.send(StartPreview())
    rig.until(is_preview)
    stuck = rig.children[-1]
    os.kill(stuck.pid, signal.SIGSTOP)
    rig.until_status(CameraFrozen)
    rig.until_status(CameraReady)
    rig.until(is_preview)
    with pytest.raises(ProcessLookupError):
        os.kill(stuck.pid, 0)


def test_a_killed_capture_process_is_started_anew(rig: Any) -> None:
    rig.until_status(CameraReady)
    os.kill(rig.children[-1].pid, signal.SIGKILL)
    rig.until_status(Disconnected)
    rig.until_status(CameraReady)


def test_unplugged_and_plugged_in_again(rig: Any, camera: Any) -> None:
    rig.send(StartPreview())
    rig.until(is_preview)
    camera.do("unplug")
    rig.until_status(Disconnected)
    rig.send(CapturePage("gone"))
    assert rig.until(answers("gone")) == CaptureFailed("gone", CaptureFailure.NO_CAMERA)
    camera.do("plug")
    rig.until_status(CameraReady)
    rig.send(CapturePage("back"))
    assert isinstance(rig.until(answers("back")), PageCaptured)


def test_a_camera_frozen_for_good_becomes_disconnected(rig: Any, camera: Any) -> None:
    rig.until_status(CameraReady)
    camera.do("freeze")
    rig.until_status(CameraFrozen)
    ends = rig.until(lambda event: isinstance(event, StatusChanged))
    assert isinstance(ends.value, Disconnected), "a new process must not make an old picture new"


def test_cancelling_answers_the_request(rig: Any, camera: Any) -> None:
    rig.until_status(CameraReady)
    camera.do("freeze", how="silent")
    rig.send(CapturePage("given up"))
    rig.send(CancelRequest("given up"))
    assert rig.until(answers("given up")) == CaptureFailed("given up", CaptureFailure.CANCELLED)


def test_a_folder_of_photographs_is_a_camera_whose_pictures_lie_still(rig_on: RigOn, tmp_path: Path) -> None:
    made = write(tmp_path / "made")
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(made[1], folder / "first.jpg")
    rig = rig_on(str(folder))
    rig.until_status(CameraReady)
    rig.send(CapturePage("first"))
    first = rig.until(answers("first"))
    assert first.corners is not None
    assert first.original_jpeg == made[1].read_bytes()
    (folder / "torn.jpg").write_bytes(made[2].read_bytes()[:5000])  # still being written
    shutil.copy(made[2], folder / "second.jpg")
    os.utime(folder / "second.jpg", ns=(time.time_ns() + 10**9,) * 2)
    deadline = time.monotonic() + 10
    number = 0
    while time.monotonic() < deadline:
        number += 1
        rig.send(CapturePage(str(number)))
        if rig.until(answers(str(number))).original_jpeg == made[2].read_bytes():
            break
    else:
        pytest.fail("the newer photograph was not taken")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"HTTP/1.0 404 Not Found\r\n\r\n", "404"),
        (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", "no MJPEG stream"),
        (b"SSH-2.0-Example\r\n", "HTTP"),
        (b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\n\r\n" + b"z" * 9000, "no picture"),
    ],
)
def test_what_is_no_camera_is_told_in_one_line(rig_on: RigOn, reply: bytes, reason: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        rig = rig_on(f"http://127.0.0.1:{server.getsockname()[1]}/video")
        status = rig.until_status(Disconnected)
        assert reason in status.reason
        assert "\n" not in status.reason
        rig.stop()
        server.shutdown(socket.SHUT_RDWR)


def test_a_picture_too_large_to_decode_ends_no_daemon(rig_on: RigOn, tmp_path: Path) -> None:
    data = bytearray(cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xf0\xff\xf0"
    (tmp_path / "bomb").mkdir()
    (tmp_path / "bomb" / "huge.jpg").write_bytes(data)
    status = rig_on(str(tmp_path / "bomb")).until_status(Disconnected)
    assert "too large" in status.reason


def test_the_capture_process_ends_with_its_parent(camera: Any) -> None:
    child = CaptureProcess(CameraSettings(camera.url))
    assert child.report(20) is not None
    child._channel.close()  # what the kernel does when the parent dies
    assert child._process.wait(10) == 0


@pytest.mark.hardware
def test_a_real_camera_gives_pages(rig_on: RigOn, real_source: str) -> None:
    rig = rig_on(real_source)
    rig.until_status(CameraReady)
    rig.send(CapturePage("real"))
    assert isinstance(rig.until(answers("real")), PageCaptured)
