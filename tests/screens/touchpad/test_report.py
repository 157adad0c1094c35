"""What could not be got done, said at a window's touchpad by real touches in the real window (S2-11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kiosk.agent.unresolved_messages import UnresolvedKept, UnresolvedRefusal
from kiosk.court.unresolved import UnresolvedKind, UnresolvedPlace
from kiosk.flow.touches import Back, Continue
from kiosk.flow.unresolved_events import AnswerCallBack, AskOtherDay, ChoosePlace, ReportKept, ReportNotKept
from kiosk.i18n import Language, catalogue
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import PadLimits, PadStage
from screens.theme import Panel, TextSize, Theme
from tests.screens.touchpad.pad_bench import PADS, TAKEN, PadBench, question

pytestmark = pytest.mark.window

TEN, SEVEN = PADS["10.1 inch, 1280 x 800"], PADS["7 inch, 1024 x 600"]
UPRIGHT = {"10.1 inch, upright": Panel(800, 1280, 0.17)}


def test_from_the_idle_page_to_the_number(kiosk_window) -> None:
    """Kind, day, words, no call, once more, handed in; the number and the day of the answer stay on the page."""
    bench = PadBench(kiosk_window, TEN)
    kiosk_window.tap("report")
    kiosk_window.tap("kind.sent_back")
    kiosk_window.tap("day.yesterday")
    kiosk_window.type_keys("layer.latin", "h", "i")
    kiosk_window.tap("done")
    kiosk_window.tap("call_back.no")
    said = " ".join(kiosk_window.texts())
    for wanted in (catalogue()["unresolved.kind.sent_back"].zh, "3 号窗口", "2026年3月4日", "hi"):
        assert wanted in said
    kiosk_window.tap("hand_in")
    (report,) = bench.reports
    assert (report.kind, report.place, report.window) == (UnresolvedKind.SENT_BACK, UnresolvedPlace.WINDOW, "3")
    assert (report.happened, report.account, report.phone) == ("2026-03-04", "hi", "")
    said = " ".join(kiosk_window.texts())
    assert TAKEN[2] in said
    assert "2026年3月6日" in said
    assert catalogue()["touchpad.unresolved.paper"].zh in said
    kiosk_window.tap("finish")
    assert ev.ReplaceWindow() in bench.effects
    assert bench.pad.stage is PadStage.IDLE


def test_another_window_another_day_and_a_call(kiosk_window) -> None:
    """On the smallest pad: no words where there are no keys for them."""
    bench = PadBench(kiosk_window, SEVEN)
    kiosk_window.tap("report")
    kiosk_window.tap("kind.nobody_there")
    kiosk_window.tap("place")
    kiosk_window.tap("place.window")
    kiosk_window.tap("done")
    assert catalogue()["touchpad.unresolved.window_wrong"].zh in kiosk_window.texts()
    kiosk_window.type_keys("1", "2")
    kiosk_window.tap("done")
    kiosk_window.tap("day.other")
    kiosk_window.type_keys(*"20260229")
    kiosk_window.tap("done")
    assert catalogue()["touchpad.unresolved.day_wrong"].zh in kiosk_window.texts()
    kiosk_window.type_keys("backspace", "8")
    kiosk_window.tap("done")
    kiosk_window.tap("call_back.yes")
    kiosk_window.type_keys(*"13800000000")
    kiosk_window.tap("done")
    kiosk_window.tap("hand_in")
    (report,) = bench.reports
    assert (report.window, report.happened, report.phone) == ("12", "2026-02-28", "13800000000")


def test_it_can_be_left_after_one_more_question(kiosk_window) -> None:
    bench = PadBench(kiosk_window, TEN)
    kiosk_window.tap("report")
    kiosk_window.tap("kind.fees")
    kiosk_window.tap("leave")
    kiosk_window.tap("leave.no")
    assert bench.pad.stage is PadStage.UNRESOLVED_DAY
    kiosk_window.tap("leave")
    kiosk_window.tap("leave.yes")
    assert (bench.pad.stage, bench.reports) == (PadStage.IDLE, [])


def test_offered_with_the_thanks_for_a_bad_grade(kiosk_window) -> None:
    bench = PadBench(kiosk_window, SEVEN)
    bench.do(ev.Invited(question(language="ko")))
    kiosk_window.tap("grade.4")
    assert "report" not in kiosk_window.names()
    bench.do(ev.Tick(), after=PadLimits().thanks)
    bench.do(ev.Invited(question(number=2, language="ko")))
    kiosk_window.tap("grade.2")
    kiosk_window.tap("submit")
    kiosk_window.tap("report")
    assert catalogue()["lobby.unresolved_kind.title"].ko in kiosk_window.texts()


@pytest.mark.parametrize("panel", [TEN, SEVEN])
def test_whoever_is_still_there_says_so(kiosk_window, panel: Panel) -> None:
    """Rule 7: asked, with the seconds that are left and both answers in sight; one touch, and everything is still
    there."""
    bench = PadBench(kiosk_window, panel)
    kiosk_window.tap("report")
    kiosk_window.tap("kind.fees")
    kiosk_window.ui.look = kiosk_window.ui.look.with_(size=kiosk_window.ui.largest, language=Language.EN)
    bench.do(ev.Tick(), after=PadLimits().alert + 5)
    assert sorted(name for name in kiosk_window.names() if name.startswith("idle.")) == ["idle.end", "idle.more_time"]
    assert "25 s" in kiosk_window.texts()
    assert kiosk_window.findings() == []
    kiosk_window.tap("idle.more_time")
    assert bench.pad.stage is PadStage.UNRESOLVED_DAY
    assert "idle.more_time" not in kiosk_window.names()
    bench.do(ev.Tick(), after=PadLimits().alert + PadLimits().countdown)
    assert bench.pad.stage is PadStage.IDLE
    assert kiosk_window.names() == ["report"]


@pytest.mark.parametrize("pad", [*PADS, *UPRIGHT])
def test_every_page_keeps_the_rules(kiosk_window, pad: str) -> None:
    """Targets, gaps and text of every page at every size that can be chosen, in all languages and every theme."""
    bench = PadBench(kiosk_window, (PADS | UPRIGHT)[pad])
    ui, broken = kiosk_window.ui, []

    def look_at(page: str, *events: ev.Event) -> None:
        for event in events:
            bench.do(event)
        before = ui.look
        for size, language, theme in (
            (TextSize.SMALL, Language.KO, Theme.DARK),
            (TextSize.NORMAL, Language.ZH, Theme.LIGHT),
            (TextSize.NORMAL, Language.EN, Theme.YELLOW_ON_BLACK),
            (ui.largest, Language.EN, Theme.BLACK_ON_WHITE),
            (ui.largest, Language.KO, Theme.LIGHT),
        ):
            ui.look = ui.look.with_(size=size, language=language, theme=theme)
            kiosk_window.frames()
            broken.extend(f"{page}, {size.name}, {language}: {finding}" for finding in kiosk_window.findings())
        ui.look = before
        kiosk_window.frames()

    _walk(bench, look_at)
    assert broken == []


def _walk(bench: PadBench, look_at: Callable[..., None]) -> None:
    """Every page, with what can be wrong on it."""
    from kiosk.flow.unresolved_events import ChooseDay, ChooseKind

    bench.away = True
    bench.window.tap("report")
    look_at("kind")
    look_at("day", ChooseKind(UnresolvedKind.NOT_ACCEPTED))
    look_at("place", ev.AskPlace())
    look_at("window", ChoosePlace(UnresolvedPlace.WINDOW))
    look_at("window, wrong", Continue())
    bench.do(Back())
    bench.do(Back())
    look_at("other day", AskOtherDay())
    look_at("other day, wrong", ev.Typed("2026-02-29"), Continue())
    bench.do(Back())
    bench.do(ChooseDay(date(2026, 3, 4)))
    if bench.pad.words_fit:
        look_at("account", ev.Typed("窗口第三次让我回去补同一份材料。"))
        bench.do(Continue())
    look_at("call back")
    look_at("contact", AnswerCallBack(wanted=True))
    look_at("contact, wrong", Continue())
    look_at("review", ev.Typed("13800000000"), Continue())
    look_at("sending", Continue())
    look_at("sending, slow", ev.Tick())
    for reason in (UnresolvedRefusal.AWAY, UnresolvedRefusal.NOT_TAKEN):
        look_at(f"not kept: {reason}", ReportNotKept(reason))
        bench.do(Continue())
    request = bench.reports[0].request
    look_at("done", ReportKept(UnresolvedKept(request, *TAKEN)))
