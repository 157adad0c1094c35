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

from provisioning.hub.schema import Moment, append_only, metadata, text_column
from provisioning.hub.statements import Prepared
from provisioning.hub.turns import Turn, take_turn

rating_invitations = sa.Table(
    "rating_invitations",
    metadata,
    text_column("invitation_id", primary_key=True),
    text_column("matter"),
    text_column("kind"),
    text_column("code", unique=True),
    text_column("window"),
    text_column("staff"),
    text_column("service"),
    text_column("mediator", null=True),
    text_column("scale"),
    sa.Column("issued", Moment, nullable=False, index=True),
    sa.Column("expires", Moment, nullable=False),
    sa.UniqueConstraint("matter", "kind"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    text_column("matter", primary_key=True),
    text_column("kind", primary_key=True),
    text_column("invitation_id"),
    sa.Column("grade", sa.Integer, nullable=False),
    text_column("reasons"),
    text_column("channel"),
    text_column("language"),
    sa.Column("answered", Moment, nullable=False),
    sa.Column("received", Moment, nullable=False, index=True),
    text_column("device"),
    text_column("form_version"),
    sa.Column("named", sa.Boolean, nullable=False),
    text_column("answer_sha256"),
    sa.CheckConstraint("grade BETWEEN 1 AND 5", name="rating_grade"),
)

rating_silences = sa.Table(
    "rating_silences",
    metadata,
    text_column("matter", primary_key=True),
    text_column("kind", primary_key=True),
    text_column("invitation_id"),
    text_column("outcome"),
    sa.Column("received", Moment, nullable=False),
    text_column("device"),
    text_column("answer_sha256"),
)

rating_sealed = sa.Table(
    "rating_sealed",
    metadata,
    text_column("matter", primary_key=True),
    text_column("kind", primary_key=True),
    sa.Column("received", Moment, nullable=False, index=True),
    text_column("comment_sealed", null=True),
    text_column("named_sealed", null=True),
)

rating_counts = sa.Table(
    "rating_counts",
    metadata,
    text_column("day", primary_key=True),
    text_column("window", primary_key=True),
    text_column("service", primary_key=True),
    text_column("mediator", primary_key=True),
    text_column("scale", primary_key=True),
    text_column("kind", primary_key=True),
    text_column("outcome", primary_key=True),
    sa.Column("grade", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
)

rating_followups = sa.Table(
    "rating_followups",
    metadata,
    text_column("followup_id", primary_key=True),
    text_column("matter"),
    text_column("kind"),
    text_column("window"),
    text_column("staff"),
    text_column("service"),
    text_column("mediator", null=True),
    text_column("scale"),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    text_column("state", index=True),
    text_column("finding", null=True),
    text_column("assigned_to", null=True),
    sa.Column("due", Moment),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("matter", "kind"),
)

rating_followup_events = sa.Table(
    "rating_followup_events",
    metadata,
    sa.Column("followup_id", sa.ForeignKey("rating_followups.followup_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    text_column("state"),
    sa.Column("at", Moment, nullable=False),
    text_column("staff"),
    text_column("note"),
)


append_only(ratings)
append_only(rating_followup_events)


def take_turns(connection: sa.Connection) -> None:
    """Until the transaction ends no other hub process changes ratings. Each change moves one of a few counters, so two
    batches of changes would otherwise wait for each other in a circle. On SQLite there is one writer anyway."""
    take_turn(connection, Turn.RATINGS)


def insert_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one of the table's unique keys is taken; whether it was inserted."""
    return _inserting(connection.dialect.name, table, tuple(values)).first(connection, values) is not None


def add_count(connection: sa.Connection, key: Mapping[str, object], change: int) -> None:
    """Change the counter `key` of `rating_counts` by `change`."""
    connection.execute(_counting(connection.dialect.name), {**key, "count": change, "more": change})


# Built once each: building a statement costs more than running it.
@cache
def _inserting(dialect: str, table: sa.Table, names: tuple[str, ...]) -> Prepared:
    module = postgresql if dialect == "postgresql" else sqlite
    first_of_key = table.primary_key.columns[0]
    return Prepared(module.insert(table).on_conflict_do_nothing().returning(first_of_key), columns=names)


@cache
def _counting(dialect: str) -> Any:
    module = postgresql if dialect == "postgresql" else sqlite
    return module.insert(rating_counts).on_conflict_do_update(
        index_elements=[column.name for column in rating_counts.primary_key],
        set_={"count": rating_counts.c["count"] + sa.bindparam("more", type_=sa.Integer)},
    )
