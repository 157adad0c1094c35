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
from provisioning.hub.turns import Turn, take_turn

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


def text_column(name: str, *, null: bool = False, **more: Any) -> sa.Column[str]:
    """A column of text, filled unless `null`."""
    return sa.Column(name, sa.Text, nullable=null, **more)


settings = sa.Table("settings", metadata, text_column("key", primary_key=True), text_column("value"))

terminals = sa.Table(
    "terminals",
    metadata,
    text_column("code", primary_key=True),
    text_column("key_id", index=True),
    text_column("public_key"),
    text_column("court"),
    text_column("place"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("added", Moment, nullable=False),
    sa.Column("last_seen", Moment),
    text_column("software", null=True),
    sa.Column("queue_depth", sa.Integer),
    sa.Column("max_sequence", sa.BigInteger),
)

terminal_backlogs = sa.Table(
    "terminal_backlogs",
    metadata,
    text_column("terminal", primary_key=True),
    text_column("held", primary_key=True),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("oldest", Moment, nullable=False),
    sa.Column("told", Moment, nullable=False),
    sa.Column("alarmed", Moment),
)

submissions = sa.Table(
    "submissions",
    metadata,
    text_column("submission_id", primary_key=True),
    text_column("manifest_sha256"),
    text_column("manifest"),
    text_column("request_signature"),
    text_column("receipt"),
    text_column("receipt_no", index=True),
    text_column("terminal"),
    text_column("handling_court"),
    text_column("competent_court"),
    text_column("channel"),
    text_column("form_id"),
    text_column("form_version"),
    text_column("cause_code"),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("received", Moment, nullable=False, index=True),
    text_column("state", index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("clock_from", Moment, nullable=False),
    sa.Column("decision_due", Moment, nullable=False),
    sa.Column("decided", Moment),
    text_column("case_number", null=True),
    text_column("transferred_to", null=True),
    text_column("track", null=True),
    sa.Column("safe_backup", sa.Integer),
    text_column("index_state", index=True),
    text_column("index_problem", null=True),
    text_column("cause_name", null=True),
    sa.Column("summary", sa.LargeBinary),
    sa.Index("submissions_terminal_sequence", "terminal", "sequence"),
)

submission_blobs = sa.Table(
    "submission_blobs",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    text_column("role"),
    text_column("sha256", index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    text_column("media_type"),
    text_column("plain_sha256"),
)

identity_index = sa.Table(
    "identity_index",
    metadata,
    text_column("mac", primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
)

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    text_column("kind"),
    sa.Column("at", Moment, nullable=False),
    text_column("staff"),
    text_column("detail"),
)

assistance_calls = sa.Table(
    "assistance_calls",
    metadata,
    text_column("call_id", primary_key=True),
    text_column("terminal"),
    text_column("reason"),
    text_column("step"),
    sa.Column("received", Moment, nullable=False, index=True),
    text_column("taken_by", null=True),
    sa.Column("taken", Moment),
    sa.Column("closed", Moment),
)

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("alarm_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    text_column("kind"),
    text_column("terminal", null=True),
    text_column("submission_id", null=True),
    text_column("detail"),
    text_column("acknowledged_by", null=True),
    sa.Column("acknowledged", Moment),
)

staff = sa.Table(
    "staff",
    metadata,
    text_column("name", primary_key=True),
    text_column("password_hash"),
    text_column("role"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", Moment),
    sa.Column("added", Moment, nullable=False),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    text_column("token_hash", primary_key=True),
    sa.Column("staff", sa.ForeignKey("staff.name"), nullable=False),
    text_column("csrf"),
    sa.Column("started", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
)

backups = sa.Table(
    "backups",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("finished", Moment, nullable=False),
    text_column("sha256"),
    sa.Column("submissions", sa.Integer, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    text_column("chain", primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    text_column("actor"),
    text_column("action"),
    text_column("subject"),
    text_column("detail"),
    text_column("previous"),
    text_column("hash"),
)

journal_heads = sa.Table(
    "journal_heads",
    metadata,
    text_column("chain", primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    text_column("hash"),
)


def append_only(table: sa.Table) -> None:
    """Let the database itself refuse every change of a row, wherever the table is created."""
    statements = {
        "sqlite": [
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            "BEGIN SELECT RAISE(ABORT, 'append only'); END"
            for verb in ("UPDATE", "DELETE")
        ],
        "postgresql": [
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append only'; END $$",
            f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
        ],
    }

    @sa.event.listens_for(table, "after_create")
    def guard(target: sa.Table, connection: sa.Connection, **more: object) -> None:
        del target, more
        for statement in statements[connection.dialect.name]:
            connection.exec_driver_sql(statement)


append_only(journal)


def _version_1(connection: sa.Connection) -> None:
    metadata.create_all(connection)


PARTS = (
    "provisioning.hub.queue.schema",
    "provisioning.hub.push.schema",
    "provisioning.hub.ratings.schema",
    "provisioning.hub.display.schema",
    "provisioning.hub.console.presses",
    "provisioning.hub.unresolved.schema",
    "provisioning.hub.safe_answers",
    "provisioning.hub.drafts.schema",
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


def _version_3(connection: sa.Connection) -> None:
    """Ratings that terminals still hold; numbers left out after a restore."""
    every_table().create_all(connection)


def _version_4(connection: sa.Connection) -> None:
    """Ratings and reports that lie in a backup."""
    every_table().create_all(connection)


def _version_5(connection: sa.Connection) -> None:
    """Drafts that are kept for another place, and what terminals say they still hold."""
    every_table().create_all(connection)


STEPS = (_version_1, _version_2, _version_3, _version_4, _version_5)
"""One function per version; a database of version n gets the steps from n on. A step is never changed once released."""


def upgrade(engine: sa.Engine) -> None:
    """Create the tables or bring them up to date. Raises DataError for a database of a newer program."""
    with engine.begin() as connection:
        take_turn(connection, Turn.SCHEMA)
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
