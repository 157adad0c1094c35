"""A bad line between terminal and hub: a TCP proxy on the loopback address that strikes whole HTTP exchanges at random.

It reads each request to its end before it decides, so that every fault is known to strike before or after the hub has
worked on it (F12 to F16). HTTP/1.1 with Content-Length only, which is all that terminals and hub speak.
"""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from enum import Enum
from types import TracebackType

_END_OF_HEAD = b"\r\n\r\n"
_MOST_HEAD = 64 * 1024
_PATIENCE = 60.0
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: closing sends RST."""

_PORTAL = b"<html><head><title>Sign in</title></head><body>Please accept the terms of this network.</body></html>"


class WireFault(Enum):
    """What happens to one exchange. BEFORE: the hub never sees the request; AFTER: it has done its work."""

    RESET_BEFORE = "connection reset before"
    RESET_AFTER = "connection reset after"
    ERROR_BEFORE = "500 before"
    ERROR_AFTER = "500 after"
    BUSY_BEFORE = "503 with Retry-After before"
    BUSY_AFTER = "503 with Retry-After after"
    PORTAL_BEFORE = "captive portal's page before"
    PORTAL_AFTER = "captive portal's page after"
    TRUNCATED = "half of the reply"
    SLOW = "reply drips in"
    HUNG = "no reply for seconds, then closed"
    TWICE = "request delivered twice, second reply passed on"


_BEFORE = {WireFault.RESET_BEFORE, WireFault.ERROR_BEFORE, WireFault.BUSY_BEFORE, WireFault.PORTAL_BEFORE}


class FaultProxy:
    """Listens on a free loopback port and passes on to `hub_port`, striking each exchange with probability `rate`."""

    def __init__(self, hub_port: int, dice: random.Random, rate: float) -> None:
        self.rate = rate
        self.struck: Counter[WireFault] = Counter()
        self.exchanges = 0
        self._hub_port = hub_port
        self._dice = dice
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), name="proxied", daemon=True).start()

    def _choose(self) -> WireFault | None:
        with self._lock:
            self.exchanges += 1
            if self._dice.random() >= self.rate:
                return None
            fault = self._dice.choice(list(WireFault))
            self.struck[fault] += 1
            return fault

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):  # either side going away ends this connection only
            client.settimeout(_PATIENCE)
            while (request := _read_message(client)) is not None:
                if not self._exchange(client, request, self._choose()):
                    return

    def _exchange(self, client: socket.socket, request: bytes, fault: WireFault | None) -> bool:
        """One exchange; False where the connection ends with it."""
        reply = b"" if fault in _BEFORE else self._forward(request)
        if fault is WireFault.TWICE:
            reply = self._forward(request)
        match fault:
            case None | WireFault.TWICE:
                client.sendall(reply)
                return bool(reply)
            case WireFault.RESET_BEFORE | WireFault.RESET_AFTER:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                return False
            case WireFault.ERROR_BEFORE | WireFault.ERROR_AFTER:
                client.sendall(_answer("500 Internal Server Error", b"out of order"))
            case WireFault.BUSY_BEFORE | WireFault.BUSY_AFTER:
                client.sendall(_answer("503 Service Unavailable", b"busy", "Retry-After: 1\r\n"))
            case WireFault.PORTAL_BEFORE | WireFault.PORTAL_AFTER:
                client.sendall(_answer("200 OK", _PORTAL, "Content-Type: text/html\r\n"))
            case WireFault.TRUNCATED:
                client.sendall(reply[: len(reply) // 2])
                return False
            case WireFault.SLOW:
                for piece in range(0, len(reply), max(1, len(reply) // 20)):
                    client.sendall(reply[piece : piece + max(1, len(reply) // 20)])
                    time.sleep(0.05)
            case WireFault.HUNG:
                time.sleep(2.0)
                return False
        return True

    def _forward(self, request: bytes) -> bytes:
        """The hub's whole reply; empty where it is away or dies meanwhile."""
        try:
            with socket.create_connection(("127.0.0.1", self._hub_port), _PATIENCE) as hub:
                hub.sendall(request)
                return _read_message(hub, bodiless=request.startswith(b"HEAD ")) or b""
        except OSError:
            return b""


def _answer(status: str, body: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def _read_message(connection: socket.socket, *, bodiless: bool = False) -> bytes | None:
    """One HTTP message, None at the end of the connection or where it breaks off."""
    data = bytearray()
    while (end := data.find(_END_OF_HEAD)) < 0:
        piece = connection.recv(65536)
        if not piece or len(data) > _MOST_HEAD:
            return None
        data += piece
    length = 0
    for line in bytes(data[:end]).split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        elif name.strip().lower() == b"transfer-encoding":
            raise ValueError("this proxy does not speak chunked transfer")
    if bodiless or data.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")):
        length = 0
    missing = end + len(_END_OF_HEAD) + length - len(data)
    while missing > 0:
        piece = connection.recv(min(missing, 1 << 20))
        if not piece:
            return None
        data += piece
        missing -= len(piece)
    return bytes(data)
