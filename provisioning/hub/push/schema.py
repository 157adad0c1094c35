"""The events table and its one-row counter."""

from __future__ import annotations

import sqlalchemy as sa

from provisioning.hub.schema import Moment, metadata

events = sa.Table(
    "events",
    metadata,
    sa.Column("cursor", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("events_audience_cursor", "audience", "cursor"),
    sqlite_with_rowid=False,
)

event_counter = sa.Table(
    "event_counter",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

window_pads = sa.Table(
    "window_pads",
    metadata,
    sa.Column("window", sa.Text, primary_key=True),
    sa.Column("seen", Moment, nullable=False),
)
