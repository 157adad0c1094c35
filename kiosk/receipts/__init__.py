"""Slips (凭证、回执): what a litigant takes home, as 1-bit bitmaps for 58 mm and 80 mm receipt printers.

Slips are drawn here as pictures, not sent as text: one code path for every language, rare name characters right, and
what the screen shows is what the printer prints.
"""

from __future__ import annotations

from PIL import Image

from kiosk.i18n import Language
from kiosk.receipts.blocks import stack
from kiosk.receipts.compose import compose
from kiosk.receipts.models import (
    CopyMark,
    Correction,
    CorrectionList,
    DraftSlip,
    FilingReceipt,
    HandedIn,
    OriginalOrCopy,
    QueueTicket,
    Slip,
    TestSlip,
    UnresolvedSlip,
    WindowTicket,
)
from kiosk.receipts.paint import paint, to_png

BILINGUAL = (Language.ZH, Language.KO)
"""Chinese first, Korean beside it (S2-1)."""


def render(
    slip: Slip, width: int, languages: tuple[Language, ...] = (Language.ZH,), copy: CopyMark | None = None
) -> Image.Image:
    """`slip` as a picture of mode "1", exactly `width` dots wide and as long as it needs, in `languages` (the first
    leads). `copy` marks a reprint. Raises FontMissingError where the faces are not installed."""
    return paint(stack(compose(slip, width, languages, copy), width), width)


__all__ = [
    "BILINGUAL",
    "CopyMark",
    "Correction",
    "CorrectionList",
    "DraftSlip",
    "FilingReceipt",
    "HandedIn",
    "OriginalOrCopy",
    "QueueTicket",
    "Slip",
    "TestSlip",
    "UnresolvedSlip",
    "WindowTicket",
    "render",
    "to_png",
]
