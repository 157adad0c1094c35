"""Rating at a window's touchpad, by real touches in the real window."""

from __future__ import annotations

import pytest

from kiosk.court.rating import RatingOutcome
from kiosk.i18n import Language, catalogue
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import PadLimits, PadStage
from screens.theme import TextSize, Theme
from tests.screens.touchpad.pad_bench import PADS, PadBench, question

pytestmark = pytest.mark.window

TEN, SEVEN = PADS["10.1 inch, 1280 x 800"], PADS["7 inch, 1024 x 600"]
GRADES = [f"grade.{value}" for value in range(5, 0, -1)]


def test_from_idle_by_a_bad_grade_and_a_reason_to_thanks_and_idle(kiosk_window) -> None:
    """S2-15, S2-16: idle, invited, grade 2, a reason, thank you, idle; one answer with what was touched."""
    bench = PadBench(kiosk_window, SEVEN)
    assert kiosk_window.names() == ["report"]
    said = " ".join(kiosk_window.texts())
    assert "3 号窗口" in said
    assert "王示例" in said
    assert "A012" in said
    bench.do(ev.Invited(question()))
    kiosk_window.tap("grade.2")
    assert bench.pad.stage is PadStage.REASONS
    kiosk_window.tap("reason.rude")
    kiosk_window.tap("submit")
    assert bench.pad.stage is PadStage.THANKS
    assert catalogue()["touchpad.thanks.rated"].zh in " ".join(kiosk_window.texts())
    (answer,) = [one for one in bench.sent if one.done]
    assert (answer.outcome, answer.grade, answer.reasons, answer.language) == (RatingOutcome.RATED, 2, ("rude",), "zh")
    bench.do(ev.Tick(), after=PadLimits().thanks_offer)
    assert bench.pad.stage is PadStage.IDLE
    assert "3 号窗口" in " ".join(kiosk_window.texts())


def test_nobody_touches_it(kiosk_window) -> None:
    """S2-15: after a minute the question goes away and is recorded as not rated; nobody is thanked."""
    bench = PadBench(kiosk_window)
    bench.do(ev.Invited(question()))
    bench.do(ev.Tick(), after=PadLimits().timeout)
    assert bench.pad.stage is PadStage.IDLE
    assert [(one.outcome, one.grade) for one in bench.sent] == [(RatingOutcome.TIMED_OUT, None)]


def test_words_and_a_number_are_typed_and_then_forgotten(kiosk_window) -> None:
    """N10: the number is asked only of whoever wants a call; afterwards the process makes room for a fresh one."""
    bench = PadBench(kiosk_window, TEN)
    bench.do(ev.Invited(question(language="en")))
    kiosk_window.tap("grade.1")
    kiosk_window.tap("comment")
    kiosk_window.type_keys("h", "i")
    kiosk_window.tap("done")
    kiosk_window.tap("call_back")
    kiosk_window.type_keys("1", "3", "8", "backspace")
    kiosk_window.tap("done")
    assert catalogue()["touchpad.reasons.comment_there"].en in kiosk_window.texts()
    kiosk_window.tap("submit")
    (answer,) = [one for one in bench.sent if one.done]
    assert (answer.grade, answer.comment, answer.call_back) == (1, "hi", "13")
    kiosk_window.tap("finish")
    assert ev.ReplaceWindow() in bench.effects


def test_a_small_pad_asks_for_no_words_it_has_no_keys_for(kiosk_window) -> None:
    bench = PadBench(kiosk_window, SEVEN)
    bench.do(ev.Invited(question()))
    kiosk_window.tap("grade.1")
    assert "comment" not in kiosk_window.names()
    kiosk_window.tap("call_back")
    kiosk_window.type_keys("1", "3")
    kiosk_window.tap("drop")
    kiosk_window.tap("submit")
    assert [one.call_back for one in bench.sent if one.done] == [""]


def test_no_means_no(kiosk_window) -> None:
    bench = PadBench(kiosk_window)
    bench.do(ev.Invited(question()))
    kiosk_window.tap("decline")
    assert [(one.outcome, one.grade) for one in bench.sent] == [(RatingOutcome.DECLINED, None)]
    assert catalogue()["touchpad.thanks.declined"].zh in kiosk_window.texts()


def test_nobody_is_thanked_while_the_answer_is_not_kept(kiosk_window) -> None:
    bench = PadBench(kiosk_window)
    bench.away = True
    bench.do(ev.Invited(question()))
    kiosk_window.tap("grade.5")
    assert bench.pad.stage is PadStage.SAVING
    assert catalogue()["touchpad.thanks.title"].zh not in kiosk_window.texts()
    bench.do(ev.NotKept("invitation-1/done"))
    assert catalogue()["touchpad.not_saved.title"].zh in kiosk_window.texts()


def test_a_double_touch_rates_once_and_sends_nothing_on(kiosk_window) -> None:
    """The second touch, 0.1 s later, lies where the next page has something else."""
    bench = PadBench(kiosk_window, SEVEN)
    bench.do(ev.Invited(question()))
    spot = kiosk_window.find("grade.1").center
    kiosk_window.tap("grade.1")
    kiosk_window.tap_at(*spot, pause=0.1)
    kiosk_window.tap_at(*spot, pause=0.1)
    assert bench.pad.stage is PadStage.REASONS
    assert [one.done for one in bench.sent] == [False]


def test_the_language_follows_the_ticket_and_can_be_changed(kiosk_window) -> None:
    """The question comes in the language of the ticket; the answer says in which it was given; then Chinese again."""
    bench = PadBench(kiosk_window)
    bench.do(ev.Invited(question(language="ko")))
    assert catalogue()["rating.phone.question"].ko in kiosk_window.texts()
    kiosk_window.tap("service.language")
    kiosk_window.tap("language.en")
    assert catalogue()["rating.phone.question"].en in kiosk_window.texts()
    kiosk_window.tap("grade.4")
    assert [one.language for one in bench.sent] == ["en"]
    bench.do(ev.Tick(), after=PadLimits().thanks)
    assert kiosk_window.ui.language is Language.ZH


def test_it_is_read_aloud(kiosk_window) -> None:
    """EN 301 549 5.1.3: the question and every grade, in one order."""
    bench = PadBench(kiosk_window)
    bench.do(ev.Invited(question()))
    kiosk_window.tap("service.sound")
    said = kiosk_window.speaker.said[-1]
    grades = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    places = [said.index(f"\n{grade}") for grade in grades]
    assert places == sorted(places)
    assert catalogue()["rating.phone.question"].zh in said


@pytest.mark.parametrize("scale", ["gb-5", "window-4"])
@pytest.mark.parametrize("pad", PADS)
def test_all_grades_are_equal_and_in_sight(kiosk_window, pad: str, scale: str) -> None:
    """One size, one look, one order, none chosen, all visible without scrolling, in every language."""
    from screens.components.audit import Box, box_of, scroll_area_of

    bench = PadBench(kiosk_window, PADS[pad])
    bench.do(ev.Invited(question(scale)))
    for language in Language:
        kiosk_window.ui.look = kiosk_window.ui.look.with_(language=language)
        kiosk_window.frames()
        buttons = [kiosk_window.find(name) for name in kiosk_window.names() if name.startswith("grade.")]
        assert len(buttons) == int(scale[-1])
        assert len({(round(b.width), round(b.height), b.style, b.icon) for b in buttons}) == 1
        assert [b.name for b in buttons] == sorted((b.name for b in buttons), reverse=True)
        area = scroll_area_of(buttons[0])
        view = Box(area.x, area.y, area.right, area.top)
        assert all(box_of(button).inside(view) for button in buttons)


@pytest.mark.parametrize("pad", PADS)
def test_every_page_keeps_the_rules(kiosk_window, pad: str) -> None:
    """Targets, gaps and text of every page at every size that can be chosen, in all languages and every theme."""
    bench = PadBench(kiosk_window, PADS[pad])
    ui, broken = kiosk_window.ui, []

    def look_at(page: str) -> None:
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

    bench.do(ev.Invited(question()))
    look_at("invited")
    bench.do(ev.ChooseGrade(1))
    look_at("reasons")
    if "comment" in kiosk_window.names():
        bench.do(ev.WriteComment())
        look_at("comment")
        bench.do(ev.DoneTyping())
    bench.do(ev.AskCallBack())
    look_at("call_back")
    bench.do(ev.DoneTyping())
    bench.away = True
    bench.do(ev.Submit())
    look_at("saving")
    bench.do(ev.Kept("invitation-1/done"))
    look_at("thanks")
    assert broken == []
