"""The scanning process: `python -m drivers.page_scanner.worker --fd N --device NAME`.

Everything that can hang or crash on a scanner happens here: libsane, its backends, decoding what they bring. Orders
come in and reports go out over one end of a socket pair (drivers/child_process.py); it ends when the other end closes.
The parent watches its reports and kills it when they stop (drivers/page_scanner/device.py).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import queue
import resource
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from drivers.api.messages import CancelRequest, PageTaken, ScanEnded, ScanPages
from drivers.api.records import ScanEnd
from drivers.api.status import FeederState, ScannerFault
from drivers.api.wire import Channel, WireError
from drivers.device import DeviceGoneError
from drivers.page_scanner.escl import EsclError, ask_status
from drivers.page_scanner.names import escl_address, sane_name, usb_node
from drivers.page_scanner.reports import Looked, Refused, ScannerOrder, ScannerReport, Working
from drivers.page_scanner.run import Run
from drivers.page_scanner.sane_words import FAULTS, end_by_fault

try:
    import sane

    from drivers.page_scanner.scanning import SaneError, Scanner
except ImportError:  # python-sane is built against libsane, which a terminal without a scanner does not have
    sane = None

MEMORY_LIMIT = 2 << 30
"""Bytes of address space: a page that wants more ends this process and no other."""

MISSED_LOOKS = 3
"""Unanswered looks in a row after which a network scanner is gone; one that sleeps may miss one or two."""

_LEAVING_SECONDS = 2.0  # for a running job to be called off when the parent is gone

_READ_TO_THE_END = (ScanEnd.COMPLETE, ScanEnd.EMPTY)
"""After any other end the scanner is opened anew: airscan ignores a cancel between two pages, fetches ahead, and would
give the pages left over to the next scan, which may be somebody else's."""


class Worker:
    """Scans what was ordered, and looks at the scanner between scans."""

    def __init__(self, channel: Channel[ScannerOrder, ScannerReport], device: str, look_seconds: float) -> None:
        self._channel = channel
        self._address = escl_address(device)
        self._look_seconds = look_seconds
        self._orders: queue.SimpleQueue[ScanPages | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._queued: set[str] = set()
        self._given_up: set[str] = set()
        self._told = Looked()
        self._fault: ScannerFault | None = None
        self._missed = 0
        name = sane_name(device, _listed())
        self._node = usb_node(name)
        self._scanner = Scanner(name)

    # -- orders, in a thread of their own

    def take_orders(self) -> None:
        """Receive until the parent is gone; then call off what runs and end the process, whatever SANE is doing."""
        while True:
            try:
                order = self._channel.receive()
            except (OSError, WireError):
                order = None
            match order:
                case None:
                    self._leave()
                case ScanPages(request=request):
                    with self._lock:
                        self._queued.add(request)
                    self._orders.put(order)
                case PageTaken(request=request, number=number):
                    with self._lock:
                        if self._run is not None and self._run.request == request:
                            self._run.taken(number)
                case CancelRequest(request=request):
                    self._cancel(request)

    def _cancel(self, request: str) -> None:
        with self._lock:  # held over SANE's cancel, so that the scanner is not closed meanwhile
            if self._run is not None and self._run.request == request:
                self._run.cancel()
                self._scanner.cancel()
            elif request in self._queued:
                self._given_up.add(request)

    def _leave(self) -> None:
        with self._lock:
            if self._run is not None:
                self._run.cancel()
                self._scanner.cancel()  # else the scanner goes on feeding
        self._orders.put(None)
        time.sleep(_LEAVING_SECONDS)
        os._exit(0)

    # -- scans and looks, in the main thread

    def serve(self) -> None:
        """Work until the parent is gone. Raises DeviceGoneError when the scanner is, OSError when the parent is."""
        self._channel.send(self._scanner.abilities())
        while True:
            self._look()
            try:
                wanted = self._orders.get(timeout=self._look_seconds)
            except queue.Empty:
                continue
            if wanted is None:
                return
            self._scan(wanted)

    def close(self) -> None:
        """Let go of the scanner; waits until it has heard that its job was called off."""
        self._scanner.close()

    def _scan(self, wanted: ScanPages) -> None:
        run = Run(wanted, self._channel.send)
        with self._lock:
            self._queued.discard(wanted.request)
            if wanted.request in self._given_up:
                self._given_up.discard(wanted.request)
                run.cancel()
            self._run = run
        pictures = self._scanner.pictures(wanted, lambda: run.cancelled, lambda: self._channel.send(Working()))
        try:
            ended = run.deliver(pictures)
        finally:
            pictures.close()
            with self._lock:
                self._run = None
            self._scanner.cancel()  # ends a batch, and lets the last sheet out
        if ended.pages >= wanted.resume_from:
            self._fault = None
        self._fault = FAULTS.get(ended.reason, self._fault)
        end = ended.reason
        try:
            if end not in _READ_TO_THE_END:
                self._scanner.reopen()
            self._look()
            end = end_by_fault(end, self._told.fault)
        except (SaneError, DeviceGoneError) as error:
            end = ScanEnd.NO_SCANNER
            raise DeviceGoneError(str(error)) from error
        finally:
            self._channel.send(ScanEnded(ended.request, end, ended.pages))

    def _look(self) -> None:
        """Tell how the scanner stands; that it is told at all says that SANE does not hang. Raises DeviceGoneError."""
        if self._node is not None and not self._node.exists():
            raise DeviceGoneError("unplugged")
        looked = self._ask_network() if self._address else self._ask_sensors()
        self._told = looked or self._told
        self._channel.send(self._told)

    def _ask_network(self) -> Looked | None:
        try:
            looked = ask_status(self._address)
        except (OSError, http.client.HTTPException) as error:
            self._missed += 1
            if self._missed >= MISSED_LOOKS:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else "does not answer"
                raise DeviceGoneError(f"{self._address}: {reason}") from error
            return None
        except EsclError:
            self._missed = 0
            return Looked(fault=self._fault)  # it answers, in words that are not known
        self._missed = 0
        return looked

    def _ask_sensors(self) -> Looked:
        loaded, cover_open = self._scanner.sensor("page_loaded", "adf_loaded"), self._scanner.sensor("cover_open")
        feeder = FeederState.UNKNOWN if loaded is None else FeederState.LOADED if loaded else FeederState.EMPTY
        fault = ScannerFault.COVER_OPEN if cover_open else self._fault
        if cover_open is False and fault is ScannerFault.COVER_OPEN:
            fault = None
        return Looked(feeder, fault)


def _listed() -> Iterator[str]:
    """The names SANE lists; looking takes seconds, so it begins when the first is asked for."""
    for entry in sane.get_devices(True):
        yield str(entry[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the scanner or the parent is gone."""
    parser = argparse.ArgumentParser(prog="drivers.page_scanner.worker")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--look-seconds", type=float, default=1.0)
    arguments = parser.parse_args(argv)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    channel: Channel[ScannerOrder, ScannerReport] = Channel(socket.socket(fileno=arguments.fd), ScannerOrder)
    if sane is None:
        return _refuse(channel, "driver not installed: python-sane")
    try:
        sane.init()
        with contextlib.closing(Worker(channel, arguments.device, arguments.look_seconds)) as worker:
            threading.Thread(target=worker.take_orders, name="orders", daemon=True).start()
            with contextlib.suppress(OSError):  # the parent is gone, as `take_orders` has seen, too
                worker.serve()
    except DeviceGoneError as error:
        return _refuse(channel, str(error))
    except SaneError as error:
        return _refuse(channel, f"SANE: {error}")
    except MemoryError:
        return _refuse(channel, "a page needs more memory than it may have")
    return 0


def _refuse(channel: Channel[ScannerOrder, ScannerReport], reason: str) -> int:
    with contextlib.suppress(OSError):  # nobody listens any more
        channel.send(Refused(reason))
    return 1


if __name__ == "__main__":
    # Without the libraries' own endings: airscan's thread still runs, and crashes in what they take away under it.
    os._exit(main())
