"""The base of every message of the contract: immutable, and nothing in it that the contract does not name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ContractModel(BaseModel):
    """One message, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
