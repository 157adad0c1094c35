"""What counts as a simulated device (docs/decisions/0003-simulated-devices.md)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drivers.endpoint import is_simulated


@pytest.mark.parametrize(
    "endpoint",
    [
        "socket://127.0.0.1:9000",
        "tcp://localhost:9100",
        "http://[::1]:8080/video",
        "http://[::ffff:127.0.0.1]/video",
        "tcp://127.9.9.9:9100",
        "tcp://0.0.0.0:9100",
        "rfc2217://court.localhost:4000",
        "/dev/pts/7",
    ],
)
def test_loopback_and_pseudo_terminals_are_simulated(endpoint: str) -> None:
    assert is_simulated(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "socket://192.0.2.7:9000",
        "tcp://printer.court.example:9100",
        "http://[2001:db8::1]/video",
        "/dev/serial/by-id/usb-sam-reader-if00",
        "/dev/usb/lp0",
        "/dev/null",
        "usb:1a86:7523:0001",
        "auto",
    ],
)
def test_what_may_be_hardware_is_not(endpoint: str) -> None:
    assert not is_simulated(endpoint)


def test_a_link_to_a_pseudo_terminal_is_seen_through(tmp_path: Path) -> None:
    master, slave = os.openpty()
    link = tmp_path / "usb-sam-reader"
    link.symlink_to(os.ttyname(slave))
    (tmp_path / "again").symlink_to(link)
    assert is_simulated(str(tmp_path / "again"))
    assert is_simulated(f"file://{link}")
    os.close(master)
    os.close(slave)


def test_files_and_folders_are_simulated(tmp_path: Path) -> None:
    file = tmp_path / "out.bin"
    file.touch()
    assert is_simulated(str(file))
    assert is_simulated(str(tmp_path))
    assert is_simulated(f"file://{file}")
