"""HTTP/1.1 from one process over many kept connections, with as little work of the client's own as possible: requests
are bytes before the clock starts, replies are parsed by httptools."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import httptools


@dataclass(frozen=True, slots=True)
class Request:
    """One request as an adapter makes it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        """As it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"host: {host}", f"content-length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(slots=True)
class Reply:
    """Status, fields with lower-case names (the last one where there are several), and body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Reader(asyncio.Protocol):
    """One connection. httptools calls the `on_…` methods."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.reply = Reply()
        self.done: asyncio.Future[Reply] | None = None
        self.lost = False
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if self.done is not None and not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the server hung up"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self.reply.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.reply.body += body

    def on_message_complete(self) -> None:
        self.reply.status = self._parser.get_status_code()
        if self.done is not None and not self.done.done():
            self.done.set_result(self.reply)


class Line:
    """One client's connection to the server at `url`, opened again where it was cut."""

    def __init__(self, url: str) -> None:
        self._at: SplitResult = urlsplit(url)
        self._reader: _Reader | None = None

    @property
    def host(self) -> str:
        """The Host field."""
        return self._at.netloc

    async def ask(self, request: Request) -> Reply:
        """Send and wait for the reply. Raises OSError where the server cannot be reached or hangs up."""
        return await self.send(request.wire(self.host))

    async def send(self, wire: bytes) -> Reply:
        """The same with bytes made earlier."""
        loop = asyncio.get_running_loop()
        reader = self._reader
        if reader is None or reader.lost:
            _, reader = await loop.create_connection(_Reader, self._at.hostname or "", self._at.port or 80)
            self._reader = reader
        reader.reply, reader.done = Reply(), loop.create_future()
        reader.transport.write(wire)
        return await reader.done

    def close(self) -> None:
        """Hang up."""
        if self._reader is not None:
            self._reader.transport.close()
            self._reader = None
