"""The court's other channels (网, 线, 巡) that may keep drafts and take them up, each by a key of its own.

A key is shown once, when it is made; the hub has its SHA-256 only. Keys are random (256 bits), so that a plain hash is
enough.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.court.contract import MatterChannel
from provisioning.hub import journal
from provisioning.hub.drafts.keeping import CHANNEL_DOOR, Keeper
from provisioning.hub.drafts.schema import draft_channels

CHANNEL_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
KEY_BYTES = 32


class ChannelRefusedError(Exception):
    """A channel cannot be added or withdrawn. The text says why."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel as the command line lists it."""

    name: str
    channel: MatterChannel
    added: datetime
    withdrawn: datetime | None


def add_channel(connection: sa.Connection, name: str, channel: MatterChannel, *, at: datetime, by: str) -> str:
    """Let a channel in; its key, which cannot be had again. Raises ChannelRefusedError."""
    if not CHANNEL_NAME.fullmatch(name):
        raise ChannelRefusedError("a channel's name is 2 to 32 of the characters a-z, 0-9 and -, a letter first")
    columns = draft_channels.c
    if connection.scalar(sa.select(columns.name).where(columns.name == name)) is not None:
        raise ChannelRefusedError(f"there is, or was, a channel {name}; give the new key another name")
    key = secrets.token_urlsafe(KEY_BYTES)
    row = {"name": name, "channel": channel.value, "key_hash": _hash(key), "added": at}
    connection.execute(sa.insert(draft_channels).values(row))
    journal.append(
        connection,
        chain=journal.HUB_CHAIN,
        at=at,
        actor=by,
        action="draft_channel_added",
        subject=name,
        detail={"channel": channel.value},
    )
    return key


def withdraw_channel(connection: sa.Connection, name: str, *, at: datetime, by: str) -> None:
    """Shut a channel out at once. Raises ChannelRefusedError."""
    columns = draft_channels.c
    open_one = sa.update(draft_channels).where(columns.name == name, columns.withdrawn.is_(None))
    if connection.execute(open_one.values(withdrawn=at)).rowcount == 0:
        raise ChannelRefusedError(f"there is no open channel {name}")
    journal.append(connection, chain=journal.HUB_CHAIN, at=at, actor=by, action="draft_channel_withdrawn", subject=name)


def channels(connection: sa.Connection) -> list[Channel]:
    """Every channel, by name."""
    columns = draft_channels.c
    query = sa.select(columns.name, columns.channel, columns.added, columns.withdrawn).order_by(columns.name)
    return [
        Channel(row.name, MatterChannel(row.channel), row.added, row.withdrawn) for row in connection.execute(query)
    ]


def channel_of(connection: sa.Connection, key: str) -> Keeper | None:
    """Whose key this is; None for one that is unknown or withdrawn."""
    columns = draft_channels.c
    mine = sa.select(columns.name).where(columns.key_hash == _hash(key), columns.withdrawn.is_(None))
    name = connection.scalar(mine)
    return Keeper(CHANNEL_DOOR, name) if name is not None else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
