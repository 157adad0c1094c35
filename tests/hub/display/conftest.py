"""A hub with its insides at hand, and a hall in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.display.hall import LiveHall
from tests.hub.push.conftest import database_options, live, postgres, sqlite_live

__all__ = ["database_options", "live", "postgres", "sqlite_live"]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[LiveHall]:
    """A hall with six windows, nobody there yet."""
    served = LiveHall(tmp_path / "hub")
    yield served
    served.stop()
