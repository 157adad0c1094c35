"""Bad ratings are followed up in order and in time, and never by, or in sight of, the person they are about (N10)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.court.rating import RatingChannel, RatingKind
from kiosk.court.sealing import seal_text
from provisioning.hub import journal
from provisioning.hub.ratings import followups
from provisioning.hub.ratings.answers import Source
from provisioning.hub.ratings.followups import Act, FollowupRefusal, FollowupRefusedError, FollowupState, next_states
from provisioning.hub.ratings.invitations import find, token_of
from provisioning.hub.ratings.opened import open_rating
from provisioning.hub.ratings.schema import rating_followups, rating_invitations, ratings
from tests.hub.ratings.conftest import CLERK, LEADER, Court

OTHER = "示例科长"
S = FollowupState


def the_one(court: Court, viewer: str = LEADER) -> followups.Followup:
    """The only follow-up that is not closed."""
    (one,) = court.read(lambda c: followups.pending(c, court.office, viewer=viewer))
    return one


def step(court: Court, to: FollowupState, *, by: str = LEADER, note: str = "已核实", assignee: str = "") -> None:
    """Take one step as `by`."""
    one, now = the_one(court), court.clock.now()
    act = Act(UUID(one.followup_id), one.revision, by, now)
    court.run(lambda c: followups.advance(c, court.office, act, to, note=note, assignee=assignee))


def refused(court: Court, to: FollowupState, **options: str) -> FollowupRefusal:
    """Why a step is refused."""
    with pytest.raises(FollowupRefusedError) as refusal:
        step(court, to, **options)
    return refusal.value.refusal


def bad_rating(court: Court, *, named: bool = False, comment: str = "等了两个小时") -> str:
    """A bad rating with a comment; returns its matter."""
    issued, key = court.invite(), court.sealing.public
    texts = {"comment_sealed": seal_text(comment, key)}
    if named:
        texts["named_sealed"] = seal_text("李示例 13800000000", key)
    assert court.answer(court.form(issued.token, 1, reasons=("waited_long",), **texts)).first
    return issued.invitation.matter


def test_only_a_bad_rating_opens_one(court: Court) -> None:
    """One per bad rating, however often it is sent; 基本满意 and better open none."""
    for grade in (5, 4, 3):
        court.rate(grade)
    assert court.read(lambda c: followups.pending(c, court.office, viewer=LEADER)) == []
    issued = court.rate(2)
    court.answer(court.form(issued.token, 1))
    assert (the_one(court).state, the_one(court).grade, the_one(court).window) == (S.NEW, 2, "3")


def test_the_whole_way_of_a_named_rating(court: Court) -> None:
    """Verified, assigned, remedied, called back, closed; remedied in 15 working days, called back in one; one 追评."""
    matter = bad_rating(court, named=True)
    # Monday 23 November 2026: fifteen working days later is Monday 14 December.
    assert the_one(court).due == datetime(2026, 12, 14, 23, 59, 59, tzinfo=CHINA)
    assert refused(court, S.REMEDIED) is FollowupRefusal.STEP
    step(court, S.VERIFIED)
    assert refused(court, S.ASSIGNED, assignee=CLERK) is FollowupRefusal.ASSIGNEE
    step(court, S.ASSIGNED, assignee=OTHER)
    assert the_one(court).assigned_to == OTHER
    assert refused(court, S.REMEDIED, note=" ") is FollowupRefusal.NOTE
    court.clock.advance(4 * 86_400)  # Friday: the next working day is Monday
    step(court, S.REMEDIED, note="增开窗口", by=OTHER)
    assert the_one(court).due == datetime(2026, 11, 30, 23, 59, 59, tzinfo=CHINA)
    assert refused(court, S.CLOSED) is FollowupRefusal.STEP, "a named person is called back first"
    followup_id = UUID(the_one(court).followup_id)
    step(court, S.CALLED_BACK)
    step(court, S.CLOSED)
    history = court.read(lambda c: followups.history(c, followup_id))
    way = [S.NEW, S.VERIFIED, S.ASSIGNED, S.REMEDIED, S.CALLED_BACK, S.CLOSED]
    assert [line.state for line in history] == way
    with pytest.raises(sa.exc.DBAPIError, match="append only"):
        court.run(lambda c: c.exec_driver_sql("DELETE FROM rating_followup_events"))

    again = court.read(lambda c: find(c, matter, RatingKind.AGAIN))
    first = court.read(lambda c: find(c, matter, RatingKind.FIRST))
    assert again is not None
    assert first is not None
    token = token_of(again, court.office)
    assert court.answer(court.form(token, 4)).first
    assert court.answer(court.form(token, 5)).grade == 4
    assert court.answer(court.form(token_of(first, court.office), 5)).grade == 1, "the original is kept (S2-16)"
    assert court.count(rating_invitations) == court.count(ratings) == 2


def test_a_bad_second_rating_is_the_last(court: Court) -> None:
    """It is followed up too, but no third question follows: one linked re-rating per matter."""
    matter = bad_rating(court)
    for to, more in ((S.VERIFIED, ""), (S.ASSIGNED, OTHER), (S.REMEDIED, ""), (S.CLOSED, "")):
        step(court, to, assignee=more)
    again = court.read(lambda c: find(c, matter, RatingKind.AGAIN))
    assert again is not None
    assert court.answer(court.form(token_of(again, court.office), 1)).first
    assert the_one(court).kind is RatingKind.AGAIN
    for to, more in ((S.VERIFIED, ""), (S.ASSIGNED, OTHER), (S.REMEDIED, ""), (S.CLOSED, "")):
        step(court, to, assignee=more)
    assert court.count(rating_invitations) == 2


def test_calling_a_rating_malicious_does_not_make_it_vanish(court: Court) -> None:
    """A finding needs its reason, closes the follow-up, and leaves rating and figures as they were."""
    bad_rating(court)
    assert refused(court, S.MALICIOUS, note="") is FollowupRefusal.NOTE
    step(court, S.MALICIOUS, note="同一人当日十次")
    assert the_one(court).steps == (S.CLOSED,)
    step(court, S.CLOSED)
    assert court.read(lambda c: c.scalar(sa.select(ratings.c.grade))) == 1
    assert court.count(rating_invitations) == 1, "nothing was remedied, nothing to rate again"


def test_the_rated_clerk_never_sees_it(court: Court) -> None:
    """N10: not in the list, not by its address, not by acting on it, whatever the role; a colleague does."""
    bad_rating(court)
    followup_id = UUID(the_one(court).followup_id)
    now = court.clock.now()
    assert court.read(lambda c: followups.pending(c, court.office, viewer=CLERK)) == []
    assert court.read(lambda c: followups.find(c, court.office, followup_id, viewer=CLERK)) is None
    with pytest.raises(LookupError):
        court.run(lambda c: open_rating(c, court.office, court.sealing, followup_id, viewer=CLERK, now=now))
    act = Act(followup_id, 1, CLERK, now)
    with pytest.raises(LookupError):
        court.run(lambda c: followups.advance(c, court.office, act, S.VERIFIED))
    assert CLERK not in court.read(lambda c: followups.assignees(c, court.office, followup_id))
    assert the_one(court, OTHER).state is S.NEW


@pytest.mark.parametrize("named", [False, True])
def test_who_rated_what_is_sealed_unless_named(court: Court, named: bool) -> None:
    """N10: the handler reads reasons and comment; matter and person only where the person chose so; each look is in
    the journal; the words lie sealed in the database."""
    matter = bad_rating(court, named=named)
    now = court.clock.now()
    followup_id = UUID(the_one(court).followup_id)
    opened = court.run(lambda c: open_rating(c, court.office, court.sealing, followup_id, viewer=LEADER, now=now))
    assert (opened.comment, opened.reasons, opened.damaged) == ("等了两个小时", ("waited_long",), False)
    assert opened.named == ("李示例 13800000000" if named else None)
    assert opened.matter == (matter if named else None)
    assert matter not in repr(the_one(court))
    looks = court.read(lambda c: [one for one in journal.entries(c) if one.action == "rating_opened"])
    assert [(one.actor, one.subject) for one in looks] == [(LEADER, str(followup_id))]


def test_the_overdue_list(court: Court) -> None:
    """Past the last working day it is overdue, first in the list, until it is remedied."""
    bad_rating(court)
    due = the_one(court).due
    assert due is not None
    court.clock.advance((due - court.clock.now()).total_seconds())
    overdue = lambda: court.read(lambda c: followups.overdue(c, court.office, viewer=LEADER, now=court.clock.now()))  # noqa: E731
    assert overdue() == []
    court.clock.advance(1)
    assert [one.grade for one in overdue()] == [1]
    step(court, S.MISTAKEN, note="评错窗口")
    assert overdue() == [], "an anonymous person cannot be called back"


def test_two_handlers_at_once(court: Court) -> None:
    """The second is told and has changed nothing."""
    bad_rating(court)
    one, now = the_one(court), court.clock.now()
    step(court, S.VERIFIED)
    act = Act(UUID(one.followup_id), one.revision, OTHER, now)
    with pytest.raises(FollowupRefusedError) as refusal:
        court.run(lambda c: followups.advance(c, court.office, act, S.MALICIOUS, note="x"))
    assert refusal.value.refusal is FollowupRefusal.CONFLICT
    assert the_one(court).finding is S.VERIFIED


@settings(max_examples=300)
@given(st.booleans(), st.lists(st.sampled_from(list(S)), max_size=40))
def test_every_way_ends(named: bool, wishes: list[FollowupState]) -> None:
    """Whatever is tried in whatever order: closed is reached from everywhere, never without a finding, a named person
    never without being called back, an anonymous one never called."""
    state, seen = S.NEW, [S.NEW]
    for wish in wishes:
        if wish in next_states(state, named=named):
            state = wish
            seen.append(wish)
    while state is not S.CLOSED:
        state = sorted(next_states(state, named=named) - {state})[-1]
        seen.append(state)
        assert len(seen) < 60
    assert set(seen) & followups.FINDINGS
    assert (S.CALLED_BACK in seen) is named
    assert next_states(S.CLOSED, named=named) == frozenset()


def test_a_phone_rating_is_followed_up_alike(court: Court) -> None:
    """The channel makes no difference; the follow-up holds no device and no moment of the person."""
    issued = court.invite(mediator="示例调解员")
    phone = court.form(issued.token, 1, channel=RatingChannel.PHONE, device="phone")
    assert court.answer(phone, Source.phone()).first
    assert the_one(court).mediator == court.office.pseudonyms.of_staff("示例调解员")
    assert not {"device", "answered", "language"} & {column.name for column in rating_followups.columns}
