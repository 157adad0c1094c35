"""How long services take, as measured: the time each visit of the last twenty days had its window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from kiosk.clock import CHINA
from provisioning.hub.queue.schema import visits
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.queue.visits import Outcome

Seconds = npt.NDArray[np.float64]

KEPT = timedelta(days=20)
ENOUGH_IN_BUCKET = 20
ENOUGH = 10
LONGEST = timedelta(hours=3)
"""A window that had one ticket for longer was forgotten, not busy."""

_COUNTED = [outcome.value for outcome in (Outcome.FINISHED, Outcome.TRANSFERRED, Outcome.HELD, Outcome.NO_SHOW)]
_QUERY = (
    sa.select(visits.c.service, visits.c.called, visits.c.occupied_from, visits.c.ended)
    .where(
        visits.c.court == sa.bindparam("of"),
        visits.c.called >= sa.bindparam("since", type_=visits.c.called.type),
        visits.c.outcome.in_(_COUNTED),
    )
    .order_by(visits.c.called)
)


@dataclass(frozen=True, slots=True)
class _Measured:
    seconds: Seconds
    bucket: npt.NDArray[np.int64]  # weekday × 24 + hour


class ServiceTimes:
    """Samples by service, in seconds, each with the weekday and hour of its call."""

    def __init__(self, measured: Iterable[tuple[str, datetime, float]]) -> None:
        seconds: dict[str, list[float]] = defaultdict(list)
        buckets: dict[str, list[int]] = defaultdict(list)
        for service, called, taken in measured:
            seconds[service].append(taken)
            buckets[service].append(_bucket(called))
        self._measured: Mapping[str, _Measured] = {
            service: _Measured(np.array(values), np.array(buckets[service], dtype=np.int64))
            for service, values in seconds.items()
        }

    def of(self, service: str, at: datetime) -> Seconds | None:
        """Samples of `service` at this weekday and hour where there are twenty, else at any time where there are ten,
        else None."""
        found = self._measured.get(service)
        if found is None:
            return None
        same: Seconds = found.seconds[found.bucket == _bucket(at)]
        if same.size >= ENOUGH_IN_BUCKET:
            return same
        return found.seconds if found.seconds.size >= ENOUGH else None

    def of_any(self, services: Iterable[str], at: datetime) -> Seconds | None:
        """Samples of several services together; None where none of them has enough."""
        parts = [found for service in services if (found := self.of(service, at)) is not None]
        return np.concatenate(parts) if parts else None


def service_times(connection: sa.Connection, hall: Hall, *, at: datetime) -> ServiceTimes:
    """What was measured in the twenty days before `at`."""
    rows = connection.execute(_QUERY, {"of": hall.court, "since": at - KEPT})
    return ServiceTimes(
        (row.service, row.called, (row.ended - row.occupied_from).total_seconds())
        for row in rows
        if row.ended - row.occupied_from <= LONGEST
    )


def _bucket(moment: datetime) -> int:
    local = moment.astimezone(CHINA)
    return local.weekday() * 24 + local.hour
