"""A hub with its insides at hand, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.conftest import database_options, postgres, start_hub
from tests.hub.push.live import LiveHub

__all__ = ["database_options", "postgres", "start_hub"]


@pytest.fixture
def live(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[LiveHub]:
    """One hub, once on each database."""
    served = LiveHub(tmp_path / "hub", database_options[1] if database_options else None)
    yield served
    served.stop()


@pytest.fixture
def sqlite_live(tmp_path: Path) -> Iterator[LiveHub]:
    """One hub on SQLite."""
    served = LiveHub(tmp_path / "hub")
    yield served
    served.stop()
