"""Codes on papers under a camera: QR and Code 128, with the formats named, which is many times faster than asking for
all that exist."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from drivers.api.records import CodeKind, Corners, PaperCode
from drivers.imaging.geometry import Image, as_image

Points = npt.NDArray[np.float64]

MOST_CODES = 8
"""Of one picture; a sheet of labels is no paper of a court."""

LONGEST_TEXT = 4096

READING_SIDE = 1920
"""Pixels of a picture's longer side; more takes longer and reads no more of what a person holds."""

_KINDS = {zxingcpp.BarcodeFormat.QRCode: CodeKind.QR, zxingcpp.BarcodeFormat.Code128: CodeKind.CODE_128}
_BOTH = zxingcpp.barcode_formats_from_str("QRCode,Code128")
_BARS = zxingcpp.barcode_formats_from_str("Code128")


def read_codes(grey: Image) -> tuple[PaperCode, ...]:
    """The codes in a grey picture, their corners in its pixels, clockwise from the code's own top left."""
    return _read(grey, _BOTH, None)


def read_page_codes(page: Image) -> tuple[PaperCode, ...]:
    """The codes on a page that was cut out (BGR), in its pixels; a large one is read in a smaller copy."""
    grey = as_image(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    scale = READING_SIDE / max(grey.shape)
    if scale < 1:
        grey = as_image(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return resized_codes(read_codes(grey), np.array(page.shape[1::-1]) / grey.shape[::-1])


def read_slanted_bars(grey: Image) -> tuple[PaperCode, ...]:
    """Code 128 that lies at about 45 degrees near the middle: codes are looked for along rows and columns only, and
    missed there."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 45, 1.0)
    turned = as_image(cv2.warpAffine(grey, turn, (width, height), borderValue=(255.0,)))
    return _read(turned, _BARS, cv2.invertAffineTransform(turn))


def resized_codes(codes: Sequence[PaperCode], by: Points) -> tuple[PaperCode, ...]:
    """The same codes in a picture that is `by` times (across, down) as large."""
    return tuple(
        PaperCode(code.kind, code.text, _corners(np.asarray(code.corners) * by)) for code in codes if code.corners
    )


def _corners(points: Points) -> Corners:
    first, second, third, fourth = ((round(float(x), 4), round(float(y), 4)) for x, y in points)
    return first, second, third, fourth


def _read(grey: Image, formats: zxingcpp.BarcodeFormats, back: object | None) -> tuple[PaperCode, ...]:
    found = []
    read = zxingcpp.read_barcodes(
        grey, formats=formats, try_downscale=False, try_invert=False, text_mode=zxingcpp.TextMode.Plain
    )
    for code in read[:MOST_CODES]:
        kind = _KINDS.get(code.format)
        text = code.text
        if kind is None or not text or len(text) > LONGEST_TEXT or not text.isprintable():
            continue
        place = code.position
        points = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
        corners = np.array([(point.x, point.y) for point in points], dtype=np.float64)
        if back is not None:
            matrix = np.asarray(back)
            corners = corners @ matrix[:, :2].T + matrix[:, 2]
        found.append(PaperCode(kind, text, _corners(corners)))
    return tuple(found)
