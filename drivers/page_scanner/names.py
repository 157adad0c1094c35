"""How a scanner is named in the configuration, and what SANE calls it.

- `http://HOST[:PORT]/eSCL`, `https://...`: a network scanner that speaks eSCL (AirScan, Mopria);
- `usb:VID:PID` or `usb:VID:PID:SERIAL`: on whatever port it is plugged in;
- a SANE device name that lasts (`fujitsu:ScanSnap iX500:1234`, `airscan:wsd:NAME:URL`);
- `auto`: the first scanner that SANE finds on this machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from drivers.device import ConfigurationError, DeviceGoneError
from drivers.endpoint import is_simulated

AUTO = "auto"
USB_DEVICES = Path("/sys/bus/usb/devices")
USB_NODES = Path("/dev/bus/usb")

AIRSCAN_ONLY = Path(__file__).with_name("sane.d")
"""A SANE configuration with the airscan backend alone, and nothing looked for on the network."""

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(\S+))?")
_BUS = re.compile(r"libusb:(\d{3}):(\d{3})")
_PLACE_IN_NAME = re.compile(r"[a-z]+://\S+")
_SANED = re.compile(r"net:(\[[^\]]+\]|[^:]+):")


def check_name(device: str) -> str:
    """`device` if it is a lasting name. Raises ConfigurationError."""
    if not device or not device.isprintable():
        raise ConfigurationError("page_scanner: device is an http address, usb:VID:PID, a SANE name or auto")
    if _BUS.search(device):
        raise ConfigurationError(f"page_scanner: {device} changes at every replug; use usb:VID:PID[:SERIAL] or auto")
    if device.startswith(("http:", "https:")) and not _URL.fullmatch(device):
        raise ConfigurationError(f"page_scanner: {device} is no address; for example http://192.0.2.5/eSCL")
    if device.startswith("usb:") and not _USB.fullmatch(device):
        raise ConfigurationError("page_scanner: a USB device is named usb:VID:PID[:SERIAL], with four hex digits each")
    return device


def looks_simulated(device: str) -> bool:
    """Whether the name alone says that this is no hardware (docs/decisions/0003): SANE's own `test` and `pnm` backends,
    a loopback address, SANE's network daemon on this machine."""
    if device.startswith(("test:", "pnm:")) or device in ("test", "pnm"):
        return True
    if saned := _SANED.match(device):
        return is_simulated(f"sane://{saned[1]}")
    place = _PLACE_IN_NAME.search(device)
    return place is not None and is_simulated(place[0])


def escl_address(device: str) -> str:
    """The eSCL root of a scanner named by its address, without a slash at its end; "" for every other."""
    return device.rstrip("/") if _URL.fullmatch(device) else ""


def sane_name(device: str, listed: Iterable[str], usb_devices: Path = USB_DEVICES) -> str:
    """What SANE calls `device`; `listed` gives the names SANE lists, and is looked at for `usb:` and `auto` only.

    Raises DeviceGoneError where it is not there.
    """
    if _URL.fullmatch(device):
        return f"airscan:escl:page_scanner:{device}"
    if device == AUTO:
        for name in listed:
            if not looks_simulated(name) and not name.startswith("v4l:"):  # SANE takes cameras for scanners
                return name
        raise DeviceGoneError("SANE finds no scanner on this machine")
    usb = _USB.fullmatch(device)
    if usb is None:
        return device
    place = _usb_place(usb[1].lower(), usb[2].lower(), usb[3], usb_devices)
    if not place:
        raise DeviceGoneError(f"{device}: not plugged in")
    for name in listed:
        if place in name:
            return name
    raise DeviceGoneError(f"{device}: plugged in, but no SANE backend knows it")


def _usb_place(vendor: str, product: str, serial: str | None, usb_devices: Path) -> str:
    """`libusb:BUS:DEVICE` as it is now; "" where it is not plugged in."""
    for folder in sorted(usb_devices.iterdir()) if usb_devices.is_dir() else ():
        if (_line(folder / "idVendor"), _line(folder / "idProduct")) != (vendor, product):
            continue
        if serial is None or _line(folder / "serial") == serial:
            return f"libusb:{int(_line(folder / 'busnum') or 0):03}:{int(_line(folder / 'devnum') or 0):03}"
    return ""


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def usb_node(name: str, nodes: Path = USB_NODES) -> Path | None:
    """The device node behind a SANE name that tells bus and device; None for other names."""
    found = _BUS.search(name)
    return nodes / found[1] / found[2] if found else None
