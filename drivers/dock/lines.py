"""The wire of a simulated device: a pseudo-terminal behind a symlink, or a TCP port. Both can be pulled and put back.

`poll` waits for bytes from the host, `send` writes to it; both are called from the simulator's one line thread.
`plug` and `unplug` may be called from any thread.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import socket
import termios
import threading
import tty
from pathlib import Path
from typing import Protocol

_RATES = {
    termios.B9600: 9600,
    termios.B19200: 19200,
    termios.B38400: 38400,
    termios.B57600: 57600,
    termios.B115200: 115200,
}


class SimulatedLine(Protocol):
    """The device's end of its cable."""

    def plug(self) -> None:
        """Make the device appear."""
        ...

    def unplug(self) -> None:
        """Make the device vanish, in the middle of whatever it does."""
        ...

    def poll(self, timeout: float) -> bytes:
        """What the host sent, b"" after `timeout` seconds or while unplugged."""
        ...

    def send(self, data: bytes) -> None:
        """Write to the host; dropped when it is not there."""
        ...

    def host_baud(self) -> int | None:
        """The rate the host has set; None on a wire that has none."""
        ...


class PtyLine:
    """A pseudo-terminal; `link` is the stable name that leads to it, as by-id links do."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._lock = threading.RLock()
        self._ends: tuple[int, int] | None = None
        self._plugged = threading.Event()

    def plug(self) -> None:
        with self._lock:
            if self._ends is None:
                master, slave = os.openpty()
                tty.setraw(slave)
                os.set_blocking(master, False)
                self._ends = (master, slave)
                fresh = self.link.with_name(self.link.name + ".new")
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(os.ttyname(slave))
                fresh.replace(self.link)
                self._plugged.set()

    def unplug(self) -> None:
        with self._lock:
            if self._ends is not None:
                self._plugged.clear()
                self.link.unlink(missing_ok=True)
                for end in self._ends:
                    os.close(end)
                self._ends = None

    def poll(self, timeout: float) -> bytes:
        if not self._plugged.wait(timeout):
            return b""
        with selectors.DefaultSelector() as selector:
            with self._lock:
                if self._ends is None:
                    return b""
                # A copy of the descriptor: `unplug` may close ours while we wait.
                master = os.dup(self._ends[0])
            try:
                selector.register(master, selectors.EVENT_READ)
                if selector.select(timeout) and self._plugged.is_set():
                    return os.read(master, 4096)
            except OSError:
                pass  # the other end is gone
            finally:
                os.close(master)
        return b""

    def send(self, data: bytes) -> None:
        while data:
            with self._lock:
                if self._ends is None:
                    return
                try:
                    data = data[os.write(self._ends[0], data) :]
                    continue
                except BlockingIOError:
                    pass
                except OSError:
                    return
            threading.Event().wait(0.001)  # the host reads slowly and the kernel's buffer is full

    def host_baud(self) -> int | None:
        with self._lock, contextlib.suppress(termios.error):
            if self._ends is not None:
                return _RATES.get(termios.tcgetattr(self._ends[0])[5])
        return None


class TcpLine:
    """A TCP port of one host at a time, as a serial device server gives it. Port 0 picks a free one."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self._lock = threading.RLock()
        self._listener: socket.socket | None = None
        self._peer: socket.socket | None = None
        self._plugged = threading.Event()

    def plug(self) -> None:
        with self._lock:
            if self._listener is None:
                self._listener = socket.create_server(self.address)
                self._listener.setblocking(False)
                self.address = self._listener.getsockname()[:2]
                self._plugged.set()

    def unplug(self) -> None:
        with self._lock:
            self._plugged.clear()
            for end in (self._peer, self._listener):
                if end is not None:
                    end.close()
            self._peer = self._listener = None

    def poll(self, timeout: float) -> bytes:
        if not self._plugged.wait(timeout):
            return b""
        with self._lock:
            ends = [end.dup() for end in (self._listener, self._peer) if end is not None]
        try:
            with selectors.DefaultSelector() as selector:
                for end in ends:
                    selector.register(end, selectors.EVENT_READ)
                ready = selector.select(timeout)
        finally:
            for end in ends:
                end.close()
        return self._receive() if ready else b""

    def _receive(self) -> bytes:
        with self._lock:
            if self._listener is not None:
                with contextlib.suppress(BlockingIOError):
                    peer, _ = self._listener.accept()
                    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    peer.setblocking(False)
                    if self._peer is not None:
                        self._peer.close()
                    self._peer = peer
            if self._peer is None:
                return b""
            try:
                data = self._peer.recv(4096)
            except BlockingIOError:
                return b""
            except OSError:
                data = b""
            if not data:
                self._peer.close()
                self._peer = None
            return data

    def send(self, data: bytes) -> None:
        with self._lock:
            if self._peer is not None:
                with contextlib.suppress(OSError):  # the host has left
                    self._peer.setblocking(True)
                    self._peer.sendall(data)
                    self._peer.setblocking(False)

    def host_baud(self) -> int | None:
        return None


def add_line_arguments(parser: argparse.ArgumentParser) -> None:
    """`--link PATH` or `--tcp HOST:PORT`: on which wire a simulator speaks."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--link", type=Path, help="symlink to make for the pseudo-terminal")
    where.add_argument("--tcp", help="HOST:PORT to listen on; port 0 picks one")


def line_of(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> PtyLine | TcpLine:
    """The wire that was asked for; a usage error of `parser` where the address is none."""
    if arguments.link:
        return PtyLine(arguments.link)
    host, _, number = arguments.tcp.rpartition(":")
    if not host or not number.isdigit():
        parser.error("--tcp is HOST:PORT")
    return TcpLine(host, int(number))


def name_of(line: PtyLine | TcpLine, scheme: str) -> str:
    """How a driver calls this wire once it is plugged in: the link, or SCHEME://HOST:PORT."""
    if isinstance(line, PtyLine):
        return str(line.link)
    host, port = line.address
    return f"{scheme}://{host}:{port}"
