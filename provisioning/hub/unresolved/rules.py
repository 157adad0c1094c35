"""How a court handles reports: `unresolved.toml` in the hub's data directory; every entry has a default."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from provisioning.hub.data import DataError

RULES_FILE = "unresolved.toml"


class UnresolvedRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entries of unresolved.toml.

    `answer_days`: working days after the day of the report by whose end the court has answered or promised; one is this
    program's proposal for 及时解答. `longest_promise_days`: how far ahead (calendar days) a promised date may lie.
    `sealed_keep_days`: how long after the report the person's words are kept, once the court has answered.
    `undelivered_hours`: after which an alarm says that a terminal still holds one.
    """

    answer_days: Annotated[int, msgspec.Meta(ge=1, le=15)] = 1
    longest_promise_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 60
    sealed_keep_days: Annotated[int, msgspec.Meta(ge=30, le=3650)] = 180
    undelivered_hours: Annotated[float, msgspec.Meta(gt=0, le=720)] = 4

    @property
    def undelivered(self) -> timedelta:
        """How old a report may become at its terminal before an alarm says so."""
        return timedelta(hours=self.undelivered_hours)

    @property
    def sealed_keep(self) -> timedelta:
        """`sealed_keep_days` as a span of time."""
        return timedelta(days=self.sealed_keep_days)


def load_rules(root: Path) -> UnresolvedRules:
    """The rules of the data directory `root`, the defaults where it has no file. Raises DataError."""
    path = root / RULES_FILE
    try:
        return msgspec.toml.decode(path.read_bytes(), type=UnresolvedRules)
    except FileNotFoundError:
        return UnresolvedRules()
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(f"{path}: {error}") from error
