"""One signed request to the hub and its whole reply, under one deadline.

httpx knows a time limit per read only; a server that sends one byte a second never trips it. Here every read and
write gets what is left of the request's total.
"""

from __future__ import annotations

import ssl
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx

from kiosk.clock import Clock
from kiosk.court.hub_errors import HubUnreachableError
from kiosk.court.keys import SigningKey
from kiosk.court.request_signer import RequestSigner

MAX_REPLY = 4 * 1024 * 1024

_IDLE_SECONDS = 4.0  # servers commonly drop idle connections after five


class _Deadline:
    """The moment at which the request under way must have ended."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = 0.0

    def start(self, seconds: float) -> None:
        self._at = self._clock.monotonic() + seconds

    def left(self) -> float:
        return max(0.001, self._at - self._clock.monotonic())

    @property
    def over(self) -> bool:
        return self._clock.monotonic() >= self._at


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        if self._deadline.over:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        connection = self._inner.get_extra_info("socket")
        rest = memoryview(buffer)
        while rest:
            if self._deadline.over:
                raise httpcore.WriteTimeout
            connection.settimeout(self._deadline.left())
            try:
                rest = rest[connection.send(rest) :]
            except TimeoutError as error:
                raise httpcore.WriteTimeout from error
            except OSError as error:
                raise httpcore.WriteError from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: _Deadline) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        stream = self._inner.connect_tcp(host, port, self._deadline.left(), local_address, socket_options)
        return _Stream(stream, self._deadline)


class _Transport(httpx.HTTPTransport):
    def __init__(self, context: ssl.SSLContext, deadline: _Deadline) -> None:
        super().__init__(verify=context)
        self._pool.close()
        # httpx offers no public way to give its connection pool a network backend; the pool itself does.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_Backend(deadline),
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class HubLink:
    """A connection to one hub, kept alive between requests. One request at a time: each thread has its own link."""

    def __init__(self, url: str, key: SigningKey, clock: Clock, ca_file: Path | None = None) -> None:
        self._base = httpx.URL(url)
        self._signer = RequestSigner(key, clock)
        self._deadline = _Deadline(clock)
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        # Neither proxies nor credentials from the environment: a terminal talks to its hub and to nothing else.
        self._client = httpx.Client(
            transport=_Transport(context, self._deadline),
            trust_env=False,
            follow_redirects=False,
            timeout=None,  # noqa: S113 - the deadline is kept by the streams
        )

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, seconds: float
    ) -> Reply:
        """Send one signed request and read its reply, all within `seconds`. Raises HubUnreachableError.

        Where the hub says that only our clock is wrong, its time is taken for signatures from then on and the
        request is made once more; the clock that dates receipts is left alone.
        """
        reply = self._once(method, path, body, headers or {}, seconds)
        if self._signer.must_sign_again(reply.status, reply.headers):
            reply = self._once(method, path, body, headers or {}, seconds)
        return reply

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        self._deadline.start(seconds)
        url = self._base.join(self._base.path.rstrip("/") + path)
        signed = self._signer.fields(method, str(url), headers, body)
        try:
            with self._client.stream(method, url, content=body, headers=signed) as response:
                received = bytearray()
                for piece in response.iter_bytes():
                    received += piece
                    if len(received) > MAX_REPLY:
                        raise HubUnreachableError("the reply has no end")
                lowered = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, lowered, bytes(received))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise HubUnreachableError(type(error).__name__) from error
