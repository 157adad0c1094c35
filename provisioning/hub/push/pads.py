"""When the touchpad of a window last listened to the hub: the console tells staff whether it is there.

A pad that is switched off says nothing, so this is a moment and not a state; with several hub processes it stands in
the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from provisioning.hub.push.events import window_topic
from provisioning.hub.push.schema import window_pads

LISTENING = timedelta(seconds=75)
"""A pad's stream is checked every 30 seconds; after two checks without it, it is gone."""

_WINDOW = window_topic("")


def windows_in(topics: Iterable[str]) -> tuple[str, ...]:
    """The codes of the windows among `topics`."""
    return tuple(sorted(topic.removeprefix(_WINDOW) for topic in topics if topic.startswith(_WINDOW)))


def note_listening(connection: sa.Connection, windows: Iterable[str], *, at: datetime) -> None:
    """A terminal listens for these windows now."""
    for window in windows:
        changed = connection.execute(sa.update(window_pads).where(window_pads.c.window == window).values(seen=at))
        if changed.rowcount == 0:
            connection.execute(sa.insert(window_pads).values(window=window, seen=at))


def last_listened(connection: sa.Connection, window: str) -> datetime | None:
    """When a pad of `window` was last known to listen; None where never."""
    return connection.scalar(sa.select(window_pads.c.seen).where(window_pads.c.window == window))
