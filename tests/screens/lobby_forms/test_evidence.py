"""The evidence list and the camera, from an empty list to several scanned pages."""

from __future__ import annotations

import time

import pytest

from drivers.api.records import CaptureFailure
from drivers.api.status import CameraReady, DeviceClass, Disconnected
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.stage import Stage
from kiosk.session.scratch import ScratchKey
from screens.components import ImageView
from screens.components.audit import box_of
from tests.screens.lobby_forms.desk import Desk, a_frame
from tests.screens.lobby_forms.scenes import evidence, line, scan, taken

pytestmark = pytest.mark.window


def titles(desk: Desk) -> list[object]:
    """What the lines of the evidence list are called."""
    return [line.answers.get("title") for line in desk.journey.require_draft().evidence]


def pages(desk: Desk) -> tuple[ScratchKey, ...]:
    """The pages of the first line."""
    return desk.journey.require_draft().evidence[0].pages


def pictures(desk: Desk) -> list[ImageView]:
    """The pictures on the screen that show something."""
    return [widget for widget in desk.window.reachable() if isinstance(widget, ImageView) and widget.shown]


# -- the list


def test_evidence_is_added_scanned_and_listed_by_touch(desk: Desk) -> None:
    evidence(desk)
    desk.window.tap("evidence.add")
    desk.window.tap("title")
    desk.window.tap("key.layer.latin")
    desk.window.type_keys(*"note", "done")
    desk.window.tap("original.copy")
    desk.window.tap("evidence.scan")
    for _ in range(2):
        desk.window.tap("scan.take")
        desk.page_comes()
        desk.window.tap("scan.accept")
    desk.window.tap("nav.continue")
    assert len(pictures(desk)) == 2
    for _ in range(6):
        if desk.journey.stage is Stage.EVIDENCE:
            break
        desk.window.tap("nav.continue")
    assert "1. note" in desk.window.texts()
    assert "复印件 · 已扫描 2 页" in desk.window.texts()
    assert len(pictures(desk)) == 1


def test_lines_are_moved_up_and_down(desk: Desk) -> None:
    evidence(desk, 1, 0, 1)
    assert "evidence.0.up" not in desk.window.names()
    desk.window.tap("evidence.2.up")
    assert titles(desk) == ["示例证据1", "示例证据3", "示例证据2"]
    desk.window.tap("evidence.0.down")
    assert titles(desk) == ["示例证据3", "示例证据1", "示例证据2"]


def test_a_line_is_removed_with_its_pages_only_after_yes(desk: Desk) -> None:
    evidence(desk, 2, 1)
    keys = pages(desk)
    desk.window.tap("evidence.0.remove")
    desk.window.tap("remove.no")
    assert titles(desk) == ["示例证据1", "示例证据2"]
    desk.window.tap("evidence.0.remove")
    desk.window.tap("remove.yes")
    assert titles(desk) == ["示例证据2"]
    assert {effect.key for effect in desk.effects if isinstance(effect, fx.DropScratch)} == set(keys)


def test_one_page_is_removed_only_after_yes(desk: Desk) -> None:
    line(desk, 3)
    keys = pages(desk)
    desk.window.tap("page.1.remove")
    desk.window.tap("remove.yes")
    assert pages(desk) == (keys[0], keys[2])
    assert len(pictures(desk)) == 2


# -- the camera


def test_the_found_page_is_outlined_in_the_live_picture(desk: Desk) -> None:
    scan(desk)
    plain = a_frame(1)
    desk.window.until(lambda: bool(pictures(desk)))
    with_outline = desk.window.image()
    desk.presenter.preview(type(plain)(plain.jpeg, plain.width, plain.height, None))
    desk.window.frames()
    without = desk.window.image()
    assert with_outline.tobytes() != without.tobytes()


def test_only_the_newest_of_many_live_pictures_is_decoded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window must stay quick when pictures come faster than frames."""
    scan(desk)
    shown: list[bytes] = []
    show = ImageView.show
    monkeypatch.setattr(ImageView, "show", lambda view, data, *more: (shown.append(data), show(view, data, *more))[1])
    frames = [a_frame(number) for number in range(20)]
    for frame in frames:
        desk.presenter.preview(frame)
    desk.window.frames()
    assert shown == [frames[-1].jpeg]


def test_a_live_picture_is_decoded_within_two_frames_of_the_window(desk: Desk) -> None:
    """Best of several and only this thread's own time, so that a busy machine does not decide."""
    scan(desk)
    desk.window.frames(5)
    picture, frame = pictures(desk)[0], a_frame(2)

    def once() -> float:
        start = time.thread_time()
        picture.show(frame.jpeg, frame.corners or ())
        return time.thread_time() - start

    assert min(once() for _ in range(10)) < 2 / 60


def test_a_page_is_looked_at_before_it_is_kept(desk: Desk) -> None:
    scan(desk)
    before = pages(desk)
    desk.window.tap("scan.take")
    assert "scan.take" not in desk.window.names()
    desk.page_comes()
    assert {"scan.accept", "scan.retake"} <= set(desk.window.names())
    assert pages(desk) == before
    desk.window.tap("scan.retake")
    assert pages(desk) == before
    assert any(isinstance(effect, fx.DropScratch) for effect in desk.effects)
    desk.window.tap("scan.take")
    desk.page_comes()
    desk.window.tap("scan.accept")
    assert len(pages(desk)) == len(before) + 1
    assert f"已扫描 {len(before) + 1} 页" in desk.window.texts()
    assert "scan.take" in desk.window.names()


def test_an_undecided_page_cannot_be_lost_by_being_done(desk: Desk) -> None:
    taken(desk)
    assert desk.window.find("nav.continue").disabled
    desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.SCAN
    desk.window.tap("scan.accept")
    desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.EVIDENCE_ITEM


def test_twenty_taps_on_take_take_one_picture(desk: Desk) -> None:
    scan(desk)
    button = desk.window.find("scan.take")
    for _ in range(20):
        desk.window.tap_at(button.center_x, button.center_y, pause=0.01)
    assert desk.effects.count(fx.CapturePage()) == 1


def test_a_missing_camera_is_said_and_is_no_dead_end(desk: Desk) -> None:
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    line(desk, 0)
    desk.window.tap("evidence.scan")
    assert any("交给窗口" in text for text in desk.window.texts())
    assert "scan.take" not in desk.window.names()
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = CameraReady(1920, 1080)
    desk.presenter.surroundings_changed()
    desk.window.frames()
    assert "scan.take" in desk.window.names()
    desk.window.tap("nav.continue")
    assert desk.journey.stage is Stage.EVIDENCE_ITEM


def test_a_camera_that_goes_while_a_page_is_looked_at_does_not_take_the_page_along(desk: Desk) -> None:
    taken(desk)
    desk.surroundings.devices[DeviceClass.DOCUMENT_CAMERA] = Disconnected()
    desk.presenter.surroundings_changed()
    desk.window.frames()
    assert "scan.accept" in desk.window.names()


def test_a_frozen_picture_is_said_and_forgotten_when_it_moves_again(desk: Desk) -> None:
    scan(desk)
    desk.window.until(lambda: bool(pictures(desk)))
    desk.window.clock.advance(10)
    desk.window.until(lambda: any("画面不动了" in text for text in desk.window.texts()))
    desk.preview(2)
    desk.window.until(lambda: not any("画面不动了" in text for text in desk.window.texts()))


def test_a_failed_picture_is_said_and_can_be_tried_again(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    desk.happen(ev.PictureFailed(CaptureFailure.NO_FRAME))
    assert any("没有拍到" in text for text in desk.window.texts())
    assert "scan.take" in desk.window.names()


@pytest.mark.parametrize("which", ["desk", "wide_desk"])
def test_picture_and_buttons_are_in_sight_together(which: str, request: pytest.FixtureRequest) -> None:
    """ux-rule 10: no scrolling for the primary button; on a wide screen it is beside the picture."""
    desk: Desk = request.getfixturevalue(which)
    scan(desk)
    desk.window.until(lambda: bool(pictures(desk)))
    desk.window.frames(5)
    view, button, picture = desk.window.stage.page.scroll, desk.window.find("scan.take"), pictures(desk)[0]
    for part in (button, picture):
        assert box_of(part).inside(box_of(view))
    assert (button.x >= picture.right) is (which == "wide_desk")
    assert picture.height > 0.45 * view.height


# -- memory


def test_nothing_of_a_page_stays_with_a_screen_that_was_left(desk: Desk) -> None:
    """N5: pages are in the session's scratch only; the screen drops what it had drawn."""
    line(desk, 3)
    shown = pictures(desk)
    assert len(shown) == 3
    desk.window.tap("evidence.scan")
    desk.preview(3)
    desk.window.frames()
    live = pictures(desk)
    desk.window.tap("nav.continue")
    assert not any(picture.shown for picture in (*shown, *live))
