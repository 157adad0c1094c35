"""Every picture a device or a hostile file may send is decoded rightly or refused with its reason."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from kiosk.pages.decode import MAX_BYTES, UnusablePictureError, decode
from kiosk.pages.model import Unusable

RED = (200, 30, 40)


def coded(image: PillowImage.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    end = b"IEND"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (chunk, body, end)
    )


def colour_of(picture: np.ndarray) -> tuple[int, ...]:
    return tuple(int(value) for value in picture[20, 20, ::-1])


def near(one: tuple[int, ...], other: tuple[int, ...], within: int = 12) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def test_jpegs_of_every_colour_space_keep_their_colours() -> None:
    whole = PillowImage.new("RGB", (60, 80), RED)
    for mode, quality in (("RGB", 95), ("CMYK", 95), ("L", 95)):
        picture = decode(coded(whole.convert(mode), "JPEG", quality=quality))
        assert picture.shape == (80, 60, 3), mode
        expected = RED if mode != "L" else (82, 82, 82)
        assert near(colour_of(picture), expected), mode


def test_sixteen_bits_become_eight() -> None:
    deep = np.full((80, 60), 40_000, np.uint16)
    for picture in (deep, np.dstack([deep, deep, deep])):
        png = cv2.imencode(".png", picture)[1].tobytes()
        assert near(colour_of(decode(png)), (156, 156, 156), 2)


def test_what_is_transparent_is_paper() -> None:
    """Black text on nothing must not become black on black."""
    clear = PillowImage.new("RGBA", (60, 80), (0, 0, 0, 0))
    clear.putpixel((5, 5), (0, 0, 0, 255))
    for image in (clear, clear.convert("LA"), clear.quantize()):
        picture = decode(coded(image, "PNG"))
        assert colour_of(picture) == (255, 255, 255)
        assert picture[5, 5].max() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_exif_orientation_says(orientation: int) -> None:
    """The red corner of the stored picture goes where EXIF 2.32, tag 0x0112, puts its row 0 and column 0."""
    image = PillowImage.new("RGB", (96, 64), "white")
    image.paste(RED, (0, 0, 32, 32))
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    picture = decode(coded(image, "JPEG", quality=95, exif=exif))
    rows, columns = (64, 96) if orientation < 5 else (96, 64)
    assert picture.shape[:2] == (rows, columns)
    corner = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[orientation]
    y, x = (16 if corner[0] == 0 else rows - 16), (16 if corner[1] == 0 else columns - 16)
    assert near(tuple(int(value) for value in picture[y, x, ::-1]), RED)


def refused(data: bytes) -> Unusable:
    with pytest.raises(UnusablePictureError) as caught:
        decode(data)
    return caught.value.reason


def test_too_large_is_refused_before_anything_is_decoded() -> None:
    assert refused(png_header(20_001, 10)) is Unusable.TOO_LARGE
    assert refused(png_header(10_000, 8_001)) is Unusable.TOO_LARGE
    assert refused(png_header(19_000, 19_000)) is Unusable.TOO_LARGE, "what Pillow itself calls a bomb"
    assert refused(b"\xff\xd8\xff" + bytes(MAX_BYTES)) is Unusable.TOO_LARGE


def test_a_picture_of_twenty_thousand_pixels_is_decoded() -> None:
    picture = decode(coded(PillowImage.new("L", (20_000, 40), 255), "PNG"))
    assert picture.shape == (40, 20_000, 3)


def test_what_is_cut_off_or_no_picture_says_so() -> None:
    noise = PillowImage.effect_noise((300, 200), 60)
    jpeg, png = coded(noise.convert("RGB"), "JPEG"), coded(noise, "PNG")
    assert refused(jpeg[: len(jpeg) // 2]) is Unusable.DAMAGED
    assert refused(png[: len(png) // 2]) is Unusable.DAMAGED
    assert refused(b"") is Unusable.NOT_A_PICTURE
    assert refused(b"%PDF-1.7 is no picture") is Unusable.NOT_A_PICTURE
    assert refused(coded(noise, "GIF")) is Unusable.NOT_A_PICTURE
    assert refused(coded(noise, "TIFF")) is Unusable.NOT_A_PICTURE


_SAMPLES = tuple(
    coded(PillowImage.effect_noise((40, 30), 40).convert(mode), kind)
    for mode, kind in (("RGB", "JPEG"), ("CMYK", "JPEG"), ("RGB", "PNG"), ("P", "PNG"))
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_SAMPLES),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    st.integers(0, 5000),
)
def test_damaged_data_give_a_picture_or_the_one_error(
    sample: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(sample)
    for at, value in changes:
        data[at % len(data)] = value
    try:
        picture = decode(bytes(data[: max(1, length)]))
    except UnusablePictureError:
        return
    assert picture.ndim == 3
