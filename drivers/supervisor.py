"""One supervisor for every device: open, run, close on every path, wait and begin again, until stopped.

What it holds for all drivers: a device is connected only after its handshake; whatever a driver raises becomes a
status and never ends the program; the pause between attempts grows and is jittered, so that devices on one hub that
lost its power do not come back in step; a status is told and logged once, when it changes.
"""

from __future__ import annotations

import logging
import queue
import random
import termios
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.api.messages import Event, StatusChanged
from drivers.api.status import AnyStatus, Disconnected, Unknown
from drivers.device import Device, DeviceGoneError, Ticket, answer_unavailable

_log = logging.getLogger(__name__)

SIMULATED_REFUSED = "simulated device refused: this terminal is in service"


@dataclass(frozen=True)
class BackOff:
    """Pauses between attempts in seconds: `first`, doubled up to `ceiling`, each shortened by up to half at random.
    A run of at least `steady` seconds starts the count anew. The ceiling is low: a person stands there and waits."""

    first: float = 0.25
    ceiling: float = 5.0
    steady: float = 10.0

    def pause(self, failures: int, random_unit: float) -> float:
        """The pause after that many failures in a row (1 or more); `random_unit` lies in [0, 1)."""
        whole = min(self.ceiling, self.first * 2.0 ** min(failures - 1, 30))
        return whole * (1.0 - random_unit / 2.0)


class Outlet(Protocol):
    """Where a device's news goes. Called from device threads; must not block."""

    def broadcast(self, event: Event) -> None:
        """Send to every client."""
        ...


class Supervisor:
    """The life of one device, in one thread. Implements `Context` for the driver."""

    def __init__(
        self,
        device: Device,
        outlet: Outlet,
        *,
        allow_simulated: bool = False,
        back_off: BackOff | None = None,
        clock: Callable[[], float] = time.monotonic,
        random_unit: Callable[[], float] = random.random,
    ) -> None:
        self._device = device
        self._outlet = outlet
        self._allow_simulated = allow_simulated
        self._back_off = back_off or BackOff()
        self._clock = clock
        self._random_unit = random_unit
        self._failures = 0
        self._told: StatusChanged | None = None
        self._logged_faults: set[str] = set()
        self._stop = threading.Event()
        self._tickets: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name=device.device_class.value, daemon=True)
        self.publish(Unknown("starting"))

    # -- for the daemon

    @property
    def device(self) -> Device:
        """The device under supervision."""
        return self._device

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Hand a request to the device; it is answered also when the device is away or the supervisor stopped."""
        if self._stop.is_set():
            answer_unavailable(ticket, "the device program is ending")
        else:
            self._tickets.put(ticket)

    def request_stop(self) -> None:
        """Ask the device to end, without waiting."""
        self._stop.set()
        self._tickets.put(None)

    def stop(self, deadline: float = 2.0) -> bool:
        """End the device: ask, after `deadline` seconds close it under its own thread, after one more give it up.

        Returns False when its thread had to be left behind.
        """
        self.request_stop()
        if not self._thread.is_alive():
            return True
        self._thread.join(deadline)
        if self._thread.is_alive():
            _log.warning("%s does not stop, closing it", self._device.device_class.value)
            self._close()
            self._thread.join(1.0)
        if self._thread.is_alive():
            _log.error("%s is stuck and was left behind", self._device.device_class.value)
        return not self._thread.is_alive()

    # -- Context, for the driver

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def next_ticket(self, timeout: float) -> Ticket | None:
        if self.stopping:
            return None
        try:
            return self._tickets.get(timeout > 0, timeout if timeout > 0 else None)
        except queue.Empty:
            return None

    def wait(self, seconds: float) -> bool:
        return self._stop.wait(seconds)

    def publish(self, status: AnyStatus) -> None:
        device = self._device
        event = StatusChanged(device.device_class, status, device.stable_id, device.simulated)
        if event == self._told:
            return
        self._told = event
        _log.info("%s: %s", device.device_class.value, status)
        self._outlet.broadcast(event)

    def emit(self, event: Event) -> None:
        self._outlet.broadcast(event)

    # -- the thread

    def _live(self) -> None:
        while not self.stopping:
            self._serve_away(self.cycle())
        self._serve_away(0)

    def cycle(self) -> float:
        """Open, run and close the device once; returns the seconds to wait before the next time."""
        opened: float | None = None
        try:
            self._refuse_simulated()
            self._device.open()
            self._refuse_simulated()
            opened = self._clock()
            self._device.run(self)
            reason = "the driver ended"
        except (DeviceGoneError, OSError, termios.error) as error:
            reason = _one_line(error)
        except Exception as error:  # noqa: BLE001 - a fault in one driver must not take the other devices away
            reason = f"driver fault: {type(error).__name__}"
            self._log_fault(reason, error)
        finally:
            self._close()
        if self.stopping:
            return 0.0
        self.publish(Disconnected(reason))
        steady = opened is not None and self._clock() - opened >= self._back_off.steady
        self._failures = 1 if steady else self._failures + 1
        return self._back_off.pause(self._failures, self._random_unit())

    def _refuse_simulated(self) -> None:
        if self._device.simulated and not self._allow_simulated:
            raise DeviceGoneError(SIMULATED_REFUSED)

    def _close(self) -> None:
        try:
            self._device.close()
        except Exception as error:  # noqa: BLE001 - tear-down goes on whatever a driver does in it
            self._log_fault("close failed", error)

    def _log_fault(self, what: str, error: Exception) -> None:
        """Once per fault: its kind and place only, for the text of an exception may carry what was read."""
        line = f"{self._device.device_class.value}: {what} at {_place(error)}"
        if line not in self._logged_faults:
            self._logged_faults.add(line)
            _log.error("%s", line)

    def _serve_away(self, pause: float) -> None:
        """Let the device answer requests while it is closed, for `pause` seconds; 0 answers what is queued."""
        end = self._clock() + pause
        while True:
            try:
                ticket = self._tickets.get(pause > 0, max(0.0, end - self._clock()) if pause > 0 else None)
            except queue.Empty:
                return
            if ticket is None:
                pause = 0  # stopping: the rest of the queue is answered without waiting
                continue
            try:
                self._device.away(ticket, self)
            except Exception as error:  # noqa: BLE001 - as in cycle()
                self._log_fault("away failed", error)
                answer_unavailable(ticket)


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-3:])) or "unknown"
