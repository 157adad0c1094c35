"""Finding a serial port again after a reboot that numbered it anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.device import ConfigurationError, DeviceGoneError
from drivers.discovery import SerialPort, check_port, resolve_port, serial_ports


@dataclass
class Port:
    """As pyserial lists it."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None


def _never(_: str) -> bool:
    raise AssertionError("this name needs no probing")


def test_a_usb_device_is_found_by_its_serial_number_wherever_it_went() -> None:
    ports = [Port("/dev/ttyUSB0", 0x1A86, 0x7523, "OTHER"), Port("/dev/ttyUSB3", 0x1A86, 0x7523, "SAM7")]
    found = resolve_port("usb:1A86:7523:SAM7", _never, lambda: ports)
    assert found == SerialPort("/dev/ttyUSB3", "usb:1A86:7523:SAM7")


def test_a_usb_device_that_is_not_there_is_gone() -> None:
    with pytest.raises(DeviceGoneError, match="not plugged in"):
        resolve_port("usb:1a86:7523:SAM7", _never, list)


def test_auto_takes_the_port_the_probe_recognises_and_names_it_stably() -> None:
    ports = [Port("/dev/ttyUSB0", 0x1A86, 0x7523, "PRINTER"), Port("/dev/ttyUSB1", 0x1A86, 0x7523, "SAM7")]
    found = resolve_port("auto", lambda path: path == "/dev/ttyUSB1", lambda: ports)
    assert found == SerialPort("/dev/ttyUSB1", "usb:1a86:7523:SAM7")


def test_auto_finds_nothing_where_nothing_answers() -> None:
    with pytest.raises(DeviceGoneError, match="no reader on any serial port"):
        resolve_port("auto", lambda _: False, lambda: [Port("/dev/ttyS0")])


def test_other_names_are_opened_as_they_are() -> None:
    for name in ("/dev/serial/by-id/usb-x", "socket://192.0.2.7:9000", "/dev/ttyS0"):
        assert resolve_port(name, _never) == SerialPort(name, name)


@pytest.mark.parametrize("port", ["/dev/ttyUSB0", "/dev/ttyACM12", "/dev/ttyXRUSB1", "usb:1a86", "usb:1a86:75:X"])
def test_names_that_do_not_last_are_refused(port: str) -> None:
    with pytest.raises(ConfigurationError):
        check_port(port)


def test_ports_are_listed_under_their_lasting_names_only(tmp_path: Path) -> None:
    by_id, by_path = tmp_path / "by-id", tmp_path / "by-path"
    by_id.mkdir()
    by_path.mkdir()
    for name in ("tty1", "tty2", "tty3"):
        (tmp_path / name).touch()
    (by_id / "usb-sam").symlink_to(tmp_path / "tty1")
    (by_path / "pci-1").symlink_to(tmp_path / "tty1")
    (by_path / "pci-3").symlink_to(tmp_path / "tty3")
    listed = [
        Port(str(tmp_path / "tty1"), 0x1A86, 0x7523),
        Port(str(tmp_path / "tty2"), 0x10C4, 0xEA60, "0001"),
        Port(str(tmp_path / "tty3"), 0x1A86, 0x7523),
        Port("/dev/ttyUSB9", 0x1A86, 0x7523),
        Port("/dev/ttyS0"),
    ]
    assert {port.stable_id for port in serial_ports(lambda: listed, by_id, by_path)} == {
        str(by_id / "usb-sam"),
        "usb:10c4:ea60:0001",
        str(by_path / "pci-3"),
        "/dev/ttyS0",
    }
