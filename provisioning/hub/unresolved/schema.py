"""The tables of reports and of the duty roster, on the hub's metadata.

What a person wrote and how to call them back stand sealed in `unresolved_sealed`, apart from the rest, and are erased
when they are no longer needed. `unresolved_events` is append-only like the journal.
"""

from __future__ import annotations

import sqlalchemy as sa

from provisioning.hub.schema import Moment, append_only, metadata, text_column

unresolved_reports = sa.Table(
    "unresolved_reports",
    metadata,
    text_column("report_id", primary_key=True),
    text_column("number", unique=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("serial", sa.Integer, nullable=False),
    text_column("terminal"),
    text_column("kind"),
    text_column("place"),
    text_column("window", null=True),
    text_column("service", null=True),
    sa.Column("happened", sa.Date, nullable=False),
    text_column("matter", null=True),
    text_column("channel"),
    text_column("language"),
    sa.Column("received", Moment, nullable=False, index=True),
    text_column("state"),
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
    text_column("account_sealed", null=True),
    text_column("call_back_sealed", null=True),
)

unresolved_events = sa.Table(
    "unresolved_events",
    metadata,
    sa.Column("report_id", sa.ForeignKey("unresolved_reports.report_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    text_column("state"),
    sa.Column("at", Moment, nullable=False),
    text_column("staff"),
    text_column("note"),
    sa.Column("promised", sa.Date),
)

duty_roster = sa.Table(
    "duty_roster",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("opens", sa.Time, primary_key=True),
    sa.Column("closes", sa.Time, nullable=False),
    text_column("name"),
    text_column("post"),
    text_column("place_zh"),
    text_column("place_ko"),
    text_column("place_en"),
)

append_only(unresolved_events)
