"""The daemon's configuration file, and drivers that do not load."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers import registry
from drivers.api.status import DeviceClass
from drivers.device import ConfigurationError, DeviceGoneError
from drivers.id_reader.device import IdReader


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "devices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sections_become_devices(tmp_path: Path) -> None:
    sections = registry.read_config(_write(tmp_path, '[id_reader]\nport = "/dev/serial/by-id/usb-sam"\n'))
    devices = registry.build_devices(sections)
    assert list(devices) == [DeviceClass.ID_READER]
    assert isinstance(devices[DeviceClass.ID_READER], IdReader)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[id_reader", "devices.toml: "),
        ("[coffee_machine]\n", "no device class coffee_machine"),
        ("id_reader = 3\n", r"\[id_reader\]"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        registry.read_config(_write(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        registry.read_config(tmp_path / "nowhere.toml")


def test_a_driver_that_does_not_load_takes_away_its_own_device_only(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = dict(registry.MODULES) | {DeviceClass.DOCUMENT_CAMERA: "drivers.no_such_driver.device"}
    monkeypatch.setattr(registry, "MODULES", modules)
    devices = registry.build_devices({DeviceClass.DOCUMENT_CAMERA: {}, DeviceClass.ID_READER: {}})
    assert isinstance(devices[DeviceClass.ID_READER], IdReader)
    with pytest.raises(DeviceGoneError, match="driver not installed"):
        devices[DeviceClass.DOCUMENT_CAMERA].open()


def test_a_driver_that_fails_to_build_takes_away_its_own_device_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> IdReader:
        raise RuntimeError("driver bug")

    monkeypatch.setattr("drivers.id_reader.device.build", broken)
    devices = registry.build_devices({DeviceClass.ID_READER: {}})
    with pytest.raises(DeviceGoneError, match="driver fault: RuntimeError"):
        devices[DeviceClass.ID_READER].open()
