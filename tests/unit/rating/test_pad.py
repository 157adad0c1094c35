"""The rating pad's flow: whatever is pressed, whenever."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.agent.rating_messages import AnswerRating
from kiosk.clock import CHINA, ManualClock
from kiosk.court.rating import RatingOutcome
from kiosk.i18n import Language
from kiosk.rating import pad_events as ev
from kiosk.rating.pad_runtime import PadRuntime
from kiosk.rating.pad_state import ANSWERING, Pad, PadLimits, PadStage
from tests.unit.rating.bench import LIMITS, Bench, question


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_good_grade_takes_one_touch(bench: Bench) -> None:
    """S2-15: idle, the question in the language of the ticket, one touch, thanks, idle in Chinese again."""
    bench.do(ev.Invited(question(language="ko")))
    assert (bench.stage(), bench.pad.language, bench.shown) == (PadStage.INVITED, Language.KO, ["invitation-1"])
    assert bench.pad.grade is None, "nothing is chosen beforehand"
    bench.do(ev.ChooseGrade(5))
    assert bench.stage() is PadStage.THANKS
    assert [(a.outcome, a.grade, a.language) for a in bench.final] == [(RatingOutcome.RATED, 5, "ko")]
    bench.do(ev.Tick(), after=LIMITS.thanks)
    assert (bench.stage(), bench.pad.language, bench.replaced) == (PadStage.IDLE, Language.ZH, 0)


def test_a_bad_grade_is_kept_before_it_is_asked_why(bench: Bench) -> None:
    """The grade is durable at its touch; everything else is offered, and submitting without it works."""
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(2))
    assert bench.stage() is PadStage.REASONS
    assert [(a.grade, a.done) for a in bench.sent] == [(2, False)]
    bench.do(ev.Submit())
    assert bench.stage() is PadStage.THANKS
    assert [(a.grade, a.reasons, a.comment, a.call_back) for a in bench.final] == [(2, (), "", "")]


def test_reasons_words_and_call_back_go_with_submit_only(bench: Bench) -> None:
    """N10: known by name only where the person chose it; afterwards nothing of it is left, nor is the process."""
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(1))
    bench.do(ev.ChooseReasons(("rude",)))
    bench.do(ev.WriteComment())
    bench.do(ev.Typed("窗口没有人"))
    bench.do(ev.DoneTyping())
    bench.do(ev.AskCallBack())
    bench.do(ev.Typed("13800000000"))
    bench.do(ev.DropTyped())
    bench.do(ev.AskCallBack())
    bench.do(ev.Typed("13900000000"))
    bench.do(ev.DoneTyping())
    assert len(bench.sent) == 1, "nothing leaves the pad before it is submitted"
    bench.do(ev.Submit())
    assert [(a.reasons, a.comment, a.call_back) for a in bench.final] == [(("rude",), "窗口没有人", "13900000000")]
    assert bench.stage() is PadStage.THANKS
    assert "13900000000" not in str(bench.pad)
    bench.do(ev.Tick(), after=LIMITS.thanks_offer)
    assert bench.replaced == 1


def test_declining_is_an_answer(bench: Bench) -> None:
    bench.do(ev.Invited(question()))
    bench.do(ev.Decline())
    assert [(a.outcome, a.grade) for a in bench.final] == [(RatingOutcome.DECLINED, None)]
    assert bench.stage() is PadStage.THANKS


def test_a_time_out_is_not_rated(bench: Bench) -> None:
    """S2-15: a minute without a touch ends the question without a grade; a touch anywhere starts the minute anew."""
    bench.do(ev.Invited(question()))
    bench.do(ev.Touched(), after=LIMITS.timeout - 1)
    bench.do(ev.Tick(), after=LIMITS.timeout - 1)
    assert bench.stage() is PadStage.INVITED
    bench.do(ev.Tick(), after=1)
    assert bench.stage() is PadStage.IDLE, "nobody is thanked"
    assert [(a.outcome, a.grade) for a in bench.sent] == [(RatingOutcome.TIMED_OUT, None)]


@pytest.mark.parametrize("opened", [None, ev.WriteComment(), ev.AskCallBack()])
def test_whoever_walks_away_from_the_reasons_has_rated(bench: Bench, opened: ev.Event | None) -> None:
    """A bad grade takes one touch too; what was ticked or typed and not submitted is not sent."""
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(2))
    bench.do(ev.ChooseReasons(("slow",)))
    if opened is not None:
        bench.do(opened)
        bench.do(ev.Typed("138"))
    bench.do(ev.Tick(), after=LIMITS.timeout)
    assert [(a.outcome, a.grade, a.reasons, a.comment, a.call_back) for a in bench.final] == [
        (RatingOutcome.RATED, 2, (), "", "")
    ]


def test_double_touches_do_nothing(bench: Bench) -> None:
    """A second touch, on the same grade, another grade or the next page's button, changes nothing."""
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(1), after=LIMITS.settle / 2)
    assert bench.stage() is PadStage.INVITED, "the page had only just come"
    bench.do(ev.ChooseGrade(2))
    bench.do(ev.ChooseGrade(5), after=0.1)
    bench.do(ev.Submit(), after=0.1)
    bench.do(ev.WriteComment(), after=0.1)
    assert bench.stage() is PadStage.REASONS
    bench.do(ev.Submit())
    bench.do(ev.ChooseGrade(4))
    assert [a.grade for a in bench.final] == [2]


def test_the_next_question_cannot_be_answered_by_the_same_hammering(bench: Bench) -> None:
    """Within 5 s of an answer no other one is taken."""
    bench.do(ev.Invited(question(1)))
    bench.do(ev.Invited(question(2)), after=0.1)
    assert [(a.invitation_id, a.outcome) for a in bench.sent] == [("invitation-1", RatingOutcome.TIMED_OUT)]
    bench.do(ev.ChooseGrade(4))
    bench.do(ev.Invited(question(3)), after=0.1)
    bench.do(ev.Tick(), after=LIMITS.thanks - 0.1)
    assert bench.shown == ["invitation-1", "invitation-2", "invitation-3"]
    bench.pad = Pad(
        PadStage.INVITED, question=question(4), entered=bench.now - 2, touched=bench.now, answered=bench.now
    )
    bench.do(ev.ChooseGrade(5), after=LIMITS.debounce - 0.1)
    assert bench.stage() is PadStage.INVITED
    bench.do(ev.ChooseGrade(5), after=0.2)
    assert bench.stage() is PadStage.THANKS


def test_a_new_question_waits_for_whoever_is_writing(bench: Bench) -> None:
    bench.do(ev.Invited(question(1)))
    bench.do(ev.ChooseGrade(2))
    bench.do(ev.Invited(question(2)))
    bench.do(ev.Invited(question(2)))
    assert bench.stage() is PadStage.REASONS
    bench.do(ev.Submit())
    bench.do(ev.Tick(), after=LIMITS.thanks_offer)
    assert (bench.stage(), bench.shown) == (PadStage.INVITED, ["invitation-1", "invitation-2"])
    assert bench.pad.following == ()


def test_an_old_question_is_left_only_when_it_is_written_down(bench: Bench) -> None:
    """The new one is not shown before the old one's outcome is durable."""
    bench.do(ev.Invited(question(1)))
    bench.away = True
    bench.do(ev.Invited(question(2)))
    assert (bench.stage(), bench.shown) == (PadStage.SAVING, ["invitation-1"])
    bench.away = False
    bench.do(ev.Tick(), after=LIMITS.retry)
    assert (bench.stage(), bench.shown) == (PadStage.INVITED, ["invitation-1", "invitation-2"])


def test_nobody_is_thanked_before_the_answer_is_kept(bench: Bench) -> None:
    """The agent is away: it is asked again, and who cannot be served is told the truth."""
    bench.away = True
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(5))
    for _ in range(5):
        bench.do(ev.Tick(), after=LIMITS.retry)
        assert bench.stage() is PadStage.SAVING
    assert {a.request for a in bench.sent} == {"invitation-1/done"}
    assert len(bench.sent) == 6
    bench.do(ev.Kept("invitation-1/grade"))
    assert bench.stage() is PadStage.SAVING, "that was another request"
    bench.do(ev.Tick(), after=LIMITS.give_up)
    assert bench.stage() is PadStage.NOT_SAVED
    bench.do(ev.Tick(), after=LIMITS.not_saved)
    assert bench.stage() is PadStage.IDLE


def test_a_refusal_of_the_agent_is_told_at_once(bench: Bench) -> None:
    bench.away = True
    bench.do(ev.Invited(question()))
    bench.do(ev.ChooseGrade(5))
    bench.do(ev.NotKept("invitation-1/done"))
    assert bench.stage() is PadStage.NOT_SAVED


def test_what_was_answered_elsewhere_is_not_asked(bench: Bench) -> None:
    """On a phone, say. The agent knows; nothing is sent."""
    bench.do(ev.Invited(question(1)))
    bench.do(ev.Ended("invitation-1", answered=True))
    assert (bench.stage(), bench.sent) == (PadStage.IDLE, [])


def test_the_next_person_is_not_asked_about_the_one_before(bench: Bench) -> None:
    bench.do(ev.Invited(question(1)))
    bench.do(ev.Ended("invitation-1", answered=False))
    assert [(a.outcome, a.grade) for a in bench.sent] == [(RatingOutcome.TIMED_OUT, None)]
    assert bench.stage() is PadStage.IDLE


START = datetime(2026, 3, 5, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize(("asleep", "stage"), [(1.0, PadStage.SAVING), (90.0, PadStage.INVITED)])
def test_a_process_that_stood_still_has_given_nobody_the_time(asleep: float, stage: PadStage) -> None:
    """What was touched meanwhile comes after the first tick: it must not find the question gone as "not rated"."""
    clock, sent = ManualClock(START), list[ev.Effect]()
    runtime = PadRuntime(run=sent.append, clock=clock, limits=PadLimits(timeout=60.0), on_change=lambda _pad: None)
    runtime.dispatch(ev.Invited(question()))
    for _ in range(59):
        clock.advance(1.0)
        runtime.tick()
    clock.advance(asleep)
    runtime.tick()
    assert runtime.pad.stage is stage
    runtime.dispatch(ev.ChooseGrade(4))
    given = [effect.answer.grade for effect in sent if isinstance(effect, ev.Keep)]
    assert given == [None if asleep == 1.0 else 4]


EVENTS = st.one_of(
    st.builds(ev.Invited, st.integers(1, 4).map(question)),
    st.builds(ev.Ended, st.integers(1, 4).map(lambda number: f"invitation-{number}"), st.booleans()),
    st.just(ev.Tick()),
    st.just(ev.Touched()),
    st.builds(ev.ChooseLanguage, st.sampled_from(Language)),
    st.builds(ev.ChooseGrade, st.integers(0, 6)),
    st.just(ev.Decline()),
    st.builds(ev.ChooseReasons, st.just(("rude",))),
    st.just(ev.WriteComment()),
    st.just(ev.AskCallBack()),
    st.builds(ev.Typed, st.text(max_size=5)),
    st.just(ev.DoneTyping()),
    st.just(ev.DropTyped()),
    st.just(ev.Submit()),
)
HISTORIES = st.lists(st.tuples(EVENTS, st.sampled_from([0.1, 1.0, 6.0, 61.0]), st.booleans()), max_size=60)


@settings(max_examples=400, deadline=None)
@given(HISTORIES)
def test_one_answer_an_invitation_and_no_grade_that_was_not_touched(
    history: list[tuple[ev.Event, float, bool]],
) -> None:
    """S2-15, S2-16: whatever happens in whatever order, with the agent coming and going."""
    bench = Bench()
    touched: dict[str, set[int]] = {}
    for event, after, away in history:
        if isinstance(event, ev.Invited) and any(event.question.invitation_id == a.invitation_id for a in bench.final):
            continue  # the agent never offers what was answered here
        bench.away = away
        before = bench.pad
        if isinstance(event, ev.ChooseGrade) and before.stage is PadStage.INVITED:
            touched.setdefault(before.answering, set()).add(event.value)
        sent = len(bench.sent)
        bench.do(event, after)
        if isinstance(event, ev.Tick) and before.stage is PadStage.INVITED:
            assert all(answer.grade is None for answer in bench.sent[sent:]), "a time-out is never a grade"
        if bench.stage() is PadStage.THANKS:
            assert any(answer.invitation_id == bench.pad.saving.invitation_id for answer in bench.final)  # type: ignore[union-attr]
        if bench.stage() not in ANSWERING:
            assert (bench.pad.grade, bench.pad.comment, bench.pad.call_back) == (None, "", "")
    outcomes: dict[str, set[AnswerRating]] = {}
    for answer in bench.sent:
        assert (answer.grade is not None) is (answer.outcome is RatingOutcome.RATED)
        if answer.grade is not None:
            assert answer.grade in touched[answer.invitation_id]
        if answer.done:
            outcomes.setdefault(answer.invitation_id, set()).add(answer)
    assert all(len(answers) == 1 for answers in outcomes.values()), "sent again it is the same answer"
