"""A simulator's control channel: JSON lines over a Unix socket, `{"do": ...}` answered by one JSON line each.

An answer carries `"ok": true`, or `"ok": false` with `"error"`. Every simulator serves one; the dock and tests speak
to it with `ask`.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

Order = Mapping[str, object]
Answer = dict[str, object]


class ControlError(Exception):
    """A simulator refused an order, or is not there; one line."""


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    handle_order: Callable[[Order], Answer]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")

    def _answer(self, line: bytes) -> Answer:
        try:
            order = json.loads(line)
        except ValueError:
            return {"ok": False, "error": "not a line of JSON"}
        if not isinstance(order, dict) or not isinstance(order.get("do"), str):
            return {"ok": False, "error": 'an order is an object with "do"'}
        try:
            return {"ok": True, **self.server.handle_order(order)}
        except (ControlError, KeyError, ValueError, TypeError) as error:  # a wrong order must not end the simulator
            return {"ok": False, "error": " ".join(str(error).split())}


def serve_control(path: Path, handle: Callable[[Order], Answer]) -> Callable[[], None]:
    """Serve orders at `path` in background threads; `handle` may raise ControlError. Returns what stops it."""
    path.unlink(missing_ok=True)
    server = _Server(str(path), _Handler)
    server.handle_order = handle
    path.chmod(0o600)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="control", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        path.unlink(missing_ok=True)

    return stop


def serve_until(ending: threading.Event, path: Path, handle: Callable[[Order], Answer], **ready: str) -> None:
    """Serve orders at `path` until `ending` is set; `ready` (where it is reached) is told on stdout first."""
    stop = serve_control(path, handle)
    print(json.dumps({"ready": True, **ready}), flush=True)  # noqa: T201 - read by whoever started it
    ending.wait()
    stop()


def ask(path: Path, order: Order, timeout: float = 15.0) -> Answer:
    """Send one order and return the answer. Raises ControlError when it is refused or nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(str(path))
            connection.sendall(json.dumps(order, ensure_ascii=False).encode() + b"\n")
            with connection.makefile("rb") as lines:
                line = lines.readline()
        except OSError as error:
            raise ControlError(f"no simulator at {path.name}: {error.strerror or error}") from error
    if not line:
        raise ControlError(f"the simulator at {path.name} hung up")
    answer: Answer = json.loads(line)
    if not answer.get("ok"):
        raise ControlError(str(answer.get("error", "refused")))
    return answer
