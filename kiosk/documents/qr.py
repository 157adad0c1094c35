"""QR codes for paper."""

from __future__ import annotations

import io

import qrcode
from PIL import Image


def qr_png(text: str) -> bytes:
    """A QR code (ISO/IEC 18004, level M) as a 1-bit PNG, one pixel a module, with its quiet zone of four."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text.encode())
    code.make(fit=True)
    matrix = code.get_matrix()
    image = Image.new("1", (len(matrix), len(matrix)), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
