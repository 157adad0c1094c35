"""Numbers: one counter row per court, business day and queue. No sequence (gaps), no max + 1 (doubles).

A number is taken by the statement that stores its ticket (PostgreSQL), or in the same savepoint of the one writer
(SQLite, which has no data-modifying CTE): a ticket that is not stored takes no number. A daily cap is part of the
counting statement.

The row also keeps the moment from which its last number counts, and each number gets a later one: within a queue the
order of numbers is the order of their moments, though several hubs write and their clocks may differ or step back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from provisioning.hub.queue.policy import microseconds, moment_of
from provisioning.hub.queue.schema import counters, tickets
from provisioning.hub.queue.tickets import COLUMNS, QueuedTicket, as_ticket
from provisioning.hub.statements import Prepared

NO_CAP = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Placing:
    """How a ticket's place is made: from the moment of its number less `credit` microseconds, or `fixed`: counted from
    a moment of its own, with the rank that goes with it."""

    credit: int
    fixed: tuple[datetime, int] | None = None


def _count(insert: Any) -> Any:
    """Take `size` numbers; gives the last of them and its moment, or no row where the cap leaves no room."""
    size, cap = sa.bindparam("size", type_=sa.Integer), sa.bindparam("cap", type_=sa.Integer)
    now = sa.bindparam("now", type_=sa.BigInteger)
    source = sa.select(
        sa.bindparam("of_court", type_=sa.Text),
        sa.bindparam("on_day", type_=sa.Date),
        sa.bindparam("in_queue", type_=sa.Text),
        size,
        now,
    ).where(size <= cap)
    return (
        insert(counters)
        .from_select(["court", "business_day", "queue", "last", "moment"], source)
        .on_conflict_do_update(
            index_elements=["court", "business_day", "queue"],
            set_={
                "last": counters.c.last + size,
                "moment": sa.case((counters.c.moment >= now, counters.c.moment + 1), else_=now),
            },
            where=counters.c.last + size <= cap,
        )
        .returning(counters.c.last, counters.c.moment)
    )


_COUNT = {"sqlite": Prepared(_count(sqlite.insert)), "postgresql": Prepared(_count(postgresql.insert))}
_STORE = Prepared(sa.insert(tickets).returning(*COLUMNS), columns=tickets.c.keys())


def _count_and_store() -> Any:
    counted = _count(postgresql.insert).cte("counted")
    computed = {
        "number": counted.c.last,
        "counts_from": sa.func.coalesce(sa.bindparam("fixed_from", type_=sa.BigInteger), counted.c.moment),
        "rank": sa.func.coalesce(
            sa.bindparam("fixed_rank", type_=sa.BigInteger),
            counted.c.moment - sa.bindparam("credit", type_=sa.BigInteger),
        ),
    }
    values = [
        computed[column.name] if column.name in computed else sa.bindparam(f"v_{column.name}", type_=column.type)
        for column in tickets.c
    ]
    names = [column.name for column in tickets.c]
    return sa.insert(tickets).from_select(names, sa.select(*values)).returning(*COLUMNS)


_COUNT_AND_STORE = Prepared(_count_and_store())


def take_numbers(
    connection: sa.Connection,
    *,
    court: str,
    day: date,
    queue: str,
    size: int,
    at: datetime,
    cap: int | None = None,
) -> int | None:
    """Take `size` numbers of `queue`; returns the last of them, None where the cap leaves no room."""
    values = _counted(court, day, queue, size=size, cap=cap, at=at)
    row = _COUNT[connection.dialect.name].first(connection, values)
    return row[0] if row else None


def store_numbered(
    connection: sa.Connection, values: Mapping[str, Any], placing: Placing, *, at: datetime, cap: int | None
) -> QueuedTicket | None:
    """Store a ticket, `values` being every column but number, rank and counts_from; None at the cap."""
    counted = _counted(values["court"], values["business_day"], values["queue"], size=1, cap=cap, at=at)
    fixed_from, fixed_rank = placing.fixed or (None, None)
    if connection.dialect.name == "postgresql":
        given = {f"v_{name}": value for name, value in values.items()} | counted
        given |= {
            "fixed_from": None if fixed_from is None else microseconds(fixed_from),
            "fixed_rank": fixed_rank,
            "credit": placing.credit,
        }
        stored = _COUNT_AND_STORE.first(connection, given)
        return as_ticket(stored) if stored else None
    row = _COUNT["sqlite"].first(connection, counted)
    if row is None:
        return None
    number, moment = row
    computed = {
        "number": number,
        "counts_from": fixed_from or moment_of(moment),
        "rank": moment - placing.credit if fixed_rank is None else fixed_rank,
    }
    (stored,) = _STORE.all(connection, {**values, **computed})
    return as_ticket(stored)


def _counted(court: str, day: date, queue: str, *, size: int, cap: int | None, at: datetime) -> dict[str, object]:
    return {
        "of_court": court,
        "on_day": day,
        "in_queue": queue,
        "size": size,
        "cap": NO_CAP if cap is None else cap,
        "now": microseconds(at),
    }
