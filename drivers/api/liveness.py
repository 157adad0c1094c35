"""Ping and pong: how the launcher learns that a program that has not died is not hung either.

Both sockets carry them, the device daemon's (drivers/api/messages.py) and the agent's (kiosk/agent/messages.py). Every
connection is read by a thread of its own, so a program that is busy for somebody else (sealing, reading a card,
printing) answers at once; one that is stopped, or deadlocked in what all its connections share, does not.
"""

from __future__ import annotations

import msgspec


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Are you there? Answered by Pong. Who asks watches the program and is told nothing else."""


class Pong(msgspec.Struct, frozen=True, tag_field="type", tag="pong"):
    """Yes."""


class AnyMessage(msgspec.Struct, frozen=True):
    """A message of either program of which only the kind is read: what a watcher is told before its first ping."""

    type: str

    @property
    def is_pong(self) -> bool:
        """Whether it answers a Ping."""
        return self.type == "pong"
