"""The camera's configuration section."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.api.status import DeviceClass
from drivers.device import ConfigurationError, DeviceGoneError
from drivers.document_camera.device import DocumentCamera, build
from drivers.document_camera.watch import CameraSettings, Watchdog


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ({"source": "/dev/video0"}, "by-id"),
        ({"source": ""}, "source"),
        ({"source": 4}, "source"),
        ({"camera": "x"}, "no key camera"),
        ({"width": True}, "width"),
        ({"height": 30_000}, "height"),
        ({"freeze_seconds": 0}, "freeze_seconds"),
        ({"desk_mm": 42}, "desk_mm"),
        ({"desk_mm": True}, "desk_mm"),
        ({"freeze_seconds": "3"}, "freeze_seconds"),
    ],
)
def test_wrong_sections_name_their_key(section: dict[str, object], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        build(section)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "simulated"),
    [
        ("http://127.0.0.1:8080/video", True),
        ("http://192.0.2.7/video", False),
        ("/dev/v4l/by-id/usb-Example_Camera-video-index0", False),
        (".", True),
    ],
)
def test_a_source_tells_whether_it_is_hardware(source: str, simulated: bool) -> None:
    device = build({"source": source})
    assert device.simulated is simulated
    assert device.stable_id == source
    assert device.device_class is DeviceClass.DOCUMENT_CAMERA


def test_auto_without_a_camera_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceGoneError, match="no camera"):
        DocumentCamera(CameraSettings("auto"), by_id=tmp_path).open()


def test_the_watchdog_counts_only_new_pictures() -> None:
    dog = Watchdog(3.0, 100.0)
    assert dog.beat(7, 101.0)
    assert not dog.beat(7, 103.9)
    assert not dog.frozen(104.0)
    assert dog.frozen(104.1)
    dog.restart(105.0)
    assert not dog.beat(7, 105.1)
    assert dog.beat(8, 105.2)


def test_the_watchdog_takes_every_picture_of_a_file_as_new() -> None:
    dog = Watchdog(3.0, 100.0)
    assert dog.beat(None, 110.0)
    assert dog.beat(None, 112.0)
    assert not dog.frozen(113.0)
