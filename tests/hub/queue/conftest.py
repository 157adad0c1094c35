"""An empty hall, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from tests.hub.queue.hall import START, TestHall


@pytest.fixture
def hall(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[TestHall]:
    """A hall with three queues and three windows, and nobody in it."""
    url = database_options[1] if database_options else None
    database = prepare_data(DataDirectory(tmp_path), url, ManualClock(START))
    opened = TestHall(database)
    yield opened
    opened.close()
    database.close()
