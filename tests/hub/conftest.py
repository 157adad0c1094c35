"""A hub per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hub.filings import WireTerminal
from tests.hub.processes import HubProcess, PostgresCluster, postgres_programs

StartHub = Callable[..., HubProcess]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """One cluster for the session; skipped only where PostgreSQL is not installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's initdb is not installed")
    # Not below pytest's own folder, which the user of the cluster may not enter.
    with tempfile.TemporaryDirectory(prefix="hub-pg-", dir="/tmp") as folder:
        cluster = PostgresCluster(programs, Path(folder))
        yield cluster
        cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_options(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options that choose the database."""
    if request.param == "sqlite":
        return ()
    cluster: PostgresCluster = request.getfixturevalue("postgres")
    return ("--database", cluster.database())


@pytest.fixture
def start_hub(tmp_path: Path) -> Iterator[StartHub]:
    """Starts hubs and ends them after the test."""
    started: list[HubProcess] = []

    def start(*options: str, data: Path | None = None, environment: dict[str, str] | None = None) -> HubProcess:
        hub = HubProcess(data or tmp_path / "hub", *options, environment=environment)
        started.append(hub)
        return hub

    yield start
    for hub in started:
        hub.stop()


@pytest.fixture
def hub(start_hub: StartHub, database_options: tuple[str, ...]) -> HubProcess:
    """One hub in development, once on each database."""
    return start_hub(*database_options)


@pytest.fixture
def sqlite_hub(start_hub: StartHub) -> HubProcess:
    """One hub in development on SQLite."""
    return start_hub()


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> Iterator[WireTerminal]:
    """A development terminal of whichever hub the test has."""
    name = "hub" if "hub" in request.fixturenames else "sqlite_hub"
    with WireTerminal(request.getfixturevalue(name).url) as speaking:
        yield speaking
