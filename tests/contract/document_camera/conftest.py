"""The camera driver in a daemon, the simulated camera as a process beside it, and a client on the daemon's socket."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.api.messages import Event, PreviewFrame, Request, StatusChanged
from drivers.api.status import AnyStatus, DeviceClass
from drivers.api.wire import Channel, WireError, connect
from drivers.daemon import Daemon
from drivers.document_camera.device import DocumentCamera
from drivers.document_camera.watch import CameraSettings, CaptureProcess
from drivers.supervisor import BackOff
from tests.contract.simulator import SimulatorProcess

DEADLINE = 20.0
FREEZE_SECONDS = 1.0
DESK_MM = 400.0
SOURCE_VARIABLE = "COURT_KIOSK_DOCUMENT_CAMERA"


class Rig:
    """A daemon with one camera and one client. `children` are the capture processes it has started."""

    def __init__(self, folder: Path, source: str, freeze_seconds: float = FREEZE_SECONDS) -> None:
        self.children: list[CaptureProcess] = []
        device = DocumentCamera(
            CameraSettings(source, desk_mm=DESK_MM), freeze_seconds=freeze_seconds, start=self._start
        )
        socket = folder / "devices.sock"
        self._daemon = Daemon(
            socket,
            {DeviceClass.DOCUMENT_CAMERA: device},
            allow_simulated=True,
            back_off=BackOff(first=0.05, ceiling=0.2),
        )
        self._daemon.start()
        self._channel: Channel[Event, Request] = connect(socket, Event)
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _start(self, settings: CameraSettings) -> CaptureProcess:
        self.children.append(CaptureProcess(settings))
        return self.children[-1]

    def _listen(self) -> None:
        try:
            while (event := self._channel.receive()) is not None:
                self._arrived.put(event)
        except (OSError, WireError):
            pass
        self._arrived.put(None)

    def send(self, request: Request) -> None:
        """Ask the daemon."""
        self._channel.send(request)

    def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The next event that `wanted` accepts; fails after the deadline."""
        end = time.monotonic() + DEADLINE
        while (left := end - time.monotonic()) > 0:
            try:
                event = self._arrived.get(timeout=left)
            except queue.Empty:
                break
            assert event is not None, "the daemon hung up"
            if wanted(event):
                return event
        raise AssertionError("the awaited event did not come")

    def frames(self, count: int) -> list[PreviewFrame]:
        """The next live pictures."""
        seen: list[PreviewFrame] = []

        def many(event: Event) -> bool:
            if isinstance(event, PreviewFrame):
                seen.append(event)
            return len(seen) >= count

        self.until(many)
        return seen

    def until_status(self, kind: type[AnyStatus]) -> AnyStatus:
        """The camera's next status of that kind."""

        def matches(event: Event) -> bool:
            camera = isinstance(event, StatusChanged) and event.device is DeviceClass.DOCUMENT_CAMERA
            return camera and isinstance(event, StatusChanged) and isinstance(event.value, kind)

        event = self.until(matches)
        assert isinstance(event, StatusChanged)
        return event.value

    def stop(self) -> None:
        """End the client and the daemon."""
        self._channel.close()
        self._daemon.stop()


@pytest.fixture(scope="module")
def one_camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    """One simulator for all tests of a file."""
    running = SimulatorProcess(
        "drivers.document_camera.sim", tmp_path_factory.mktemp("camera") / "camera.control", "--fps", "20"
    )
    yield running
    running.stop()


@pytest.fixture
def camera(one_camera: SimulatorProcess) -> SimulatorProcess:
    """The simulator as after its start: plugged in, alive, the IOU under the lens."""
    one_camera.do("plug")
    one_camera.do("thaw")
    one_camera.do("photo", name="iou")
    return one_camera


@pytest.fixture
def rig_on(tmp_path: Path) -> Iterator[Callable[[str], Rig]]:
    """Makes rigs on a source and ends them."""
    made: list[Rig] = []

    def start(source: str) -> Rig:
        made.append(Rig(tmp_path, source))
        return made[-1]

    yield start
    for rig in made:
        rig.stop()


@pytest.fixture
def rig(rig_on: Callable[[str], Rig], camera: SimulatorProcess) -> Rig:
    """A daemon that watches the simulated camera."""
    return rig_on(camera.url)


@pytest.fixture
def patient_rig(tmp_path: Path, camera: SimulatorProcess) -> Iterator[Rig]:
    """One that does not replace the capture process, which would forget what it has seen, on a busy machine."""
    made = Rig(tmp_path, camera.url, freeze_seconds=DEADLINE)
    yield made
    made.stop()


@pytest.fixture
def real_source() -> str:
    """The path of a real camera; skips where there is none."""
    source = os.environ.get(SOURCE_VARIABLE)
    if not source:
        pytest.skip(f"no real camera: {SOURCE_VARIABLE} is not set")
    return source
