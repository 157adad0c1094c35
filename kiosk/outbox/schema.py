"""The outbox's tables. Nothing personal is in the clear even inside the encrypted database: documents are sealed to the
court, and what is readable here are numbers, hashes, times and the slip until it is printed."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 1

metadata = sa.MetaData()

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("submission_id", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False, unique=True),
    sa.Column("receipt_no", sa.Text, nullable=False, unique=True),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("committed_at", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("manifest", sa.LargeBinary, nullable=False),
    sa.Column("manifest_sha256", sa.Text, nullable=False),
    sa.Column("cause_name", sa.Text, nullable=False),
    sa.Column("receipt", sa.LargeBinary),
    sa.Column("attention", sa.Text),
    sa.Column("shown_at", sa.Text),
    sa.Column("slip_copy", sa.LargeBinary),
)

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("submission_id", sa.Text, sa.ForeignKey(submission.c.submission_id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("size", sa.Integer, nullable=False),
)

reservation = sa.Table(
    "reservation",
    metadata,
    sa.Column("submission_id", sa.Text, primary_key=True),
    sa.Column("receipt_no", sa.Text, nullable=False, unique=True),
    sa.Column("received_at", sa.Text, nullable=False),
)

receipt_day = sa.Table(
    "receipt_day",
    metadata,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("last_serial", sa.Integer, nullable=False),
)

print_job = sa.Table(
    "print_job",
    metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("submission_id", sa.Text, sa.ForeignKey(submission.c.submission_id), nullable=False, index=True),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("copy", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("image", sa.LargeBinary),
)

staff_call = sa.Table(
    "staff_call",
    metadata,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
)

number_lease = sa.Table(
    "number_lease",
    metadata,
    sa.Column("lease_id", sa.Text, primary_key=True),
    sa.Column("business_day", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("following", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
)

offline_ticket = sa.Table(
    "offline_ticket",
    metadata,
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("lease_id", sa.Text, nullable=False),
    sa.Column("business_day", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("asked", sa.Text, nullable=False, unique=True),
    sa.Column("ticket", sa.LargeBinary, nullable=False),
    sa.Column("brought_in", sa.Boolean, nullable=False, index=True),
    sa.UniqueConstraint("business_day", "queue", "number"),
    sa.UniqueConstraint("business_day", "place"),
)

rating = sa.Table(
    "rating",
    metadata,
    sa.Column("matter", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("invitation_id", sa.Text, nullable=False, unique=True),
    sa.Column("arrival", sa.Integer, nullable=False, unique=True),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("outcome", sa.Text),
    sa.Column("answer", sa.LargeBinary),
)

unresolved_report = sa.Table(
    "unresolved_report",
    metadata,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("arrival", sa.Integer, nullable=False, unique=True),
    sa.Column("kept_at", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("report", sa.LargeBinary),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("answer_by", sa.Text, nullable=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
