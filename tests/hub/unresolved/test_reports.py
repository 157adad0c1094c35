"""What could not be got done is taken in once, answered or promised with a date, and told when overdue (S2-11)."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kiosk.clock import CHINA
from kiosk.court.queueing import TicketRequest
from kiosk.court.unresolved import UnresolvedChannel, UnresolvedKind, UnresolvedPlace, report_reference
from kiosk.court.uuid7 import uuid7
from kiosk.i18n import Language
from provisioning.hub import alarms, journal
from provisioning.hub.data import DataError, profile_of
from provisioning.hub.queue.calling import call_next, no_show
from provisioning.hub.queue.config import default_queues
from provisioning.hub.queue.issue import Bearer, issue
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.queue.windows import Desk, sign_in, sign_out
from provisioning.hub.unresolved import reports
from provisioning.hub.unresolved.notice import notice
from provisioning.hub.unresolved.opened import erase_sealed, open_report
from provisioning.hub.unresolved.overdue import alarm_overdue
from provisioning.hub.unresolved.reports import Act, Viewer, Wanted
from provisioning.hub.unresolved.rules import RULES_FILE, load_rules
from provisioning.hub.unresolved.schema import unresolved_events, unresolved_reports, unresolved_sealed
from provisioning.hub.unresolved.states import ReportRefusal, ReportRefusedError, ReportState, next_states
from provisioning.hub.unresolved.taking import OtherTerminalError, take
from provisioning.hub.writer import Writer
from tests.hub.unresolved.office import ACCOUNT, CALL_BACK, COURT, LEADER, NOW, Office, make_report

S = ReportState
TODAY = NOW.date()


def refused(office: Office, report_id: UUID, to: ReportState, **options: object) -> ReportRefusal:
    """Why a step is refused."""
    with pytest.raises(ReportRefusedError) as refusal:
        office.step(report_id, to, **options)  # type: ignore[arg-type]
    return refusal.value.refusal


def journal_actions(office: Office, subject: str) -> list[tuple[str, str]]:
    """Who did what to `subject`."""
    found = office.read(lambda c: list(journal.entries(c)))
    return [(entry.actor, entry.action) for entry in found if entry.subject == subject]


def test_one_number_per_request(office: Office) -> None:
    """However often and from whichever process it is sent: one report, one number, no gap; nobody else's key."""
    report = make_report(office.sealing.public, NOW)
    first = office.take(report)
    assert first.number == "B20261123-001"
    assert first.answer_by == TODAY + timedelta(days=1)
    office.clock.advance(timedelta(hours=3).total_seconds())
    assert office.take(report) == first
    with pytest.raises(OtherTerminalError):
        office.take(report.model_copy(update={"terminal": "DEV02"}))
    assert office.take().number == "B20261123-002"
    office.clock.advance(timedelta(days=1).total_seconds())
    assert office.take().number == "B20261124-001"
    assert journal_actions(office, first.number) == [("DEV01", "unresolved_received")]


def test_many_hub_processes_at_once(office: Office) -> None:
    """Eight writers, each report sent by two of them: every request has one number and the numbers have no gap."""
    sent = [make_report(None, NOW) for _ in range(60)]
    writers = [Writer(office.database.writing) for _ in range(8)]
    for writer in writers:
        writer.start()
    numbers: list[tuple[UUID, str]] = []
    lock = threading.Lock()

    def send(own: int) -> None:
        for place, report in enumerate(sent):
            if own in (place % 8, (place + 3) % 8):
                job = writers[own].submit(lambda c, r=report: take(c, office.rules, r, by=r.terminal, now=NOW))  # type: ignore[misc]
                taken = job.result(60)
                with lock:
                    numbers.append((taken.request_id, taken.number))

    threads = [threading.Thread(target=send, args=(own,)) for own in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.close()
    assert len(numbers) == 2 * len(sent)
    assert len(set(numbers)) == len(sent), "one request got two numbers"
    assert sorted({number for _, number in numbers}) == [f"B20261123-{n:03d}" for n in range(1, len(sent) + 1)]


def test_a_promise_needs_its_reason_and_its_date(office: Office) -> None:
    """S2-11: no reason, no date, a past or a far date is refused and changes nothing; today is early enough."""
    report_id = office.take().request_id
    tomorrow, far = TODAY + timedelta(days=1), TODAY + timedelta(days=61)
    assert refused(office, report_id, S.PROMISED, note=" \n", promised=tomorrow) is ReportRefusal.NOTE
    assert refused(office, report_id, S.PROMISED) is ReportRefusal.DATE_MISSING
    assert refused(office, report_id, S.PROMISED, promised=TODAY - timedelta(days=1)) is ReportRefusal.DATE_PAST
    assert refused(office, report_id, S.PROMISED, promised=far) is ReportRefusal.DATE_FAR
    assert refused(office, report_id, S.DONE) is ReportRefusal.STEP
    assert office.held(report_id).state is S.RECEIVED
    assert office.held(report_id).revision == 1
    office.step(report_id, S.PROMISED, note="需向档案室调卷", promised=TODAY)
    held = office.held(report_id)
    assert (held.state, held.promised, held.promises) == (S.PROMISED, TODAY, 1)
    assert held.due is not None
    assert held.due.astimezone(CHINA).isoformat() == "2026-11-23T23:59:59+08:00"


def test_answered_at_once(office: Office) -> None:
    """With the answer, and within the time for it; then nothing more is owed."""
    taken = office.take()
    assert refused(office, taken.request_id, S.ANSWERED_AT_ONCE, note="") is ReportRefusal.NOTE
    office.step(taken.request_id, S.ANSWERED_AT_ONCE, note="已当场收下材料")
    assert office.held(taken.request_id).due is None
    for to in S:
        assert refused(office, taken.request_id, to, promised=TODAY) is ReportRefusal.STEP
    late = office.take().request_id
    office.clock.advance(timedelta(days=2).total_seconds())
    assert office.held(late).overdue(office.clock.now())
    assert refused(office, late, S.ANSWERED_AT_ONCE) is ReportRefusal.STEP
    office.step(late, S.PROMISED, promised=office.clock.now().date())
    office.step(late, S.DONE, note="已办好")
    assert (LEADER.staff, "unresolved_answered_at_once") in journal_actions(office, taken.number)


def test_every_missed_deadline_is_told_once(office: Office) -> None:
    """S2-11: the alarm comes when the answer's day is over, and again when a promise is; a kept one gives none. It
    stands at the head of the list and in the count on every page."""

    def look() -> list[str]:
        office.run(lambda c: alarm_overdue(c, now=office.clock.now()))
        return sorted(alarm.detail for alarm in office.read(alarms.waiting))

    first, second, third = (office.take() for _ in range(3))
    office.step(second.request_id, S.ANSWERED_AT_ONCE)
    office.step(third.request_id, S.PROMISED, promised=TODAY + timedelta(days=7))
    office.clock.advance(timedelta(days=1, hours=14).total_seconds())
    assert look() == [], "the day of the answer is not over"
    office.clock.advance(timedelta(hours=2).total_seconds())
    assert look() == [first.number]
    assert look() == [first.number]
    fourth = office.take()
    assert office.listed() == [first.number, fourth.number, third.number]
    assert office.listed(Wanted(only_overdue=True)) == [first.number]
    assert office.read(lambda c: reports.count_overdue(c, LEADER, now=office.clock.now())) == 1
    (alarm,) = office.read(alarms.waiting)
    assert (alarm.kind, alarm.terminal) == (alarms.AlarmKind.UNRESOLVED_OVERDUE, "DEV01")
    office.run(lambda c: alarms.acknowledge(c, alarm.alarm_id, staff="x", at=office.clock.now()))
    assert look() == [], "one alarm per missed deadline"
    office.step(first.request_id, S.PROMISED, promised=office.clock.now().date())
    office.step(third.request_id, S.DONE)
    office.clock.advance(timedelta(days=10).total_seconds())
    assert look() == [first.number, fourth.number]
    office.step(first.request_id, S.DONE)
    assert office.held(first.request_id).due is None
    assert office.listed() == [fourth.number]


def test_a_new_promise_leaves_the_old_one_on_record(office: Office) -> None:
    """The history holds every promise with its reason and cannot be changed."""
    report_id = office.take().request_id
    office.step(report_id, S.PROMISED, note="等合议庭", promised=TODAY + timedelta(days=3))
    office.step(report_id, S.PROMISED, note="承办人病假", promised=TODAY + timedelta(days=9))
    steps = office.read(lambda c: reports.history(c, report_id))
    assert [(step.state, step.note, step.promised) for step in steps] == [
        (S.RECEIVED, "", None),
        (S.PROMISED, "等合议庭", TODAY + timedelta(days=3)),
        (S.PROMISED, "承办人病假", TODAY + timedelta(days=9)),
    ]
    assert office.held(report_id).promises == 2
    for statement in (sa.update(unresolved_events).values(note=""), sa.delete(unresolved_events)):
        with pytest.raises(sa.exc.DBAPIError, match="append only"):
            office.run(lambda c, s=statement: c.execute(s))  # type: ignore[misc]
    assert office.read(journal.faults) == []


def test_a_colleague_was_faster(office: Office) -> None:
    report_id = office.take().request_id
    act = Act(report_id, 1, LEADER, NOW)
    office.run(lambda c: reports.advance(c, office.rules, act, S.ANSWERED_AT_ONCE, note="好了"))
    with pytest.raises(ReportRefusedError) as refusal:
        office.run(lambda c: reports.advance(c, office.rules, act, S.PROMISED, note="等", promised=TODAY))
    assert refusal.value.refusal is ReportRefusal.CONFLICT
    missing = Act(uuid7(NOW), 1, LEADER, NOW)
    with pytest.raises(LookupError):
        office.run(lambda c: reports.advance(c, office.rules, missing, S.DONE, note="好了"))


def test_whoever_it_is_about_does_not_deal_with_it(office: Office) -> None:
    """Neither list nor address nor step for the person who served, or sat, at that window that day; another day's
    window 3 is open to them."""
    hall = Hall(COURT, default_queues())
    served, sat = Viewer("示例窗口甲", COURT), Viewer("示例窗口乙", COURT)
    about = office.take(window="3")
    other = office.take(window="3", happened=TODAY - timedelta(days=1))
    request = TicketRequest(request_id=uuid7(NOW), terminal="DEV01", service="filing")
    office.run(lambda c: issue(c, hall, request, Bearer(), at=NOW))
    first = Desk("3", served.staff)
    for act in (sign_in, call_next, no_show, sign_out):
        office.run(lambda c, act=act: act(c, hall, first, at=NOW))  # type: ignore[misc]
    office.run(lambda c: sign_in(c, hall, Desk("3", sat.staff), at=NOW))
    for viewer in (served, sat):
        assert office.listed(viewer=viewer) == [other.number]
        assert office.read(lambda c, v=viewer: reports.find(c, about.request_id, v)) is None  # type: ignore[misc]
        with pytest.raises(LookupError):
            office.step(about.request_id, S.ANSWERED_AT_ONCE, viewer=viewer)
        with pytest.raises(LookupError):
            office.run(
                lambda c, v=viewer: open_report(c, office.sealing, about.request_id, viewer=v, now=NOW)  # type: ignore[misc]
            )
    assert set(office.listed()) == {about.number, other.number}


def test_the_words_are_sealed_opened_on_record_and_erased(office: Office) -> None:
    """What a person wrote lies sealed in the database; the journal says who opened it; after its time it is erased,
    never while the court owes something."""
    settled, owed = office.take(), office.take()
    plain = office.read(lambda c: "".join(map(str, c.execute(sa.select(unresolved_sealed)).all())))
    assert ACCOUNT not in plain
    assert CALL_BACK not in plain
    opened = office.run(
        lambda c: open_report(c, office.sealing, settled.request_id, viewer=LEADER, now=office.clock.now())
    )
    assert (opened.account, opened.call_back, opened.damaged) == (ACCOUNT, CALL_BACK, False)
    assert (LEADER.staff, "unresolved_opened") in journal_actions(office, settled.number)
    office.run(lambda c: c.execute(sa.update(unresolved_sealed).values(call_back_sealed="bm90IHNlYWxlZA==")))
    opened = office.run(
        lambda c: open_report(c, office.sealing, settled.request_id, viewer=LEADER, now=office.clock.now())
    )
    assert (opened.account, opened.call_back, opened.damaged) == (ACCOUNT, None, True)
    office.step(settled.request_id, S.ANSWERED_AT_ONCE)
    office.clock.advance(timedelta(days=181).total_seconds())
    assert office.run(lambda c: erase_sealed(c, office.rules, now=office.clock.now())) == 1
    assert office.run(lambda c: erase_sealed(c, office.rules, now=office.clock.now())) == 0
    left = office.read(lambda c: c.scalars(sa.select(unresolved_sealed.c.report_id)).all())
    assert left == [str(owed.request_id)]
    assert office.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(unresolved_reports))) == 2


@pytest.mark.parametrize("language", list(Language))
def test_the_notice(office: Office, language: Language) -> None:
    """S2-11: the person's slip has the number, what they reported, the reason and the promised date, in their
    language."""
    taken = office.take(language=language.value)

    def lines() -> str:
        opened = office.run(
            lambda c: open_report(c, office.sealing, taken.request_id, viewer=LEADER, now=office.clock.now())
        )
        steps = office.read(lambda c: reports.history(c, taken.request_id))
        made = notice(opened, steps, default_queues(), profile_of(COURT))
        assert made.language is language
        return "\n".join((made.title, *made.lines))

    before = lines()
    assert taken.number in before
    assert ACCOUNT in before
    assert taken.answer_by.isoformat() in before
    office.step(taken.request_id, S.PROMISED, note="需调卷", promised=date(2026, 12, 1))
    promised = lines()
    for wanted in (taken.number, ACCOUNT, "需调卷", "2026-12-01", "2026-11-23"):
        assert wanted in promised
    office.step(taken.request_id, S.DONE, note="已送达")
    assert "已送达" in lines()
    assert CALL_BACK not in lines(), "who they are is not printed"


@pytest.mark.parametrize(
    "changes",
    [
        {"place": UnresolvedPlace.WINDOW, "window": None},
        {"place": UnresolvedPlace.ONLINE, "window": "3"},
        {"place": UnresolvedPlace.SERVICE, "window": None},
        {"happened": TODAY + timedelta(days=1)},
        {"matter": "two words"},
        {"kind": "rude"},
    ],
)
def test_a_report_says_what_where_and_when(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_report(None, NOW, **changes)


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.booleans()), max_size=12))
def test_nothing_leads_back(walk: list[tuple[ReportState, bool]]) -> None:
    """Whatever is pressed in whatever order: a settled report stays settled, and "at once" is never too late."""
    state = S.RECEIVED
    for to, overdue in walk:
        possible = next_states(state, overdue=overdue)
        if state in (S.ANSWERED_AT_ONCE, S.DONE):
            assert not possible
        assert S.RECEIVED not in possible
        assert not (overdue and S.ANSWERED_AT_ONCE in possible)
        if to in possible:
            state = to


def test_the_list_is_narrowed(office: Office) -> None:
    fee = office.take(kind=UnresolvedKind.FEES, place=UnresolvedPlace.SERVICE, window=None, service="payment")
    sent = office.take()
    office.step(sent.request_id, S.ANSWERED_AT_ONCE)
    assert office.listed() == [fee.number]
    assert office.listed(Wanted(states=frozenset())) == [fee.number, sent.number]
    assert office.listed(Wanted(states=frozenset(), kind=UnresolvedKind.FEES)) == [fee.number]
    assert office.listed(Wanted(states=frozenset(), number="-002")) == [sent.number]
    assert office.listed(Wanted(states=frozenset(), number="%")) == []


def test_a_slip_without_a_number_finds_its_report(office: Office) -> None:
    """S2-11: taken in while the hub was away, the slip has the terminal's own reference; scanned or typed, it leads to
    the report, and what the staff entered themselves has none."""
    office.clock.advance(60)
    taken, other = office.take(), office.take(channel=UnresolvedChannel.PAPER)
    reference = report_reference(taken.request_id)
    assert office.held(taken.request_id).reference == reference
    assert office.held(other.request_id).reference == ""
    for typed in (reference, reference.lower(), reference.removeprefix("T-")):
        assert office.listed(Wanted(number=typed)) == [taken.number]
    assert office.listed(Wanted(number="T-00000000")) == []


def test_a_wrong_rule_is_an_error(tmp_path: Path) -> None:
    assert load_rules(tmp_path).answer_days == 1
    (tmp_path / RULES_FILE).write_text("answer_days = 3\n")
    assert load_rules(tmp_path).answer_days == 3
    for text in ("answer_days = 0\n", "answer = 1\n", "answer_days"):
        (tmp_path / RULES_FILE).write_text(text)
        with pytest.raises(DataError, match=RULES_FILE):
            load_rules(tmp_path)


def test_the_journal_names_nobody(office: Office) -> None:
    taken = office.take()
    office.step(taken.request_id, S.PROMISED, note="秘密原因", promised=TODAY)
    told = [(entry.action, json.loads(entry.detail)) for entry in office.read(lambda c: list(journal.entries(c)))]
    assert ("unresolved_received", {"kind": "sent_back", "channel": "kiosk"}) in told
    assert ("unresolved_promised", {"promised": "2026-11-23"}) in told
    assert "秘密" not in str(told)
