"""Keeping, giving out and forgetting sealed drafts. Each function is one job in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.contract import MatterOrigin
from provisioning.hub.drafts.rules import DraftRules
from provisioning.hub.drafts.schema import draft_counts, kept_drafts, submission_origins
from provisioning.hub.statements import INSERT

SWEPT_AT_ONCE = 500


class What(StrEnum):
    """What is counted, by day and door, without anything of the draft."""

    KEPT = "kept"
    GIVEN_OUT = "given_out"
    UNKNOWN = "unknown"  # asked for under a lookup id that has no draft (any more)
    FORGOTTEN = "forgotten"  # on the person's wish
    FILED = "filed"  # a submission came of it
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who asks: a terminal by its code, or a channel by its name. Development terminals share the name of their key."""

    door: str
    name: str

    @property
    def text(self) -> str:
        """As it stands beside a draft."""
        return f"{self.door}:{self.name}"


TERMINAL_DOOR = "terminal"
CHANNEL_DOOR = "channel"
HUB_DOOR = "hub"


class KeepingRefusedError(Exception):
    """A draft is not kept. The text says why."""


class OtherDraftError(KeepingRefusedError):
    """Another draft is kept under this lookup id."""


class TooManyError(KeepingRefusedError):
    """This keeper has as many drafts here as the rules allow."""


@dataclass(frozen=True, slots=True)
class Held:
    """One sealed draft and its last day."""

    sealed: bytes
    until: date


def keep(
    connection: sa.Connection,
    lookup: str,
    sealed: bytes,
    *,
    days: int,
    keeper: Keeper,
    rules: DraftRules,
    now: datetime,
) -> date:
    """Keep `sealed` for `days`, or as many as the rules allow, and return its last day; the same again gives the day it
    had. Raises KeepingRefusedError."""
    today = _today(now)
    if (held := _held(connection, lookup, today)) is not None:
        return _the_same(held, sealed)
    own = sa.select(sa.func.count()).select_from(kept_drafts).where(kept_drafts.c.keeper == keeper.text)
    if connection.execute(own).scalar_one() >= rules.most_of_one:
        raise TooManyError("this terminal or channel has as many drafts here as the court allows")
    connection.execute(sa.delete(kept_drafts).where(kept_drafts.c.lookup == lookup))  # one that is over
    until = today + timedelta(days=min(days, rules.keep_days))
    row = {"lookup": lookup, "sealed": sealed, "keeper": keeper.text, "until": until}
    insert = INSERT[connection.dialect.name](kept_drafts).on_conflict_do_nothing()
    if connection.execute(insert, row).rowcount == 0:  # another hub process was a moment earlier
        held = _held(connection, lookup, today)
        if held is None:
            raise OtherDraftError("this lookup id was used a moment ago")
        return _the_same(held, sealed)
    count(connection, keeper.door, What.KEPT, today)
    return until


def _the_same(held: Held, sealed: bytes) -> date:
    if held.sealed != sealed:
        raise OtherDraftError("another draft is kept under this lookup id")
    return held.until


def give_out(connection: sa.Connection, lookup: str, *, keeper: Keeper, now: datetime) -> Held | None:
    """The draft under `lookup`; None where there is none (any more)."""
    held = _held(connection, lookup, _today(now))
    count(connection, keeper.door, What.UNKNOWN if held is None else What.GIVEN_OUT, _today(now))
    return held


def forget(connection: sa.Connection, lookup: str, *, door: str, what: What, now: datetime) -> bool:
    """Forget the draft under `lookup`; False where there was none."""
    gone = connection.execute(sa.delete(kept_drafts).where(kept_drafts.c.lookup == lookup)).rowcount > 0
    if gone:
        count(connection, door, what, _today(now))
    return gone


def note_filed(connection: sa.Connection, submission_id: str, origin: MatterOrigin, *, now: datetime) -> None:
    """A filing that was begun elsewhere was received: its matter is noted, and its draft forgotten."""
    connection.execute(
        sa.insert(submission_origins).values(
            submission_id=submission_id,
            matter_id=str(origin.matter_id),
            begun_in=origin.begun_in.value,
            begun=origin.begun,
        )
    )
    forget(connection, origin.kept_draft, door=TERMINAL_DOOR, what=What.FILED, now=now)


def sweep_drafts(connection: sa.Connection, *, now: datetime) -> int:
    """Erase drafts whose last day is over, at most SWEPT_AT_ONCE; how many."""
    today = _today(now)
    over = sa.select(kept_drafts.c.lookup).where(kept_drafts.c.until < today).limit(SWEPT_AT_ONCE)
    gone = connection.execute(sa.delete(kept_drafts).where(kept_drafts.c.lookup.in_(over))).rowcount
    if gone:
        count(connection, HUB_DOOR, What.EXPIRED, today, gone)
    return gone


def count(connection: sa.Connection, door: str, what: What, day: date, by: int = 1) -> None:
    """Count `by` more of `what` on `day`."""
    insert = INSERT[connection.dialect.name](draft_counts).values(day=day, door=door, what=what.value, count=by)
    table = draft_counts.c
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=[table.day, table.door, table.what], set_={"count": table.count + by}
        )
    )


def counts(connection: sa.Connection, since: date) -> list[tuple[date, str, What, int]]:
    """What was counted from `since` on, by day, door and kind."""
    table = draft_counts.c
    query = sa.select(table.day, table.door, table.what, table.count).where(table.day >= since)
    rows = connection.execute(query.order_by(table.day, table.door, table.what))
    return [(day, door, What(what), number) for day, door, what, number in rows]


def standing(connection: sa.Connection, now: datetime) -> int:
    """How many drafts are kept now."""
    query = sa.select(sa.func.count()).select_from(kept_drafts).where(kept_drafts.c.until >= _today(now))
    return connection.execute(query).scalar_one()


def _held(connection: sa.Connection, lookup: str, today: date) -> Held | None:
    row = connection.execute(
        sa.select(kept_drafts.c.sealed, kept_drafts.c.until).where(
            kept_drafts.c.lookup == lookup, kept_drafts.c.until >= today
        )
    ).first()
    return Held(bytes(row.sealed), row.until) if row is not None else None


def _today(now: datetime) -> date:
    return now.astimezone(CHINA).date()
