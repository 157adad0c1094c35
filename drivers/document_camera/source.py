"""Where pictures come from: a V4L2 camera, an MJPEG stream over HTTP, or a folder of photographs.

Each is used in the capture process only, where a call that never returns hurts nobody.
"""

from __future__ import annotations

import http.client
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import cv2
import numpy as np

from drivers.document_camera.picture import encode
from drivers.document_camera.protocol import (
    MAX_PICTURE_BYTES,
    CameraProtocolError,
    PartParser,
    boundary_of,
    is_whole_jpeg,
)
from drivers.imaging.geometry import Image

CONNECT_SECONDS = 5.0
FOLDER_PAUSE = 0.1  # seconds between two looks at a folder
_ORIGINAL_QUALITY = 95
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Shot:
    """One picture as JPEG. `live` is False for a file, which lies still."""

    jpeg: bytes
    live: bool = True

    @property
    def digest(self) -> int | None:
        """The same for equal pictures only; a working sensor's noise makes every picture another. None where equal
        pictures mean nothing."""
        return zlib.crc32(self.jpeg) if self.live else None


class Source(Protocol):
    """An opened camera."""

    def shots(self) -> Iterator[Shot]:
        """Pictures, the newest one each time, until the camera goes. Raises OSError or CameraProtocolError."""
        ...


def open_source(name: str, width: int, height: int) -> Source:
    """Open by name: http(s) URL, folder, or device path. Raises OSError or CameraProtocolError.

    `width` and `height` are asked of a V4L2 camera, which takes its nearest mode.
    """
    if _WEB_ADDRESS.match(name):
        return MjpegStream(name)
    if Path(name).is_dir():
        return PhotoFolder(Path(name))
    return V4l2Camera(name, width, height)


class MjpegStream:
    """A network camera's stream. Its JPEGs are handed on as they came."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme.lower() == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
        self._connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        try:
            self._answer = self._connection.getresponse()
        except http.client.HTTPException as error:
            raise CameraProtocolError("the camera does not speak HTTP") from error
        if self._answer.status != http.HTTPStatus.OK:
            raise CameraProtocolError(f"the camera answers {self._answer.status}")
        self._parser = PartParser(boundary_of(self._answer.headers.get("Content-Type", "")))
        if self._connection.sock is not None:
            self._connection.sock.settimeout(None)  # silence is for the watchdog to judge

    def shots(self) -> Iterator[Shot]:
        while data := self._answer.read1(1 << 20):
            pictures = self._parser.feed(data)
            if pictures:
                yield Shot(pictures[-1])
        raise CameraProtocolError("the camera ended the stream")


class PhotoFolder:
    """The newest JPEG in a folder, as a camera program or a demonstration lays it there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def shots(self) -> Iterator[Shot]:
        while True:
            files = [file for file in self._folder.iterdir() if file.suffix.lower() in (".jpg", ".jpeg")]
            if files:
                newest = max(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
                if newest.stat().st_size > MAX_PICTURE_BYTES:
                    raise CameraProtocolError("the photograph is too large")
                data = newest.read_bytes()
                if is_whole_jpeg(data):  # a file still being written is looked at again
                    yield Shot(data, live=False)
            time.sleep(FOLDER_PAUSE)


class V4l2Camera:
    """A USB camera. Asked for MJPEG undecoded, so that the picture taken is the one the camera made; a camera that
    gives raw pictures only is served too."""

    def __init__(self, path: str, width: int, height: int) -> None:
        if not Path(path).exists():
            raise FileNotFoundError(f"{path}: not plugged in")
        self._capture = cv2.VideoCapture(path, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise CameraProtocolError(f"{path}: not a camera, or in use")
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)

    def shots(self) -> Iterator[Shot]:
        while True:
            arrived, frame = self._capture.read()
            if not arrived or frame is None:
                raise CameraProtocolError("the camera stopped giving pictures")
            yield Shot(_jpeg_of(np.asarray(frame, dtype=np.uint8)))


def _jpeg_of(frame: Image) -> bytes:
    raw = frame.tobytes() if frame.ndim == 2 or frame.shape[-1] == 1 else b""
    if raw[:2] == b"\xff\xd8":
        end = raw.rfind(b"\xff\xd9")  # the buffer is as long as the largest picture
        return raw[: end + 2] if end > 0 else raw
    if frame.ndim == 3 and frame.shape[2] == 2:  # YUYV, where a camera has no MJPEG
        frame = np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_YUYV), dtype=np.uint8)
    return encode(frame, _ORIGINAL_QUALITY)
