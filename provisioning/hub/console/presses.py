"""One press, one deed: every form of the calling pages carries a key, and a key acts once.

A form that is sent a second time (a double press, a browser that sends again after a lost connection, "reload") finds
its key used and changes nothing; the person sees the page as it is now. The key is taken in the transaction of the
deed, so a deed that was refused leaves its key unused, and with several hub processes the database decides.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from provisioning.hub.console.visit import Visit
from provisioning.hub.hub import Hub
from provisioning.hub.ratings.schema import insert_new
from provisioning.hub.schema import Moment, metadata
from provisioning.hub.writer import Job

T = TypeVar("T")

KEPT = timedelta(days=1)
"""No page of an earlier day is still open: a session ends after ten hours."""

_KEY = re.compile(r"[0-9A-Za-z_-]{22}")

presses = sa.Table(
    "console_presses",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("staff", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)


def new_key() -> str:
    """A fresh key for one form."""
    return secrets.token_urlsafe(16)


class PageChangedError(Exception):
    """The form is not, or no longer, about what it showed; nothing was done."""


async def once(hub: Hub, visit: Visit, job: Job[T]) -> T | None:
    """Run `job` for the form that `visit` sent; None where it was sent before. Raises what `job` raises, and
    PageChangedError for a form without a key."""
    key, now = visit.form.get("key", ""), hub.clock.now()
    if not _KEY.fullmatch(key):
        raise PageChangedError
    row = {"key": key, "staff": visit.person.name, "at": now}
    return await hub.writer.run(lambda connection: job(connection) if insert_new(connection, presses, row) else None)


def sweep_presses(connection: sa.Connection, *, now: datetime) -> int:
    """Forget keys older than KEPT; returns how many."""
    return connection.execute(sa.delete(presses).where(presses.c.at < now - KEPT)).rowcount
