"""What is coded comes back, and a PDF shows it as it is meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image as PillowImage

from kiosk.pages.coding import g4
from kiosk.pages.model import PageKind, StoredPage, Turn
from kiosk.pages.view import ink_image, shown


def stored(mask: np.ndarray, **more: bytes) -> StoredPage:
    return StoredPage(
        kind=PageKind.TEXT,
        width=mask.shape[1],
        height=mask.shape[0],
        dpi=300,
        ink=g4(mask),
        background=more.get("background", b""),
        thumbnail=b"",
        dhash=bytes(32),
        ink_share=0.0,
        blank=False,
        turned=Turn.UPRIGHT,
        ink_colour=more.get("ink_colour", b""),
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 60), st.integers(0, 2**32), st.floats(0, 1))
def test_every_point_of_ink_comes_back(width: int, height: int, seed: int, share: float) -> None:
    mask = (np.random.default_rng(seed).random((height, width)) < share).astype(np.uint8) * 255
    assert np.array_equal(ink_image(stored(mask)), 255 - mask)


def test_a_pdf_shows_ink_black_without_further_words(tmp_path: Path) -> None:
    """CCITTFaxDecode with K -1 and nothing else (ISO 32000-1, 7.4.6): the strip's polarity is PDF's own."""
    mask = np.zeros((200, 160), np.uint8)
    mask[20:60, 30:120] = 255
    page = stored(mask)
    pdf = Pdf.new()
    image = Stream(pdf, page.ink)
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=160, Height=200, ColorSpace=Name.DeviceGray, BitsPerComponent=1,
        Filter=Name.CCITTFaxDecode, DecodeParms=Dictionary(K=-1, Columns=160, Rows=200),
    )  # fmt: skip
    pdf.add_blank_page(page_size=(160, 200))
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(image)))
    pdf.pages[0].Contents = Stream(pdf, b"160 0 0 200 0 0 cm /Im Do")
    pdf.save(tmp_path / "page.pdf")
    subprocess.run(["pdftoppm", "-r", "72", "-gray", "-png", "page.pdf", "out"], cwd=tmp_path, check=True)
    drawn = np.asarray(PillowImage.open(next(tmp_path.glob("out*.png"))).convert("L"))
    assert drawn[40, 70] == 0
    assert drawn[120, 70] == 255


def test_a_page_is_seen_with_its_ink_in_its_colour_over_its_background() -> None:
    from io import BytesIO

    def jpeg(colour: tuple[int, int, int]) -> bytes:
        out = BytesIO()
        PillowImage.new("RGB", (20, 20), colour).save(out, "JPEG", quality=95)
        return out.getvalue()

    mask = np.zeros((100, 100), np.uint8)
    mask[:, :50] = 255
    seen = shown(stored(mask, background=jpeg((250, 120, 120)), ink_colour=jpeg((20, 30, 140))))
    assert np.abs(seen[50, 20].astype(int) - (20, 30, 140)).max() < 8
    assert np.abs(seen[50, 80].astype(int) - (250, 120, 120)).max() < 8
    assert shown(stored(mask), longest=40).shape == (40, 40, 3)


def test_a_damaged_strip_is_an_error_and_no_picture() -> None:
    mask = np.zeros((64, 64), np.uint8)
    page = stored(mask)
    with pytest.raises(ValueError, match="no picture"):
        shown(StoredPage(**{name: getattr(page, name) for name in page.__struct_fields__} | {"background": b"nothing"}))
