"""Ratings on the pad's own disk and on their way: durable before thanks, one a matter, whatever fails."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.agent import health
from kiosk.agent.rating_answers import BadAnswerError
from kiosk.agent.rating_desk import LATE
from kiosk.agent.rating_messages import PadWindow, RatingEnded, RatingInvited
from kiosk.agent.rating_messenger import RatingMessenger
from kiosk.audit.journal import check_chain, entries
from kiosk.clock import ManualClock
from kiosk.court.event_stream import HubEvent
from kiosk.court.invitations import read
from kiosk.court.keys import SigningKey
from kiosk.court.rating import RatingOutcome
from kiosk.court.sealing import unseal
from kiosk.outbox import ratings
from kiosk.outbox.errors import UnknownInvitationError
from kiosk.outbox.ratings import RatingState
from kiosk.rating.window_state import Activity
from tests.outbox.invited import Pad, cursor, invitation, rated, told
from tests.outbox.messenger import beat
from tests.outbox.stub_hub import Fault, StubHub


@pytest.fixture
def pad(hub: StubHub, clock: ManualClock, tmp_path: Path) -> Iterator[Pad]:
    made = Pad(tmp_path / "data", hub, clock)
    yield made
    made.close()


def deliver(pad: Pad, seconds: float = 0.0) -> None:
    """Everything the messenger can do within `seconds` of the manual clock."""
    messenger = RatingMessenger(pad.agent.outbox, pad.agent.new_client(), pad.clock)
    end = pad.clock.monotonic() + seconds
    for _ in range(2000):
        pause = messenger.step()
        if pause and pad.clock.monotonic() + pause > end:
            break
        pad.clock.advance(pause)
    messenger.stop()


def states(pad: Pad) -> list[RatingState]:
    return [one.state for one in pad.agent.outbox.run(lambda c: ratings.held(c, *RatingState))]


def test_an_invitation_is_checked_without_the_hub_and_asked(pad: Pad) -> None:
    """S2-15: its scale and the reasons come with it, as data."""
    pad.hub.stop()
    invited = pad.invite("ticket:1", scale="window-4")
    (question,) = pad.said
    assert isinstance(question, RatingInvited)
    assert [(one.value, one.bad) for one in question.grades] == [(4, False), (3, False), (2, False), (1, True)]
    assert len(question.reasons) >= 10
    assert pad.asked() == [str(invited.invitation_id)]


def test_what_is_not_for_this_pad_is_passed_over(pad: Pad) -> None:
    """Forged, of another window, expired, of an unknown scale, or no invitation; the stream goes on behind it."""
    now = pad.clock.now()
    strange = [
        told(invitation("ticket:1", now), SigningKey.generate(), now),
        told(invitation("ticket:2", now, window="4"), pad.hub.signing, now),
        told(invitation("ticket:3", now - timedelta(days=9)), pad.hub.signing, now),
        told(invitation("ticket:4", now, scale="none"), pad.hub.signing, now),
        HubEvent(cursor(now), "rating_invited", "{}"),
        HubEvent(cursor(now), "ticket_called", "not JSON"),
        HubEvent(cursor(now), "something_new", '{"window": "3"}'),
    ]
    for number, event in enumerate(strange):
        pad.desk.heard(HubEvent(str(int(event.id) + number), event.kind, event.data))
    assert [event for event in pad.said if not isinstance(event, PadWindow)] == []
    assert pad.asked() == []
    assert pad.desk.cursor == str(int(cursor(now)) + len(strange) - 1)


@pytest.mark.parametrize("outcome", [RatingOutcome.RATED, RatingOutcome.DECLINED])
def test_what_was_answered_is_never_asked_again(pad: Pad, outcome: RatingOutcome) -> None:
    """S2-16: neither by a replay, nor after a restart, nor under a new invitation, nor after it was delivered."""
    invited = pad.invite("ticket:1")
    pad.desk.answer(rated(invited, 5 if outcome is RatingOutcome.RATED else None, outcome=outcome))
    pad.restart()
    pad.hear(invited)
    pad.invite("ticket:1")
    deliver(pad)
    pad.hear(invited)
    assert (pad.said, pad.asked()) == ([], [])


def test_after_a_time_out_the_court_may_ask_once_more(pad: Pad) -> None:
    """Nobody had answered; the answer that comes then is the one that counts."""
    invited = pad.invite("ticket:1")
    pad.desk.answer(rated(invited, None, outcome=RatingOutcome.TIMED_OUT))
    deliver(pad)
    pad.hear(invited)
    assert pad.asked() == [str(invited.invitation_id)]
    pad.hub.ratings.clear()
    pad.desk.answer(rated(invited, 2))
    deliver(pad)
    assert [one.grade for one in pad.hub.ratings.values()] == [2]


def test_the_first_touch_counts(pad: Pad) -> None:
    """A kept grade is not changed by another, a refusal or a time-out; reasons may be added to it until the end."""
    invited = pad.invite("ticket:1")
    pad.desk.answer(rated(invited, 2, done=False))
    pad.desk.answer(rated(invited, 5))
    other = pad.invite("ticket:2")
    pad.desk.answer(rated(other, 1, done=False))
    pad.desk.answer(rated(other, 1, reasons=("slow", "rude", "unheard_of")))
    pad.desk.answer(rated(other, None, outcome=RatingOutcome.TIMED_OUT))
    deliver(pad)
    given = pad.hub.ratings
    assert (given["ticket:1"].outcome, given["ticket:1"].grade) == (RatingOutcome.RATED, 2)
    assert (given["ticket:2"].grade, given["ticket:2"].reasons) == (1, ("slow", "rude"))


def test_a_grade_survives_the_window_and_the_agent(pad: Pad) -> None:
    """The window died on the page with the reasons: the next one settles the grade, the one that is back goes on."""
    left, still = pad.invite("ticket:1"), pad.invite("ticket:2")
    pad.desk.answer(rated(left, 2, done=False))
    pad.desk.answer(rated(still, 1, done=False))
    pad.restart()
    assert pad.desk.questions(answering=str(still.invitation_id)) == []
    assert states(pad) == [RatingState.ANSWERED, RatingState.GRADED]
    pad.desk.answer(rated(still, 1, reasons=("rude",)))
    deliver(pad)
    assert {(one.grade, one.reasons) for one in pad.hub.ratings.values()} == {(2, ()), (1, ("rude",))}


def test_who_has_gone_is_not_asked(pad: Pad) -> None:
    """What comes too late is not shown; what was on the screen when the power failed ends as not rated (S2-15)."""
    shown = pad.invite("ticket:1")
    pad.desk.shown(str(shown.invitation_id))
    pad.invite("ticket:2")
    old = invitation("ticket:3", pad.clock.now())
    event = told(old, pad.hub.signing, pad.clock.now())
    pad.clock.advance(LATE.total_seconds())
    pad.restart()
    pad.desk.heard(event)
    assert (pad.said, pad.asked()) == ([], [])
    deliver(pad)
    assert {matter: one.outcome for matter, one in pad.hub.ratings.items()} == {"ticket:1": RatingOutcome.TIMED_OUT}
    pad.hear(old)
    assert pad.asked() == [str(old.invitation_id)], "asked again on purpose, though issued long ago"


def test_a_clock_that_is_wrong_does_not_keep_the_pad_silent(hub: StubHub, clock: ManualClock, tmp_path: Path) -> None:
    """The desk goes by the hub's time; so do the answers."""
    pad = Pad(tmp_path / "data", hub, clock)
    pad.ahead = timedelta(days=30)
    hub_now = clock.now() + pad.ahead
    invited = invitation("ticket:1", hub_now)
    pad.desk.heard(told(invited, hub.signing, hub_now))
    assert len(pad.asked()) == 1
    pad.desk.answer(rated(invited))
    (held,) = pad.agent.outbox.run(lambda c: ratings.undelivered(c, 9))
    assert held.answer.answered == hub_now
    pad.close()


def test_answered_elsewhere_and_the_next_person(pad: Pad) -> None:
    """On a phone: not asked any more. Somebody else is served: whoever was asked has gone."""
    invited = pad.invite("ticket:00000000-0000-7000-8000-000000000001")
    same = json.dumps({"ticket_id": invited.matter[7:], "number": "A001", "status": "serving"})
    pad.desk.heard(HubEvent(cursor(pad.clock.now()), "ticket_status", same))
    assert not [event for event in pad.said if isinstance(event, RatingEnded)], "the next service of the same visit"
    other = json.dumps({"ticket_id": "00000000-0000-7000-8000-000000000002", "number": "A002", "status": "serving"})
    pad.desk.heard(HubEvent(cursor(pad.clock.now()), "ticket_status", other))
    closed = json.dumps({"invitation_id": str(invited.invitation_id)})
    pad.desk.heard(HubEvent(cursor(pad.clock.now()), "rating_closed", closed))
    key = str(invited.invitation_id)
    ended = [event for event in pad.said if isinstance(event, RatingEnded)]
    assert ended == [RatingEnded(key, answered=False), RatingEnded(key, answered=True)]
    assert pad.asked() == []


def test_what_the_window_is_doing_is_never_guessed(pad: Pad, clock: ManualClock) -> None:
    """Told by events, kept over a restart, unknown while the hub is not heard and on the next morning."""

    def tell(kind: str, **data: object) -> None:
        pad.desk.heard(HubEvent(cursor(clock.now()), kind, json.dumps(data)))

    tell("window_changed", window="3", open=True, paused=False, staff="王示例")
    assert pad.desk.window() == PadWindow("3")
    pad.desk.listening(on=True)
    assert pad.desk.window() == PadWindow("3", Activity.FREE, "王示例", heard=True)
    tell("ticket_called", number="A012", status="called")
    assert pad.desk.window() == PadWindow("3", Activity.CALLING, "王示例", "A012", heard=True)
    tell("ticket_status", number="A012", status="serving")
    assert pad.desk.window().activity is Activity.SERVING
    tell("ticket_status", number="A012", status="finished")
    tell("window_changed", window="3", open=False, paused=True, staff="王示例")
    assert pad.desk.window() == PadWindow("3", Activity.PAUSED, "王示例", heard=True)
    clock.advance(24 * 3600)
    assert pad.desk.window() == PadWindow("3", heard=True)
    tell("window_changed", window="3", open=False, paused=False, staff=None)
    assert pad.desk.window() == PadWindow("3", Activity.CLOSED, heard=True)


def test_words_and_number_leave_the_memory_sealed_only(pad: Pad, tmp_path: Path) -> None:
    """N10: neither in the files nor readable by this terminal; the court opens them."""
    invited = pad.invite("ticket:1")
    pad.desk.answer(rated(invited, 1, comment=" 窗口没有人 ", call_back="13800000000"))
    good = pad.invite("ticket:2")
    pad.desk.answer(rated(good, 5, comment="好", call_back="13900000000", reasons=("rude",)))
    deliver(pad)
    bad = pad.hub.ratings["ticket:1"]
    opened = [
        unseal(base64.b64decode(sealed or ""), pad.hub.sealing).decode()
        for sealed in (bad.comment_sealed, bad.named_sealed)
    ]
    assert opened == ["窗口没有人", "13800000000"]
    fine = pad.hub.ratings["ticket:2"]
    assert (fine.comment_sealed, fine.named_sealed, fine.reasons) == (None, None, ())
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"13800000000" not in stored
    assert pad.agent.outbox.run(lambda c: ratings.undelivered(c, 9)) == []


@pytest.mark.parametrize("given", [(6, RatingOutcome.RATED), (None, RatingOutcome.RATED), (5, RatingOutcome.DECLINED)])
def test_no_answer_that_the_scale_does_not_have(pad: Pad, given: tuple[int | None, RatingOutcome]) -> None:
    invited = pad.invite("ticket:1")
    with pytest.raises(BadAnswerError):
        pad.desk.answer(rated(invited, given[0], outcome=given[1]))
    assert states(pad) == [RatingState.WAITING]


def test_a_hub_that_is_away_for_days_gets_everything_later(pad: Pad) -> None:
    """Every fault of the line and a restart in between; each matter once, nothing left behind."""
    for number in range(20):
        pad.desk.answer(rated(pad.invite(f"ticket:{number}"), 1 + number % 5))
        pad.clock.advance(60)
    pad.hub.stop()
    deliver(pad, seconds=3 * 24 * 3600.0)
    assert states(pad) == [RatingState.ANSWERED] * 20
    pad.restart()
    pad.hub.start()
    pad.hub.faults = [fault for fault in Fault if fault is not Fault.DRIP] * 3
    deliver(pad, seconds=24 * 3600.0)
    assert {m: one.grade for m, one in pad.hub.ratings.items()} == {f"ticket:{n}": 1 + n % 5 for n in range(20)}
    assert states(pad) == [RatingState.DELIVERED] * 20


def test_a_matter_that_was_rated_elsewhere_keeps_its_first_answer_silently(pad: Pad) -> None:
    invited = pad.invite("ticket:1")
    phone = pad.invite("ticket:2")
    pad.desk.answer(rated(phone, 5))
    deliver(pad)
    pad.hub.ratings["ticket:1"] = pad.hub.ratings["ticket:2"]
    pad.desk.answer(rated(invited, 1))
    deliver(pad)
    assert pad.hub.ratings["ticket:1"].grade == 5
    assert states(pad) == [RatingState.DELIVERED] * 2


def test_one_answer_the_hub_will_not_have_holds_up_no_other(pad: Pad) -> None:
    """Refused for good: set aside, with its reason in the journal. Failing: tried again, after the others."""
    pad.hub.never, pad.hub.failing = {"ticket:0"}, {"ticket:1"}
    for number in range(4):
        pad.desk.answer(rated(pad.invite(f"ticket:{number}")))
    deliver(pad)
    assert states(pad) == [RatingState.REFUSED, RatingState.ANSWERED, RatingState.DELIVERED, RatingState.DELIVERED]
    pad.hub.failing.clear()
    deliver(pad, seconds=600)
    assert states(pad)[1] is RatingState.DELIVERED
    journal = pad.agent.outbox.run(lambda c: list(entries(c)))
    check_chain(journal)
    kinds = [entry.kind for entry in journal]
    assert (kinds.count("rating_answered"), kinds.count("rating_delivered"), kinds.count("rating_refused")) == (4, 3, 1)
    assert "grade" not in "".join(entry.detail for entry in journal)


def test_the_scales_are_the_hubs_last_word(pad: Pad) -> None:
    """They are data: those the hub told are asked and named in the answer, also after a restart without it."""
    pad.hub.scales = pad.hub.scales.model_copy(update={"version": "2031.2", "scales": pad.hub.scales.scales[1:2]})
    deliver(pad)
    pad.hub.stop()
    pad.restart()
    invited = pad.invite("ticket:1", scale="spc-star-5")
    pad.invite("ticket:2", scale="gb-5")
    assert [one.grades[3].names.zh for one in pad.said] == ["较差"]
    pad.desk.answer(rated(invited, 2))
    (kept,) = pad.agent.outbox.run(lambda c: ratings.undelivered(c, 9))
    assert kept.answer.form_version == "2031.2"


def test_settled_invitations_are_forgotten_after_their_expiry(pad: Pad) -> None:
    pad.desk.answer(rated(pad.invite("ticket:1")))
    waiting = pad.invite("ticket:2")
    pad.desk.answer(rated(waiting))
    pad.hub.failing = {"ticket:2"}
    deliver(pad)
    pad.clock.advance(9 * 24 * 3600)
    pad.asked()
    assert states(pad) == [RatingState.ANSWERED], "what was not delivered stays"


WHATEVER = st.lists(
    st.one_of(
        st.sampled_from(["invite", "closed", "deliver", "shown", "new pad", "late"]),
        st.tuples(st.sampled_from(["touch", "done"]), st.integers(1, 5)),
        st.sampled_from([RatingOutcome.DECLINED, RatingOutcome.TIMED_OUT]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WHATEVER)
def test_a_matter_is_answered_once_whatever_happens(pad: Pad, history: list[Any]) -> None:
    """S2-16: invited again, closed elsewhere, delivered in between, by whatever pad: one answer ever leaves, and it is
    the first that was touched."""
    now = pad.clock.now()
    invited = invitation(f"ticket:{now.timestamp():.0f}", now)
    first: object = None
    for event in history:
        pad.clock.advance(1)
        known = [
            one for one in pad.agent.outbox.run(lambda c: ratings.held(c, *RatingState)) if one.matter == invited.matter
        ]
        match event:
            case "invite":
                pad.hear(invited)
            case "closed":
                data = json.dumps({"invitation_id": str(invited.invitation_id)})
                pad.desk.heard(HubEvent(cursor(pad.clock.now()), "rating_closed", data))
            case "deliver":
                deliver(pad)
            case "shown" if known:
                pad.desk.shown(str(invited.invitation_id))
            case "new pad":
                pad.desk.questions()
            case "late":
                pad.clock.advance(LATE.total_seconds())
            case (how, grade) if known:
                pad.desk.answer(rated(invited, grade, done=how == "done"))
                first = first or grade
            case RatingOutcome() if known:
                pad.desk.answer(rated(invited, None, outcome=event))
                if event is RatingOutcome.DECLINED:
                    first = first or event
    pad.desk.questions()
    deliver(pad)
    posts = [post for post in pad.hub.rating_posts if read(post.token, pad.agent.terminal.signing_key) == invited]
    answers = {post.model_dump_json() for post in posts if post.outcome is not RatingOutcome.TIMED_OUT}
    assert len(answers) <= 1
    counted = [post.grade or post.outcome for post in posts if post.outcome is not RatingOutcome.TIMED_OUT]
    assert counted[:1] in ([], [first])
    pad.clock.advance(10)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_kill_loses_no_answer(hub: StubHub, tmp_path: Path) -> None:
    """N3: what was said to be kept before a SIGKILL is kept, once, with its grade; and gets delivered."""
    key = tmp_path / "signing.key"
    hub.signing.store(key)
    said: dict[str, int] = {}
    for lines in (1, 7, 20, 33):
        command = [sys.executable, "-m", "tests.outbox.rater", str(tmp_path / "data"), hub.url, str(key)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            told_first = [child.stdout.readline() for _ in range(lines)]
            child.send_signal(signal.SIGKILL)
            whole = (b"".join(told_first) + child.stdout.read()).decode().split("\n")[:-1]
        said |= {matter: int(grade) for matter, grade in (line.split() for line in whole)}
    assert len(said) >= 61
    pad = Pad(tmp_path / "data", hub, ManualClock(hub.now()))
    pad.desk.questions()
    deliver(pad)
    assert said.items() <= {matter: one.grade for matter, one in hub.ratings.items()}.items()
    assert RatingState.ANSWERED not in states(pad)
    pad.close()


def test_what_the_hub_does_not_have_is_told_with_its_age(pad: Pad, clock: ManualClock) -> None:
    """N3: kept answers and touched grades; in the agent's health and in the heartbeat, until they are delivered."""
    first = pad.clock.now()
    pad.desk.answer(rated(pad.invite("ticket:1"), 5))
    clock.advance(7200)
    pad.desk.answer(rated(pad.invite("ticket:2"), 1, done=False))
    pad.invite("ticket:3")
    told = health.report("1", pad.agent, clock)
    assert (told.ratings_waiting, told.oldest_rating_seconds, told.ratings_refused) == (2, 7200.0, 0)
    beat(pad.agent, clock)
    assert (pad.hub.beats[-1].ratings_waiting, pad.hub.beats[-1].oldest_rating) == (2, first)
    deliver(pad)
    told = health.report("1", pad.agent, clock)
    assert (told.ratings_waiting, told.oldest_rating_seconds) == (1, 120.0)


def test_an_invitation_that_waited_for_a_busy_pad_is_still_asked(pad: Pad, clock: ManualClock) -> None:
    """Somebody wrote for minutes, and the window was replaced afterwards; one that nobody waited for is too late."""
    first, second = pad.invite("ticket:1"), pad.invite("ticket:2")
    clock.advance(LATE.total_seconds() + 60)
    pad.desk.waits(str(second.invitation_id))
    assert pad.asked() == [str(second.invitation_id)]
    with pytest.raises(UnknownInvitationError):
        pad.desk.waits(str(first.invitation_id))
