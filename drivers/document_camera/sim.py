"""The simulated document camera: a process that sends MJPEG over HTTP, one photograph after another.

    python -m drivers.document_camera.sim [--photos DIR] [--port N] [--fps N] --control SOCKET
    python -m drivers.document_camera.sim --make-photos DIR

Prints one JSON line when ready: {"ready": true, "url": ...}. Orders on the control socket (drivers/dock/control.py)
are listed in README.md. Without --photos it shows the photographs that --make-photos makes.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from drivers.dock.control import Answer, ControlError, Order, serve_until
from drivers.document_camera import sim_photos
from drivers.imaging.geometry import Image, as_image
from drivers.scenes.camera import as_jpeg
from drivers.scenes.sheet import PapersError
from drivers.shell import EXIT_OK, EXIT_REFUSED, OneLineParser, complain, until_told

PATH = "/video.mjpeg"
_BOUNDARY = "court-kiosk-picture"
_NOISES = 6  # different grains of one photograph, so that no two pictures in a row are equal
_GRAIN = 1.6  # of 255


class SimulatedCamera:
    """Photographs under a lens, by name, each made or read when it is shown first. Thread-safe; `next_picture` is
    called by every connection. Raises PapersError where a photograph cannot be drawn."""

    def __init__(self, photos: Mapping[str, Callable[[], Image | None]]) -> None:
        if not photos:
            raise ControlError("there is no photograph to show")
        self._photos = list(photos.items())
        self._lock = threading.Lock()
        self._at = 0
        self._count = 0
        self._frozen = ""
        self._grains: list[bytes] = []
        self.show(0)

    def show(self, at: int) -> None:
        """Lay photograph number `at` under the lens. Raises ControlError for one that cannot be read."""
        at %= len(self._photos)
        name, draw = self._photos[at]
        picture = draw()
        if picture is None:
            raise ControlError(f"{name} cannot be read")
        grains = [as_jpeg(_grained(picture, seed), 88) for seed in range(_NOISES)]
        with self._lock:
            self._at, self._grains = at, grains

    def next_picture(self) -> bytes | None:
        """The next picture of the stream; None while the camera sends nothing."""
        with self._lock:
            if self._frozen == "silent":
                return None
            if not self._frozen:
                self._count += 1
            return self._grains[self._count % _NOISES]

    def order(self, order: Order) -> None:
        """next, photo, freeze, thaw. Raises ControlError."""
        match order["do"]:
            case "next":
                self.show(self._at + 1)
            case "photo":
                self.show(self._number(str(order.get("name", ""))))
            case "freeze":
                how = str(order.get("how", "repeat"))
                if how not in ("repeat", "silent"):
                    raise ControlError("freeze how: repeat or silent")
                with self._lock:
                    self._frozen = how
            case "thaw":
                with self._lock:
                    self._frozen = ""
            case "status":
                pass
            case other:
                raise ControlError(f"there is no order {other}")

    def _number(self, name: str) -> int:
        names = [photo for photo, _ in self._photos]
        found = [at for at, stem in enumerate(names) if name in (stem, stem.partition("-")[2])]
        if not found:
            raise ControlError(f"there is no photograph {name}; there are {', '.join(names)}")
        return found[0]

    def status(self) -> Answer:
        """What lies under the lens and whether the stream lives."""
        with self._lock:
            names = [photo for photo, _ in self._photos]
            return {"photo": names[self._at], "photos": names, "frozen": self._frozen or None}


def _grained(picture: Image, seed: int) -> Image:
    """`picture` with a sensor's noise. One tile of noise, moved about, is as good as fresh noise and a hundred times
    cheaper, so that a busy machine still answers the dock in time."""
    tile = np.random.default_rng(seed).normal(scale=_GRAIN, size=(64, 64, 3)).astype(np.int16)
    height, width = picture.shape[:2]
    grain = np.tile(tile, (-(-height // 64), -(-width // 64), 1))[:height, :width]
    return as_image(np.clip(picture.astype(np.int16) + grain, 0, 255).astype(np.uint8))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    camera: SimulatedCamera
    pause: float
    unplugged: threading.Event


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        if self.path != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.end_headers()
        while not self.server.unplugged.wait(self.server.pause):
            picture = self.server.camera.next_picture()
            if picture is None:
                continue
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + picture + b"\r\n")
            except OSError:
                return  # the viewer has left

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the ready line is the only output."""


class Plug:
    """The camera's cable: the address stays the same, nothing listens there while it is pulled."""

    def __init__(self, camera: SimulatedCamera, port: int, frames_per_second: float) -> None:
        self._camera = camera
        self._pause = 1 / frames_per_second
        self._port = port
        self._server: _Server | None = None
        self.plug()

    @property
    def url(self) -> str:
        """Where the stream is when plugged in."""
        return f"http://127.0.0.1:{self._port}{PATH}"

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._server is not None

    def plug(self) -> None:
        """Put the cable in. Raises OSError when the port is taken."""
        if self._server is not None:
            return
        server = _Server(("127.0.0.1", self._port), _Handler)
        server.camera, server.pause, server.unplugged = self._camera, self._pause, threading.Event()
        self._port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._server = server

    def unplug(self) -> None:
        """Pull the cable: every stream ends."""
        server, self._server = self._server, None
        if server is not None:
            server.unplugged.set()
            server.shutdown()
            server.server_close()

    def order(self, order: Order) -> Answer:
        """One order of the control channel."""
        match order["do"]:
            case "plug":
                self.plug()
            case "unplug":
                self.unplug()
            case _:
                self._camera.order(order)
        return {**self._camera.status(), "plugged": self.plugged, "url": self.url}


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to end; returns the exit code."""
    parser = OneLineParser(prog="document_camera.sim", description="Simulated document camera")
    parser.add_argument("--photos", type=Path, help="folder of JPEG photographs, shown in the order of their names")
    parser.add_argument("--port", type=int, default=0, help="TCP port on the loopback address; 0 picks one")
    parser.add_argument("--fps", type=float, default=10.0, help="pictures a second")
    parser.add_argument("--control", type=Path, help="Unix socket for orders")
    parser.add_argument("--make-photos", type=Path, metavar="DIR", help="write the synthetic photographs and end")
    arguments = parser.parse_args(argv)
    if arguments.make_photos is None and arguments.control is None:
        parser.error("--control or --make-photos is needed")
    if not 0.1 <= arguments.fps <= 120:
        parser.error("--fps is a number from 0.1 to 120")
    try:
        if arguments.make_photos is not None:
            sim_photos.write(arguments.make_photos)
            return EXIT_OK
        return _serve(arguments)
    except (PapersError, ControlError) as error:
        complain(parser.prog, str(error))
    except OSError as error:
        complain(parser.prog, error.strerror or str(error))
    return EXIT_REFUSED


def _serve(arguments: argparse.Namespace) -> int:
    ending = until_told()
    photos: dict[str, Callable[[], Image | None]] = {**sim_photos.PHOTOS}
    if arguments.photos:
        photos = {path.stem: partial(sim_photos.read, path) for path in sorted(arguments.photos.glob("*.jpg"))}
    camera = SimulatedCamera(photos)
    plug = Plug(camera, arguments.port, arguments.fps)
    serve_until(ending, arguments.control, plug.order, url=plug.url)
    plug.unplug()
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
