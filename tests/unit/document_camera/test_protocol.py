"""The MJPEG stream and JPEG headers, fed in every possible way."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.document_camera.protocol import (
    MAX_HEADER_BYTES,
    CameraProtocolError,
    PartParser,
    boundary_of,
    check_size,
    is_whole_jpeg,
    jpeg_size,
)

PICTURES = st.lists(st.binary(max_size=200).map(lambda body: b"\xff\xd8\xff" + body + b"\xff\xd9"), max_size=6)


def stream(pictures: list[bytes], *, with_length: bool) -> bytes:
    parts = []
    for picture in pictures:
        length = f"content-length: {len(picture)}\r\n" if with_length else ""
        parts.append(f"--frame\r\nContent-Type: image/jpeg\r\n{length}\r\n".encode() + picture + b"\r\n")
    return b"".join(parts) + b"--frame\r\n"


@given(PICTURES, st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_pictures_arrive_whole_however_the_stream_is_cut(pictures: list[bytes], cuts: list[int]) -> None:
    data = stream(pictures, with_length=True)
    parser = PartParser(b"frame")
    got, at = [], 0
    for size in itertools.cycle(cuts):
        if at >= len(data):
            break
        got += parser.feed(data[at : at + size])
        at += size
    assert got == pictures


@given(PICTURES.filter(lambda pictures: not any(b"--frame" in picture for picture in pictures)), st.integers(1, 50))
def test_streams_without_lengths_are_read_up_to_the_boundary(pictures: list[bytes], size: int) -> None:
    data = stream(pictures, with_length=False)
    parser = PartParser(b"frame")
    got = [picture for at in range(0, len(data), size) for picture in parser.feed(data[at : at + size])]
    assert got == pictures


def test_a_damaged_part_is_left_out_and_the_next_one_arrives() -> None:
    good = b"\xff\xd8\xff\xe0good\xff\xd9"
    assert PartParser(b"frame").feed(stream([b"torn", good], with_length=True)) == [good]


@given(st.binary(max_size=4000))
def test_rubbish_gives_no_picture_and_no_other_error(data: bytes) -> None:
    parser = PartParser(b"frame")
    try:
        pictures = parser.feed(data)
    except CameraProtocolError:
        return
    assert all(is_whole_jpeg(picture) for picture in pictures)


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (MAX_HEADER_BYTES + 1),
        b"--frame\r\n" + b"x" * (MAX_HEADER_BYTES + 1),
        b"--frame\r\nContent-Length: 9999999999\r\n\r\n",
    ],
)
def test_streams_that_would_fill_the_memory_are_ended(data: bytes) -> None:
    with pytest.raises(CameraProtocolError):
        PartParser(b"frame").feed(data)


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=frame", b"frame"),
        ("multipart/x-mixed-replace;boundary=--myboundary", b"myboundary"),
        ('Multipart/X-Mixed-Replace; charset=x; boundary="a b"', b"a b"),
    ],
)
def test_boundaries_as_cameras_write_them(header: str, boundary: bytes) -> None:
    assert boundary_of(header) == boundary


@pytest.mark.parametrize("header", ["", "text/html", "image/jpeg", "multipart/x-mixed-replace"])
def test_other_answers_are_no_stream(header: str) -> None:
    with pytest.raises(CameraProtocolError, match="no MJPEG"):
        boundary_of(header)


@given(st.integers(1, 300), st.integers(1, 300), st.booleans())
def test_jpeg_size_agrees_with_the_encoder(width: int, height: int, progressive: bool) -> None:
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)]
    data = bytes(cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8), options)[1])
    assert jpeg_size(data) == (width, height)


@given(st.binary(max_size=300))
def test_jpeg_size_of_rubbish_is_an_error(data: bytes) -> None:
    try:
        width, height = jpeg_size(b"\xff\xd8" + data)
    except CameraProtocolError:
        return
    assert width > 0
    assert height > 0


@pytest.mark.parametrize("size", [(20_001, 10), (10, 20_001), (20_000, 20_000), (0, 5), (5, 0)])
def test_sizes_that_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(CameraProtocolError):
        check_size(*size)


def test_a_header_that_claims_too_much_is_refused_before_decoding() -> None:
    data = bytearray(cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes())
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(CameraProtocolError, match="too large"):
        jpeg_size(bytes(data))
