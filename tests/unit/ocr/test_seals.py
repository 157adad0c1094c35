"""Red seals are lifted off, and no other red is touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.scenes.marks import seal
from drivers.scenes.sheet import INK, SEAL_RED, Sheet
from kiosk.ocr.seals import Image, without_seals

DPI = 150.0


def picture(sheet: Sheet) -> Image:
    return sheet.paper("page").image


def ink_share(part: Image) -> float:
    return float((part.max(axis=2) < 110).mean())


@pytest.mark.parametrize("seed", range(6))
def test_print_below_a_seal_stays_and_the_seal_goes(seed: int) -> None:
    plain, sealed = (Sheet((210, 297), DPI, notice=False) for _ in range(2))
    for sheet in (plain, sealed):
        sheet.put("二〇二五年三月六日", (120, 200), 14, INK)
    seal(sealed, np.random.default_rng(seed), "示例市示例区人民法院", (145, 203), 42)
    lifted, clean = without_seals(picture(sealed)), picture(plain)
    blurred = [cv2.GaussianBlur(one, (0, 0), 1.5).astype(np.int16) for one in (lifted, clean)]
    assert np.abs(blurred[0] - blurred[1]).max() < 128
    assert ink_share(lifted) == pytest.approx(ink_share(clean), rel=0.15)


def test_a_page_without_a_seal_is_given_back_as_it_is() -> None:
    sheet = Sheet((210, 297), DPI, notice=False)
    sheet.put("房屋租赁合同", (60, 30), 22)
    page = picture(sheet)
    assert without_seals(page) is page


def test_a_red_heading_and_red_handwriting_stay() -> None:
    sheet = Sheet((210, 297), DPI, notice=False)
    sheet.put("示例市人民政府办公室文件", (40, 30), 32, SEAL_RED)
    sheet.put("已付清", (60, 150), 14, SEAL_RED)
    page = picture(sheet)
    assert np.array_equal(without_seals(page), page)
