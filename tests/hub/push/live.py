"""A hub served from a thread of the test, so that a test can change something inside it, and a plain SSE client."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from kiosk.clock import Clock
from provisioning.hub.application import application
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import Hub, HubOptions, open_hub
from provisioning.hub.push.events import DISPLAY, EventKind, JsonValue, record
from provisioning.hub.push.relay import Relay
from provisioning.hub.server import bind
from provisioning.hub.writer import Job, T
from tests.hub.processes import wait_for

OPTIONS = HubOptions(production=False, development_terminals=True, safe_after=timedelta(seconds=60))


class LiveHub:
    """One hub on a free port, with its insides at hand."""

    def __init__(self, data: Path, url: str | None = None, clock: Clock | None = None) -> None:
        self.hub: Hub = open_hub(DataDirectory(data), url, OPTIONS, clock)
        bound = bind("127.0.0.1", 0)
        self.port: int = bound.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        app = application(self.hub)
        self.relay: Relay = app.state.relay
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [bound]}, daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started)

    def do(self, job: Job[T]) -> T:
        """Run a job and wait for its commit."""
        return self.hub.writer.submit(job).result(30)

    def tell(self, audience: str = DISPLAY, kind: EventKind = EventKind.TICKET_STATUS, **data: JsonValue) -> None:
        """Record one event."""
        at = self.hub.clock.now()
        self.do(lambda connection: record(connection, kind=kind, audience=audience, data=data, at=at))

    def stop(self) -> None:
        """End it."""
        self.relay.stop()
        self._server.should_exit = True
        self._thread.join(20)
        self.hub.close()


@dataclass(frozen=True)
class Heard:
    """One event as a client got it."""

    id: str
    kind: str
    data: Any


class Listener:
    """One HTTP/1.1 connection that listens to /v1/events. `status` and `headers` are of the reply."""

    def __init__(
        self,
        url: str,
        topics: str,
        *,
        last: str | None = None,
        headers: Mapping[str, str] | None = None,
        path: str = "",
    ) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=20)
        lines = [f"GET {path or '/v1/events'}?topics={topics} HTTP/1.1", "host: hub", "accept: text/event-stream"]
        lines += [f"last-event-id: {last}"] if last is not None else []
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        self._raw = b""
        self._text = b""
        self.comments = 0
        self.ended = False
        head = self._until(b"\r\n\r\n").decode()
        self.status = int(head.split(" ")[1])
        self.chunked = "transfer-encoding: chunked" in head.lower()
        if self.status == 200:
            assert self._event_text() == b"retry: 1000"

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def next(self) -> Heard:
        """The next event."""
        while True:
            fields = dict(line.split(": ", 1) for line in self._event_text().decode().split("\n") if ": " in line)
            if fields:
                return Heard(fields["id"], fields["event"], json.loads(fields["data"]))
            self.comments += 1

    def silent_for(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        deadline = time.monotonic() + seconds
        while not self._text and not self._raw:
            ready, _, _ = select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return True
            self._raw += self._socket.recv(65536)
        return False

    def _event_text(self) -> bytes:
        while b"\n\n" not in self._text:
            size = int(self._until(b"\r\n"), 16)
            if size == 0:
                self.ended = True
                raise EOFError
            while len(self._raw) < size + 2:
                self._receive()
            self._text += self._raw[:size]
            self._raw = self._raw[size + 2 :]
        text, _, self._text = self._text.partition(b"\n\n")
        return text

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._raw:
            self._receive()
        found, _, self._raw = self._raw.partition(mark)
        return found

    def _receive(self) -> None:
        piece = self._socket.recv(65536)
        if not piece:
            raise EOFError
        self._raw += piece
