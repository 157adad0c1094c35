"""QR codes for paper."""

from __future__ import annotations

import io

from PIL import Image

from kiosk.qr import qr_modules


def qr_png(text: str) -> bytes:
    """A QR code as a 1-bit PNG, one pixel a module, with its quiet zone."""
    matrix = qr_modules(text)
    image = Image.new("1", (len(matrix), len(matrix)), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
