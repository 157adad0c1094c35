"""The simulated page scanner: a process that speaks eSCL over HTTP and scans sheets it draws itself.

    python -m drivers.page_scanner.sim --control SOCKET [--port N] [--sheets N] [--glass THING]

Prints one JSON line when ready: {"ready": true, "url": ...}. Orders on the control socket (drivers/dock/control.py)
are listed in README.md.
"""

from __future__ import annotations

import argparse
import re
import socket
import sys
import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from drivers.dock.control import Answer, Order, serve_until
from drivers.page_scanner.sim_escl import capabilities_xml
from drivers.page_scanner.sim_pages import THINGS
from drivers.page_scanner.sim_scanner import SimulatedScanner
from drivers.scenes.sheet import PapersError
from drivers.shell import EXIT_OK, EXIT_REFUSED, OneLineParser, complain, until_told

ROOT = "/eSCL"
_JOB = re.compile(ROOT + r"/ScanJobs/(\d{1,6})(/NextDocument)?")
_MOST_BODY = 1 << 20


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    scanner: SimulatedScanner
    open_connections: set[socket.socket]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open_connections.add(self.connection)

    def finish(self) -> None:
        self.server.open_connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        if self.path == f"{ROOT}/ScannerCapabilities":
            self._answer(HTTPStatus.OK, capabilities_xml().encode(), "text/xml")
        elif self.path == f"{ROOT}/ScannerStatus":
            self._answer(HTTPStatus.OK, self.server.scanner.status().encode(), "text/xml")
        elif (job := _JOB.fullmatch(self.path)) and job[2]:
            status, picture = self.server.scanner.next_document(int(job[1]))
            self._answer(status, picture, "image/jpeg")
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        told = self.headers.get("Content-Length", "")
        size = int(told) if told.isdigit() else 0
        if self.path != f"{ROOT}/ScanJobs" or size > _MOST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.NOT_FOUND)
            return
        status, number = self.server.scanner.start_job(self.rfile.read(size))
        self._answer(status, location=f"{ROOT}/ScanJobs/{number}" if status is HTTPStatus.CREATED else "")

    def do_DELETE(self) -> None:
        job = _JOB.fullmatch(self.path)
        self._answer(self.server.scanner.cancel(int(job[1])) if job and not job[2] else HTTPStatus.NOT_FOUND)

    def _answer(self, status: HTTPStatus, body: bytes = b"", kind: str = "", location: str = "") -> None:
        try:
            self.send_response(status)
            if kind and body:
                self.send_header("Content-Type", kind)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the host has left

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the ready line is the only output."""


class Plug:
    """The scanner's network cable: the address stays the same, nothing listens there while it is pulled."""

    def __init__(self, scanner: SimulatedScanner, port: int) -> None:
        self._scanner = scanner
        self._port = port
        self._server: _Server | None = None
        self.plug()

    @property
    def url(self) -> str:
        """Where the scanner answers when plugged in."""
        return f"http://127.0.0.1:{self._port}{ROOT}"

    def plug(self) -> None:
        """Put the cable in. Raises OSError when the port is taken."""
        if self._server is not None:
            return
        server = _Server(("127.0.0.1", self._port), _Handler)
        server.scanner, server.open_connections = self._scanner, set()
        self._scanner.set_gone(False)
        self._port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._server = server

    def unplug(self) -> None:
        """Pull the cable: every connection ends."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        for connection in list(server.open_connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by the host a moment ago
        server.server_close()
        self._scanner.set_gone(True)

    def order(self, order: Order) -> Answer:
        """One order of the control channel."""
        match order["do"]:
            case "plug":
                self.plug()
            case "unplug":
                self.unplug()
            case _:
                self._scanner.order(order)
        return {**self._scanner.order({"do": "status"}), "plugged": self._server is not None, "url": self.url}


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to end; returns the exit code."""
    parser = OneLineParser(prog="page_scanner.sim", description="Simulated page scanner")
    parser.add_argument("--port", type=int, default=0, help="TCP port on the loopback address; 0 picks one")
    parser.add_argument("--control", type=Path, required=True, help="Unix socket for orders")
    parser.add_argument("--sheets", type=int, default=0, help="sheets in the feeder")
    parser.add_argument("--glass", choices=THINGS, help="what lies on the glass")
    arguments = parser.parse_args(argv)
    try:
        return _serve(arguments)
    except PapersError as error:
        complain(parser.prog, str(error))
    except OSError as error:
        complain(parser.prog, error.strerror or str(error))
    return EXIT_REFUSED


def _serve(arguments: argparse.Namespace) -> int:
    ending = until_told()
    scanner = SimulatedScanner()
    scanner.order({"do": "load", "sheets": arguments.sheets})
    scanner.order({"do": "lay", "thing": arguments.glass or ""})
    plug = Plug(scanner, arguments.port)
    serve_until(ending, arguments.control, plug.order, url=plug.url)
    plug.unplug()
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
