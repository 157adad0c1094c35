"""A small campaign of kills, for every run of the tests; script/faults runs the large one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kill_campaign import Campaign, Plan
from tests.hub.processes import PostgresCluster, postgres_programs

SEED = int(os.environ.get("KILL_SEED", "1"))


@pytest.fixture
def database() -> Iterator[str]:
    """An empty PostgreSQL database."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's initdb is not installed")
    # Not below pytest's own folder, which the user of the cluster may not enter.
    with tempfile.TemporaryDirectory(prefix="kills-pg-", dir="/tmp") as folder:
        cluster = PostgresCluster(programs, Path(folder))
        yield cluster.database()
        cluster.stop()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nothing_is_lost_doubled_or_stuck(tmp_path: Path) -> None:
    """N3, F3, F12 to F16: kills of terminals and hub, and a line that fails in every way, at random moments."""
    report = Campaign(Plan(count=25, seed=SEED, minutes=3.0), tmp_path).run()
    assert report.sound, "\n".join([f"seed {SEED}", *report.lines()])
    assert report.events["terminal killed"] + report.events["hub killed"] >= 3


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_same_on_postgresql(tmp_path: Path, database: str) -> None:
    """The hub of a court with many terminals keeps the same promises."""
    plan = Plan(count=10, seed=SEED + 1, minutes=3.0, database=database)
    report = Campaign(plan, tmp_path).run()
    assert report.sound, "\n".join([f"seed {plan.seed}", *report.lines()])
