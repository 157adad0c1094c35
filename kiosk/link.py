"""A client's end of a Unix socket that comes back by itself when the program behind it was restarted."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from drivers.api.wire import Channel, WireError, connect

log = logging.getLogger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")

RETRY_SECONDS = 0.3


def fresh_request() -> str:
    """A name for one request, by which its answer is known: 12 hexadecimal digits."""
    return uuid.uuid4().hex[:12]


class LinkDownError(Exception):
    """The program behind the socket is not there now."""


class Link(Generic[In, Out]):
    """Keeps a connection to `path`. `on_message` and `on_up` are called in the link's own thread."""

    def __init__(
        self, path: Path, incoming: Any, on_message: Callable[[In], None], on_up: Callable[[bool], None]
    ) -> None:
        self._path = path
        self._incoming = incoming
        self._on_message = on_message
        self._on_up = on_up
        self._channel: Channel[In, Out] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link {path.name}", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def send(self, message: Out) -> None:
        """Send one message. Raises LinkDownError where nothing is connected; the message is then not sent later."""
        channel = self._channel
        if channel is None:
            raise LinkDownError(self._path.name)
        try:
            channel.send(message)
        except OSError as error:
            raise LinkDownError(self._path.name) from error

    def stop(self) -> None:
        """End the link and its thread."""
        self._stop.set()
        if self._channel is not None:
            self._channel.close()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._channel = connect(self._path, self._incoming)
            except OSError:
                self._stop.wait(RETRY_SECONDS)
                continue
            self._on_up(True)
            try:
                while (message := self._channel.receive()) is not None:
                    self._on_message(message)
            except (OSError, WireError) as error:
                log.warning("link %s broke: %s", self._path.name, type(error).__name__)
            self._channel.close()
            self._channel = None
            if not self._stop.is_set():
                self._on_up(False)
