"""What could not be got done, said at a window's pad (S2-11): kept once it is handed in, and nothing of it before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.agent.unresolved_messages import ReportUnresolved, UnresolvedRefusal
from kiosk.court.unresolved import UnresolvedChannel, UnresolvedKind, UnresolvedPlace
from kiosk.flow.touches import Back, Continue, Finish
from kiosk.flow.unresolved_events import (
    AnswerCallBack,
    AskOtherDay,
    ChooseDay,
    ChooseKind,
    ChoosePlace,
    ChooseWindow,
    ReportKept,
    ReportNotKept,
)
from kiosk.i18n import Language
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_state import REPORTING, PadStage
from tests.unit.rating.bench import LIMITS, Bench, kept, question

TODAY = date(2026, 3, 5)
REQUEST = UUID("0195f6a0-0000-7000-8000-00003f9a12c7")
BEGIN = ev.BeginReport(REQUEST, "3", TODAY, words_fit=True)
S = PadStage


@pytest.fixture
def bench() -> Bench:
    return Bench()


def to_review(bench: Bench, *, words: str = "第三次来补同一份材料", phone: str = "") -> None:
    """As far as the page on which everything stands once more."""
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.SENT_BACK))
    bench.do(ChooseDay(TODAY - timedelta(days=1)))
    if words:
        bench.do(ev.Typed(words))
    bench.do(Continue())
    bench.do(AnswerCallBack(wanted=bool(phone)))
    if phone:
        bench.do(ev.Typed(phone))
        bench.do(Continue())
    assert bench.stage() is S.UNRESOLVED_REVIEW


def test_from_the_idle_page_to_the_number(bench: Bench) -> None:
    """At this window unless somebody says otherwise; handed in once, by an id of its own; the number stays to be
    copied; then the process makes room, for something was typed."""
    to_review(bench, phone="138 0000 0000")
    assert bench.reports == [], "nothing leaves the pad before it is handed in"
    bench.do(Continue())
    (report,) = bench.reports
    assert report == ReportUnresolved(
        str(REQUEST),
        str(REQUEST),
        UnresolvedKind.SENT_BACK,
        UnresolvedPlace.WINDOW,
        "2026-03-04",
        UnresolvedChannel.PAD,
        window="3",
        account="第三次来补同一份材料",
        phone="13800000000",
    )
    assert bench.stage() is S.UNRESOLVED_DONE
    assert bench.pad.require_report().kept == kept(str(REQUEST))
    assert "材料" not in str(bench.pad)
    assert "138" not in str(bench.pad)
    bench.do(ev.Tick(), after=LIMITS.done - 1)
    assert bench.stage() is S.UNRESOLVED_DONE
    bench.do(Finish())
    assert (bench.stage(), bench.replaced) == (S.IDLE, 1)


def test_it_can_be_said_without_a_word_and_without_a_name(bench: Bench) -> None:
    to_review(bench, words="")
    bench.do(Continue())
    assert [(one.account, one.name, one.phone) for one in bench.reports] == [("", "", "")]
    bench.do(Finish())
    assert (bench.stage(), bench.replaced) == (S.IDLE, 0), "nothing personal was entered"


def test_a_pad_without_keys_for_words_asks_for_none(bench: Bench) -> None:
    bench.do(ev.BeginReport(REQUEST, "3", TODAY, words_fit=False))
    bench.do(ChooseKind(UnresolvedKind.FEES))
    bench.do(ChooseDay(TODAY))
    assert bench.stage() is S.UNRESOLVED_CALL_BACK
    bench.do(Back())
    assert bench.stage() is S.UNRESOLVED_DAY


@pytest.mark.parametrize(
    ("steps", "place", "window"),
    [
        ([ChoosePlace(UnresolvedPlace.ONLINE)], UnresolvedPlace.ONLINE, ""),
        ([ChoosePlace(UnresolvedPlace.WINDOW), ev.Typed("12"), Continue()], UnresolvedPlace.WINDOW, "12"),
        ([ChoosePlace(UnresolvedPlace.PHONE), ev.AskPlace(), ChooseWindow("3")], UnresolvedPlace.WINDOW, "3"),
        ([ChoosePlace(UnresolvedPlace.WINDOW), Continue(), Back(), Back()], UnresolvedPlace.WINDOW, "3"),
    ],
)
def test_it_need_not_have_been_here(bench: Bench, steps: list[ev.Event], place: UnresolvedPlace, window: str) -> None:
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.NOBODY_THERE))
    for step in (ev.AskPlace(), *steps):
        bench.do(step)
    assert bench.stage() is S.UNRESOLVED_DAY
    draft = bench.pad.require_report()
    assert (draft.place, draft.window) == (place, window)


@pytest.mark.parametrize("typed", ["", "2026-03", "2026-02-29", "2026-03-06", "nonsense"])
def test_a_day_that_is_none_or_has_not_been_is_not_taken(bench: Bench, typed: str) -> None:
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.FEES))
    bench.do(AskOtherDay())
    bench.do(ev.Typed(typed))
    bench.do(Continue())
    assert (bench.stage(), bench.pad.mistaken) == (S.UNRESOLVED_OTHER_DAY, True)
    bench.do(ev.Typed("2025-12-31"))
    assert not bench.pad.mistaken
    bench.do(Continue())
    assert bench.pad.require_report().happened == date(2025, 12, 31)


def test_a_number_that_cannot_be_called_is_not_taken(bench: Bench) -> None:
    """But no is as good an answer, and forgets what was typed."""
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.FEES))
    bench.do(ChooseDay(TODAY))
    bench.do(Continue())
    bench.do(AnswerCallBack(wanted=True))
    bench.do(ev.Typed("138"))
    bench.do(Continue())
    assert (bench.stage(), bench.pad.mistaken) == (S.UNRESOLVED_CONTACT, True)
    bench.do(Back())
    bench.do(AnswerCallBack(wanted=False))
    bench.do(Continue())
    assert [one.phone for one in bench.reports] == [""]


@pytest.mark.parametrize("grade", [1, 2, 3, 5])
def test_offered_after_the_two_lowest_grades(bench: Bench, grade: int) -> None:
    """On the thank-you page, which stays longer for it; after any other grade it is not there. The report says nothing
    of the rating it came after."""
    bench.do(ev.Invited(question(language="ko")))
    bench.do(ev.ChooseGrade(grade))
    if grade < 3:
        bench.do(ev.Submit())
    bench.do(BEGIN)
    assert (bench.stage() is S.UNRESOLVED_KIND) is (grade < 3)
    if grade < 3:
        assert bench.pad.language is Language.KO
        assert "invitation" not in str(bench.pad.report)
        assert bench.pad.question is None


def test_the_thanks_with_the_offer_can_be_left(bench: Bench) -> None:
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(1))
    bench.do(ev.Submit())
    bench.do(ev.Tick(), after=LIMITS.thanks)
    assert bench.stage() is S.THANKS
    bench.do(Finish())
    assert bench.stage() is S.IDLE


def test_an_invitation_waits_for_whoever_reports(bench: Bench) -> None:
    """Nothing the window's staff do reaches the report: neither a call, nor an invitation, nor its end."""
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.PASSED_ON))
    before = bench.pad.report
    for number in (1, 2):
        bench.do(ev.Invited(question(number)))
    bench.do(ev.Ended("invitation-1", answered=False))
    bench.do(ev.Kept("invitation-1/done"))
    bench.do(ev.NotKept("invitation-1/done"))
    assert (bench.stage(), bench.pad.report, bench.shown) == (S.UNRESOLVED_DAY, before, [])
    bench.do(ev.LeaveReport())
    assert (bench.stage(), bench.shown) == (S.INVITED, ["invitation-2"])


def test_the_next_process_is_told_what_waits(bench: Bench) -> None:
    """It takes over where somebody has typed; the agent hears that the invitation is still wanted."""
    to_review(bench)
    bench.do(ev.Invited(question(1)))
    bench.do(Continue())
    bench.do(Finish())
    assert (bench.stage(), bench.waiting, bench.replaced) == (S.IDLE, ["invitation-1"], 1)


def test_whoever_walks_away_leaves_nothing(bench: Bench) -> None:
    """Rule 7: asked after 45 s whether they are there, 30 s to say so; then idle, and nothing is kept."""
    to_review(bench)
    bench.do(ev.Tick(), after=LIMITS.alert - 1)
    assert bench.pad.left is None
    bench.do(ev.Tick(), after=1)
    assert bench.pad.left == LIMITS.countdown
    bench.do(ev.Touched(), after=10)
    bench.do(ev.Tick(), after=0)
    assert bench.pad.left == LIMITS.countdown - 10, "a touch beside the button says nothing"
    for _ in range(12):
        bench.do(ev.MoreTime())
        assert bench.pad.left is None
        bench.do(ev.Tick(), after=LIMITS.alert + 1)
    bench.do(ev.Tick(), after=LIMITS.countdown)
    assert (bench.stage(), bench.reports, bench.replaced) == (S.IDLE, [], 1)
    assert "材料" not in str(bench.pad)


@pytest.mark.parametrize("reason", UnresolvedRefusal)
def test_a_refusal_is_told_and_what_was_said_is_still_there(bench: Bench, reason: UnresolvedRefusal) -> None:
    to_review(bench)
    bench.away = True
    bench.do(Continue())
    bench.do(ReportNotKept(reason))
    assert (bench.stage(), bench.pad.refused) == (S.UNRESOLVED_NOT_KEPT, reason)
    bench.away = False
    bench.do(Continue())
    again = reason not in {UnresolvedRefusal.NOT_A_REPORT, UnresolvedRefusal.NOT_TAKEN}
    assert (bench.stage() is S.UNRESOLVED_DONE) is again
    assert len({one.request_id for one in bench.reports}) == 1, "the same report, however often it is handed in"


def test_an_agent_that_is_away_is_asked_again(bench: Bench) -> None:
    to_review(bench)
    bench.away = True
    bench.do(Continue())
    bench.do(ev.LeaveReport())
    bench.do(Back())
    assert bench.stage() is S.UNRESOLVED_SENDING, "it cannot be taken back half-way"
    for _ in range(3):
        bench.do(ev.Tick(), after=LIMITS.retry_report)
    assert len(bench.reports) == 4
    assert bench.pad.waits_long(LIMITS)
    bench.do(ev.Tick(), after=LIMITS.give_up_report)
    assert (bench.stage(), bench.pad.refused) == (S.UNRESOLVED_NOT_KEPT, UnresolvedRefusal.AWAY)
    bench.do(ReportKept(kept(str(REQUEST))))
    assert bench.stage() is S.UNRESOLVED_DONE, "it was only late"


def test_double_touches_do_nothing(bench: Bench) -> None:
    bench.do(BEGIN)
    bench.do(ChooseKind(UnresolvedKind.FEES), after=LIMITS.settle / 2)
    assert bench.stage() is S.UNRESOLVED_KIND
    bench.do(ev.LeaveReport())
    to_review(bench)
    bench.away = True
    bench.do(Continue())
    bench.do(Continue(), after=0.1)
    assert len(bench.reports) == 1


EVENTS = st.one_of(
    st.just(BEGIN),
    st.builds(ev.Invited, st.integers(1, 3).map(question)),
    st.builds(ev.Ended, st.integers(1, 3).map(lambda number: f"invitation-{number}"), st.booleans()),
    st.sampled_from([ev.Tick(), ev.Touched(), ev.MoreTime(), ev.LeaveReport(), ev.AskPlace(), Back(), Continue()]),
    st.sampled_from([Finish(), AskOtherDay(), ev.ChooseGrade(1), ev.ChooseGrade(5), ev.Submit()]),
    st.builds(ChooseKind, st.sampled_from(UnresolvedKind)),
    st.builds(ChoosePlace, st.sampled_from(UnresolvedPlace)),
    st.builds(ChooseWindow, st.sampled_from(["3", "", "12345"])),
    st.builds(ChooseDay, st.dates(date(2026, 3, 1), date(2026, 3, 9))),
    st.builds(AnswerCallBack, st.booleans()),
    st.builds(ev.Typed, st.sampled_from(["", "2026-03-01", "7", "13800000000", "words"])),
    st.builds(ReportNotKept, st.sampled_from(UnresolvedRefusal)),
)
HISTORIES = st.lists(st.tuples(EVENTS, st.sampled_from([0.1, 1.0, 9.0, 80.0]), st.booleans()), max_size=60)


@settings(max_examples=400, deadline=None)
@given(HISTORIES)
def test_only_what_was_handed_in_leaves_and_nothing_stays(history: list[tuple[ev.Event, float, bool]]) -> None:
    """S2-11: whatever happens in whatever order, with the agent coming and going."""
    bench = Bench()
    for event, after, away in history:
        bench.away = away
        before, handed = bench.pad, len(bench.reports)
        bench.do(event, after)
        if len(bench.reports) > handed:
            assert isinstance(event, Continue | ev.Tick)
            assert before.stage in {S.UNRESOLVED_REVIEW, S.UNRESOLVED_SENDING, S.UNRESOLVED_NOT_KEPT}
        if isinstance(event, ev.Invited | ev.Ended) and before.stage in REPORTING:
            assert (bench.pad.stage, bench.pad.report) == (before.stage, before.report)
        if bench.stage() not in REPORTING:
            assert (bench.pad.report, bench.pad.left, bench.pad.typed) == (None, None, "")
        if bench.stage() is S.UNRESOLVED_DONE:
            assert bench.reports
    for report in bench.reports:
        assert date.fromisoformat(report.happened) <= TODAY
        assert (report.window != "") is (report.place is UnresolvedPlace.WINDOW)
        assert report.channel is UnresolvedChannel.PAD
