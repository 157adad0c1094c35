"""The hub's own rules: who may do what, passwords and sessions, personal data, time limits, words."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import CHINA
from kiosk.court.contract import AssistanceReason, BlobRole, Channel, SubmissionState
from kiosk.court.envelope import IdentitySource, MediationWish
from kiosk.court.unresolved import LeaderPost, UnresolvedChannel, UnresolvedKind, UnresolvedPlace
from kiosk.flow.consents import Purpose
from kiosk.flow.stage import Stage
from kiosk.i18n import Language, catalogue
from provisioning.hub import staff
from provisioning.hub.alarms import AlarmKind
from provisioning.hub.console.words import ConsoleLanguage, say, words
from provisioning.hub.data import DataError
from provisioning.hub.deadlines import days_left, decision_due
from provisioning.hub.decisions import CaseEventKind, Refusal, Track
from provisioning.hub.engine import Database
from provisioning.hub.hub import HubOptions
from provisioning.hub.papers import PaperProblem
from provisioning.hub.permissions import PERMISSIONS, Permission, Role, may
from provisioning.hub.personal import PersonalIndex, Summary, SummaryDamagedError
from provisioning.hub.terminals import NonceWindow
from provisioning.hub.unresolved.roster_file import RosterFault
from provisioning.hub.unresolved.states import ReportRefusal, ReportState
from tests.hub.conftest import NOW


def test_the_permission_matrix() -> None:
    """Who may do what, written out so that a change is a decision (S0-31, S1-14)."""
    rows = {
        Permission.LIST_MATTERS: "clerk triage scanner",
        Permission.SEE_NAMES: "clerk triage",
        Permission.READ_PAPERS: "clerk triage",
        Permission.DECIDE: "clerk",
        Permission.RECORD_CORRECTIONS: "clerk scanner",
        Permission.TRIAGE: "clerk triage",
        Permission.ANSWER_CALLS: "clerk triage supervisor window administrator",
        Permission.SEE_TERMINALS: "administrator",
        Permission.HANDLE_ALARMS: "clerk administrator",
        Permission.READ_JOURNAL: "administrator",
        Permission.MANAGE_STAFF: "administrator",
        Permission.SERVE_WINDOW: "clerk triage window",
        Permission.SKIP_AHEAD: "clerk triage",
        Permission.BOOK_APPOINTMENTS: "clerk triage window supervisor",
        Permission.MANAGE_QUEUE: "supervisor administrator",
        Permission.FIND_TICKETS: "clerk triage window supervisor",
        Permission.SEE_REPORTS: "clerk supervisor",
        Permission.HANDLE_FOLLOWUPS: "supervisor",
        Permission.ENTER_PAPER_RATING: "supervisor",
        Permission.EXPORT_RATINGS: "supervisor",
        Permission.TAKE_UNRESOLVED: "clerk triage window supervisor",
        Permission.HANDLE_UNRESOLVED: "window supervisor",
        Permission.MANAGE_ROSTER: "supervisor administrator",
    }
    assert set(rows) == set(Permission)
    assert set(PERMISSIONS) == set(Role)
    for permission, roles in rows.items():
        assert {role.value for role in Role if may(role, permission)} == set(roles.split())


def test_wrong_passwords_lock_and_the_lock_ends(database: Database) -> None:
    """Five failures lock for a minute, the next for two; trying on while locked does not prolong it."""
    with database.writing.begin() as connection:
        password_hash = staff.hash_password("correct horse")
        staff.add_account(connection, name="ming", role=Role.CLERK, password_hash=password_hash, at=NOW, by="test")
        for _ in range(staff.FREE_FAILURES):
            staff.note_failure(connection, "ming", now=NOW)
        for _ in range(50):
            staff.note_failure(connection, "ming", now=NOW + timedelta(seconds=30))

        def usable(seconds: int) -> bool:
            found = staff.credentials_of(connection, "ming", now=NOW + timedelta(seconds=seconds))
            return staff.password_fits(found, "correct horse")

        assert not usable(59)
        assert usable(60)
        staff.note_failure(connection, "ming", now=NOW + timedelta(seconds=60))
        assert not usable(60 + 119)
        assert usable(60 + 120)
        assert not staff.password_fits(None, "anything at all")


def test_sessions_end(database: Database) -> None:
    """Idle for 30 minutes, ten hours old, account closed, password changed: signed out."""
    with database.writing.begin() as connection:
        password_hash = staff.hash_password("correct horse")
        staff.add_account(connection, name="ming", role=Role.CLERK, password_hash=password_hash, at=NOW, by="test")
        token = staff.sign_in(connection, "ming", now=NOW)
        assert staff.who(connection, token, now=NOW + staff.IDLE_LIMIT)
        assert not staff.who(connection, token, now=NOW + staff.IDLE_LIMIT + timedelta(seconds=1))
        assert not staff.who(connection, token + "x", now=NOW)
        person = staff.who(connection, token, now=NOW)
        assert person is not None
        late = NOW + staff.ABSOLUTE_LIMIT
        staff.touch(connection, person.token_hash, now=late)
        assert staff.who(connection, token, now=late)
        assert not staff.who(connection, token, now=late + timedelta(seconds=1))
        staff.set_active(connection, name="ming", active=False, at=NOW, by="test")
        assert not staff.who(connection, token, now=NOW)


def test_names_and_numbers_are_unreadable_without_the_key() -> None:
    """An identity number is found however it was typed; a summary opens only for its own submission and key."""
    index, other = PersonalIndex(b"1" * 32), PersonalIndex(b"2" * 32)
    assert index.mac("11010519491231002x") == index.mac(" １１０１０５19491231002X") != other.mac("11010519491231002X")
    summary = Summary(
        plaintiffs=("李示例",), defendants=(), language="zh", mediation=None, amount=None, findings=0, pages=0
    )
    sealed = index.seal(summary, "one")
    assert "李示例".encode() not in sealed
    assert index.open(sealed, "one") == summary
    for box, subject in ((other, "one"), (index, "two")):
        with pytest.raises(SummaryDamagedError):
            box.open(sealed, subject)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=CHINA), "2026-03-09"),  # an ordinary week
        (datetime(2026, 9, 25, 9, tzinfo=CHINA), "2026-10-08"),  # the National Day holiday lies over the last day
        (datetime(2026, 3, 2, 17, tzinfo=CHINA) + timedelta(hours=7), "2026-03-10"),  # after midnight: the next day
    ],
)
def test_the_seven_days(received: datetime, last: str) -> None:
    """Day of receipt not counted, holidays roll over (民事诉讼法 85, 126; S0-23)."""
    due = decision_due(received)
    assert due.date().isoformat() == last
    assert days_left(due, due) == 0
    assert days_left(due, due + timedelta(seconds=1)) == -1


def test_production_does_not_bend() -> None:
    """A hub in production takes no development terminal and calls nothing safe but a backup."""
    for terminals, after in ((True, None), (False, timedelta(seconds=60))):
        with pytest.raises(DataError):
            HubOptions(production=True, development_terminals=terminals, safe_after=after)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 40)), max_size=60))
def test_a_nonce_is_good_once_within_its_window(events: list[tuple[str, float]]) -> None:
    """Against a model: seen within the window means refused, seen longer ago means forgotten (S24)."""
    window, now = NonceWindow(30), 0.0
    seen: dict[str, float] = {}
    for nonce, pause in events:
        now += pause
        fresh = window.first_time("key", nonce, now)
        assert fresh == (nonce not in seen or now >= seen[nonce] + 30)
        if fresh:
            seen[nonce] = now


def test_every_enumeration_has_its_words() -> None:
    """No page can fail for want of a word; both languages are filled."""
    assert all(text.strip() for wording in words().values() for text in wording.values())
    for state in SubmissionState:
        assert say(f"state.{state.value}", ConsoleLanguage.ZH) != say(f"state.{state.value}", ConsoleLanguage.EN)
    sections: dict[str, type[StrEnum]] = {
        "consent": Purpose,
        "step": Stage,
        "role": Role,
        "alarms": AlarmKind,
        "problem": PaperProblem,
        "refusal": Refusal,
        "event": CaseEventKind,
        "track": Track,
        "channel": Channel,
        "paper": BlobRole,
        "reason": AssistanceReason,
        "mediation": MediationWish,
        "identity": IdentitySource,
        "language": Language,
        "unresolved_state": ReportState,
        "unresolved_refusal": ReportRefusal,
        "unresolved_channel": UnresolvedChannel,
        "roster_fault": RosterFault,
    }
    for section, kind in sections.items():
        for value in kind:
            assert f"{section}.{value.value}" in words(), (section, value)
    said: dict[str, type[StrEnum]] = {"kind": UnresolvedKind, "place": UnresolvedPlace, "post": LeaderPost}
    for section, kind in said.items():
        for value in kind:
            assert f"unresolved.{section}.{value.value}" in catalogue(), (section, value)
