"""Several things under the camera: told live, taken by themselves when all lie still, and cut apart."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from drivers.api.messages import CapturePage, PageCaptured, PreviewFrame, StartPreview
from drivers.imaging.geometry import CARD_RATIO, as_image


def capture(rig: Any, name: str, **wishes: object) -> PageCaptured:
    rig.send(CapturePage(name, **wishes))
    page = rig.until(lambda event: not isinstance(event, PreviewFrame) and getattr(event, "request", None) == name)
    assert isinstance(page, PageCaptured)
    return page


def ready_with(count: int) -> Any:
    return lambda event: isinstance(event, PreviewFrame) and event.ready and len(event.items) == count


def size_of(jpeg: bytes) -> tuple[int, int]:
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    height, width = as_image(decoded).shape[:2]
    return width, height


def test_both_sides_of_a_card_come_apart_each_in_its_true_proportion(patient_rig: Any, camera: Any) -> None:
    """S1-32."""
    camera.do("photo", name="identity-card")
    page = capture(patient_rig, "both")
    assert page.several is not None
    assert len(page.several.items) == 2
    for item in page.several.items:
        assert size_of(item.jpeg) == (item.width, item.height)
        assert item.width / item.height == pytest.approx(CARD_RATIO, rel=0.01)
    left, right = (np.mean(item.corners, axis=0) for item in page.several.items)
    assert left[0] < right[0], "they come as they are read"
    assert size_of(page.several.overview) == (page.several.width, page.several.height)
    assert size_of(page.page_jpeg) == (page.page_width, page.page_height)
    assert page.corners is not None


def test_several_things_are_ready_when_all_lie_still_and_not_again_once_taken(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="receipts")
    patient_rig.send(StartPreview())
    frame = patient_rig.until(ready_with(4))
    assert frame.corners is not None
    taken = capture(patient_rig, "receipts")
    assert taken.several is not None
    assert len(taken.several.items) == 4
    patient_rig.until(lambda event: isinstance(event, PreviewFrame) and event.taken)
    assert not any(frame.ready for frame in patient_rig.frames(15)), "the same things would be taken twice"
    camera.do("photo", name="identity-card")
    patient_rig.until(ready_with(2))


def test_one_page_and_corners_that_the_person_gave_are_never_several(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="iou")
    assert capture(patient_rig, "page").several is None
    camera.do("photo", name="identity-card")
    given = ((100.0, 100.0), (1900.0, 100.0), (1900.0, 1400.0), (100.0, 1400.0))
    assert capture(patient_rig, "given", corners=given).several is None
