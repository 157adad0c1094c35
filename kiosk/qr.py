"""QR codes (ISO/IEC 18004, GB/T 18284) as modules, for whoever draws them: paper, slip, screen, browser."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around a symbol (ISO/IEC 18004, 6.3.8)."""


def qr_modules(text: str, *, quiet_zone: int = QUIET_ZONE) -> list[list[bool]]:
    """The rows of a symbol of level M for `text`, True being dark."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=quiet_zone)
    code.add_data(text.encode())
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows
