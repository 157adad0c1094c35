"""Listening to the hub's events (`GET /v1/events`, server-sent events, WHATWG HTML 9.2), signed with the device key.

The stream has no end, so it has no deadline either; a hub that is silent for longer than two of its heartbeats is gone.
Where the last id that was told is given, the hub replays what was missed.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from kiosk.clock import Clock
from kiosk.court.hub_errors import (
    HubBusyError,
    HubError,
    HubFailedError,
    HubRefusedError,
    HubUnreachableError,
    TerminalRefusedError,
)
from kiosk.court.keys import SigningKey
from kiosk.court.request_signer import RequestSigner

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 40.0
LONGEST_EVENT = 64 * 1024
RESET = "reset"
"""Kind of the event that says: what you saw last is not known any more, read the state again."""


@dataclass(frozen=True, slots=True)
class HubEvent:
    """One event. `id` goes back to the hub with the next connection; `data` is JSON text."""

    id: str
    kind: str
    data: str


class EventStream:
    """One listener at one hub. `listen` belongs to one thread; `close` may be called from any other."""

    def __init__(self, url: str, key: SigningKey, clock: Clock, ca_file: Path | None = None) -> None:
        self._base = httpx.URL(url)
        self._signer = RequestSigner(key, clock)
        self._clock = clock
        self._socket: socket.socket | None = None
        self._closed = threading.Event()
        self.ahead = timedelta(0)
        """How far the hub's clock is ahead of this terminal's, as its last connection told."""
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        timeout = httpx.Timeout(CONNECT_SECONDS, read=SILENCE_SECONDS)
        self._client = httpx.Client(verify=context, trust_env=False, follow_redirects=False, timeout=timeout)

    def listen(self, topics: Iterable[str], last: str, on_open: Callable[[], None]) -> Iterator[HubEvent]:
        """Events of `topics` after the one with the id `last`, until the hub ends the stream. `on_open` is called once
        it is connected. Raises the errors of hub_errors."""
        url = self._base.join(f"{self._base.path.rstrip('/')}/v1/events?topics={','.join(topics)}")
        try:
            with self._opened(url, last) as response:
                if response.status_code != 200:
                    raise _refusal(response)
                self._learn(response)
                on_open()
                yield from parse_events(response.iter_bytes())
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise HubUnreachableError(type(error).__name__) from error
        finally:
            self._socket = None

    def close(self) -> None:
        """End `listen`, now and for good."""
        self._closed.set()
        connected = self._socket
        if connected is not None:
            with contextlib.suppress(OSError):  # it ended by itself
                connected.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def _opened(self, url: httpx.URL, last: str) -> Iterator[httpx.Response]:
        with contextlib.ExitStack() as stack:
            for attempt in range(2):
                if self._closed.is_set():
                    raise HubUnreachableError("closed")
                headers = self._signer.fields(
                    "GET", str(url), {"accept": "text/event-stream", "last-event-id": last, "connection": "close"}
                )
                response = stack.enter_context(self._client.stream("GET", url, headers=headers))
                self._socket = response.extensions["network_stream"].get_extra_info("socket")
                if attempt or not self._signer.must_sign_again(response.status_code, response.headers):
                    break
            yield response

    def _learn(self, response: httpx.Response) -> None:
        if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/event-stream":
            raise HubUnreachableError("the reply is not of the announced media type")
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        ahead = (told if told.tzinfo else told.replace(tzinfo=UTC)) - self._clock.now()
        # The field has whole seconds: less than two tell nothing.
        self.ahead = ahead if abs(ahead) > timedelta(seconds=2) else timedelta(0)

    def hub_now(self) -> datetime:
        """The hub's time, as far as it is known."""
        return self._clock.now() + self.ahead


def parse_events(chunks: Iterable[bytes]) -> Iterator[HubEvent]:
    """The events in a stream, however it was cut into pieces. Comments, unknown fields and events without data are
    passed over. Raises HubUnreachableError for what cannot be the hub's."""
    rest = b""
    fields: dict[str, str] = {}
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) + sum(map(len, fields.values())) > LONGEST_EVENT:
            raise HubUnreachableError("an event has no end")
        for line in lines:
            try:
                name, _, value = line.rstrip(b"\r").decode("utf-8").partition(":")
            except UnicodeDecodeError as error:
                raise HubUnreachableError("the stream is not UTF-8") from error
            value = value.removeprefix(" ")
            if name == "data" and "data" in fields:
                fields["data"] += "\n" + value
            elif name:
                fields[name] = value
            elif not line.strip(b"\r"):
                if fields.get("data"):
                    yield HubEvent(fields.get("id", ""), fields.get("event", "message"), fields["data"])
                fields = {}


def _refusal(response: httpx.Response) -> HubError:
    status = response.status_code
    match status:
        case 401 | 403:
            return TerminalRefusedError(f"status {status}")
        case 429 | 503:
            return HubBusyError(f"status {status}", None)
        case _ if 400 <= status <= 499:
            return HubRefusedError(f"status {status}")
        case _ if 500 <= status <= 599:
            return HubFailedError(f"status {status}")
        case _:
            return HubUnreachableError(f"status {status} is not of this contract")
