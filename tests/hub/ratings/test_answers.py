"""One matter, one rating: what is taken, what is given back, what is refused, and what is never turned into praise."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from kiosk.court.invitations import SKEW, sign
from kiosk.court.keys import SigningKey
from kiosk.court.rating import RatingChannel, RatingOutcome
from kiosk.court.sealing import seal_text
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, waiting
from provisioning.hub.data import DataError
from provisioning.hub.push.schema import events
from provisioning.hub.ratings.answers import AnswerRefusedError, Refusal, Source, report_forgery
from provisioning.hub.ratings.counts import Counted
from provisioning.hub.ratings.invitations import find_by_code
from provisioning.hub.ratings.opened import erase_sealed
from provisioning.hub.ratings.rules import load_rules
from provisioning.hub.ratings.schema import (
    rating_counts,
    rating_invitations,
    rating_sealed,
    rating_silences,
    ratings,
)
from tests.hub.ratings.conftest import CLERK, PAD, Court


def counted(court: Court, **where: object) -> int:
    """A sum of the counters that reports are made from."""
    query = sa.select(sa.func.coalesce(sa.func.sum(rating_counts.c["count"]), 0))
    for name, value in where.items():
        query = query.where(rating_counts.c[name] == value)
    return court.read(lambda c: c.scalar(query) or 0)


def refusal(court: Court, *args: object, **changes: object) -> Refusal:
    """Why an answer is refused."""
    source = changes.pop("source", PAD)
    assert isinstance(source, Source)
    with pytest.raises(AnswerRefusedError) as refused:
        court.answer(court.form(*args, **changes), source)  # type: ignore[arg-type]
    return refused.value.refusal


def test_the_first_answer_stays(court: Court) -> None:
    """S2-16: a second press, from wherever, gets the first answer back; the same answer again is the first one."""
    issued = court.invite("ticket:7")
    first = court.form(issued.token, 2)
    receipt = court.answer(first)
    assert (receipt.first, receipt.grade, receipt.matter) == (True, 2, "ticket:7")
    assert court.answer(first) == receipt
    court.clock.advance(3600)
    late = court.answer(court.form(issued.token, 5, channel=RatingChannel.PHONE), Source.phone())
    assert (late.first, late.grade, late.received) == (False, 2, receipt.received)
    assert court.answer(court.form(issued.token, None)).grade == 2
    assert court.count(ratings) == 1
    assert counted(court, outcome="rated") == 1


def test_one_invitation_per_matter(court: Court) -> None:
    """Finishing a matter twice invites once: the same token, counted once; the staff's name is in none of it."""
    once, twice = court.invite("ticket:9"), court.invite("ticket:9", window="5")
    assert once == twice
    assert counted(court, outcome=Counted.INVITED.value) == 1
    assert CLERK not in once.token
    assert once.invitation.staff == court.office.pseudonyms.of_staff(CLERK)
    assert court.read(lambda c: find_by_code(c, once.code.lower().replace("-", " "))) == once.invitation
    assert court.read(lambda c: find_by_code(c, "AAAA-AAAA-AAAA")) is None


@pytest.mark.parametrize("silence", [RatingOutcome.TIMED_OUT, RatingOutcome.DECLINED])
def test_silence_is_never_satisfaction(court: Court, silence: RatingOutcome) -> None:
    """S2-15: not rated, no grade anywhere; and whoever pressed it away cannot keep the person from rating later."""
    issued = court.invite()
    receipt = court.answer(court.form(issued.token, None, outcome=silence))
    assert (receipt.outcome, receipt.grade, receipt.first) == (silence, None, True)
    assert court.count(ratings) == 0
    assert counted(court, outcome=silence.value) == 1
    again = court.answer(court.form(issued.token, None, outcome=RatingOutcome.DECLINED, device="DEV02"))
    assert (again.outcome, again.first) == (silence, False)

    rated = court.answer(court.form(issued.token, 1, channel=RatingChannel.PHONE, device="phone"), Source.phone())
    assert (rated.outcome, rated.grade, rated.first) == (RatingOutcome.RATED, 1, True)
    assert (court.count(rating_silences), counted(court, outcome=silence.value)) == (0, 0)
    assert court.answer(court.form(issued.token, None)).outcome is RatingOutcome.RATED


def test_no_rating_without_a_grade_of_the_scale(court: Court) -> None:
    """S2-15: no default grade; a grade that the invitation's scale does not have is refused, not rounded."""
    issued = court.invite()
    with pytest.raises(ValueError, match="a grade belongs to a rated answer"):
        court.form(issued.token, None, outcome=RatingOutcome.RATED)
    with pytest.raises(ValueError, match="a grade belongs to a rated answer"):
        court.form(issued.token, 5, outcome=RatingOutcome.TIMED_OUT)
    four = issued.invitation.model_copy(update={"scale": "henan-4", "matter": "ticket:four", "invitation_id": uuid4()})
    assert refusal(court, sign(four, court.office.key), 5) is Refusal.GRADE
    assert court.count(ratings) == 0


def test_the_database_refuses_to_change_a_rating(court: Court) -> None:
    """S2-16: append-only, whatever a program or an administrator tries through the hub's connection."""
    court.rate(1)
    for statement in ("UPDATE ratings SET grade = 5", "DELETE FROM ratings"):
        with pytest.raises(sa.exc.DBAPIError, match="append only"):
            court.run(lambda c, s=statement: c.exec_driver_sql(s))  # type: ignore[misc]
    with pytest.raises(sa.exc.DBAPIError):
        court.run(lambda c: c.exec_driver_sql("INSERT INTO ratings SELECT * FROM ratings"))
    assert court.read(lambda c: c.execute(sa.select(ratings.c.grade)).scalars().all()) == [1]


def test_forged_invitations_are_refused_and_told(court: Court) -> None:
    """Another key, a changed word: refused; one alarm however many come, and nothing is stored."""
    issued = court.invite()
    stranger = sign(issued.invitation, SigningKey.generate())
    assert refusal(court, stranger, 5) is Refusal.FORGED
    assert refusal(court, issued.token[:-3] + "AAA", 5) is Refusal.FORGED
    for _ in range(3):
        court.run(lambda c: report_forgery(c, PAD, now=court.clock.now()))
    (alarm,) = court.read(waiting)
    assert (alarm.kind, alarm.terminal) == (AlarmKind.RATING_FORGED, "DEV01")
    assert court.count(ratings) == 0


def test_an_expired_invitation(court: Court) -> None:
    """Too late is too late on a phone; a pad that was offline brings what was answered in time, for 30 days."""
    one, two, three = (court.invite() for _ in range(3))
    answered_in_time = [court.form(issued.token, 4) for issued in (one, two, three)]
    until_expiry = (one.invitation.expires - court.clock.now()).total_seconds()
    court.clock.advance(until_expiry + SKEW.total_seconds() + 1)
    phone = court.form(one.token, 4, channel=RatingChannel.PHONE)
    assert refusal(court, one.token, 4, channel=RatingChannel.PHONE, source=Source.phone()) is Refusal.EXPIRED
    lied = phone.model_copy(update={"answered": answered_in_time[0].answered})
    with pytest.raises(AnswerRefusedError, match="expired"):
        court.answer(lied, Source.phone())
    assert refusal(court, one.token, 4) is Refusal.EXPIRED
    assert court.answer(answered_in_time[0]).first
    assert not court.answer(phone, Source.phone()).first, "a late replay still learns what is held"
    court.clock.advance(timedelta(days=30).total_seconds() - 2)
    assert court.answer(answered_in_time[1]).first
    court.clock.advance(2)
    with pytest.raises(AnswerRefusedError, match="expired"):
        court.answer(answered_in_time[2])


def test_clock_skew(court: Court) -> None:
    """A pad's clock may be wrong by SKEW either way, and no more."""
    now, moment = court.clock.now(), timedelta(seconds=1)
    assert court.answer(court.form(court.invite().token, 5, answered=now + SKEW)).first
    assert court.answer(court.form(court.invite().token, 5, answered=now - SKEW)).first
    assert refusal(court, court.invite().token, 5, answered=now + SKEW + moment) is Refusal.FROM_THE_FUTURE
    assert refusal(court, court.invite().token, 5, answered=now - SKEW - moment) is Refusal.NOT_YET_VALID


def test_staff_do_not_enter_their_own_paper(court: Court) -> None:
    """A paper form is entered by somebody else than the person it is about."""
    issued, name = court.invite(), court.office.pseudonyms.of_staff
    paper = {"channel": RatingChannel.PAPER, "device": "console"}
    assert refusal(court, issued.token, 5, source=Source.staff(CLERK, name(CLERK)), **paper) is Refusal.OWN_RATING
    entered = court.answer(court.form(issued.token, 2, **paper), Source.staff("示例导诉员", name("示例导诉员")))
    assert entered.first


def test_an_invitation_that_a_restored_backup_lacks(court: Court) -> None:
    """It is signed, so it is the court's: the rating is taken, once, and counted."""
    lost = court.invite().invitation.model_copy(update={"matter": "ticket:lost", "invitation_id": uuid4()})
    token = sign(lost, court.office.key)
    assert court.answer(court.form(token, 3)).first
    assert court.count(rating_invitations) == 2
    other = lost.model_copy(update={"invitation_id": uuid4()})
    receipt = court.answer(court.form(sign(other, court.office.key), 5))
    assert (receipt.first, receipt.grade, receipt.invitation_id) == (False, 3, lost.invitation_id)


def test_nothing_but_the_rating_tells_the_grade(court: Court) -> None:
    """N10: journal, events and counters know that somebody answered; none holds the matter beside the grade."""
    court.rate(1)
    with court.database.reading.connect() as connection:
        entries = [entry for entry in journal.entries(connection) if entry.action == "rating_received"]
        told = connection.execute(sa.select(events)).all()
    assert len(entries) == len(told) == 1
    assert '"outcome": "rated"' in entries[0].detail
    assert "grade" not in entries[0].detail + told[0].data
    assert (told[0].kind, told[0].audience) == ("rating_closed", "window:3")
    assert not {"matter", "invitation_id", "staff", "answered"} & {column.name for column in rating_counts.columns}


def test_comments_are_erased_when_nobody_needs_them(court: Court) -> None:
    """N4: after the court's time the sealed words go, unless a follow-up is still open; the rating stays."""
    sealed = seal_text("等了两个小时", court.sealing.public)
    for grade in (5, 1):
        court.answer(court.form(court.invite().token, grade, comment_sealed=sealed))
    assert court.run(lambda c: erase_sealed(c, court.office.rules, now=court.clock.now())) == 0
    court.clock.advance(timedelta(days=181).total_seconds())
    assert court.run(lambda c: erase_sealed(c, court.office.rules, now=court.clock.now())) == 1
    assert (court.count(rating_sealed), court.count(ratings)) == (1, 2)
    assert b"\xe4" not in sealed.encode()


def test_the_rules_are_checked_when_they_are_read(tmp_path: Path) -> None:
    """A misspelt entry, a scale nobody has, or a threshold that would show single people stops the hub at its start."""
    assert load_rules(tmp_path).suppress_below == 5
    for wrong in ("remedy = 3", 'scale = "none"', "suppress_below = 1", "valid_days = 0", "= ="):
        (tmp_path / "ratings.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(DataError, match=r"ratings\.toml"):
            load_rules(tmp_path)
    (tmp_path / "ratings.toml").write_text('scale = "henan-4"\nremedy_days = 10\n', encoding="utf-8")
    assert load_rules(tmp_path).remedy_days == 10
