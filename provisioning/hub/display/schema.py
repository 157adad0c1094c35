"""The table of announcements: what the waiting area was told, and hence what the voice may say."""

from __future__ import annotations

import sqlalchemy as sa

from provisioning.hub.schema import Moment, metadata, text_column

announcements = sa.Table(
    "display_announcements",
    metadata,
    text_column("announcement_id", primary_key=True),
    text_column("ticket_id"),
    text_column("number"),
    text_column("window"),
    text_column("masked_name", null=True),
    sa.Column("recalled", sa.Boolean, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    text_column("voice_zh"),
    text_column("voice_ko"),
    text_column("voice_en"),
    sqlite_with_rowid=False,
)
