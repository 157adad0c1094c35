"""How a court handles ratings: `ratings.toml` in the hub's data directory; every entry has a default."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.clock import CHINA
from kiosk.law.workdays import WorkCalendar, add_working_days
from kiosk.rating.scales import scales
from provisioning.hub.data import DataError

RULES_FILE = "ratings.toml"
LAST_MOMENT = time(23, 59, 59)

Days = Annotated[int, msgspec.Meta(ge=1, le=90)]


class MatterNames(StrEnum):
    """How an export names a matter whose rater did not choose to be named (N10)."""

    DIGEST = "digest"  # a keyed hash: the same in every export, known to this court alone
    PLAIN = "plain"  # where the receiving system's agreed schema asks for it


class RatingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entries of ratings.toml, in working days (工作日) where they are days.

    `remedy_days` and `call_back_days`: 15 working days are in local use (四川), 1 working day is this program's
    proposal; GB/T 39734-2020 9.3 has been read in its headings only. `late_days` are calendar days for which an answer
    given in time may be on its way from an offline pad; after `undelivered_hours` an alarm says that one is.
    """

    scale: str = "gb-5"
    valid_days: Days = 5
    late_days: Days = 30
    remedy_days: Days = 15
    call_back_days: Days = 1
    suppress_below: Annotated[int, msgspec.Meta(ge=5, le=100)] = 5
    sealed_keep_days: Annotated[int, msgspec.Meta(ge=30, le=3650)] = 180
    export_matters: MatterNames = MatterNames.DIGEST
    undelivered_hours: Annotated[float, msgspec.Meta(gt=0, le=720)] = 24

    @property
    def undelivered(self) -> timedelta:
        """How old a rating may become at its terminal before an alarm says so."""
        return timedelta(hours=self.undelivered_hours)

    @property
    def late(self) -> timedelta:
        """How long after its expiry an invitation's answer may still arrive."""
        return timedelta(days=self.late_days)

    @property
    def sealed_keep(self) -> timedelta:
        """How long a comment and a name are kept, or until the follow-up is closed."""
        return timedelta(days=self.sealed_keep_days)


def load_rules(root: Path) -> RatingRules:
    """The rules of the data directory `root`, the defaults where it has no file. Raises DataError."""
    path = root / RULES_FILE
    try:
        rules = msgspec.toml.decode(path.read_bytes(), type=RatingRules)
    except FileNotFoundError:
        return RatingRules()
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(f"{path}: {error}") from error
    try:
        scales().scale(rules.scale)
    except KeyError as error:
        raise DataError(f"{path}: there is no scale {rules.scale}") from error
    return rules


def end_of_working_day(after: datetime, count: int, calendar: WorkCalendar) -> datetime:
    """The end (China time) of the `count`-th working day after the day of `after`."""
    day: date = add_working_days(after.astimezone(CHINA).date(), count, calendar)[0]
    return datetime.combine(day, LAST_MOMENT, CHINA)
