"""A JPEG of which a part is missing inside is told from a whole one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.api.sound_jpeg import decode_jpeg
from drivers.document_camera.picture import decode
from drivers.document_camera.protocol import CameraProtocolError
from kiosk.pages.decode import UnusablePictureError
from kiosk.pages.decode import decode as decode_page
from kiosk.pages.model import Unusable


def photograph() -> bytes:
    random = np.random.default_rng(1)
    picture = cv2.GaussianBlur(random.integers(0, 255, (600, 450, 3), dtype=np.uint8), (0, 0), 2)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


WHOLE = photograph()


def without(start: int, count: int) -> bytes:
    return WHOLE[:start] + WHOLE[start + count :]


def test_a_whole_picture_is_decoded_as_it_is() -> None:
    decoded = decode_jpeg(WHOLE, cv2.IMREAD_COLOR)
    assert decoded.picture is not None
    assert decoded.picture.shape == (600, 450, 3)
    assert not decoded.damaged


@settings(max_examples=40, deadline=None)
@given(st.integers(1500, len(WHOLE) // 2), st.integers(400, len(WHOLE) // 3))
def test_a_part_that_is_missing_inside_is_noticed_wherever_it_was(start: int, count: int) -> None:
    decoded = decode_jpeg(without(start, count), cv2.IMREAD_COLOR)
    assert decoded.picture is None or decoded.damaged


def test_a_page_with_a_part_missing_is_never_kept() -> None:
    """From the camera it counts as unusable, and in the page worker as damaged: the person is asked for it again."""
    damaged = without(len(WHOLE) // 2, 3000)
    with pytest.raises(CameraProtocolError):
        decode(damaged)
    with pytest.raises(UnusablePictureError) as refused:
        decode_page(damaged)
    assert refused.value.reason is Unusable.DAMAGED


def test_a_live_picture_with_a_part_missing_is_still_shown() -> None:
    assert decode(without(len(WHOLE) // 2, 3000), 450).shape == (600, 450, 3)


def test_what_the_decoder_said_does_not_reach_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    decode_jpeg(without(len(WHOLE) // 2, 3000), cv2.IMREAD_COLOR)
    assert capfd.readouterr().err == ""
