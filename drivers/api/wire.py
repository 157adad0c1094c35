"""Typed messages over Unix sockets: 4-byte big-endian length, then MessagePack; peers are known by their uid.

Generic over the message union, so that the device daemon and the agent share it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes; a length above it ends the connection (a scan of one page is below 20 MB)."""

_LENGTH = struct.Struct(">I")

In = TypeVar("In")
Out = TypeVar("Out")


class WireError(Exception):
    """The peer sent something that is not a message of this protocol."""


def peer_uid(connection: socket.socket) -> int:
    """The uid at the other end of a connected Unix socket (SO_PEERCRED)."""
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", packed)[1])


class Channel(Generic[In, Out]):
    """One connected socket. `receive` gives the next incoming message, None at the end of the stream.

    `send` may be called from any thread. Raises OSError when the peer is gone, WireError on malformed input.
    """

    def __init__(self, connection: socket.socket, incoming: Any) -> None:
        self._socket = connection
        self._decoder = msgspec.msgpack.Decoder(incoming)
        self._encoder = msgspec.msgpack.Encoder()
        self._send_lock = threading.Lock()

    def send(self, message: Out) -> None:
        """Send one message whole."""
        body = self._encoder.encode(message)
        if len(body) > MAX_MESSAGE:
            raise WireError(f"message of {len(body)} bytes is above the limit")
        with self._send_lock:
            self._socket.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self) -> In | None:
        """The next message, or None when the peer has closed."""
        head = self._exactly(_LENGTH.size)
        if head is None:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MAX_MESSAGE:
            raise WireError(f"length {length} is above the limit")
        body = self._exactly(length)
        if body is None:
            return None
        try:
            message: In = self._decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise WireError(str(error)) from error
        return message

    def _exactly(self, size: int) -> bytes | None:
        chunks = bytearray()
        while len(chunks) < size:
            chunk = self._socket.recv(min(size - len(chunks), 1 << 20))
            if not chunk:
                return None
            chunks += chunk
        return bytes(chunks)

    def close(self) -> None:
        """Wake a blocked `receive` and close. Safe to call twice and from any thread."""
        with contextlib.suppress(OSError):  # already closed by the peer
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def connect(path: Path, incoming: Any, timeout: float = 5.0) -> Channel[Any, Any]:
    """Connect to the Unix socket at `path`. Raises OSError where nothing listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    connection.settimeout(None)
    return Channel(connection, incoming)


class Listener:
    """Accepts peers of the same user on a Unix socket and serves each in its own thread."""

    def __init__(self, path: Path, incoming: Any, serve: Callable[[Channel[Any, Any]], None]) -> None:
        self._path = path
        self._incoming = incoming
        self._serve = serve
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Made under another name: once the socket is seen at `path`, it is closed to others and listens.
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        self._socket.bind(str(fresh))
        fresh.chmod(0o600)
        self._socket.listen(16)
        self._bound = _identity(fresh)
        fresh.replace(path)
        self._thread = threading.Thread(target=self._accept, name=f"listen {path.name}", daemon=True)

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # closed by stop()
            if peer_uid(connection) not in {os.getuid(), 0}:
                connection.close()
                continue
            channel: Channel[Any, Any] = Channel(connection, self._incoming)
            threading.Thread(target=self._serve, args=(channel,), name="peer", daemon=True).start()

    def stop(self) -> None:
        """Stop accepting; open channels end when their peers leave. A path that another process has taken over since
        stays."""
        with contextlib.suppress(OSError):  # a listener is not connected, which some kernels report
            self._socket.shutdown(socket.SHUT_RDWR)
        # Before the socket is closed: an inode that is free again may be the next owner's.
        if self._bound is not None and _identity(self._path) == self._bound:
            self._path.unlink(missing_ok=True)
        self._bound = None
        self._socket.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of what is at `path`; None where nothing is."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
