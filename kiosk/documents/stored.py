"""Cleaned pages as they go into a PDF: their strips and pictures are copied, never decoded and coded again."""

from __future__ import annotations

from typing import assert_never

from pikepdf import Dictionary, Name, Object, Page, Pdf, Stream

from kiosk.documents.scans import MAX_PIXELS, MAX_SIDE, BadScanError, image_object, look_at
from kiosk.pages.model import PageKind, StoredPage

_POINTS = 72.0
_DPI = range(50, 1201)


def check(page: StoredPage, number: int) -> None:
    """Raise BadScanError for a page that cannot be drawn: no sensible size, a layer missing or no JPEG."""
    width, height = page.width, page.height
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS and page.dpi in _DPI):
        raise BadScanError(number, f"{width} x {height} pixels at {page.dpi} dpi is no page")
    if page.kind is not PageKind.PICTURE and not page.ink:
        raise BadScanError(number, "its ink is missing")
    if page.kind is PageKind.PICTURE and not page.background:
        raise BadScanError(number, "its picture is missing")
    for jpeg in (page.background, page.ink_colour):
        if jpeg and look_at(jpeg, number).format != "JPEG":
            raise BadScanError(number, "a layer is no JPEG")


def size_in_points(page: StoredPage) -> tuple[float, float]:
    """Width and height of the paper."""
    return page.width * _POINTS / page.dpi, page.height * _POINTS / page.dpi


def coded_bytes(page: StoredPage) -> int:
    """How much of a file its layers take."""
    return len(page.ink) + len(page.background) + len(page.ink_colour)


def draw(pdf: Pdf, sheet: Page, page: StoredPage, number: int) -> bytes:
    """Put the layers among the resources of `sheet`; the operators that paint them into the unit square."""
    match page.kind:
        case PageKind.TEXT:
            return _painted(sheet, Name.Scan, _ink(pdf, page, mask=False))
        case PageKind.PICTURE:
            return _painted(sheet, Name.Scan, _jpeg(pdf, page.background, number))
        case PageKind.SEALED:
            below = _painted(sheet, Name.Back, _jpeg(pdf, page.background, number)) if page.background else b""
            ink = _ink(pdf, page, mask=True)
            if not page.ink_colour:
                return below + b"0 g " + _painted(sheet, Name.Scan, ink)
            coloured = _jpeg(pdf, page.ink_colour, number)
            coloured.Mask = ink  # explicit masking (ISO 32000-1, 8.9.6.3)
            return below + _painted(sheet, Name.Scan, coloured)
        case _:
            assert_never(page.kind)


def _painted(sheet: Page, name: Name, image: Object) -> bytes:
    return f"{sheet.add_resource(image, Name.XObject, name)} Do ".encode()


def _jpeg(pdf: Pdf, data: bytes, number: int) -> Object:
    return image_object(pdf, look_at(data, number), number)


def _ink(pdf: Pdf, page: StoredPage, *, mask: bool) -> Object:
    """One strip of ITU-T T.6 (ISO 32000-1, 7.4.6): as an image of its own, or as a stencil through which is painted."""
    coding = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=page.width,
        Height=page.height,
        BitsPerComponent=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=Dictionary(K=-1, Columns=page.width, Rows=page.height, BlackIs1=False),
    )
    if mask:
        coding.ImageMask = True
    else:
        coding.ColorSpace = Name.DeviceGray
    stream = Stream(pdf, page.ink)
    stream.stream_dict = coding
    return pdf.make_indirect(stream)
