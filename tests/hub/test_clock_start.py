"""When the seven days for deciding begin, also where the terminal's clock was wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.clock import CHINA, ManualClock
from provisioning.hub import alarms
from provisioning.hub.alarms import AlarmKind
from provisioning.hub.data import DataDirectory
from provisioning.hub.hub import Hub, HubOptions, open_hub
from provisioning.hub.receive import LONGEST_OFFLINE, Received, receive
from provisioning.hub.schema import submissions
from provisioning.hub.terminals import Caller
from tests.hub.conftest import NOW
from tests.hub.filings import make_filing

Begins = Callable[[int, datetime], datetime]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An open hub at NOW."""
    options = HubOptions(production=False, development_terminals=True, safe_after=None)
    opened = open_hub(DataDirectory(tmp_path / "hub"), None, options, ManualClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def begins(hub: Hub) -> Begins:
    """Takes in the filing number `sequence`, handed in at `created` by the terminal's clock: when its days begin."""

    def take_in(sequence: int, created: datetime) -> datetime:
        with hub.database.reading.connect() as connection:
            info = hub.court_info(connection)
        filing = make_filing(info, terminal="LB01", sequence=sequence, created=created)
        manifest = filing.manifest.model_copy(update={"blobs": ()})

        def job(connection: sa.Connection) -> datetime:
            taken = receive(
                connection,
                manifest,
                Caller("a terminal's key", "LB01"),
                signature="",
                key=hub.keys.signing,
                store=hub.store,
                now=hub.clock.now(),
            )
            assert isinstance(taken, Received)
            row = sa.select(submissions.c.clock_from).where(submissions.c.sequence == sequence)
            started = connection.scalar(row)
            assert started is not None
            return started

        return hub.writer.submit(job).result(60)

    return take_in


def doubts(hub: Hub) -> list[AlarmKind]:
    """What the staff are told."""
    with hub.database.reading.connect() as connection:
        return [alarm.kind for alarm in alarms.waiting(connection)]


def test_days_offline_count(hub: Hub, begins: Begins) -> None:
    """The person's receipt says when the court got the papers; the line that was down is not the person's loss."""
    handed_in = NOW - timedelta(days=9)
    assert begins(1, handed_in) == handed_in
    assert doubts(hub) == []


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=CHINA), NOW - timedelta(days=3650)])
def test_an_empty_clock_battery_makes_nothing_overdue(hub: Hub, begins: Begins, wrong: datetime) -> None:
    """F11: the days begin with those of the filing before, or the longest time offline; staff are told."""
    assert begins(1, wrong) == NOW - LONGEST_OFFLINE
    yesterday = NOW - timedelta(days=1)
    assert begins(2, yesterday) == yesterday
    assert begins(3, wrong) == yesterday
    assert doubts(hub) == [AlarmKind.CLOCK_WRONG] * 2


def test_a_clock_ahead_begins_now(hub: Hub, begins: Begins) -> None:
    """Nothing was handed in tomorrow."""
    assert begins(1, NOW + timedelta(days=400)) == NOW
    assert doubts(hub) == [AlarmKind.CLOCK_WRONG]


def test_a_small_correction_is_no_alarm(hub: Hub, begins: Begins) -> None:
    """A clock that is set right by minutes between two filings worries nobody."""
    begins(1, NOW - timedelta(minutes=3))
    assert begins(2, NOW - timedelta(minutes=8)) == NOW - timedelta(minutes=3)
    assert begins(3, NOW + timedelta(minutes=2)) == NOW
    assert doubts(hub) == []
