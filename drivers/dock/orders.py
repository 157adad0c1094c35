"""What can be done at the dock, as orders to the simulators. One table for the command line and the panel."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from drivers.api.status import DeviceClass
from drivers.dock.control import Answer, ControlError, Order, ask

DEVICES: Mapping[str, DeviceClass] = MappingProxyType(
    {
        "reader": DeviceClass.ID_READER,
        "printer": DeviceClass.RECEIPT_PRINTER,
        "camera": DeviceClass.DOCUMENT_CAMERA,
        "a4": DeviceClass.DOCUMENT_PRINTER,
        "scanner": DeviceClass.PAGE_SCANNER,
        "handheld": DeviceClass.CODE_SCANNER,
    }
)
"""The simulated devices by the names people type."""

PAPER_STATES = ("ok", "near", "out")
A4_PAPER_STATES = ("ok", "out")
COVER_STATES = ("closed", "open")
GLASS_THINGS = ("page", "cards", "receipts")

DIRECTORY_VARIABLE = "COURT_KIOSK_DOCK"


def default_directory() -> Path:
    """Where `dock` looks when no --dir is given: $COURT_KIOSK_DOCK, else a folder of this user's runtime directory."""
    named = os.environ.get(DIRECTORY_VARIABLE)
    if named:
        return Path(named)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime, "court-kiosk-dock") if runtime else Path(tempfile.gettempdir(), f"court-dock-{os.getuid()}")


def control_socket(directory: Path, device: str) -> Path:
    """Where the simulator of `device` takes orders."""
    return directory / f"{device}.control"


def send(directory: Path, device: str, order: Order) -> Answer:
    """Send `order` to the simulator of `device`. Raises ControlError."""
    try:
        return ask(control_socket(directory, device), order)
    except ControlError as error:
        raise ControlError(f"{device}: {error}") from error


def status(directory: Path) -> dict[str, Answer | None]:
    """What each simulator says of itself; None where none runs."""
    answers: dict[str, Answer | None] = {}
    for device in DEVICES:
        try:
            answers[device] = send(directory, device, {"do": "status"})
        except ControlError:
            answers[device] = None
    return answers
