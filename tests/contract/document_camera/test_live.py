"""What live pictures tell: when a page may be taken by itself, what is wrong with it, and the codes on it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from drivers.api.messages import CapturePage, Event, PageCaptured, PreviewFrame, StartPreview, StopPreview
from drivers.api.records import CodeKind, FlawKind
from drivers.imaging.geometry import as_image
from drivers.imaging.quality import look_at_page


def ready(event: Event) -> bool:
    return isinstance(event, PreviewFrame) and event.ready


def lies_taken(event: Event) -> bool:
    return isinstance(event, PreviewFrame) and event.taken


def tells(kind: FlawKind) -> Any:
    return lambda event: isinstance(event, PreviewFrame) and kind in {flaw.kind for flaw in event.flaws}


def take(rig: Any, name: str) -> PageCaptured:
    rig.send(CapturePage(name))
    page = rig.until(lambda event: not isinstance(event, PreviewFrame) and getattr(event, "request", None) == name)
    assert isinstance(page, PageCaptured)
    return page


def likeness(page: PageCaptured) -> bytes:
    """The hash of a page as the kiosk keeps it."""
    decoded = cv2.imdecode(np.frombuffer(page.page_jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    seen = as_image(decoded)
    height, width = seen.shape[:2]
    whole = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    return look_at_page(seen, whole, seen).hashes[0]


def test_a_page_that_lies_still_is_ready_once_and_the_next_one_is_again(patient_rig: Any, camera: Any) -> None:
    """S1-32: several pages in a row without touching the screen, none of them twice."""
    camera.do("photo", name="iou")
    patient_rig.send(StartPreview())
    frame = patient_rig.until(ready)
    assert frame.corners is not None
    assert frame.flaws == ()
    assert take(patient_rig, "first").flaws == ()
    patient_rig.until(lies_taken)
    assert not any(frame.ready for frame in patient_rig.frames(15)), "the same page would be taken twice"
    camera.do("photo", name="lease")
    patient_rig.until(ready)


def test_what_was_learned_of_the_pages_is_forgotten_with_the_preview(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="lease")
    patient_rig.send(StartPreview())
    patient_rig.until(ready)
    take(patient_rig, "first")
    patient_rig.until(lies_taken)
    patient_rig.send(StopPreview())
    take(patient_rig, "between")
    patient_rig.send(StartPreview())
    patient_rig.until(ready)


def test_a_blank_page_is_told_and_never_ready(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="blank")
    patient_rig.send(StartPreview())
    frame = patient_rig.until(tells(FlawKind.BLANK))
    assert not frame.ready
    assert {flaw.kind for flaw in take(patient_rig, "blank").flaws} == {FlawKind.BLANK}


def test_a_page_that_came_before_is_told_with_its_number(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="judgment")
    patient_rig.send(StartPreview())
    patient_rig.until(ready)
    kept = likeness(take(patient_rig, "judgment"))
    patient_rig.send(StopPreview())
    take(patient_rig, "between")  # answered when the preview has ended
    patient_rig.send(StartPreview(earlier=(b"\x00" * 32, kept)))
    frame = patient_rig.until(tells(FlawKind.SAME))
    assert [flaw.page for flaw in frame.flaws] == [2]
    assert [(flaw.kind, flaw.page) for flaw in take(patient_rig, "again").flaws] == [(FlawKind.SAME, 2)]


def test_codes_are_read_in_live_pictures_when_asked_for_and_on_the_page(patient_rig: Any, camera: Any) -> None:
    camera.do("photo", name="licence")
    patient_rig.send(StartPreview())
    assert patient_rig.until(ready).codes == ()
    patient_rig.send(StartPreview(codes=True))
    frame = patient_rig.until(lambda event: isinstance(event, PreviewFrame) and bool(event.codes))
    (code,) = frame.codes
    assert code.kind is CodeKind.QR
    assert code.text.startswith("https://licence.example/")
    assert all(0 < x < frame.width and 0 < y < frame.height for x, y in code.corners)
    page = take(patient_rig, "licence")
    assert [one.text for one in page.codes] == [code.text]
    assert all(0 < x < page.page_width and 0 < y < page.page_height for x, y in page.codes[0].corners or ())
