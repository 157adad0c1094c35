"""When a terminal may forget what it handed in: epochs, backups and heartbeats (docs/decisions/0004).

A submission, a rating, a report is *safe* once it lies in a finished backup. A hub that was restored from a backup
starts a new epoch; terminals then offer again whatever they were not told to be safe, and what is there already stays
as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from kiosk.court.contract import Heartbeat, HeartbeatReply
from kiosk.court.heartbeats import sign_reply
from kiosk.court.keys import SigningKey
from provisioning.hub import journal
from provisioning.hub.alarms import AlarmKind, raise_alarm
from provisioning.hub.backlogs import note_backlogs
from provisioning.hub.safe_answers import safe_among
from provisioning.hub.schema import read_setting, submissions, write_setting
from provisioning.hub.terminals import Caller, seen

EPOCH_SETTING = "epoch"


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """`after` is None where only a backup makes safe. A development hub, which has no backup, may instead count
    what was stored this long ago."""

    after: timedelta | None


def current_epoch(connection: sa.Connection) -> str:
    """The hub's epoch. Raises LookupError before `begin_epoch`."""
    epoch = read_setting(connection, EPOCH_SETTING)
    if epoch is None:
        raise LookupError("the hub has no epoch yet")
    return epoch


def begin_epoch(connection: sa.Connection, *, at: datetime, reason: str) -> str:
    """Start a new epoch: `created` for a new database, `restored` after a restore."""
    epoch = str(uuid4())
    write_setting(connection, EPOCH_SETTING, epoch)
    journal.append(
        connection,
        chain=journal.HUB_CHAIN,
        at=at,
        actor="hub",
        action="epoch",
        subject=epoch,
        detail={"reason": reason},
    )
    return epoch


def heartbeat(
    connection: sa.Connection, beat: Heartbeat, caller: Caller, *, key: SigningKey, now: datetime, rule: SafetyRule
) -> HeartbeatReply:
    """Note the terminal's word and tell it, signed with the court's `key`, the epoch and which of what it asks about is
    safe."""
    seen(
        connection,
        caller,
        beat.terminal,
        at=now,
        software=beat.software,
        queue_depth=beat.queue_depth,
        max_sequence=beat.max_sequence,
    )
    note_backlogs(connection, beat, now=now)
    epoch = current_epoch(connection)
    if beat.epoch == epoch:
        _compare(connection, beat, now)
    return sign_reply(key, beat, epoch=epoch, server_time=now, safe=_safe(connection, beat, now, rule))


def _compare(connection: sa.Connection, beat: Heartbeat, now: datetime) -> None:
    """A terminal that counts further than the hub, and has nothing left to send, has sent to somebody else."""
    highest = sa.select(sa.func.max(submissions.c.sequence)).where(submissions.c.terminal == beat.terminal)
    stored = connection.scalar(highest) or 0
    if beat.queue_depth == 0 and beat.max_sequence > stored:
        raise_alarm(
            connection,
            at=now,
            kind=AlarmKind.TERMINAL_AHEAD,
            terminal=beat.terminal,
            detail=f"terminal {beat.max_sequence}, hub {stored}",
        )


def _safe(connection: sa.Connection, beat: Heartbeat, now: datetime, rule: SafetyRule) -> tuple[UUID, ...]:
    in_backup = submissions.c.safe_backup.is_not(None)
    enough = in_backup if rule.after is None else in_backup | (submissions.c.received <= now - rule.after)
    query = sa.select(submissions.c.submission_id).where(
        submissions.c.submission_id.in_([str(asked) for asked in beat.awaiting_safety]),
        submissions.c.terminal == beat.terminal,
        enough,
    )
    found = set(connection.scalars(query))
    if others := [str(asked) for asked in beat.awaiting_safety if str(asked) not in found]:
        found |= safe_among(connection, others, None if rule.after is None else now - rule.after)
    return tuple(asked for asked in beat.awaiting_safety if str(asked) in found)
