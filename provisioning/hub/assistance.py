"""Calls for a person at a terminal (专人辅导, S0-24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.contract import AssistanceCall, AssistanceReason, AssistanceTaken
from provisioning.hub import journal
from provisioning.hub.schema import assistance_calls, terminals


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that is not closed."""

    call_id: str
    terminal: str
    place: str
    reason: AssistanceReason
    step: str
    received: datetime
    taken_by: str | None


def take_in(connection: sa.Connection, call: AssistanceCall, *, at: datetime) -> AssistanceTaken:
    """Put a call on the staff's list; the same call again changes nothing."""
    query = sa.select(assistance_calls.c.received).where(assistance_calls.c.call_id == str(call.call_id))
    known = connection.scalar(query)
    if known is None:
        values = call.model_dump(mode="json") | {"received": at}
        connection.execute(sa.insert(assistance_calls).values(values))
        journal.append(
            connection,
            chain=journal.terminal_chain(call.terminal),
            at=at,
            actor=call.terminal,
            action="called_a_person",
            subject=str(call.call_id),
            detail={"reason": call.reason.value, "step": call.step},
        )
    return AssistanceTaken(call_id=call.call_id, received=known or at)


def open_calls(connection: sa.Connection) -> list[OpenCall]:
    """What nobody has closed, oldest first."""
    rows = connection.execute(
        sa.select(assistance_calls, terminals.c.place)
        .outerjoin(terminals, terminals.c.code == assistance_calls.c.terminal)
        .where(assistance_calls.c.closed.is_(None))
        .order_by(assistance_calls.c.received)
    )
    return [
        OpenCall(
            row.call_id,
            row.terminal,
            row.place or "",
            AssistanceReason(row.reason),
            row.step,
            row.received,
            row.taken_by,
        )
        for row in rows
    ]


def take(connection: sa.Connection, call_id: str, *, staff: str, at: datetime) -> bool:
    """`staff` is on the way; False where a colleague already is."""
    changed = connection.execute(
        sa.update(assistance_calls)
        .where(assistance_calls.c.call_id == call_id, assistance_calls.c.taken_by.is_(None))
        .values(taken_by=staff, taken=at)
    )
    return _journal(connection, "call_taken", call_id, staff, at) if changed.rowcount else False


def close(connection: sa.Connection, call_id: str, *, staff: str, at: datetime) -> bool:
    """The person was helped; False where the call is already closed."""
    changed = connection.execute(
        sa.update(assistance_calls)
        .where(assistance_calls.c.call_id == call_id, assistance_calls.c.closed.is_(None))
        .values(closed=at)
    )
    return _journal(connection, "call_closed", call_id, staff, at) if changed.rowcount else False


def _journal(connection: sa.Connection, action: str, call_id: str, staff: str, at: datetime) -> bool:
    journal.append(connection, chain=journal.STAFF_CHAIN, at=at, actor=staff, action=action, subject=call_id)
    return True
