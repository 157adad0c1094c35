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
            }
        ),
        Role.TRIAGE: frozenset({_P.LIST_MATTERS, _P.SEE_NAMES, _P.READ_PAPERS, _P.TRIAGE, _P.ANSWER_CALLS}),
        # Outsourced: sees that papers are awaited and notes that they came, no name and no paper.
        Role.SCANNER: frozenset({_P.LIST_MATTERS, _P.RECORD_CORRECTIONS}),
        # Runs the system and sees nobody's case (separation of duties, GB/T 22239 8.1.5).
        Role.ADMINISTRATOR: frozenset(
            {_P.SEE_TERMINALS, _P.HANDLE_ALARMS, _P.READ_JOURNAL, _P.MANAGE_STAFF, _P.ANSWER_CALLS}
        ),
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission`."""
    return permission in PERMISSIONS[role]
