"""The hub's tables, the same on SQLite and PostgreSQL, and how a database of an older version is brought up to date.

No personal data stands in clear in any column: names are in `submissions.summary`, encrypted, and identity numbers in
`identity_index` only as keyed hashes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from kiosk.clock import CHINA
from provisioning.hub.data import DataError

metadata = sa.MetaData()

MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time as whole microseconds since 1970 UTC: sorts the same on both engines and keeps its offset."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Microseconds for the database."""
        del dialect
        if value is None:
            return None
        since = value - EPOCH
        return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """China time for the program."""
        del dialect
        if value is None:
            return None
        seconds, micro = divmod(int(value), MICROSECONDS)
        return datetime.fromtimestamp(seconds, CHINA).replace(microsecond=micro)


def _text(name: str, *, null: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, **more)


settings = sa.Table("settings", metadata, _text("key", primary_key=True), _text("value"))

terminals = sa.Table(
    "terminals",
    metadata,
    _text("code", primary_key=True),
    _text("key_id", index=True),
    _text("public_key"),
    _text("court"),
    _text("place"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("added", Moment, nullable=False),
    sa.Column("last_seen", Moment),
    _text("software", null=True),
    sa.Column("queue_depth", sa.Integer),
    sa.Column("max_sequence", sa.BigInteger),
)

submissions = sa.Table(
    "submissions",
    metadata,
    _text("submission_id", primary_key=True),
    _text("manifest_sha256"),
    _text("manifest"),
    _text("request_signature"),
    _text("receipt"),
    _text("receipt_no", index=True),
    _text("terminal"),
    _text("handling_court"),
    _text("competent_court"),
    _text("channel"),
    _text("form_id"),
    _text("form_version"),
    _text("cause_code"),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("state", index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("clock_from", Moment, nullable=False),
    sa.Column("decision_due", Moment, nullable=False),
    sa.Column("decided", Moment),
    _text("case_number", null=True),
    _text("transferred_to", null=True),
    _text("track", null=True),
    sa.Column("safe_backup", sa.Integer),
    _text("index_state", index=True),
    _text("index_problem", null=True),
    _text("cause_name", null=True),
    sa.Column("summary", sa.LargeBinary),
    sa.Index("submissions_terminal_sequence", "terminal", "sequence"),
)

submission_blobs = sa.Table(
    "submission_blobs",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    _text("role"),
    _text("sha256", index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    _text("media_type"),
    _text("plain_sha256"),
)

identity_index = sa.Table(
    "identity_index",
    metadata,
    _text("mac", primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
)

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _text("kind"),
    sa.Column("at", Moment, nullable=False),
    _text("staff"),
    _text("detail"),
)

assistance_calls = sa.Table(
    "assistance_calls",
    metadata,
    _text("call_id", primary_key=True),
    _text("terminal"),
    _text("reason"),
    _text("step"),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("taken_by", null=True),
    sa.Column("taken", Moment),
    sa.Column("closed", Moment),
)

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("alarm_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    _text("kind"),
    _text("terminal", null=True),
    _text("submission_id", null=True),
    _text("detail"),
    _text("acknowledged_by", null=True),
    sa.Column("acknowledged", Moment),
)

staff = sa.Table(
    "staff",
    metadata,
    _text("name", primary_key=True),
    _text("password_hash"),
    _text("role"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", Moment),
    sa.Column("added", Moment, nullable=False),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    _text("token_hash", primary_key=True),
    sa.Column("staff", sa.ForeignKey("staff.name"), nullable=False),
    _text("csrf"),
    sa.Column("started", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
)

backups = sa.Table(
    "backups",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("finished", Moment, nullable=False),
    _text("sha256"),
    sa.Column("submissions", sa.Integer, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    _text("chain", primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _text("detail"),
    _text("previous"),
    _text("hash"),
)

journal_heads = sa.Table(
    "journal_heads",
    metadata,
    _text("chain", primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    _text("hash"),
)

_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
        "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()",
    ),
}


def _version_1(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)


PARTS = (
    "provisioning.hub.queue.schema",
    "provisioning.hub.push.schema",
    "provisioning.hub.ratings.schema",
    "provisioning.hub.display.schema",
    "provisioning.hub.console.presses",
    "provisioning.hub.unresolved.schema",
)
"""Modules that add their tables to `metadata`."""


def every_table() -> sa.MetaData:
    """The metadata with the tables of every part of the hub."""
    for part in PARTS:
        import_module(part)  # late, because these modules import this one
    return metadata


def _version_2(connection: sa.Connection) -> None:
    """Queue, events, ratings and reports of what could not be got done."""
    every_table().create_all(connection)


STEPS = (_version_1, _version_2)
"""One function per version; a database of version n gets the steps from n on. A step is never changed once released."""

_SCHEMA_LOCK = 7_126_008


def upgrade(engine: sa.Engine) -> None:
    """Create the tables or bring them up to date. Raises DataError for a database of a newer program."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
        version = 0
        if sa.inspect(connection).has_table("settings"):
            version = int(read_setting(connection, "schema_version") or 0)
        if version > len(STEPS):
            raise DataError(f"the database is of version {version}; this program knows up to {len(STEPS)}")
        for step in STEPS[version:]:
            step(connection)
        write_setting(connection, "schema_version", str(len(STEPS)))


_READ_SETTING = sa.select(settings.c.value).where(settings.c.key == sa.bindparam("name"))


def read_setting(connection: sa.Connection, key: str) -> str | None:
    """The stored setting `key`."""
    return connection.scalar(_READ_SETTING, {"name": key})


def write_setting(connection: sa.Connection, key: str, value: str) -> None:
    """Store the setting `key`."""
    changed = connection.execute(sa.update(settings).where(settings.c.key == key).values(value=value))
    if changed.rowcount == 0:
        connection.execute(sa.insert(settings).values(key=key, value=value))
