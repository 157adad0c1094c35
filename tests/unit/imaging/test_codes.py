"""QR and Code 128 in camera frames."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest
import zxingcpp

from drivers.api.records import CodeKind, PaperCode
from drivers.imaging.codes import read_codes, read_slanted_bars, resized_codes
from drivers.imaging.geometry import Image, as_image

LINK = "https://court.example/drafts/7f3a9c"
NUMBER = "SLFY01-20250316-00042"


def frame(text: str, *, bars: bool, turn: float = 0.0, blur: float = 0.8) -> Image:
    """A 1080p frame in grey with a code of that text in the middle."""
    kind = zxingcpp.BarcodeFormat.Code128 if bars else zxingcpp.BarcodeFormat.QRCode
    modules = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=True))
    drawn = np.repeat(modules[:1], 40, axis=0) if bars else modules
    drawn = cv2.resize(drawn, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    picture = np.full((1080, 1920), 225, np.uint8)
    height, width = drawn.shape
    top, left = (1080 - height) // 2, (1920 - width) // 2
    picture[top : top + height, left : left + width] = drawn
    matrix = cv2.getRotationMatrix2D((960, 540), turn, 1.0)
    turned = cv2.warpAffine(picture, matrix, (1920, 1080), borderValue=(225.0,))
    noise = np.random.default_rng(3).normal(scale=4, size=turned.shape)
    return as_image(np.clip(cv2.GaussianBlur(turned, (0, 0), blur) + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("turn", [0, 30, 90, 200])
def test_a_qr_code_is_read_whichever_way_it_lies(turn: float) -> None:
    (code,) = read_codes(frame(LINK, bars=False, turn=turn))
    assert (code.kind, code.text) == (CodeKind.QR, LINK)
    assert code.corners is not None
    assert np.hypot(*(np.mean(code.corners, axis=0) - (960, 540))) < 12


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_bars_are_read_along_rows_and_columns(turn: float) -> None:
    (code,) = read_codes(frame(NUMBER, bars=True, turn=turn))
    assert (code.kind, code.text) == (CodeKind.CODE_128, NUMBER)


@pytest.mark.parametrize("turn", [45, 135, 225])
def test_bars_at_45_degrees_are_read_in_the_turned_frame(turn: float) -> None:
    picture = frame(NUMBER, bars=True, turn=turn)
    assert read_codes(picture) == ()
    (code,) = read_slanted_bars(picture)
    assert code.text == NUMBER
    assert code.corners is not None
    assert np.hypot(*(np.mean(code.corners, axis=0) - (960, 540))) < 25


def test_a_frame_without_codes_gives_none() -> None:
    noise = as_image(np.random.default_rng(1).integers(0, 256, (1080, 1920)))
    assert read_codes(noise) == ()
    assert read_slanted_bars(noise) == ()


def test_control_characters_are_no_text() -> None:
    assert read_codes(frame("a\x1bb", bars=False)) == ()


def test_codes_move_with_the_picture() -> None:
    (code,) = resized_codes(read_codes(frame(LINK, bars=False)), np.array([0.5, 0.5]))
    assert code.corners is not None
    assert np.hypot(*(np.mean(code.corners, axis=0) - (480, 270))) < 6
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(code), type=PaperCode) == code, "it crosses a socket"
