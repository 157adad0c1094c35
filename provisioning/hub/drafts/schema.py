"""The tables of kept drafts, of the channels that may bring them, and of what came of them, on the hub's metadata.

A draft is sealed with a key that the hub never has; its lookup id tells nothing of person or matter.
"""

from __future__ import annotations

import sqlalchemy as sa

from provisioning.hub.schema import Moment, metadata, text_column

kept_drafts = sa.Table(
    "kept_drafts",
    metadata,
    text_column("lookup", primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    text_column("keeper", index=True),
    sa.Column("until", sa.Date, nullable=False, index=True),
)

draft_channels = sa.Table(
    "draft_channels",
    metadata,
    text_column("name", primary_key=True),
    text_column("channel"),
    text_column("key_hash", unique=True),
    sa.Column("added", Moment, nullable=False),
    sa.Column("withdrawn", Moment),
)

draft_counts = sa.Table(
    "draft_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    text_column("door", primary_key=True),
    text_column("what", primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)

submission_origins = sa.Table(
    "submission_origins",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.submission_id"), primary_key=True),
    text_column("matter_id", index=True),
    text_column("begun_in"),
    sa.Column("begun", Moment, nullable=False),
)
