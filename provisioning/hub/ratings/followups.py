"""Following up bad ratings (差评核实、整改、回访): 国办发〔2019〕51号; GB/T 39734-2020, 9.

    new → verified → assigned → remedied ─┬─ called back → closed      (named: 回访 100 %)
     └──→ mistaken | malicious ───────────┴─ closed                    (anonymous: nobody to call)

The rating itself stays as it was given and stays in every report, whatever the finding: otherwise a bad rating could
be made to vanish by calling it malicious. Whom a rating is about never sees it here, nor is it ever assigned to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa

from kiosk.court.rating import Invitation, RatingKind
from kiosk.court.uuid7 import uuid7
from provisioning.hub import journal
from provisioning.hub.permissions import Permission, Role, may
from provisioning.hub.ratings import invitations
from provisioning.hub.ratings.office import RatingOffice
from provisioning.hub.ratings.rules import end_of_working_day
from provisioning.hub.ratings.schema import insert_new, rating_followup_events, rating_followups
from provisioning.hub.schema import staff

LONGEST_NOTE = 2_000


class FollowupState(StrEnum):
    """Where a follow-up stands."""

    NEW = "new"
    VERIFIED = "verified"  # 属实
    MISTAKEN = "mistaken"  # 误评
    MALICIOUS = "malicious"  # 恶意差评
    ASSIGNED = "assigned"  # 交办
    REMEDIED = "remedied"  # 整改完成
    CALLED_BACK = "called_back"  # 已回访
    CLOSED = "closed"  # 办结


_S = FollowupState
FINDINGS = frozenset({_S.VERIFIED, _S.MISTAKEN, _S.MALICIOUS})
_NEXT: Mapping[FollowupState, frozenset[FollowupState]] = MappingProxyType(
    {
        _S.NEW: FINDINGS,
        _S.VERIFIED: frozenset({_S.ASSIGNED}),
        _S.ASSIGNED: frozenset({_S.ASSIGNED, _S.REMEDIED}),
        _S.MISTAKEN: frozenset({_S.CALLED_BACK, _S.CLOSED}),
        _S.MALICIOUS: frozenset({_S.CALLED_BACK, _S.CLOSED}),
        _S.REMEDIED: frozenset({_S.CALLED_BACK, _S.CLOSED}),
        _S.CALLED_BACK: frozenset({_S.CLOSED}),
        _S.CLOSED: frozenset(),
    }
)


class FollowupRefusal(StrEnum):
    """Why a step was not taken; the console has the words."""

    CONFLICT = "conflict"  # a colleague was faster
    STEP = "step"  # this state does not lead there
    NOTE = "note"  # the step needs its reason
    ASSIGNEE = "assignee"  # nobody, without the permission, or the person rated


class FollowupRefusedError(Exception):
    """A step that was not taken. Nothing was changed."""

    def __init__(self, refusal: FollowupRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Followup:
    """One bad rating being dealt with. It names no matter: that is for `disclosure`, and only where the person chose
    to be named."""

    followup_id: str
    kind: RatingKind
    window: str
    service: str
    mediator: str | None
    scale: str
    grade: int
    named: bool
    opened: datetime
    state: FollowupState
    finding: FollowupState | None
    assigned_to: str | None
    due: datetime | None
    revision: int

    def overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed."""
        return self.due is not None and now > self.due

    @property
    def steps(self) -> tuple[FollowupState, ...]:
        """Where it may go from here."""
        return tuple(state for state in FollowupState if state in next_states(self.state, named=self.named))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of its history."""

    state: FollowupState
    at: datetime
    staff: str
    note: str


def next_states(state: FollowupState, *, named: bool) -> frozenset[FollowupState]:
    """Where `state` may lead. A person who chose to be named is called back before it is closed."""
    following = _NEXT[state]
    if following >= {_S.CALLED_BACK, _S.CLOSED}:
        return following - {_S.CLOSED if named else _S.CALLED_BACK}
    return following


def open_one(
    connection: sa.Connection, office: RatingOffice, invitation: Invitation, *, grade: int, named: bool, now: datetime
) -> None:
    """Open the follow-up of a bad rating that was just stored."""
    followup_id = str(uuid7(now))
    row = {
        "followup_id": followup_id,
        "matter": invitation.matter,
        "kind": invitation.kind.value,
        "window": invitation.window,
        "staff": invitation.staff,
        "service": invitation.service,
        "mediator": invitation.mediator,
        "scale": invitation.scale,
        "grade": grade,
        "named": named,
        "opened": now,
        "state": _S.NEW.value,
        "due": end_of_working_day(now, office.rules.remedy_days, office.calendar),
        "revision": 1,
    }
    if insert_new(connection, rating_followups, row):
        _write(connection, UUID(followup_id), 1, Step(_S.NEW, now, "hub", ""))


@dataclass(frozen=True, slots=True)
class Act:
    """Who takes a step, when, and which revision of the follow-up they saw."""

    followup_id: UUID
    revision: int
    staff: str
    at: datetime


def advance(
    connection: sa.Connection,
    office: RatingOffice,
    act: Act,
    to: FollowupState,
    *,
    note: str = "",
    assignee: str = "",
) -> None:
    """Take the step `to`. ASSIGNED needs `assignee`; findings other than VERIFIED, REMEDIED and CALLED_BACK need a
    note. REMEDIED invites the person to rate once more (追评). Raises FollowupRefusedError, LookupError for a follow-up
    that is not there or is about the person who asks."""
    held = find(connection, office, act.followup_id, viewer=act.staff)
    if held is None:
        raise LookupError("there is no such follow-up")
    if held.revision != act.revision:
        raise FollowupRefusedError(FollowupRefusal.CONFLICT)
    if to not in next_states(held.state, named=held.named):
        raise FollowupRefusedError(FollowupRefusal.STEP)
    note = note.strip()[:LONGEST_NOTE]
    if not note and to in {_S.MISTAKEN, _S.MALICIOUS, _S.REMEDIED, _S.CALLED_BACK}:
        raise FollowupRefusedError(FollowupRefusal.NOTE)
    values: dict[str, object] = {"state": to.value, "revision": held.revision + 1}
    if to in FINDINGS:
        values["finding"] = to.value
    if to is _S.ASSIGNED:
        if assignee not in assignees(connection, office, act.followup_id):
            raise FollowupRefusedError(FollowupRefusal.ASSIGNEE)
        values["assigned_to"] = assignee
    if to in {_S.REMEDIED, _S.MISTAKEN, _S.MALICIOUS}:
        call_back = end_of_working_day(act.at, office.rules.call_back_days, office.calendar)
        values["due"] = call_back if held.named else None
    if to in {_S.CALLED_BACK, _S.CLOSED}:
        values["due"] = None
    changed = connection.execute(
        sa.update(rating_followups)
        .where(rating_followups.c.followup_id == str(act.followup_id), rating_followups.c.revision == act.revision)
        .values(values)
    )
    if changed.rowcount == 0:
        raise FollowupRefusedError(FollowupRefusal.CONFLICT)
    _write(connection, act.followup_id, held.revision + 1, Step(to, act.at, act.staff, note))
    journal.append(
        connection,
        chain=journal.STAFF_CHAIN,
        at=act.at,
        actor=act.staff,
        action=f"followup_{to.value}",
        subject=str(act.followup_id),
    )
    if to is _S.REMEDIED and held.kind is RatingKind.FIRST:
        first = _invitation(connection, act.followup_id)
        invitations.invite_again(connection, office, first, now=act.at)


def find(connection: sa.Connection, office: RatingOffice, followup_id: UUID, *, viewer: str) -> Followup | None:
    """One follow-up; None where there is none, or where it is about `viewer`."""
    found = _select(connection, office, viewer, rating_followups.c.followup_id == str(followup_id))
    return found[0] if found else None


def pending(connection: sa.Connection, office: RatingOffice, *, viewer: str) -> list[Followup]:
    """Every follow-up that is not closed, the nearest deadline first; without those about `viewer`."""
    return _select(connection, office, viewer, rating_followups.c.state != _S.CLOSED.value)


def overdue(connection: sa.Connection, office: RatingOffice, *, viewer: str, now: datetime) -> list[Followup]:
    """Those whose deadline has passed, the longest overdue first."""
    return [followup for followup in pending(connection, office, viewer=viewer) if followup.overdue(now)]


def history(connection: sa.Connection, followup_id: UUID) -> list[Step]:
    """Every step of a follow-up, oldest first."""
    events = rating_followup_events
    query = sa.select(events).where(events.c.followup_id == str(followup_id)).order_by(events.c.number)
    return [Step(_S(row.state), row.at, row.staff, row.note) for row in connection.execute(query)]


def assignees(connection: sa.Connection, office: RatingOffice, followup_id: UUID) -> list[str]:
    """Accounts that may be given a follow-up: active, allowed to handle them, and not the person rated."""
    rated = connection.scalar(
        sa.select(rating_followups.c.staff).where(rating_followups.c.followup_id == str(followup_id))
    )
    rows = connection.execute(sa.select(staff.c.name, staff.c.role).where(staff.c.active).order_by(staff.c.name))
    return [
        row.name
        for row in rows
        if may(Role(row.role), Permission.HANDLE_FOLLOWUPS) and office.pseudonyms.of_staff(row.name) != rated
    ]


def _select(
    connection: sa.Connection, office: RatingOffice, viewer: str, where: sa.ColumnElement[bool]
) -> list[Followup]:
    columns = rating_followups.c
    rows = connection.execute(
        sa.select(rating_followups)
        .where(where, columns.staff != office.pseudonyms.of_staff(viewer))
        .order_by(columns.due.is_(None), columns.due, columns.opened)
    )
    return [
        Followup(
            followup_id=row.followup_id,
            kind=RatingKind(row.kind),
            window=row.window,
            service=row.service,
            mediator=row.mediator,
            scale=row.scale,
            grade=row.grade,
            named=row.named,
            opened=row.opened,
            state=_S(row.state),
            finding=_S(row.finding) if row.finding else None,
            assigned_to=row.assigned_to,
            due=row.due,
            revision=row.revision,
        )
        for row in rows
    ]


def _invitation(connection: sa.Connection, followup_id: UUID) -> Invitation:
    row = connection.execute(
        sa.select(rating_followups.c.matter, rating_followups.c.kind).where(
            rating_followups.c.followup_id == str(followup_id)
        )
    ).one()
    found = invitations.find(connection, row.matter, RatingKind(row.kind))
    if found is None:
        raise LookupError("a rating without its invitation")
    return found


def _write(connection: sa.Connection, followup_id: UUID, number: int, step: Step) -> None:
    connection.execute(
        sa.insert(rating_followup_events).values(
            followup_id=str(followup_id),
            number=number,
            state=step.state.value,
            at=step.at,
            staff=step.staff,
            note=step.note,
        )
    )
