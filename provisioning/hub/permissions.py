"""Who on the staff may do what (S0-31, S1-14): least privilege, one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Staff of a litigation service hall."""

    CLERK = "clerk"  # 立案法官、法官助理
    TRIAGE = "triage"  # 程序分流员
    SCANNER = "scanner"  # 外包扫描人员
    SUPERVISOR = "supervisor"  # 诉讼服务中心负责人
    WINDOW = "window"  # 窗口工作人员
    ADMINISTRATOR = "administrator"  # 系统管理员


class Permission(StrEnum):
    """One thing a person may do in the console."""

    LIST_MATTERS = "list_matters"
    SEE_NAMES = "see_names"
    READ_PAPERS = "read_papers"
    DECIDE = "decide"
    RECORD_CORRECTIONS = "record_corrections"
    TRIAGE = "triage"
    ANSWER_CALLS = "answer_calls"
    SEE_TERMINALS = "see_terminals"
    HANDLE_ALARMS = "handle_alarms"
    READ_JOURNAL = "read_journal"
    MANAGE_STAFF = "manage_staff"
    SERVE_WINDOW = "serve_window"
    FIND_TICKETS = "find_tickets"
    SKIP_AHEAD = "skip_ahead"
    BOOK_APPOINTMENTS = "book_appointments"
    MANAGE_QUEUE = "manage_queue"
    SEE_REPORTS = "see_reports"
    HANDLE_FOLLOWUPS = "handle_followups"
    ENTER_PAPER_RATING = "enter_paper_rating"
    EXPORT_RATINGS = "export_ratings"
    TAKE_UNRESOLVED = "take_unresolved"
    HANDLE_UNRESOLVED = "handle_unresolved"
    MANAGE_ROSTER = "manage_roster"


_P = Permission
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CLERK: frozenset(
            {
                _P.LIST_MATTERS,
                _P.SEE_NAMES,
                _P.READ_PAPERS,
                _P.DECIDE,
                _P.RECORD_CORRECTIONS,
                _P.TRIAGE,
                _P.ANSWER_CALLS,
                _P.HANDLE_ALARMS,
                _P.SERVE_WINDOW,
                _P.FIND_TICKETS,
                _P.SKIP_AHEAD,
                _P.BOOK_APPOINTMENTS,
                _P.SEE_REPORTS,
                _P.TAKE_UNRESOLVED,
            }
        ),
        Role.TRIAGE: frozenset(
            {
                _P.LIST_MATTERS,
                _P.SEE_NAMES,
                _P.READ_PAPERS,
                _P.TRIAGE,
                _P.ANSWER_CALLS,
                _P.SERVE_WINDOW,
                _P.FIND_TICKETS,
                _P.SKIP_AHEAD,
                _P.BOOK_APPOINTMENTS,
                _P.TAKE_UNRESOLVED,
            }
        ),
        # Outsourced: sees that papers are awaited and notes that they came, no name and no paper.
        Role.SCANNER: frozenset({_P.LIST_MATTERS, _P.RECORD_CORRECTIONS}),
        # Answers for the hall: deals with bad ratings and reads no case.
        Role.SUPERVISOR: frozenset(
            {
                _P.ANSWER_CALLS,
                _P.MANAGE_QUEUE,
                _P.FIND_TICKETS,
                _P.BOOK_APPOINTMENTS,
                _P.SEE_REPORTS,
                _P.HANDLE_FOLLOWUPS,
                _P.ENTER_PAPER_RATING,
                _P.EXPORT_RATINGS,
                _P.TAKE_UNRESOLVED,
                _P.HANDLE_UNRESOLVED,
                _P.MANAGE_ROSTER,
            }
        ),
        # Serves people at a window: papers, enquiries, advice, what could not be got done; no filing to decide.
        Role.WINDOW: frozenset(
            {
                _P.ANSWER_CALLS,
                _P.SERVE_WINDOW,
                _P.FIND_TICKETS,
                _P.BOOK_APPOINTMENTS,
                _P.TAKE_UNRESOLVED,
                _P.HANDLE_UNRESOLVED,
            }
        ),
        # Runs the system and sees nobody's case (separation of duties, GB/T 22239 8.1.5).
        Role.ADMINISTRATOR: frozenset(
            {
                _P.SEE_TERMINALS,
                _P.HANDLE_ALARMS,
                _P.READ_JOURNAL,
                _P.MANAGE_STAFF,
                _P.ANSWER_CALLS,
                _P.MANAGE_QUEUE,
                _P.MANAGE_ROSTER,
            }
        ),
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission`."""
    return permission in PERMISSIONS[role]
