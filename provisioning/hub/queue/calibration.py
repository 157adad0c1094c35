"""How far the upper end of a told range is stretched, so that nine of ten are called by it (conformal prediction).

It begins the day with what would have been right for the ranges of the days before, told as they are, rounded up.
People of one day wait together, so a few days say little: what they say counts in part, more with every day.

Through the day each range whose upper end has come counts, on both sides: who was not called by then widens the next
ranges, whoever was narrows them by a ninth of that, so that in balance nine of ten are kept (adaptive conformal
inference; Gibbs and Candès, NeurIPS 2021). Only what is known at the moment is used, and all of it stands in the
database: every hub process finds the same.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import numpy as np
import sqlalchemy as sa

from kiosk.court.queueing import TicketStatus
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.prediction import Prediction, shown_seconds
from provisioning.hub.queue.samples import KEPT
from provisioning.hub.queue.schema import tickets, visits
from provisioning.hub.queue.tickets import Hall

KEPT_SHARE = 0.9
FEWEST_RANGES = 50
DAYS_FOR_HALF = 3
STEP = 0.015
"""By how much of itself the stretch moves, at most, for one person."""
NARROWEST, WIDEST = 0.6, 2.0
_TRIED = np.exp(np.linspace(math.log(NARROWEST), math.log(WIDEST), 61))

_BEFORE = (
    sa.select(tickets.c.prediction, tickets.c.issued, tickets.c.business_day, visits.c.called)
    .join(visits, sa.and_(visits.c.ticket_id == tickets.c.ticket_id, visits.c.visit == 1))
    .where(
        visits.c.court == sa.bindparam("of"),
        visits.c.called >= sa.bindparam("since", type_=visits.c.called.type),
        tickets.c.business_day < sa.bindparam("day"),
        tickets.c.prediction.is_not(None),
    )
)
_TODAY = (
    sa.select(tickets.c.prediction, tickets.c.issued, tickets.c.status, tickets.c.ended, visits.c.called)
    .outerjoin(visits, sa.and_(visits.c.ticket_id == tickets.c.ticket_id, visits.c.visit == 1))
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.prediction.is_not(None),
    )
)


def stretch_before(connection: sa.Connection, hall: Hall, day: date, *, at: datetime) -> float:
    """What would have kept nine of ten of the ranges told in the twenty days before `day`, counted in part; 1 while
    fewer than fifty were told."""
    waited: list[float] = []
    ninth: list[float] = []
    days: set[date] = set()
    for row in connection.execute(_BEFORE, {"of": hall.court, "since": at - KEPT, "day": day}):
        waited.append((row.called - row.issued).total_seconds())
        ninth.append(Prediction.from_json(row.prediction).ninth_seconds)
        days.add(row.business_day)
    if len(waited) < FEWEST_RANGES:
        return 1.0
    shown = shown_seconds(np.array(ninth)[:, None] * _TRIED)
    kept = (np.array(waited)[:, None] <= shown).mean(axis=0)
    enough = kept >= KEPT_SHARE
    found = float(_TRIED[int(enough.argmax())]) if enough.any() else WIDEST
    return math.exp(math.log(found) * len(days) / (len(days) + DAYS_FOR_HALF))


def stretch_now(connection: sa.Connection, hall: Hall, before: float, *, at: datetime) -> float:
    """`before`, moved by every range of today whose upper end has come by `at`."""
    outcomes: list[tuple[datetime, bool]] = []
    for row in connection.execute(_TODAY, {"of": hall.court, "day": business_day(at)}):
        until = row.issued + timedelta(minutes=Prediction.from_json(row.prediction).high_minutes)
        if until > at:
            continue
        if row.called is None and row.status == TicketStatus.CANCELLED.value and row.ended <= until:
            continue  # who gave up cannot be counted
        outcomes.append((until, row.called is not None and row.called <= until))
    moved = math.log(before)
    for _, kept in sorted(outcomes):
        moved += STEP * (KEPT_SHARE - 1.0 if kept else KEPT_SHARE)
        moved = min(max(moved, math.log(NARROWEST)), math.log(WIDEST))
    return math.exp(moved)
