"""How long somebody will wait, told as a range: the hall is played forward some hundreds of times.

Each play lets the open windows finish the people they have (time already spent counts: only longer samples are drawn)
and then take the waiting ones in order of rank, each for a time that was really measured for that service. How well its
mean is known is drawn once per play, and those who may still come and pass, because their class or queue has credit at
a window, are drawn from the last hour's arrivals. The range is from the median to the 90th percentile, rounded up to
five minutes; it is not told where no window is open for the queue or too little has been measured.

The upper end is then stretched by what past ranges have taught (calibration.py).

A forecast is made for the whole hall at once and serves every request of the next second, so that issuing a ticket
costs a look into a list. It is a hint and nothing that must be agreed on: each hub process keeps its own.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from kiosk.court.queueing import TicketClass
from provisioning.hub.queue.config import Service
from provisioning.hub.queue.formulas import FormulaInputs, by_formula
from provisioning.hub.queue.picture import Picture
from provisioning.hub.queue.policy import class_credit
from provisioning.hub.queue.prediction import STEP_SECONDS, Prediction, shown_seconds
from provisioning.hub.queue.samples import Seconds, ServiceTimes
from provisioning.hub.queue.tickets import Hall

PLAYS = 256
DRAWN_AT_ONCE = 16
MOST_WAITING = 300
"""People played; further back in line no range is told."""
BEYOND = 40
"""Places played behind the last one who waits, for those who come before the next forecast."""
LONGEST_MINUTES = 600
SEED = 20_260_101
HALF, NINE_OF_TEN = 0.5, 0.9


class Forecast:
    """One play of the hall: for each queue, when the person at each place would be called."""

    def __init__(self, hall: Hall, picture: Picture, times: ServiceTimes, stretch: float = 1.0) -> None:
        self._hall = hall
        self._picture = picture
        self._stretch = stretch
        self._random = np.random.default_rng(SEED)
        self._drawn: dict[int, Iterator[Seconds]] = {}  # by identity: the samples live as long as this forecast
        self._times = {service.code: times.of(service.code, picture.at) for service in hall.configuration.services}
        self._of_queue = {
            queue: times.of_any(
                [service.code for service in hall.configuration.services if queue in _queues_of(service)], picture.at
            )
            for queue in hall.configuration.by_queue
        }
        self._serving = {
            queue: np.array(
                [
                    index
                    for index, window in enumerate(picture.windows)
                    if queue in {duty.queue for duty in window.duties}
                ],
                dtype=np.intp,
            )
            for queue in hall.configuration.by_queue
        }
        self._duty = [{duty.queue: 60.0 * duty.credit_minutes for duty in window.duties} for window in picture.windows]
        self._preference = {
            queue: max((duty[queue] for duty in self._duty if queue in duty), default=0.0)
            for queue in hall.configuration.by_queue
        }
        self._places: dict[str, list[Seconds]] = {queue: [] for queue in hall.configuration.by_queue}
        self._free = self._play()
        self._lock = threading.Lock()

    def windows_open(self, queue: str) -> int:
        """How many windows serve `queue` now."""
        return int(self._serving[queue].size) if queue in self._serving else 0

    def predict(self, queue: str, ahead: int, ticket_class: TicketClass = TicketClass.ORDINARY) -> Prediction | None:
        """For a person of `ticket_class` with `ahead` people of `queue` before them; None where it cannot be told."""
        samples = self._of_queue.get(queue)
        start = self._start(queue, ahead)
        if start is None or samples is None:
            return None
        start = start + self._passing(queue, ticket_class, start)
        median, high = _share(ordered := np.sort(start), HALF), _share(ordered, NINE_OF_TEN)
        low_minutes, high_minutes = _minutes(median), int(shown_seconds(high * self._stretch)) // 60
        low_minutes = min(low_minutes, high_minutes)
        if high_minutes > LONGEST_MINUTES:
            return None
        inputs = FormulaInputs(
            position=ahead + 1,
            windows=self.windows_open(queue),
            mean_seconds=float(samples.mean()),
            shortest_seconds=float(samples.min()),
            call_gaps=self._picture.call_gaps.get(queue, ()),
        )
        return Prediction(low_minutes, high_minutes, median, high, ahead, self.windows_open(queue), by_formula(inputs))

    def _play(self) -> npt.NDArray[np.float64]:
        free = np.zeros((len(self._picture.windows), PLAYS))
        anything = self._any_of(self._of_queue)
        if anything is None:
            return free
        for index, window in enumerate(self._picture.windows):
            if window.busy is not None:
                samples = self._times.get(window.busy.service)
                free[index] = self._remaining(anything if samples is None else samples, window.busy.seconds)
        # A queue that a window prefers is called there as if its people had come earlier.
        for person in sorted(
            self._picture.waiting, key=lambda one: one.rank - 1_000_000 * self._preference.get(one.queue, 0.0)
        ):
            serving = self._serving.get(person.queue)
            if serving is None or not serving.size:
                continue
            samples = self._times.get(person.service)
            if samples is None:
                samples = self._of_queue.get(person.queue)
            self._places[person.queue].append(self._take(free, serving, anything if samples is None else samples))
        return free

    def _take(self, free: npt.NDArray[np.float64], serving: npt.NDArray[np.intp], samples: Seconds) -> Seconds:
        """The next person goes to whichever window is free first; returns when, in each play."""
        taken = self._drawn.get(id(samples))
        if taken is None:
            taken = self._drawn[id(samples)] = self._visits(samples)
        if serving.size == 1:
            only = free[serving[0]]
            start: Seconds = only.copy()
            only += next(taken)
            return start
        theirs = free[serving]
        first = theirs.argmin(axis=0)
        start = theirs[first, _PLAY_INDEX]
        free[serving[first], _PLAY_INDEX] = start + next(taken)
        return start

    def _start(self, queue: str, ahead: int) -> Seconds | None:
        places = self._places.get(queue)
        serving = self._serving.get(queue)
        samples = self._of_queue.get(queue)
        if places is None or serving is None or not serving.size or samples is None:
            return None
        with self._lock:
            if ahead >= len(places) and len(self._picture.waiting) < MOST_WAITING:
                self._play_beyond(places, serving, samples)
        return places[ahead] if ahead < len(places) else None

    def _play_beyond(self, places: list[Seconds], serving: npt.NDArray[np.intp], samples: Seconds) -> None:
        free = self._free.copy()
        places.extend([self._take(free, serving, samples) for _ in range(BEYOND)])

    def _passing(self, queue: str, ticket_class: TicketClass, start: Seconds) -> Seconds:
        """Seconds lost to those who will come and pass at one of the windows of `queue`."""
        policy, windows = self._hall.configuration.policy, self._serving[queue]
        own = class_credit(policy, ticket_class).total_seconds()
        lost = np.zeros(PLAYS)
        for (other, other_class), rate in self._picture.arrivals.items():
            theirs, samples = self._serving.get(other), self._of_queue.get(other)
            if theirs is None or not theirs.size or samples is None:
                continue
            credit = class_credit(policy, other_class).total_seconds() - own
            ahead = Counter(
                credit + duty[other] - duty[queue]
                for duty in (self._duty[window] for window in windows)
                if other in duty
            )
            expected = np.zeros(PLAYS)
            for seconds, many in ahead.items():
                if seconds > 0:
                    expected += rate / theirs.size * many * np.minimum(start, seconds)
            if expected.any():
                lost += self._random.poisson(expected) * (samples.mean() / windows.size)
        return lost

    def _visits(self, samples: Seconds) -> Iterator[Seconds]:
        """One visit after the other, in each play; drawn some at a time, which costs much less than one by one."""
        # By how much the true mean may differ from that of the samples, the same within a play.
        spread = float(samples.std() / samples.mean()) / math.sqrt(samples.size) if samples.mean() > 0 else 0.0
        doubt = np.exp(self._random.normal(0.0, spread, PLAYS))
        while True:
            yield from samples[self._random.integers(0, samples.size, (DRAWN_AT_ONCE, PLAYS))] * doubt

    def _remaining(self, samples: Seconds, spent: float) -> Seconds:
        longer = samples[samples > spent]
        if not longer.size:
            # Longer than anything measured: as long again as half a usual visit.
            return np.full(PLAYS, float(np.median(samples)) / 2)
        return self._draw(longer) - spent

    def _draw(self, samples: Seconds) -> Seconds:
        return samples[self._random.integers(0, samples.size, PLAYS)]

    def _any_of(self, queues: Iterable[str]) -> Seconds | None:
        found = [samples for queue in queues if (samples := self._of_queue.get(queue)) is not None]
        return np.concatenate(found) if found else None


_PLAY_INDEX = np.arange(PLAYS)


def _queues_of(service: Service) -> set[str]:
    return {service.queue, *service.routes.values()}


def _share(ordered: Seconds, share: float) -> float:
    """The value below which this share lies, between two where it falls between; np.percentile costs ten times that."""
    place = share * (ordered.size - 1)
    lower = int(place)
    upper = min(lower + 1, ordered.size - 1)
    return float(ordered[lower] + (ordered[upper] - ordered[lower]) * (place - lower))


def _minutes(seconds: float) -> int:
    return math.ceil(seconds / STEP_SECONDS) * STEP_SECONDS // 60
