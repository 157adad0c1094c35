"""Serving the application with uvicorn: binds first, says where it listens once it does, ends cleanly on SIGTERM."""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from provisioning.hub.data import DataError

GRACE_SECONDS = 10


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises DataError where the address cannot be had."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, number)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        raise DataError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return bound


class _Server(uvicorn.Server):
    """Prints one line with the URL when connections are accepted, and ends in order on SIGTERM and SIGINT."""

    def __init__(self, config: uvicorn.Config, app: Starlette, url: str) -> None:
        super().__init__(config)
        self._app = app
        self._url = url

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's own, but without raising the signal again at the end: an ordered end is exit code 0."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start accepting, then say so."""
        await super().startup(sockets)
        if self.started:
            print(f"court-hub listening on {self._url}", flush=True)  # noqa: T201 - scripts wait for this line

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way; event streams, which have no end of their own, are ended first."""
        self._app.state.relay.stop()
        await super().shutdown(sockets)


def serve(app: Starlette, bound: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    host, port = bound.getsockname()[:2]
    url = f"http://[{host}]:{port}" if bound.family is socket.AF_INET6 else f"http://{host}:{port}"
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # paths hold receipt and submission numbers
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    _Server(config, app, url).run(sockets=[bound])
