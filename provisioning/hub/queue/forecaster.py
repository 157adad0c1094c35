"""The forecasts of one hub process: made when one is asked for, kept for a second."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kiosk.clock import Clock
from provisioning.hub.queue.calibration import stretch_before, stretch_now
from provisioning.hub.queue.picture import take_picture
from provisioning.hub.queue.policy import business_day
from provisioning.hub.queue.samples import ServiceTimes, service_times
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.queue.wait import MOST_WAITING, Forecast

FRESH_SECONDS = 1.0
STALE_SECONDS = 5.0
"""A forecast of this age is still told while the next one is being made."""
STRETCH_FRESH_SECONDS = 30.0
SAMPLES_FRESH_SECONDS = 300.0


@dataclass(slots=True)
class _Kept:
    """What a forecast is made from and is not read for each: when it was read, by the monotonic clock, and for what day
    the beginning of the stretch was found."""

    times: ServiceTimes
    times_at: float
    day: date
    before: float
    stretch: float
    stretch_at: float


class Forecaster:
    """Makes forecasts, each good for a second; samples are read again every five minutes."""

    def __init__(self, hall: Hall, engine: sa.Engine, clock: Clock) -> None:
        self._hall = hall
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._forecast: tuple[float, Forecast] | None = None

    def current(self) -> Forecast:
        """The forecast of now; reads the database where the last one is older than a second."""
        with self._lock:
            now = self._clock.monotonic()
            if self._forecast is None or now - self._forecast[0] >= FRESH_SECONDS:
                self._forecast = (now, self._make(self._clock.now(), now))
            return self._forecast[1]

    @property
    def fresh(self) -> Forecast | None:
        """The forecast, if it can be had without reading or waiting."""
        found = self._forecast
        good_for = STALE_SECONDS if self._lock.locked() else FRESH_SECONDS
        if found is None or self._clock.monotonic() - found[0] >= good_for:
            return None
        return found[1]

    def _make(self, at: datetime, now: float) -> Forecast:
        with self._engine.connect() as connection:
            kept = self._read(connection, at, now)
            picture = take_picture(connection, self._hall, at=at, most=MOST_WAITING)
        return Forecast(self._hall, picture, kept.times, kept.stretch)

    def _read(self, connection: sa.Connection, at: datetime, now: float) -> _Kept:
        hall, day, kept = self._hall, business_day(at), self._kept
        if kept is None or kept.day != day:
            before = stretch_before(connection, hall, day, at=at)
            times = service_times(connection, hall, at=at)
            stretch = stretch_now(connection, hall, before, at=at)
            kept = self._kept = _Kept(times, now, day, before, stretch, now)
        if now - kept.times_at >= SAMPLES_FRESH_SECONDS:
            kept.times, kept.times_at = service_times(connection, hall, at=at), now
        if now - kept.stretch_at >= STRETCH_FRESH_SECONDS:
            kept.stretch, kept.stretch_at = stretch_now(connection, hall, kept.before, at=at), now
        return kept
