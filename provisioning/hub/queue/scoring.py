"""How good the told ranges were, day by day, beside the formulas of others computed at the same moments.

*Coverage* is the share of people who were called no later than the range's upper end; nine of ten are promised. `early`
is the share called by its lower end; half are promised. The mean absolute error compares the median, and each formula,
with the real wait. Counted is who got a ticket with a range and was called; who gave up cannot be counted, and who had
an appointment was not told a wait from the moment of the ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from provisioning.hub.queue.formulas import Formula
from provisioning.hub.queue.prediction import Prediction
from provisioning.hub.queue.schema import appointments, tickets, visits
from provisioning.hub.queue.tickets import Hall

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One told range, and how long the person really waited."""

    prediction: Prediction
    waited_seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one day. Errors are in seconds and over the same people, those for whom every formula had a value;
    None where there is nobody."""

    tickets: int
    coverage: float | None
    early: float | None
    compared: int
    error: float | None
    formula_errors: Mapping[Formula, float]


_TOLD = (
    sa.select(tickets.c.prediction, tickets.c.issued, visits.c.called)
    .join(visits, sa.and_(visits.c.ticket_id == tickets.c.ticket_id, visits.c.visit == 1))
    .where(
        tickets.c.court == sa.bindparam("of"),
        tickets.c.business_day == sa.bindparam("day"),
        tickets.c.prediction.is_not(None),
        tickets.c.ticket_id.not_in(
            sa.select(appointments.c.ticket_id).where(
                appointments.c.court == sa.bindparam("of"),
                appointments.c.business_day == sa.bindparam("day"),
                appointments.c.ticket_id.is_not(None),
            )
        ),
    )
)


def told_on(connection: sa.Connection, hall: Hall, day: date) -> list[Told]:
    """Every range told on `day` to somebody who was then called."""
    rows = connection.execute(_TOLD, {"of": hall.court, "day": day})
    return [Told(Prediction.from_json(row.prediction), _waited(row.issued, row.called)) for row in rows]


def score(told: Iterable[Told]) -> Score:
    """The figures over `told`."""
    everyone = list(told)
    same = [one for one in everyone if len(one.prediction.formulas) == len(Formula)]
    return Score(
        tickets=len(everyone),
        coverage=_mean(float(one.waited_seconds <= one.prediction.high_minutes * SECONDS) for one in everyone),
        early=_mean(float(one.waited_seconds <= one.prediction.low_minutes * SECONDS) for one in everyone),
        compared=len(same),
        error=_mean(abs(one.prediction.median_seconds - one.waited_seconds) for one in same),
        formula_errors={
            formula: error
            for formula in Formula
            if (error := _mean(abs(one.prediction.formulas[formula] - one.waited_seconds) for one in same)) is not None
        },
    )


def score_of_day(connection: sa.Connection, hall: Hall, day: date) -> Score:
    """The figures of `day`."""
    return score(told_on(connection, hall, day))


def _waited(issued: datetime, called: datetime) -> float:
    return (called - issued).total_seconds()


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
