"""Which package drives which class of device, and the daemon's configuration file that asks for them.

Driver packages are imported late: a terminal without a camera needs no OpenCV, and a package that does not load takes
away its own device only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from drivers.api.status import DeviceClass
from drivers.device import ConfigurationError, Context, Device, DeviceGoneError, Ticket, answer_unavailable

MODULES: Mapping[DeviceClass, str] = MappingProxyType(
    {device_class: f"drivers.{device_class.value}.device" for device_class in DeviceClass}
)
"""The module of each class whose `build` makes the device."""


def read_config(path: Path) -> dict[DeviceClass, Mapping[str, object]]:
    """The sections of the daemon's TOML file by device class. Raises ConfigurationError, in one line."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    sections: dict[DeviceClass, Mapping[str, object]] = {}
    for name, section in document.items():
        try:
            device_class = DeviceClass(name)
        except ValueError:
            raise ConfigurationError(f"{path}: there is no device class {name}") from None
        if not isinstance(section, dict):
            raise ConfigurationError(f"{path}: {name} is a section, [{name}]")
        sections[device_class] = section
    return sections


def build_devices(sections: Mapping[DeviceClass, Mapping[str, object]]) -> dict[DeviceClass, Device]:
    """One device for each section. Raises ConfigurationError for a section its driver refuses."""
    return {device_class: _build(device_class, section) for device_class, section in sections.items()}


def _build(device_class: DeviceClass, section: Mapping[str, object]) -> Device:
    try:
        module = import_module(MODULES[device_class])
    except ImportError as error:
        return NotThere(device_class, f"driver not installed: {error.name or 'unknown module'}")
    try:
        device: Device = module.build(section)
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault in one driver must not take the other devices away
        return NotThere(device_class, f"driver fault: {type(error).__name__}")
    return device


class NotThere:
    """Stands for a driver that cannot be loaded on this machine: Disconnected with the reason, for good."""

    simulated = False
    stable_id = ""

    def __init__(self, device_class: DeviceClass, reason: str) -> None:
        self.device_class = device_class
        self._reason = reason

    def open(self) -> None:
        """Always refuses, so that `run` is never reached."""
        raise DeviceGoneError(self._reason)

    def run(self, context: Context) -> None:  # noqa: ARG002 - never reached
        raise DeviceGoneError(self._reason)

    def close(self) -> None:
        """Nothing is held."""

    def away(self, ticket: Ticket, context: Context) -> None:  # noqa: ARG002 - nothing to tell anyone else
        answer_unavailable(ticket, self._reason)
