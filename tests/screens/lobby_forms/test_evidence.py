"""The evidence list and the camera, from an empty list to several scanned pages."""

from __future__ import annotations

import time
from typing import Any

import pytest

from drivers.api.records import CaptureFailure, Flaw, FlawKind
from drivers.api.status import CameraReady, DeviceClass, Disconnected
from kiosk.flow import effects as fx
from kiosk.flow import events as ev
from kiosk.flow.page_events import PageSpoiled, PageUnderstood
from kiosk.flow.stage import Stage
from kiosk.i18n import Language
from kiosk.pages.model import PageKind, Turn, Unusable
from kiosk.session.scratch import ScratchKey
from screens.components import ImageView, PageFrame, TextField
from screens.components.audit import box_of
from screens.theme import Look, Panel, TextSize
from tests.screens.conftest import LANDSCAPE, PORTRAIT, KioskWindow
from tests.screens.lobby_forms.desk import Desk, a_frame
from tests.screens.lobby_forms.scenes import SCENES, evidence, line, scan, taken

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


def live(desk: Desk) -> list[ImageView]:
    """The camera's picture, once it shows something."""
    return [picture for picture in pictures(desk) if "摄像头画面" in picture.accessible_text(Language.ZH)]


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
    desk.window.tap("page.1.change")
    desk.window.tap("page.remove")
    desk.window.tap("remove.yes")
    assert pages(desk) == (keys[0], keys[2])
    assert len(pictures(desk)) == 2


# -- the camera


def test_the_found_page_is_outlined_in_the_live_picture(desk: Desk) -> None:
    scan(desk)
    plain = a_frame(1)
    desk.window.until(lambda: bool(live(desk)))
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

    def noted(view: ImageView, data: bytes, *outlines: Any, **marks: Any) -> None:
        shown.append(data)
        show(view, data, *outlines, **marks)

    monkeypatch.setattr(ImageView, "show", noted)
    frames = [a_frame(number) for number in range(20)]
    for frame in frames:
        desk.presenter.preview(frame)
    desk.window.frames()
    assert shown == [frames[-1].jpeg]


def test_a_live_picture_is_decoded_within_two_frames_of_the_window(desk: Desk) -> None:
    """Best of several and only this thread's own time, so that a busy machine does not decide."""
    scan(desk)
    desk.window.frames(5)
    picture, frame = live(desk)[0], a_frame(2)

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
    desk.window.until(lambda: bool(live(desk)))
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
    desk.window.until(lambda: bool(live(desk)))
    desk.window.frames(5)
    view, button, picture = desk.window.stage.page.scroll, desk.window.find("scan.take"), live(desk)[0]
    for part in (button, picture):
        assert box_of(part).inside(box_of(view))
    assert (button.x >= picture.right) is (which == "wide_desk")
    assert picture.height > 0.45 * view.height


def test_what_is_wrong_is_said_where_it_is(desk: Desk) -> None:
    scan(desk)
    desk.window.until(lambda: bool(live(desk)))
    without = desk.window.image()
    glare = Flaw(FlawKind.GLARE, (0.6, 0.1, 0.8, 0.3))
    desk.presenter.preview(a_frame(1, flaws=(glare, Flaw(FlawKind.SHADOW, (0.1, 0.7, 0.3, 0.9)))))
    desk.window.until(lambda: any("右上方反光" in text for text in desk.window.texts()))
    assert not any("影子" in text for text in desk.window.texts())
    assert desk.window.image().tobytes() != without.tobytes()
    assert "scan.take" in desk.window.names()  # whoever knows better takes it all the same


def seen_for(desk: Desk, seconds: float, *, ready: bool) -> None:
    """Live pictures come for a while."""
    for _ in range(round(seconds / 0.25)):
        desk.window.clock.advance(0.25)
        desk.presenter.preview(a_frame(1, ready=ready))
        desk.window.frames(2)


def test_a_page_that_lies_still_is_counted_down_and_taken(desk: Desk) -> None:
    """S0-31."""
    scan(desk)
    desk.window.ui.look = desk.window.ui.look.with_(sound=True)
    desk.presenter.preview(a_frame(1, ready=True))
    desk.window.until(lambda: "2" in desk.window.texts())
    assert any("别动" in said for said in desk.window.speaker.said)
    seen_for(desk, 1.25, ready=True)
    desk.window.until(lambda: "1" in desk.window.texts())
    assert fx.CapturePage() not in desk.effects
    seen_for(desk, 1.0, ready=True)
    desk.window.until(lambda: fx.CapturePage() in desk.effects)


def test_a_page_that_moves_again_is_not_taken(desk: Desk) -> None:
    scan(desk)
    desk.presenter.preview(a_frame(1, ready=True))
    desk.window.until(lambda: "2" in desk.window.texts())
    seen_for(desk, 0.75, ready=False)
    desk.window.until(lambda: "2" not in desk.window.texts())
    seen_for(desk, 1.0, ready=True)
    assert fx.CapturePage() not in desk.effects


def test_nothing_is_taken_by_itself_where_that_was_switched_off(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.auto.on")
    seen_for(desk, 4.0, ready=True)
    assert fx.CapturePage() not in desk.effects
    assert "2" not in desk.window.texts()


def test_a_page_is_kept_while_it_is_still_being_cleaned(desk: Desk) -> None:
    """Nothing waits for the page worker."""
    scan(desk)
    desk.window.tap("scan.take")
    key = desk.page_comes(cleaned=False)
    assert any("正在整理" in text for text in desk.window.texts())
    desk.window.tap("scan.accept")
    assert pages(desk)[-1] == key
    desk.window.tap("nav.continue")
    assert any("第 3 页，正在整理" in text for text in desk.window.texts())
    desk.page_is_cleaned(key)
    assert len(pictures(desk)) == 3


def test_a_page_that_cannot_be_used_says_so_and_is_taken_again(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    key = desk.page_comes(cleaned=False)
    desk.happen(PageSpoiled(key, Unusable.DAMAGED))
    assert any("图片损坏" in text for text in desk.window.texts())
    assert "scan.accept" not in desk.window.names()
    desk.window.tap("scan.retake")
    assert "scan.take" in desk.window.names()


def test_a_page_that_looks_like_another_is_shown_beside_it(desk: Desk) -> None:
    scan(desk)
    first = pages(desk)[0]
    desk.window.tap("scan.take")
    key = desk.page_comes(cleaned=False)
    before = len(pictures(desk))
    desk.page_is_cleaned(key, Flaw(FlawKind.SAME, page=1), same=first)
    assert any("“示例证据1”第 1 页很像" in text for text in desk.window.texts())
    assert len(pictures(desk)) == before + 1
    desk.window.tap("scan.turn")
    assert fx.CleanAgain(key, Turn.LEFT) in desk.effects


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_in_the_largest_letters_all_that_can_be_done_with_a_page_is_in_sight(
    kiosk_window: KioskWindow, panel: Panel, language: Language
) -> None:
    kiosk_window.reset(panel, Look(language=language, size=TextSize.LARGEST))
    SCENES["looks_the_same"](Desk(kiosk_window))
    page = kiosk_window.stage.page
    assert isinstance(page, PageFrame)
    kiosk_window.until(lambda: page.scroll.hidden_height == 0, frames=20)
    assert {"scan.accept", "scan.retake", "scan.turn", "scan.in_colour"} <= set(kiosk_window.names())


def test_letters_made_larger_over_a_page_leave_its_buttons_in_sight(landscape_window: KioskWindow) -> None:
    window = landscape_window
    window.ui.look = window.ui.look.with_(language=Language.EN)
    SCENES["looks_the_same"](Desk(window))
    assert "Pages scanned: 2" in window.texts()
    window.ui.look = window.ui.look.with_(size=TextSize.LARGEST)
    page = window.stage.page
    assert isinstance(page, PageFrame)
    window.until(lambda: "Pages scanned: 2" not in window.texts() and page.scroll.hidden_height == 0, frames=200)


def test_a_page_is_kept_in_colour_and_in_black_and_white_again(desk: Desk) -> None:
    scan(desk)
    desk.window.tap("scan.take")
    key = desk.page_comes(cleaned=False)
    desk.page_is_cleaned(key)
    desk.window.tap("scan.in_colour")
    assert fx.CleanAgain(key, None, PageKind.PICTURE) in desk.effects
    desk.page_is_cleaned(key)
    assert "scan.in_colour" not in desk.window.names()
    desk.window.tap("scan.black_and_white")
    assert fx.CleanAgain(key, None) in desk.effects


# -- the pages of a line


def test_a_page_is_moved_given_to_another_line_and_scanned_again(desk: Desk) -> None:
    evidence(desk, 3, 1)
    first, second, third = pages(desk)
    desk.window.tap("evidence.0.edit")
    desk.window.tap("page.0.change")
    desk.window.tap("page.later")
    assert pages(desk) == (second, first, third)
    desk.window.tap("page.2.change")
    desk.window.tap("page.give.1")
    assert pages(desk) == (second, first)
    assert desk.journey.require_draft().evidence[1].pages[-1] == third
    desk.window.tap("page.0.change")
    desk.window.tap("page.nothing")
    desk.window.tap("page.0.change")
    desk.window.tap("page.rescan")
    assert any("重新扫描第 1 页" in text for text in desk.window.texts())
    desk.window.tap("scan.take")
    key = desk.page_comes()
    desk.window.tap("scan.accept")
    assert (desk.journey.stage, pages(desk)) == (Stage.EVIDENCE_ITEM, (key, first))


def dragged(desk: Desk, name: str, to: str, *, rests: float = 0.5) -> None:
    """Hold one tile for a moment and lift the finger over another."""
    start, end = desk.window.find(name), desk.window.find(to)
    desk.window.clock.advance(1.0)
    finger = desk.window.finger(*start.center)
    desk.window.clock.advance(rests)
    finger.move((start.center_x + end.center_x) / 2, (start.center_y + end.center_y) / 2)
    finger.move(*end.center)
    finger.lift()


def test_a_page_is_dragged_to_another_place_once_it_was_held(desk: Desk) -> None:
    line(desk, 3)
    first, second, third = pages(desk)
    dragged(desk, "page.0", "page.2", rests=0.0)
    assert pages(desk) == (first, second, third)
    dragged(desk, "page.0", "page.2")
    assert pages(desk) == (second, third, first)
    desk.window.tap("page.1")
    assert "page.rescan" in desk.window.names()  # who cannot drag finds the same under a touch


def test_a_line_is_dragged_over_one_without_pages(desk: Desk) -> None:
    evidence(desk, 1, 0, 1)
    dragged(desk, "evidence.2.picture", "evidence.0.picture")
    assert titles(desk) == ["示例证据3", "示例证据1", "示例证据2"]


def test_a_title_read_from_the_paper_is_offered_and_taken_only_by_touch(desk: Desk) -> None:
    desk.sit(Stage.EVIDENCE)
    desk.window.tap("evidence.add")
    desk.window.tap("evidence.scan")
    desk.window.tap("scan.take")
    key = desk.page_comes()
    desk.window.tap("scan.accept")
    desk.window.tap("nav.continue")
    desk.happen(PageUnderstood(key, "借条"))
    assert titles(desk) == [None]
    desk.window.tap("evidence.title.use")
    assert titles(desk) == ["借条"]
    assert "evidence.title.use" not in desk.window.names()
    assert any(isinstance(one, TextField) and one.value == "借条" for one in desk.window.reachable())


def test_news_of_a_page_does_not_disturb_who_is_typing(desk: Desk) -> None:
    line(desk, 2)
    key = pages(desk)[0]
    desk.window.tap("title")
    field = desk.window.find("title")
    desk.happen(PageUnderstood(key, "借条"))
    desk.window.frames()
    assert desk.window.find("title") is field
    assert any(name.startswith("key.") for name in desk.window.names())


# -- memory


def test_nothing_of_a_page_stays_with_a_screen_that_was_left(desk: Desk) -> None:
    """N5: pages are in the session's scratch only; the screen drops what it had drawn."""
    line(desk, 3)
    shown = pictures(desk)
    assert len(shown) == 3
    desk.window.tap("evidence.scan")
    desk.preview(3)
    desk.window.frames()
    on_scan = pictures(desk)
    desk.window.tap("nav.continue")
    assert not any(picture.shown for picture in (*shown, *on_scan))
