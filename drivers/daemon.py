"""The device daemon: `python -m drivers.daemon --socket PATH --config FILE [--allow-simulated]`.

One process owns all devices of a terminal, each in a thread of its own under a Supervisor, and serves
drivers.api.messages to every client on a Unix socket. It has no keys, no database, and needs no network but that of a
device configured by URL. Ends on SIGTERM and SIGINT with every device closed.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from drivers.api.messages import Request, StatusChanged
from drivers.api.status import DeviceClass, NotConfigured
from drivers.api.wire import Listener
from drivers.device import ConfigurationError, Device
from drivers.registry import build_devices, read_config
from drivers.shell import EXIT_OK, EXIT_REFUSED, OneLineParser, complain, until_told
from drivers.supervisor import BackOff, Supervisor
from drivers.switchboard import Switchboard

STOP_DEADLINE = 2.0


class Daemon:
    """The running devices and their clients. Raises OSError when the socket cannot be made."""

    def __init__(
        self,
        socket: Path,
        devices: Mapping[DeviceClass, Device],
        *,
        allow_simulated: bool = False,
        back_off: BackOff | None = None,
    ) -> None:
        self._switchboard = Switchboard()
        for device_class in DeviceClass:
            if device_class not in devices:
                self._switchboard.broadcast(StatusChanged(device_class, NotConfigured()))
        self._supervisors = {
            device_class: Supervisor(device, self._switchboard, allow_simulated=allow_simulated, back_off=back_off)
            for device_class, device in devices.items()
        }
        self._switchboard.connect_devices(self._supervisors)
        self._listener = Listener(socket, Request, self._switchboard.serve)

    def start(self) -> None:
        """Open the devices and accept clients, in the background."""
        for supervisor in self._supervisors.values():
            supervisor.start()
        self._listener.start()

    def stop(self) -> None:
        """Close all devices, at the same time, then all connections."""
        self._listener.stop()
        for supervisor in self._supervisors.values():
            supervisor.request_stop()
        for supervisor in self._supervisors.values():
            supervisor.stop(STOP_DEADLINE)
        self._switchboard.close_all()


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to end; returns the exit code (0 ended, 1 the configuration or the socket is refused, 2 usage)."""
    parser = OneLineParser(prog="drivers.daemon", description="Device daemon of a court terminal")
    parser.add_argument("--socket", type=Path, required=True, help="Unix socket to serve")
    parser.add_argument("--config", type=Path, required=True, help="TOML file, one section per device")
    parser.add_argument("--allow-simulated", action="store_true", help="accept devices that are not hardware")
    arguments = parser.parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    ending = until_told()
    try:
        devices = build_devices(read_config(arguments.config))
        daemon = Daemon(arguments.socket, devices, allow_simulated=arguments.allow_simulated)
    except ConfigurationError as error:
        complain(parser.prog, str(error))
        return EXIT_REFUSED
    except OSError as error:
        complain(parser.prog, f"{arguments.socket}: {error.strerror or error}")
        return EXIT_REFUSED
    daemon.start()
    ending.wait()
    daemon.stop()
    return EXIT_OK


if __name__ == "__main__":
    raise SystemExit(main())
