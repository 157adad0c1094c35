"""How a scanner is named, and what its name alone says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.api.status import DeviceClass
from drivers.device import ConfigurationError, DeviceGoneError
from drivers.page_scanner.device import PageScanner, build
from drivers.page_scanner.names import escl_address, looks_simulated, sane_name, usb_node


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ({"device": "genesys:libusb:001:004"}, "replug"),
        ({"device": ""}, "device"),
        ({"device": 4}, "device"),
        ({"device": "fujitsu:a\nb"}, "device"),
        ({"device": "http://"}, "address"),
        ({"device": "usb:04c5"}, "VID:PID"),
        ({"scanner": "auto"}, "no key scanner"),
        ({"page_seconds": True}, "page_seconds"),
        ({"page_seconds": 1}, "page_seconds"),
        ({"page_seconds": "60"}, "page_seconds"),
    ],
)
def test_wrong_sections_name_their_key(section: dict[str, object], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        build(section)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("device", "simulated"),
    [
        ("http://127.0.0.1:8080/eSCL", True),
        ("http://localhost/eSCL", True),
        ("http://192.0.2.7/eSCL", False),
        ("airscan:wsd:Example:http://127.0.0.1/ws", True),
        ("airscan:wsd:Example:http://192.0.2.7/ws", False),
        ("net:localhost:fujitsu:Example", True),
        ("net:192.0.2.7:test:0", False),
        ("test:0", True),
        ("pnm:0", True),
        ("fujitsu:ScanSnap iX500:1234", False),
        ("usb:04c5:132b", False),
        ("auto", False),
    ],
)
def test_a_name_tells_whether_it_is_hardware(device: str, simulated: bool) -> None:
    """docs/decisions/0003: a terminal in service refuses simulated devices."""
    assert looks_simulated(device) is simulated
    built = build({"device": device})
    assert built.simulated is simulated
    assert built.device_class is DeviceClass.PAGE_SCANNER


def never() -> Iterator[str]:
    raise AssertionError("SANE must not be asked: that takes seconds")
    yield ""


def test_an_address_goes_to_airscan_and_other_names_as_they_are() -> None:
    assert sane_name("http://192.0.2.7/eSCL", never()) == "airscan:escl:page_scanner:http://192.0.2.7/eSCL"
    assert sane_name("fujitsu:ScanSnap iX500:1234", never()) == "fujitsu:ScanSnap iX500:1234"
    assert escl_address("http://192.0.2.7/eSCL/") == "http://192.0.2.7/eSCL"
    assert escl_address("fujitsu:http") == ""


def plugged_in(folder: Path, name: str, **facts: str) -> None:
    """One device as the kernel lists it below /sys/bus/usb/devices."""
    (folder / name).mkdir(parents=True)
    for key, value in facts.items():
        (folder / name / key).write_text(f"{value}\n", encoding="utf-8")


def test_a_usb_scanner_is_found_on_whatever_port_it_is(tmp_path: Path) -> None:
    plugged_in(tmp_path, "1-1", idVendor="1a86", idProduct="7523", busnum="1", devnum="3")
    plugged_in(tmp_path, "1-2", idVendor="04c5", idProduct="132b", busnum="1", devnum="12", serial="A1")
    plugged_in(tmp_path, "2-1", idVendor="04c5", idProduct="132b", busnum="2", devnum="4", serial="B2")
    listed = ["v4l:/dev/video0", "genesys:libusb:001:012", "genesys:libusb:002:004"]
    assert sane_name("usb:04C5:132B", listed, tmp_path) == "genesys:libusb:001:012"
    assert sane_name("usb:04c5:132b:B2", listed, tmp_path) == "genesys:libusb:002:004"
    with pytest.raises(DeviceGoneError, match="not plugged in"):
        sane_name("usb:04c5:132b:C3", listed, tmp_path)
    with pytest.raises(DeviceGoneError, match="no SANE backend"):
        sane_name("usb:04c5:132b:B2", listed[:2], tmp_path)


def test_auto_takes_the_first_that_is_a_scanner() -> None:
    assert sane_name("auto", ["v4l:/dev/video0", "test:0", "epsonds:libusb:001:005"]) == "epsonds:libusb:001:005"
    with pytest.raises(DeviceGoneError, match="no scanner"):
        sane_name("auto", ["v4l:/dev/video0"])


def test_the_node_of_a_usb_scanner() -> None:
    assert usb_node("epsonds:libusb:001:005", Path("/nodes")) == Path("/nodes/001/005")
    assert usb_node("fujitsu:ScanSnap iX500:1234") is None


def test_auto_has_no_lasting_name() -> None:
    assert PageScanner("auto").stable_id == ""
    assert PageScanner("usb:04c5:132b").stable_id == "usb:04c5:132b"
