"""A running hub with a hall in it and an account of every role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.calling.office import CallingHall
from tests.hub.conftest import database_options, postgres

__all__ = ["database_options", "postgres"]


@pytest.fixture
def hall(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[CallingHall]:
    """One hall, once on each database."""
    served = CallingHall(tmp_path / "hub", database_options[1] if database_options else None)
    yield served
    served.stop()


@pytest.fixture
def sqlite_hall(tmp_path: Path) -> Iterator[CallingHall]:
    """One hall on SQLite."""
    served = CallingHall(tmp_path / "hub")
    yield served
    served.stop()
