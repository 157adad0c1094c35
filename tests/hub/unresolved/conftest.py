"""An office without a report, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from provisioning.hub.court_keys import load_court_keys
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import prepare_data
from provisioning.hub.writer import Writer
from tests.hub.unresolved.office import NOW, Office


@pytest.fixture
def office(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[Office]:
    """The office, once on each engine."""
    data, clock = DataDirectory(tmp_path / "hub"), ManualClock(NOW)
    database = prepare_data(data, database_options[1] if database_options else None, clock)
    writer = Writer(database.writing)
    writer.start()
    yield Office(database, writer, load_court_keys(data, create=True).sealing, clock)
    writer.close()
    database.close()
