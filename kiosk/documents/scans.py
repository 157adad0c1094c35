"""Scanned pictures as they go into a PDF: JPEG and plain PNG data are copied, never decoded and coded again."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Dictionary, Name, Object, Pdf, Stream
from PIL import Image, UnidentifiedImageError

MAX_SIDE = 20_000
"""Pixels; a page at 1200 dpi is below."""
MAX_PIXELS = 200_000_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_END = b"\xff\xd9"
_EXIF_ORIENTATION = 0x0112
_DEVICE = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "1": Name.DeviceGray}


class BadScanError(ValueError):
    """A scan that is no whole JPEG or PNG of acceptable size. `page` counts from 1 in the order given."""

    def __init__(self, page: int, why: str) -> None:
        super().__init__(f"scan {page}: {why}")
        self.page = page


@dataclass(frozen=True, slots=True)
class Scan:
    """One picture, looked at but not decoded. Sizes in pixels as stored, `orientation` as in EXIF (1 is upright)."""

    data: bytes
    format: str
    mode: str
    width: int
    height: int
    orientation: int
    plain: bool  # the stored data can be copied as it is

    @property
    def landscape(self) -> bool:
        """Whether it is wider than high when seen upright."""
        return (self.width > self.height) != (self.orientation >= 5)


def look_at(data: bytes, page: int) -> Scan:
    """Read a picture's header. Raises BadScanError."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            width, height = image.size
            if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
                raise BadScanError(page, f"{width} x {height} pixels is too large")
            kind = str(image.format)
            orientation = int(image.getexif().get(_EXIF_ORIENTATION, 1))
            mode = image.mode
            plain = _whole_jpeg(data, mode, page) if kind == "JPEG" else _plain_png(data, mode)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, OSError) as error:
        raise BadScanError(page, "not a JPEG or PNG picture") from error
    return Scan(data, kind, mode, width, height, orientation if 1 <= orientation <= 8 else 1, plain)


def _whole_jpeg(data: bytes, mode: str, page: int) -> bool:
    if _JPEG_END not in data[-1024:]:
        raise BadScanError(page, "the picture is cut off")
    return mode in ("L", "RGB")


def _plain_png(data: bytes, mode: str) -> bool:
    depth, colour, _, _, interlaced = struct.unpack(">5B", data[24:29])
    simple = colour in (0, 2) and depth in (1, 8) and not interlaced
    return simple and mode in _DEVICE and all(name != b"tRNS" for name, _ in _png_chunks(data))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + length]
        at += length + 12


def image_object(pdf: Pdf, scan: Scan, page: int) -> Object:
    """The picture as an image XObject (ISO 32000-1, 8.9.5) of `pdf`. Raises BadScanError for pixels that end early."""
    body, mode = _coded(scan, page)
    bits = 1 if scan.mode == "1" and scan.plain else 8
    match scan.format, scan.plain:
        case "JPEG", True:
            coding = Dictionary(Filter=Name.DCTDecode)
        case "PNG", True:
            predictor = Dictionary(
                Predictor=15, Colors=3 if mode == "RGB" else 1, BitsPerComponent=bits, Columns=scan.width
            )
            coding = Dictionary(Filter=Name.FlateDecode, DecodeParms=predictor)
        case _:
            coding = Dictionary(Filter=Name.FlateDecode)
    stream = Stream(pdf, body)
    coding.Type = Name.XObject
    coding.Subtype = Name.Image
    coding.Width = scan.width
    coding.Height = scan.height
    coding.ColorSpace = _DEVICE[mode]
    coding.BitsPerComponent = bits
    stream.stream_dict = coding
    return pdf.make_indirect(stream)


def coded_bytes(scan: Scan, page: int) -> int:
    """How much of a file the picture takes. Raises BadScanError for pixels that end early."""
    return len(_coded(scan, page)[0])


def _coded(scan: Scan, page: int) -> tuple[bytes, str]:
    """The data as they go into the file, and their mode."""
    match scan.format, scan.plain:
        case "JPEG", True:
            return scan.data, scan.mode
        case "PNG", True:
            return b"".join(part for name, part in _png_chunks(scan.data) if name == b"IDAT"), scan.mode
        case _:
            return _decoded(scan, page)


def _decoded(scan: Scan, page: int) -> tuple[bytes, str]:
    try:
        with Image.open(io.BytesIO(scan.data), formats=("JPEG", "PNG")) as image:
            on_paper = Image.new("RGBA", image.size, "white")
            on_paper.alpha_composite(image.convert("RGBA"))
    except (OSError, SyntaxError, ValueError) as error:
        raise BadScanError(page, "the picture is cut off") from error
    return zlib.compress(on_paper.convert("RGB").tobytes(), 6), "RGB"


# Where the unit square of an image goes for each EXIF orientation, as (a, b, c, d, e, f) before scaling to the page:
# x' = a x + c y + e, y' = b x + d y + f, both axes running from 0 to 1 with y upwards.
_UPRIGHT: dict[int, tuple[int, int, int, int, int, int]] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}


def placement(scan: Scan, box: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The matrix (a, b, c, d, e, f) that shows the scan upright, as large as `box` allows and centred in it.

    `box` is left, bottom, right, top in points.
    """
    shown_w, _, _, shown_h, x, y = placed(scan, box)
    a, b, c, d, e, f = _UPRIGHT[scan.orientation]
    return a * shown_w, b * shown_h, c * shown_w, d * shown_h, x + e * shown_w, y + f * shown_h


def placed(scan: Scan, box: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The same for a picture that is stored upright: where the scan is seen."""
    left, bottom, right, top = box
    width, height = (scan.height, scan.width) if scan.orientation >= 5 else (scan.width, scan.height)
    scale = min((right - left) / width, (top - bottom) / height)
    shown_w, shown_h = width * scale, height * scale
    return shown_w, 0.0, 0.0, shown_h, (left + right - shown_w) / 2, (bottom + top - shown_h) / 2
