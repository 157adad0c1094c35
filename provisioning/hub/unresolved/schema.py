"""The tables of reports and of the duty roster, on the hub's metadata.

What a person wrote and how to call them back stand sealed in `unresolved_sealed`, apart from the rest, and are erased
when they are no longer needed. `unresolved_events` is append-only like the journal.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from provisioning.hub.ratings.schema import append_only
from provisioning.hub.schema import Moment, metadata

_NUMBERS_LOCK = 7_126_011


def _text(name: str, *, null: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, **more)


unresolved_reports = sa.Table(
    "unresolved_reports",
    metadata,
    _text("report_id", primary_key=True),
    _text("number", unique=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("serial", sa.Integer, nullable=False),
    _text("terminal"),
    _text("kind"),
    _text("place"),
    _text("window", null=True),
    _text("service", null=True),
    sa.Column("happened", sa.Date, nullable=False),
    _text("matter", null=True),
    _text("channel"),
    _text("language"),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("state"),
    # Until when the court must act: answer or promise, then keep the promise. None once it has.
    sa.Column("due", Moment, index=True),
    sa.Column("promised", sa.Date),
    sa.Column("promises", sa.Integer, nullable=False),
    sa.Column("alarmed", Moment),
    sa.Column("call_back", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("day", "serial"),
)

unresolved_sealed = sa.Table(
    "unresolved_sealed",
    metadata,
    sa.Column("report_id", sa.ForeignKey("unresolved_reports.report_id"), primary_key=True),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("account_sealed", null=True),
    _text("call_back_sealed", null=True),
)

unresolved_events = sa.Table(
    "unresolved_events",
    metadata,
    sa.Column("report_id", sa.ForeignKey("unresolved_reports.report_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("state"),
    sa.Column("at", Moment, nullable=False),
    _text("staff"),
    _text("note"),
    sa.Column("promised", sa.Date),
)

duty_roster = sa.Table(
    "duty_roster",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("opens", sa.Time, primary_key=True),
    sa.Column("closes", sa.Time, nullable=False),
    _text("name"),
    _text("post"),
    _text("place_zh"),
    _text("place_ko"),
    _text("place_en"),
)

append_only(unresolved_events)


def take_turns(connection: sa.Connection) -> None:
    """Until the transaction ends no other hub process gives a number. On SQLite there is one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_NUMBERS_LOCK})")
