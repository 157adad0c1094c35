"""A told waiting time, as it is kept with its ticket to be scored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kiosk.court.queueing import WaitRange
from provisioning.hub.queue.formulas import Formula

STEP_SECONDS = 300
SHORTEST_SECONDS = 300
"""Even where a window is free, pressing and walking take a moment."""


def shown_seconds(upper: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """An upper end as people are told it: rounded up to five minutes, and never less."""
    rounded: npt.NDArray[np.float64] = np.ceil(np.asarray(upper, dtype=np.float64) / STEP_SECONDS) * STEP_SECONDS
    return np.maximum(SHORTEST_SECONDS, rounded)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was foretold for one place in a queue. `median_seconds` is the point that is scored against formulas,
    `ninth_seconds` the 90th percentile before it was stretched."""

    low_minutes: int
    high_minutes: int
    median_seconds: float
    ninth_seconds: float
    ahead: int
    windows: int
    formulas: Mapping[Formula, float]

    @property
    def range(self) -> WaitRange:
        """As it is told."""
        return WaitRange(low_minutes=self.low_minutes, high_minutes=self.high_minutes)

    def as_json(self) -> str:
        """For the ticket's row, to be scored."""
        return json.dumps(
            {
                "low": self.low_minutes,
                "high": self.high_minutes,
                "median": round(self.median_seconds, 1),
                "ninth": round(self.ninth_seconds, 1),
                "ahead": self.ahead,
                "windows": self.windows,
                "formulas": {name.value: round(value, 1) for name, value in self.formulas.items()},
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Prediction:
        """What `as_json` wrote."""
        value: dict[str, Any] = json.loads(text)
        formulas = {Formula(name): float(seconds) for name, seconds in value["formulas"].items()}
        return cls(
            value["low"], value["high"], value["median"], value["ninth"], value["ahead"], value["windows"], formulas
        )
