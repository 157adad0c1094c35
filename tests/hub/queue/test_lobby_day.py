"""A seeded day in the lobby (tests/benchmarks/queue/lobby_day.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.queue.config import default_queues
from tests.benchmarks.queue.lobby_day import LEAST, MOST, PEOPLE, day_after
from tests.hub.queue.hall import START, TestHall


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[TestHall]:
    """Six windows on SQLite."""
    database = prepare_data(DataDirectory(tmp_path), None, ManualClock(START))
    hall = TestHall(database, default_queues())
    yield hall
    hall.close()
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [20260101])
def test_the_told_range_is_kept(lobby: TestHall, seed: int) -> None:
    """80 to 95 % are called by the upper end, and the median errs less than the three published formulas."""
    result = day_after(lobby, seed, earlier=1)
    assert result.tickets > PEOPLE * 0.9
    assert result.coverage is not None
    assert LEAST <= result.coverage <= MOST, result
    assert result.error is not None
    assert result.error < min(result.formula_errors.values()), result
