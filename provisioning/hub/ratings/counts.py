"""Counting for reports: kept with each change, by the day the invitation was issued, so that a report never has to
look at a single rating."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from kiosk.clock import CHINA
from kiosk.court.rating import Invitation, RatingOutcome
from provisioning.hub.ratings.schema import add_count

NO_GRADE = 0


class Counted(StrEnum):
    """What is counted."""

    INVITED = "invited"
    RATED = "rated"
    DECLINED = "declined"
    TIMED_OUT = "timed_out"


def count(
    connection: sa.Connection, invitation: Invitation, what: Counted, *, grade: int = NO_GRADE, change: int = 1
) -> None:
    """Count `what` once more, or with `change` -1 once less."""
    key = {
        "day": invitation.issued.astimezone(CHINA).date().isoformat(),
        "window": invitation.window,
        "service": invitation.service,
        "mediator": invitation.mediator or "",
        "scale": invitation.scale,
        "kind": invitation.kind.value,
        "outcome": what.value,
        "grade": grade,
    }
    add_count(connection, key, change)


def counted_as(outcome: RatingOutcome) -> Counted:
    """The counter of an outcome."""
    return Counted(outcome.value)
