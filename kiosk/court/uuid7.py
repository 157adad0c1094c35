"""Version 7 UUIDs (RFC 9562 5.7): ordered by time, so that a day's submissions lie together in every index."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


def uuid7(now: datetime) -> UUID:
    """A fresh id: 48 bits of Unix milliseconds, the rest random."""
    milliseconds = int(now.timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
