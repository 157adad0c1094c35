"""The table of announcements: what the waiting area was told, and hence what the voice may say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from provisioning.hub.schema import Moment, metadata


def _text(name: str, *, null: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, **more)


announcements = sa.Table(
    "display_announcements",
    metadata,
    _text("announcement_id", primary_key=True),
    _text("ticket_id"),
    _text("number"),
    _text("window"),
    _text("masked_name", null=True),
    sa.Column("recalled", sa.Boolean, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    _text("voice_zh", index=True),
    _text("voice_ko", index=True),
    _text("voice_en", index=True),
)
