"""What one operation of the contract is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pydantic import BaseModel


class Door(Enum):
    """By what a caller is let in."""

    TERMINAL = "terminalSignature"
    CHANNEL = "channelKey"
    PUBLIC = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation. `errors` maps a status to what it means; one that is not public also knows 401 and 413."""

    operation: str
    method: str
    path: str
    summary: str
    request: type[BaseModel] | None = None
    reply: type[BaseModel] | None = None
    success: int = 200
    door: Door = Door.TERMINAL
    request_headers: tuple[str, ...] = ()
    reply_headers: tuple[str, ...] = ()
    binary: bool = False
    errors: Mapping[int, str] = field(default_factory=dict)
