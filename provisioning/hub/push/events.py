"""Events: what a change tells others, written in the same transaction as the change (transactional outbox).

**The cursor.** A reader that has seen cursor n and later asks for "what is above n" must miss nothing, so no event may
become visible below one that already is. An autoincrement id does not promise that where several hub processes commit
concurrently on one PostgreSQL. Here the cursor comes from a counter row whose lock is held until the commit: whoever
draws next waits until the one before is visible, so cursors become visible in their order.

The row is locked by the *last* statement of a transaction, not where `record` is called: events wait in memory, follow
the savepoints of the writer's jobs, and are numbered and stored together when the transaction commits. Held earlier,
the lock would stop every other hub process for a whole batch, and two batches that need the same queue's counter would
wait for each other in a circle.

A cursor is at least the moment of its event in microseconds since 1970, so that the cursors given out after a restore
from a backup lie above those that were given out after the backup and lost with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa

from provisioning.hub.push.schema import event_counter, events
from provisioning.hub.schema import EPOCH
from provisioning.hub.statements import Prepared

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

DISPLAY = "display"
QUEUE = "queue"
KEPT = timedelta(days=2)
"""Events older than this are swept; a client that comes back later reads the whole state again."""

_OUTBOX = "court-hub events"
_STORED = "court-hub events stored"
_MICROSECOND = timedelta(microseconds=1)


class EventKind(StrEnum):
    """What an event tells."""

    TICKET_ISSUED = "ticket_issued"
    TICKET_CALLED = "ticket_called"
    TICKET_RECALLED = "ticket_recalled"
    TICKET_STATUS = "ticket_status"
    WINDOW_CHANGED = "window_changed"
    QUEUE_CHANGED = "queue_changed"  # for consoles: a queue was paused or opened
    ANNOUNCEMENT = "announcement"  # for the display, recorded by provisioning.hub.display.announcements.announce
    RATING_INVITED = "rating_invited"
    RATING_CLOSED = "rating_closed"


def window_topic(code: str) -> str:
    """The topic of one window's pad and caller."""
    return f"window:{code}"


def ticket_topic(ticket_id: object) -> str:
    """The topic of one ticket's phone page."""
    return f"ticket:{ticket_id}"


@dataclass(slots=True)
class _Outbox:
    """Rows of one transaction that are not yet stored, and how many there were at each open savepoint, the innermost
    last. Savepoints end in the order of `with` blocks."""

    waiting: list[tuple[Prepared, dict[str, Any]]] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)


def record(
    connection: sa.Connection, *, kind: EventKind, audience: str, data: Mapping[str, JsonValue], at: datetime
) -> None:
    """Tell `audience` (display, queue, window:<code> or ticket:<id>) of a change made in this transaction.

    `data` becomes JSON and holds no more of a person than a masked name. The cursor is drawn at the commit. Raises
    RuntimeError on a connection that does not belong to the hub's writing engine: the event would be lost.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    store_later(connection, _INSERT, {"kind": kind.value, "audience": audience, "data": text, "at": at})


def store_later(connection: sa.Connection, insert: Prepared, row: dict[str, Any]) -> None:
    """Store a row that nobody reads in this transaction when it commits, together with others of its kind. Raises
    RuntimeError on a connection that does not belong to the hub's writing engine: the row would be lost."""
    outbox = connection.info.get(_OUTBOX)
    if outbox is None:
        raise RuntimeError("events are recorded in a transaction of the hub's writing engine")
    outbox.waiting.append((insert, row))


def store_at_commit(engine: sa.Engine) -> None:
    """Make `engine` store at each commit what was recorded in the transaction."""
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "savepoint", _mark)
    sa.event.listen(engine, "release_savepoint", _release_mark)
    sa.event.listen(engine, "rollback_savepoint", _back_to_mark)
    sa.event.listen(engine, "rollback", _forget)
    sa.event.listen(engine, "commit", _store)


def committed(pooled: Mapping[str, object]) -> bool:
    """Whether the transaction that a pooled connection (its `info`) has just ended stored events."""
    return bool(pooled.get(_STORED))


def _begin(connection: sa.Connection) -> None:
    connection.info[_OUTBOX] = _Outbox()
    connection.info[_STORED] = False


def _mark(connection: sa.Connection, name: str | None) -> None:
    del name
    outbox: _Outbox = connection.info[_OUTBOX]
    outbox.marks.append(len(outbox.waiting))


def _release_mark(connection: sa.Connection, name: str, context: None) -> None:
    del name, context
    outbox: _Outbox = connection.info[_OUTBOX]
    outbox.marks.pop()


def _back_to_mark(connection: sa.Connection, name: str, context: None) -> None:
    del name, context
    outbox: _Outbox = connection.info[_OUTBOX]
    del outbox.waiting[outbox.marks.pop() :]


def _forget(connection: sa.Connection) -> None:
    if not connection.invalidated:  # a lost connection has taken its outbox with it
        connection.info.pop(_OUTBOX, None)


_DRAW = Prepared(
    sa.update(event_counter)
    .values(
        last=sa.case(
            (event_counter.c.last >= sa.bindparam("earliest"), event_counter.c.last + sa.bindparam("count")),
            else_=sa.bindparam("earliest") + sa.bindparam("count") - 1,
        )
    )
    .returning(event_counter.c.last)
)
_FIRST_COUNTER = sa.text("INSERT INTO event_counter (number, last) VALUES (1, 0) ON CONFLICT DO NOTHING")
_INSERT = Prepared(sa.insert(events), columns=events.c.keys())


def _store(connection: sa.Connection) -> None:
    of_statement: defaultdict[Prepared, list[dict[str, Any]]] = defaultdict(list)
    for insert, row in connection.info.pop(_OUTBOX, _Outbox()).waiting:
        of_statement[insert].append(row)
    recorded = of_statement.pop(_INSERT, [])
    for insert, rows in of_statement.items():
        insert.run_many(connection, rows)
    if recorded:
        _store_events(connection, recorded)


def _store_events(connection: sa.Connection, waiting: list[dict[str, Any]]) -> None:
    earliest = max((event["at"] - EPOCH) // _MICROSECOND for event in waiting)
    drawn = {"earliest": earliest, "count": len(waiting)}
    row = _DRAW.first(connection, drawn)
    if row is None:
        connection.execute(_FIRST_COUNTER)
        (row,) = _DRAW.all(connection, drawn)
    last: int = row[0]
    for cursor, event in enumerate(waiting, last - len(waiting) + 1):
        event["cursor"] = cursor
    _INSERT.run_many(connection, waiting)
    connection.info[_STORED] = True


def sweep_events(connection: sa.Connection, *, now: datetime) -> int:
    """Delete events older than KEPT; returns how many. The newest stays, because snapshots name its cursor."""
    newest = sa.select(sa.func.max(events.c.cursor)).scalar_subquery()
    # A cursor is no less than its event's moment: what is old is found without an index of moments.
    before = (now - KEPT - EPOCH) // _MICROSECOND
    old = sa.delete(events).where(events.c.cursor < before, events.c.cursor != newest)
    return connection.execute(old).rowcount
