"""Announcements: a number is called, seen and heard in the waiting area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.uuid7 import uuid7
from kiosk.i18n import Language
from provisioning.hub.display.schema import announcements
from provisioning.hub.display.spoken import Spoken, call
from provisioning.hub.push.events import DISPLAY, KEPT, EventKind, record, store_later
from provisioning.hub.statements import Prepared

_VOICES = {
    Language.ZH: announcements.c.voice_zh,
    Language.KO: announcements.c.voice_ko,
    Language.EN: announcements.c.voice_en,
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """One call as the display shows it."""

    announcement_id: str
    number: str
    window: str
    masked_name: str | None
    recalled: bool
    at: datetime
    voice_zh: str
    voice_ko: str
    voice_en: str


_INSERT = Prepared(sa.insert(announcements), columns=announcements.c.keys())
_COLUMNS = [announcements.c[name] for name in Announcement.__slots__]


def announce(
    connection: sa.Connection,
    *,
    ticket_id: object,
    number: str,
    window: str,
    masked_name: str | None,
    recalled: bool,
    at: datetime,
) -> None:
    """Call ticket `number` (A012) to `window` (3) in the waiting area, again where `recalled`; in the transaction of
    the call itself. `masked_name` is 张* or nothing. Raises ValueError for a number or window that cannot be said."""
    hashes = {f"voice_{language.value}": call(language, number, window).hash for language in Language}
    row = {
        "announcement_id": str(uuid7(at)),
        "number": number,
        "window": window,
        "masked_name": masked_name,
        "recalled": recalled,
        **hashes,
    }
    store_later(connection, _INSERT, {**row, "ticket_id": str(ticket_id), "at": at})
    record(connection, kind=EventKind.ANNOUNCEMENT, audience=DISPLAY, data=row | {"at": at.isoformat()}, at=at)


def latest(connection: sa.Connection, *, since: datetime, limit: int) -> list[Announcement]:
    """The last `limit` announcements after `since`, oldest first."""
    newest = (
        sa.select(*_COLUMNS)
        .where(announcements.c.at >= since)
        .order_by(announcements.c.at.desc(), announcements.c.announcement_id.desc())
        .limit(limit)
    )
    return [Announcement(*row) for row in reversed(connection.execute(newest).all())]


def last_per_window(connection: sa.Connection, *, since: datetime) -> list[Announcement]:
    """The last announcement for each window after `since`."""
    newest = (
        sa.select(sa.func.max(announcements.c.announcement_id))
        .where(announcements.c.at >= since)
        .group_by(announcements.c.window)
    )
    rows = connection.execute(sa.select(*_COLUMNS).where(announcements.c.announcement_id.in_(newest)))
    return [Announcement(*row) for row in rows]


def spoken_as(connection: sa.Connection, voice: str) -> Spoken | None:
    """The sentence whose sound is named `voice`, if there is an announcement that says it. A sound is asked for when
    the call is new, so the search begins there."""
    newest = (
        sa.select(announcements.c.number, announcements.c.window, *_VOICES.values())
        .where(sa.or_(*(column == voice for column in _VOICES.values())))
        .order_by(announcements.c.announcement_id.desc())
        .limit(1)
    )
    row = connection.execute(newest).first()
    if row is None:
        return None
    number, window, *voices = row
    return call(list(_VOICES)[voices.index(voice)], number, window)


def sweep_announcements(connection: sa.Connection, *, now: datetime) -> int:
    """Delete announcements as old as events that are swept; returns how many."""
    return connection.execute(sa.delete(announcements).where(announcements.c.at < now - KEPT)).rowcount
