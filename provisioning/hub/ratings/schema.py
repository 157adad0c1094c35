"""The tables of ratings, on the hub's metadata.

`ratings` holds answers with a grade, one per matter and kind, and is append-only like the journal. What is not a rating
stands elsewhere: `rating_silences` (declined, timed out), `rating_sealed` (comment and name, sealed, erased when they
are no longer needed), `rating_counts` (what reports are made from: no matter, no time finer than a day, no person but
the mediator's pseudonym).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from provisioning.hub.schema import Moment, metadata

_RATINGS_LOCK = 7_126_010


def _text(name: str, *, null: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, **more)


rating_invitations = sa.Table(
    "rating_invitations",
    metadata,
    _text("invitation_id", primary_key=True),
    _text("matter"),
    _text("kind"),
    _text("code", unique=True),
    _text("window"),
    _text("staff"),
    _text("service"),
    _text("mediator", null=True),
    _text("scale"),
    sa.Column("issued", Moment, nullable=False, index=True),
    sa.Column("expires", Moment, nullable=False),
    sa.UniqueConstraint("matter", "kind"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    _text("matter", primary_key=True),
    _text("kind", primary_key=True),
    _text("invitation_id"),
    sa.Column("grade", sa.Integer, nullable=False),
    _text("reasons"),
    _text("channel"),
    _text("language"),
    sa.Column("answered", Moment, nullable=False),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("device"),
    _text("form_version"),
    sa.Column("named", sa.Boolean, nullable=False),
    _text("answer_sha256"),
    sa.CheckConstraint("grade BETWEEN 1 AND 5", name="rating_grade"),
)

rating_silences = sa.Table(
    "rating_silences",
    metadata,
    _text("matter", primary_key=True),
    _text("kind", primary_key=True),
    _text("invitation_id"),
    _text("outcome"),
    sa.Column("received", Moment, nullable=False),
    _text("device"),
    _text("answer_sha256"),
)

rating_sealed = sa.Table(
    "rating_sealed",
    metadata,
    _text("matter", primary_key=True),
    _text("kind", primary_key=True),
    sa.Column("received", Moment, nullable=False, index=True),
    _text("comment_sealed", null=True),
    _text("named_sealed", null=True),
)

rating_counts = sa.Table(
    "rating_counts",
    metadata,
    _text("day", primary_key=True),
    _text("window", primary_key=True),
    _text("service", primary_key=True),
    _text("mediator", primary_key=True),
    _text("scale", primary_key=True),
    _text("kind", primary_key=True),
    _text("outcome", primary_key=True),
    sa.Column("grade", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
)

rating_followups = sa.Table(
    "rating_followups",
    metadata,
    _text("followup_id", primary_key=True),
    _text("matter"),
    _text("kind"),
    _text("window"),
    _text("staff"),
    _text("service"),
    _text("mediator", null=True),
    _text("scale"),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    _text("state", index=True),
    _text("finding", null=True),
    _text("assigned_to", null=True),
    sa.Column("due", Moment),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("matter", "kind"),
)

rating_followup_events = sa.Table(
    "rating_followup_events",
    metadata,
    sa.Column("followup_id", sa.ForeignKey("rating_followups.followup_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("state"),
    sa.Column("at", Moment, nullable=False),
    _text("staff"),
    _text("note"),
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
            "CREATE OR REPLACE FUNCTION rating_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append only'; END $$",
            f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION rating_append_only()",
        ],
    }

    @sa.event.listens_for(table, "after_create")
    def guard(target: sa.Table, connection: sa.Connection, **more: object) -> None:
        del target, more
        for statement in statements[connection.dialect.name]:
            connection.exec_driver_sql(statement)


append_only(ratings)
append_only(rating_followup_events)


def take_turns(connection: sa.Connection) -> None:
    """Until the transaction ends no other hub process changes ratings. Each change moves one of a few counters, so two
    batches of changes would otherwise wait for each other in a circle. On SQLite there is one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_RATINGS_LOCK})")


def insert_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one of the table's unique keys is taken; whether it was inserted."""
    return connection.execute(_inserting(connection.dialect.name, table), dict(values)).first() is not None


def add_count(connection: sa.Connection, key: Mapping[str, object], change: int) -> None:
    """Change the counter `key` of `rating_counts` by `change`."""
    connection.execute(_counting(connection.dialect.name), {**key, "count": change, "more": change})


# Built once each: building a statement costs more than running it.
@cache
def _inserting(dialect: str, table: sa.Table) -> Any:
    module = postgresql if dialect == "postgresql" else sqlite
    return module.insert(table).on_conflict_do_nothing().returning(sa.literal(True))


@cache
def _counting(dialect: str) -> Any:
    module = postgresql if dialect == "postgresql" else sqlite
    return module.insert(rating_counts).on_conflict_do_update(
        index_elements=[column.name for column in rating_counts.primary_key],
        set_={"count": rating_counts.c["count"] + sa.bindparam("more", type_=sa.Integer)},
    )
