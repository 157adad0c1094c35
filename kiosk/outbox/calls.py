"""Calls for staff that wait for the hub (S0-24). A call that is too old is dropped: whoever needed help has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from kiosk.audit.journal import AuditKind, append
from kiosk.court.contract import AssistanceCall, AssistanceReason
from kiosk.outbox.schema import staff_call

STALE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StaffCall:
    """One call."""

    call_id: UUID
    created_at: datetime
    reason: AssistanceReason
    step: str

    def message(self, terminal: str) -> AssistanceCall:
        """As it travels."""
        return AssistanceCall(call_id=self.call_id, terminal=terminal, reason=self.reason, step=self.step)


def add(connection: sa.Connection, call: StaffCall) -> None:
    """Put a call into the queue."""
    connection.execute(
        staff_call.insert().values(
            call_id=str(call.call_id),
            created_at=call.created_at.isoformat(),
            reason=call.reason.value,
            step=call.step,
        )
    )
    append(connection, call.created_at, AuditKind.STAFF_CALLED, {"reason": call.reason.value, "step": call.step})


def oldest(connection: sa.Connection) -> StaffCall | None:
    """The call that has waited longest."""
    row = connection.execute(sa.select(staff_call).order_by(staff_call.c.created_at).limit(1)).first()
    if row is None:
        return None
    return StaffCall(UUID(row.call_id), datetime.fromisoformat(row.created_at), AssistanceReason(row.reason), row.step)


def waits(connection: sa.Connection, call_id: UUID) -> bool:
    """Whether the call has not reached the hub."""
    query = sa.select(staff_call.c.call_id).where(staff_call.c.call_id == str(call_id))
    return connection.execute(query).first() is not None


def done(connection: sa.Connection, call_id: UUID) -> None:
    """The hub has it, or it is too old to matter."""
    connection.execute(staff_call.delete().where(staff_call.c.call_id == str(call_id)))
