"""A hub per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.clock import CHINA, ManualClock, SystemClock
from provisioning.hub.data import DataDirectory
from provisioning.hub.engine import Database
from provisioning.hub.hub import prepare_data
from provisioning.hub.permissions import Role
from provisioning.hub.staff import add_account
from tests.hub.consoles import PASSWORD_HASH, Browser, Open, file_one
from tests.hub.filings import Filing, WireTerminal
from tests.hub.processes import HubProcess, PostgresCluster, postgres_programs

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
"""When tests without a process of the hub take place."""

StartHub = Callable[..., HubProcess]
RUN_TWICE = ("tests.hub.twice", "serve")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """One cluster for the session; skipped only where PostgreSQL is not installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's initdb is not installed")
    # Not below pytest's own folder, which the user of the cluster may not enter.
    with tempfile.TemporaryDirectory(prefix="hub-pg-", dir="/tmp") as folder:
        # Every process of a test run has one: their logs of changes together must not fill a small disk.
        cluster = PostgresCluster(programs, Path(folder), "max_wal_size=128MB", "min_wal_size=32MB")
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
def database(tmp_path: Path, database_options: tuple[str, ...]) -> Iterator[Database]:
    """An empty hub database, once on each engine."""
    url = database_options[1] if database_options else None
    opened = prepare_data(DataDirectory(tmp_path), url, ManualClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def start_hub(tmp_path: Path) -> Iterator[StartHub]:
    """Starts hubs, which run every job of their writer twice, and ends them after the test."""
    started: list[HubProcess] = []

    def start(*options: str, data: Path | None = None, environment: dict[str, str] | None = None) -> HubProcess:
        hub = HubProcess(data or tmp_path / "hub", *options, environment=environment, module=RUN_TWICE)
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


@pytest.fixture
def console(start_hub: StartHub, tmp_path: Path) -> HubProcess:
    """A hub with one account of every role."""
    data, clock = DataDirectory(tmp_path / "hub"), SystemClock()
    database = prepare_data(data, None, clock)
    with database.writing.begin() as connection:
        for role in Role:
            add_account(connection, name=role.value, role=role, password_hash=PASSWORD_HASH, at=clock.now(), by="test")
    database.close()
    return start_hub(data=data.root)


@pytest.fixture
def as_role(console: HubProcess) -> Iterator[Open]:
    """Opens a signed-in browser."""
    opened: list[Browser] = []

    def open_as(role: Role) -> Browser:
        browser = Browser(console.url)
        assert browser.sign_in(role.value).status_code == 200
        opened.append(browser)
        return browser

    yield open_as
    for browser in opened:
        browser.http.close()


@pytest.fixture
def filing(console: HubProcess) -> Filing:
    """One received and indexed complaint."""
    return file_one(console)
