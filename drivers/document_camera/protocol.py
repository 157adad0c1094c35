"""Bytes of an MJPEG camera: JPEG sizes, and the multipart stream that carries one JPEG after another over HTTP.

No input or output happens here. The stream is `multipart/x-mixed-replace` as network cameras send it: parts between
boundaries (RFC 2046 section 5.1), each with headers and, in most cameras, a Content-Length.
"""

from __future__ import annotations

import re
import struct

MAX_PICTURE_BYTES = 64 * 1024 * 1024
MAX_HEADER_BYTES = 8192
MAX_SIDE = 20_000
MAX_PIXELS = 80_000_000
"""A document camera has 5 to 20 million pixels; a header that claims more is damaged or hostile."""

_BOUNDARY = re.compile(r'multipart/x-mixed-replace\s*;.*?\bboundary="?([^";]+)"?', re.IGNORECASE)
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,10})\s*$", re.IGNORECASE | re.MULTILINE)
_END_OF_IMAGE = b"\xff\xd9"


class CameraProtocolError(ValueError):
    """The camera sent what no MJPEG camera sends; the text is one line for the attendant."""


def boundary_of(content_type: str) -> bytes:
    """The boundary in a Content-Type header, without leading dashes. Raises CameraProtocolError for any other type."""
    found = _BOUNDARY.match(content_type.strip())
    if not found:
        raise CameraProtocolError("the camera's address gives no MJPEG stream")
    return found[1].strip().removeprefix("--").encode("latin-1", "replace")


class PartParser:
    """Turns the stream, fed in pieces of any size, into whole JPEG pictures."""

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"--" + boundary
        self._buffer = bytearray()
        self._length: int | None = None
        self._in_body = False

    def feed(self, data: bytes) -> list[bytes]:
        """Add `data`; returns the pictures completed by it, oldest first. Raises CameraProtocolError for parts that
        never end."""
        self._buffer += data
        pictures = []
        while (picture := self._next()) is not None:
            if picture:
                pictures.append(picture)
        return pictures

    def _next(self) -> bytes | None:
        """One part's body (empty for a part that is no picture), None when more data is needed."""
        if not self._in_body and not self._headers():
            return None
        if self._length is not None:
            if len(self._buffer) < self._length:
                return None
            body = bytes(self._buffer[: self._length])
            del self._buffer[: self._length]
        else:
            end = self._buffer.find(self._mark)
            if end < 0:
                if len(self._buffer) > MAX_PICTURE_BYTES:
                    raise CameraProtocolError("a picture does not end")
                return None
            body = bytes(self._buffer[:end]).removesuffix(b"\r\n")
            del self._buffer[:end]
        self._in_body = False
        return body if is_whole_jpeg(body) else b""

    def _headers(self) -> bool:
        start = self._buffer.find(self._mark)
        if start < 0:
            if len(self._buffer) > MAX_HEADER_BYTES:
                raise CameraProtocolError("no picture begins in the stream")
            return False
        end = self._buffer.find(b"\r\n\r\n", start)
        if end < 0:
            if len(self._buffer) - start > MAX_HEADER_BYTES:
                raise CameraProtocolError("a part's header does not end")
            return False
        found = _LENGTH.search(bytes(self._buffer[start:end]).replace(b"\r\n", b"\n"))
        self._length = int(found[1]) if found else None
        if self._length is not None and self._length > MAX_PICTURE_BYTES:
            raise CameraProtocolError("a picture is announced as too large")
        del self._buffer[: end + 4]
        self._in_body = True
        return True


def is_whole_jpeg(data: bytes) -> bool:
    """Begins and ends as a JPEG does (ISO/IEC 10918-1, B.1.1.3); trailing padding of some cameras is allowed."""
    return data[:3] == b"\xff\xd8\xff" and _END_OF_IMAGE in data[-64:]


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height from the frame header (ISO/IEC 10918-1, B.2.2) without decoding. Raises CameraProtocolError
    for data without one, and for pictures above MAX_SIDE or MAX_PIXELS."""
    at = 2
    if data[:2] != b"\xff\xd8":
        raise CameraProtocolError("not a JPEG picture")
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        kind = data[at + 1]
        if kind == 0xFF:  # fill byte
            at += 1
            continue
        if kind == 0x01 or 0xD0 <= kind <= 0xD7:  # stands alone
            at += 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            if at + 9 > len(data):
                break
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            check_size(width, height)
            return width, height
        if kind == 0xDA or length < 2:
            break
        at += 2 + length
    raise CameraProtocolError("a JPEG picture without a frame header")


def check_size(width: int, height: int) -> None:
    """Raises CameraProtocolError for an empty picture and for one that is too large to be decoded here."""
    if width < 1 or height < 1:
        raise CameraProtocolError("an empty picture")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise CameraProtocolError(f"a picture of {width} x {height} pixels is too large")
